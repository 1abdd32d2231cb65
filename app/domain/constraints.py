"""What a venue allows: ticks, steps, minimum and maximum totals, fees."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import MONEY_CONTEXT, ceil_to_step, floor_to_step, is_on_step
from app.domain.values import Market


@dataclass(frozen=True, slots=True)
class TickBand:
    """From ``from_price`` (inclusive) upward prices move in steps of ``tick``."""

    from_price: Decimal
    tick: Decimal


@dataclass(frozen=True, slots=True)
class ExchangeConstraints:
    """Trading rules of one market.

    Totals are in quote currency, ``volume_step`` in units, fees are ratios (0.0005 = 0.05 %).
    ``bands`` is sorted by ``from_price`` descending and its last band starts at zero. ``holds_stops``: the venue itself
    can hold a stop order; Upbit's order API takes none (its reserved orders exist in its app only).
    ``replaces_orders``: one call cancels an order and makes another of what is left of it (ports.OrderReplacer).
    """

    market: Market
    base: str
    quote: str
    bands: tuple[TickBand, ...]
    volume_step: Decimal
    min_total: Decimal
    max_total: Decimal
    buy_fee: Decimal
    sell_fee: Decimal
    active: bool = True
    holds_stops: bool = False
    replaces_orders: bool = False

    def tick_at(self, price: Decimal) -> Decimal:
        """Price step that holds at ``price``."""
        for band in self.bands:
            if price >= band.from_price:
                return band.tick
        return self.bands[-1].tick

    def floor_price(self, price: Decimal) -> Decimal:
        """Highest order price that is on the grid and not above ``price``."""
        return floor_to_step(price, self.tick_at(price))

    def ceil_price(self, price: Decimal) -> Decimal:
        """Lowest order price that is on the grid and not below ``price``."""
        return ceil_to_step(price, self.tick_at(price))

    def is_on_tick(self, price: Decimal) -> bool:
        """True when an order may carry ``price``."""
        return is_on_step(price, self.tick_at(price))

    def floor_volume(self, volume: Decimal) -> Decimal:
        """Largest volume the venue accepts that is not above ``volume``."""
        return floor_to_step(volume, self.volume_step)

    def cost_with_fee(self, funds: Decimal) -> Decimal:
        """Quote currency a buy of ``funds`` locks, fee on top."""
        return MONEY_CONTEXT.multiply(funds, 1 + self.buy_fee)


@dataclass(frozen=True, slots=True)
class MarketInfo:
    """Listing entry of a market, as the venue names it, with its warning flag."""

    market: Market
    korean_name: str
    english_name: str
    warning: bool = False
