"""What a venue tells about prices: trades, books and candles."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.values import Market, Side


@dataclass(frozen=True, slots=True)
class Trade:
    """One public trade. ``price`` in quote currency per unit, ``volume`` in units, times in UTC."""

    market: Market
    price: Decimal
    volume: Decimal
    taker_side: Side
    traded_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class BookLevel:
    """One price level: price in quote currency, size in units."""

    price: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """Order book snapshot; ``bids`` and ``asks`` are sorted best first and may be empty (halted, one-sided).

    ``polled``: asked for by REST while the stream was silent; exits go by it, entries do not.
    """

    market: Market
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]
    venue_time: datetime
    received_at: datetime
    polled: bool = False

    @property
    def best_bid(self) -> Decimal | None:
        """Best buying price; None when nobody bids, which is no price at all."""
        return self.bids[0].price if self.bids else None

    @property
    def best_ask(self) -> Decimal | None:
        """Best selling price; None when nobody offers."""
        return self.asks[0].price if self.asks else None


@dataclass(frozen=True, slots=True)
class Candle:
    """One closed or forming bar; ``opened_at`` is the UTC start of the interval, ``seconds`` its length."""

    market: Market
    seconds: int
    opened_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Ticker:
    """Daily figures of one market: last price, previous close (quote currency), 24-hour turnover (quote currency).

    ``suspended``: the venue takes no orders in it now; None when it did not say.
    """

    market: Market
    price: Decimal
    previous_close: Decimal
    day_open: Decimal
    day_high: Decimal
    day_low: Decimal
    turnover_24h: Decimal
    venue_time: datetime
    received_at: datetime
    suspended: bool | None = None
