"""A small venue written for the properties alone: it knows what truly happened, whatever it tells the terminal."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from app.domain.order import Order
from app.domain.values import Market, OrderType, Side, TimeInForce
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedFill, ReportedState
from tests.unit.engine.playbook import FEE, PRICES, STEP, VENUE

ZERO = Decimal(0)
MIN_TOTAL = Decimal(5000)
#: A new order may be invisible to lookups for this long (freqtrade#3638 saw 20 s).
VISIBILITY_LAG = timedelta(seconds=20)


@dataclass
class VenueOrder:
    """An order as the venue has it. ``money_left`` is what a market buy may still spend; ``at_once`` never rests."""

    order_id: str
    market: Market
    side: Side
    order_type: OrderType
    price: Decimal | None
    volume: Decimal | None
    money_left: Decimal
    placed_at: datetime
    at_once: bool = False
    fills: list[ReportedFill] = field(default_factory=list)
    is_open: bool = True

    @property
    def executed(self) -> Decimal:
        return sum((fill.volume for fill in self.fills), ZERO)

    @property
    def paid_fee(self) -> Decimal:
        return sum((fill.fee or ZERO for fill in self.fills), ZERO)

    @property
    def left(self) -> Decimal:
        """Units not executed yet; 0 for a market buy, whose size is money."""
        return ZERO if self.volume is None else self.volume - self.executed


class ModelVenue:
    """Money, coins and orders. Everything here is the truth the terminal is measured against."""

    def __init__(self, cash: Decimal = Decimal(50_000_000)) -> None:
        self.cash = cash
        self.coins: dict[Market, Decimal] = dict.fromkeys(PRICES, ZERO)
        self.prices: dict[Market, Decimal] = dict(PRICES)
        self.orders: dict[str, VenueOrder] = {}
        self.received: dict[str, int] = {}
        self._trades = 0

    # ---- orders -------------------------------------------------------------------------------------------------

    def place(self, order: Order, now: datetime) -> str | None:
        """Take the order; the name of the refusal when the venue says no."""
        self.received[order.order_id] = self.received.get(order.order_id, 0) + 1
        intent = order.intent
        if intent.side is Side.SELL:
            assert intent.volume is not None
            if intent.volume > self.free_coins(intent.market):
                return "insufficient_funds_ask"
            if intent.volume * (intent.price or self.prices[intent.market]) < MIN_TOTAL:
                return "under_min_total_ask"
        elif (intent.funds or (intent.price or ZERO) * (intent.volume or ZERO)) * (1 + FEE) > self.free_cash():
            return "insufficient_funds_bid"
        self.orders[order.order_id] = VenueOrder(
            order_id=order.order_id,
            market=intent.market,
            side=intent.side,
            order_type=intent.order_type,
            price=intent.price,
            volume=intent.volume,
            money_left=intent.funds or ZERO,
            placed_at=now,
            at_once=intent.order_type is not OrderType.LIMIT or intent.time_in_force is TimeInForce.IOC,
        )
        return None

    def fill(self, order: VenueOrder, tenths: int, now: datetime) -> ReportedFill | None:
        """Execute some tenths of what is left, at the present price or better; None when that is nothing."""
        price = self.prices[order.market]
        if order.price is not None:
            price = min(price, order.price) if order.side is Side.BUY else max(price, order.price)
        left = order.left if order.volume is not None else (order.money_left / price).quantize(STEP, ROUND_DOWN)
        volume = left if tenths >= 10 else (left * tenths / 10).quantize(STEP, ROUND_DOWN)
        if not order.is_open or volume <= 0:
            return None
        self._trades += 1
        done = ReportedFill(f"trade-{self._trades}", price, volume, now, price * volume * FEE)
        order.fills.append(done)
        worth, fee = price * volume, done.fee or ZERO
        if order.side is Side.BUY:
            self.coins[order.market] += volume
            self.cash -= worth + fee
            order.money_left -= worth
        else:
            self.coins[order.market] -= volume
            self.cash += worth - fee
        rest = order.left if order.volume is not None else (order.money_left / price).quantize(STEP, ROUND_DOWN)
        if rest <= 0 or tenths >= 10:
            order.is_open = False
        return done

    def end_at_once(self, order: VenueOrder, now: datetime) -> bool:
        """Execute what does not rest, or end it when the price is out of reach; False for an order that rests."""
        if (
            order.at_once
            and self.fill(order, 10 if order.price is None or self._is_in_reach(order) else 0, now) is None
        ):
            self.cancel(order.order_id)
        return order.at_once

    def _is_in_reach(self, order: VenueOrder) -> bool:
        price, limit = self.prices[order.market], order.price or ZERO
        return price <= limit if order.side is Side.BUY else price >= limit

    def cancel(self, order_id: str) -> bool:
        """End an open order; False when there is nothing to cancel."""
        order = self.orders.get(order_id)
        if order is None or not order.is_open:
            return False
        order.is_open = False
        return True

    def open_orders(self) -> list[VenueOrder]:
        return [order for order in self.orders.values() if order.is_open]

    def is_hidden(self, order_id: str, now: datetime) -> bool:
        """True while a lookup may truthfully say "not found"."""
        order = self.orders.get(order_id)
        return order is None or now - order.placed_at < VISIBILITY_LAG

    # ---- money --------------------------------------------------------------------------------------------------

    def free_cash(self) -> Decimal:
        buys = (order for order in self.open_orders() if order.side is Side.BUY)
        locked = sum((order.money_left + (order.price or ZERO) * order.left for order in buys), ZERO)
        return self.cash - locked * (1 + FEE)

    def free_coins(self, market: Market) -> Decimal:
        sells = (order for order in self.open_orders() if order.side is Side.SELL and order.market == market)
        return self.coins[market] - sum((order.left for order in sells), ZERO)

    # ---- words --------------------------------------------------------------------------------------------------

    def report(self, order: VenueOrder, now: datetime, *, fills: str = "none") -> OrderReport:
        """``fills``: "all" as a lookup tells them (fees only as a sum), "last" as the stream does, or "none"."""
        told: tuple[ReportedFill, ...] = ()
        if fills == "all":
            told = tuple(ReportedFill(f.trade_id, f.price, f.volume, f.traded_at) for f in order.fills)
        elif fills == "last":
            told = tuple(order.fills[-1:])
        return OrderReport(
            order_id=order.order_id,
            venue_order_id=f"venue-{order.order_id}",
            market=order.market,
            side=order.side,
            state=ReportedState.OPEN if order.is_open else ReportedState.ENDED,
            executed_volume=order.executed,
            paid_fee=order.paid_fee,
            reported_at=now,
            remaining_volume=None if order.volume is None else order.left,
            fills=told,
            fills_complete=fills == "all",
        )

    def balances(self) -> tuple[Balance, ...]:
        free = self.free_cash()
        cash = Balance("KRW", free, self.cash - free)
        coins = [
            Balance(market.symbol.split("-")[1], self.free_coins(market), amount - self.free_coins(market))
            for market, amount in self.coins.items()
            if amount
        ]
        return (cash, *coins)

    def snapshot(self, now: datetime) -> AccountSnapshot:
        reports = tuple(self.report(order, now) for order in self.open_orders())
        return AccountSnapshot(VENUE, self.balances(), reports, now, now)
