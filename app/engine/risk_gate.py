"""The only place where an intent becomes an order. Guards bind entries; they never bind exits.

An exit is checked only for what the venue would refuse anyway: there must be something to sell, on the volume step,
above the minimum total. What cannot be computed (missing, stale, zero, NaN) refuses an entry; it never passes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.business_day import business_day_start, business_month_start
from app.domain.constraints import ExchangeConstraints
from app.domain.effects import ApprovedOrder
from app.domain.grounds import Grounds
from app.domain.limits import DayUse, TradingLimits
from app.domain.money import ONE, ZERO, is_usable, ratio, total
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.ports import IdSource
from app.domain.position import Position
from app.domain.price_age import PriceAge, price_age
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slippage import ImpactClass, SlippageEstimate, SlippagePolicy
from app.domain.values import Market, OrderType, Priority, Purpose, Side, TradingState
from app.engine.account_book import AccountBook
from app.engine.circuit_breaker import CircuitBreaker
from app.engine.fat_finger import price_refusal, size_refusal
from app.engine.gate_findings import grounds_of
from app.engine.halt_watch import HaltWatch
from app.engine.limit_ledger import MINUTE, LimitLedger, buy_funds
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager
from app.engine.slippage_estimator import is_sound
from app.engine.venue_health import VenueHealth

R = RefusalReason


@dataclass(slots=True)
class GateView:
    """Everything the gate looks at."""

    state: TradingState
    liquidating: bool
    board: MarketBoard
    account: AccountBook
    orders: OrderTracker
    positions: PositionManager
    breaker: CircuitBreaker
    health: VenueHealth
    halts: HaltWatch


class RiskGate:
    """Pre-trade checks. Every check answers with a Refusal or None; the first refusal ends the matter."""

    def __init__(self, limits: TradingLimits, ids: IdSource) -> None:
        self.limits = limits
        self._ids = ids

    def restore(self, ledger: LimitLedger, orders: Iterable[Order], earlier: Iterable[DayUse], now: datetime) -> None:
        """Count the entries of earlier runs: a restart gives no new allowance."""
        ledger.restore(orders, earlier, timedelta(seconds=self.limits.stale_price_s), now)

    def check(self, intent: OrderIntent, view: GateView, now: datetime) -> ApprovedOrder | Refusal:
        """Approve the intent as an order with a fresh identifier, or say why not."""
        rules = view.board.constraints.get(intent.market)
        if rules is None:
            return Refusal(R.NO_CONSTRAINTS, f"the rules of {intent.market} are not loaded")
        if intent.purpose is Purpose.ENTRY:
            refusal = self._entry_refusal(intent, view, rules, now) or self._slippage_refusal(intent, view, rules, now)
            if refusal is not None:
                return refusal
            estimate = self._estimate(intent, view, rules, now)
            grounds = grounds_of(intent, view, rules, self.limits, estimate, now)
            approved = self._approve(intent, _buy_reservation(intent, rules), Priority.ENTRY, now, estimate, grounds)
            view.orders.limits.take(approved.order)
            return approved
        return self._check_exit(intent, view, rules, now)

    def preview(self, intent: OrderIntent, view: GateView, now: datetime, own: str | None = None) -> Refusal | None:
        """What ``check`` would refuse an entry for now; nothing is approved or counted. ``own`` is the order that it
        is to take the place of."""
        rules = view.board.constraints.get(intent.market)
        if rules is None:
            return Refusal(R.NO_CONSTRAINTS, f"the rules of {intent.market} are not loaded")
        return self._entry_refusal(intent, view, rules, now, own) or self._slippage_refusal(intent, view, rules, now)

    def recheck(self, order: Order, view: GateView, now: datetime) -> Refusal | None:
        """Second look right before the bytes leave: all that held when the entry was approved must hold now.

        What the order itself has reserved and used is not counted against it.
        """
        if order.intent.purpose.reduces_risk:
            return None
        rules = view.board.constraints.get(order.intent.market)
        if rules is None:
            return Refusal(R.NO_CONSTRAINTS, f"the rules of {order.intent.market} are not loaded")
        if now - order.created_at > timedelta(seconds=self.limits.stale_price_s):
            return _state_refusal(view) or Refusal(R.EXPIRED, "the entry waited too long in the queue")
        refusal = self._entry_refusal(order.intent, view, rules, now, order.order_id)
        refusal = refusal or self._slippage_refusal(order.intent, view, rules, now, looks=2)
        if refusal is None:
            view.orders.limits.leaving(order, now)
        return refusal

    # ---- exits --------------------------------------------------------------------------------------------------

    def _check_exit(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime
    ) -> ApprovedOrder | Refusal:
        position = view.positions.positions.get(intent.position_id)
        held = position.quantity if position else ZERO
        free = held - view.orders.working_sell_volume(intent.position_id)
        wanted = min(intent.volume, free) if intent.volume is not None and is_usable(intent.volume) else ZERO
        if intent.side is not Side.SELL or not is_usable(wanted):
            return Refusal(R.NOTHING_TO_SELL, f"held {held}, not bound in exits {free}")
        volume = rules.floor_volume(wanted)
        price = _worth(position, view, intent)
        if volume <= ZERO or (price > ZERO and price * volume < rules.min_total):
            return Refusal(R.BELOW_MINIMUM, f"{volume} x {price} is below {rules.min_total}")
        if intent.price is not None:
            intent = replace(intent, price=rules.floor_price(intent.price))
        priority = Priority.LIQUIDATION if intent.purpose is Purpose.LIQUIDATION else Priority.EXIT
        intent = replace(intent, volume=volume)
        estimate = self._estimate(intent, view, rules, now)
        grounds = grounds_of(intent, view, rules, self.limits, estimate, now, price)
        return self._approve(intent, ZERO, priority, now, estimate, grounds)

    # ---- entries ------------------------------------------------------------------------------------------------

    def _entry_refusal(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime, own: str | None = None
    ) -> Refusal | None:
        """The first reason why not; ``own`` is the order that carries the intent already."""
        return (
            _state_refusal(view)
            or (None if view.account.reconciled else Refusal(R.NOT_RECONCILED, "books not compared with the venue yet"))
            or view.breaker.entry_refusal(view.orders.entry_under_way(own or "", sent=own is not None), now)
            or view.health.entry_refusal(now)
            or self._market_refusal(intent, view, rules, now)
            or view.health.feed_refusal(intent.market, now)
            or view.halts.entry_refusal(intent, now)
            or self._size_refusal(intent, view, rules)
            or self._order_refusal(intent, view, now, own)
            or self._use_refusal(intent, view, now, own)
            or self._money_refusal(intent, view, rules, now, own)
        )

    def _market_refusal(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime
    ) -> Refusal | None:
        if not rules.active:
            return Refusal(R.MARKET_INACTIVE, f"{intent.market} is not open")
        mark = view.positions.marks.get(intent.market)
        book = view.board.books.get(intent.market)
        if mark is None or not is_usable(mark.price) or book is None or not is_usable(book.best_ask):
            return Refusal(R.NO_PRICE, "no last price or nobody offers")
        oldest = min(mark.at, book.received_at) if not mark.from_trade else book.received_at
        if price_age(oldest, now, self.limits.stale_price_s) is PriceAge.STALE:
            return Refusal(R.STALE_PRICE, f"last book {(now - oldest).total_seconds():.1f} s ago")
        spread = view.board.spread_percent(intent.market)
        position = view.positions.positions.get(intent.position_id)
        if spread is None:
            return Refusal(R.NO_PRICE, "one side of the book is empty")
        if position is not None and spread > position.blueprint.max_spread_percent:
            return Refusal(R.SPREAD_TOO_WIDE, f"spread {spread:.3f} %")
        return price_refusal(intent, book, mark.price, rules, self.limits)

    def _size_refusal(self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints) -> Refusal | None:
        if intent.side is not Side.BUY:
            return Refusal(R.BAD_NUMBER, "an entry buys")
        if intent.order_type is OrderType.LIMIT:
            if not is_usable(intent.price) or not is_usable(intent.volume):
                return Refusal(R.BAD_NUMBER, f"price {intent.price}, volume {intent.volume}")
            if intent.price is not None and not rules.is_on_tick(intent.price):
                return Refusal(R.OFF_TICK, f"{intent.price}, tick {rules.tick_at(intent.price)}")
            if intent.volume is not None and rules.floor_volume(intent.volume) != intent.volume:
                return Refusal(R.BAD_NUMBER, f"volume {intent.volume} is off the step {rules.volume_step}")
        elif not is_usable(intent.funds):
            return Refusal(R.BAD_NUMBER, f"funds {intent.funds}")
        funds = buy_funds(intent)
        if funds < rules.min_total:
            return Refusal(R.BELOW_MINIMUM, f"{funds} is below {rules.min_total}")
        if funds > rules.max_total:
            return Refusal(R.ABOVE_MAXIMUM, f"{funds} is above {rules.max_total}")
        refusal = size_refusal(intent, view.board.books[intent.market], self.limits)
        if refusal is not None:
            return refusal
        position = view.positions.positions.get(intent.position_id)
        held = view.positions.value_of(position) if position else ZERO
        if held + funds > self.limits.max_position_value:
            return Refusal(R.POSITION_TOO_LARGE, f"{held + funds} is above {self.limits.max_position_value}")
        return None

    def _order_refusal(self, intent: OrderIntent, view: GateView, now: datetime, own: str | None) -> Refusal | None:
        for order in view.orders.working(market=intent.market):
            if order.order_id in (own, intent.replaces):
                continue  # the venue makes the one only after the end of the other; the money of both stays bound
            if order.state is OrderState.UNKNOWN:
                return Refusal(R.UNRESOLVED_ORDER, f"{order.order_id} is not resolved yet")
            if order.intent.side is intent.side:
                return Refusal(R.DUPLICATE_ORDER, f"{order.order_id} is still working")
        holding = {p.position_id for p in view.positions.live() if p.quantity > ZERO}
        if intent.position_id not in holding and len(holding) >= self.limits.max_positions:
            return Refusal(R.TOO_MANY_POSITIONS, f"{len(holding)} positions are open")
        return None

    def _use_refusal(self, intent: OrderIntent, view: GateView, now: datetime, own: str | None) -> Refusal | None:
        """Limits on how often and for how much entries are made."""
        limits, ledger, funds = self.limits, view.orders.limits, buy_funds(intent)
        pause = timedelta(seconds=limits.cooldown_s)
        ledger.forget(now - max(pause, MINUTE))
        sent = ledger.last_minute(now, own)
        if sent >= limits.max_orders_per_minute:
            return Refusal(R.TOO_MANY_ORDERS, f"{sent} entries in the last minute")
        last = ledger.last_in(intent.market, own)
        if pause and last is not None and now - last < pause:
            return Refusal(R.COOL_DOWN, f"the last entry left {(now - last).total_seconds():.1f} s ago")
        number, value = ledger.since(business_day_start(now), own)
        if limits.max_daily_entries and number >= limits.max_daily_entries:
            return Refusal(R.DAILY_ENTRIES_LIMIT, f"{number} entries today")
        if limits.max_daily_value and value + funds > limits.max_daily_value:
            return Refusal(R.DAILY_VALUE_LIMIT, f"{value} of {limits.max_daily_value} today, {funds} more")
        number, value = ledger.since(business_month_start(now), own)
        if limits.max_monthly_entries and number >= limits.max_monthly_entries:
            return Refusal(R.MONTHLY_ENTRIES_LIMIT, f"{number} entries this month")
        if limits.max_monthly_value and value + funds > limits.max_monthly_value:
            return Refusal(R.MONTHLY_VALUE_LIMIT, f"{value} of {limits.max_monthly_value} this month, {funds} more")
        waiting = sum(o.state is OrderState.INTENT and not o.intent.purpose.reduces_risk for o in view.orders.working())
        if own is None and waiting >= limits.max_queued_entries:
            return Refusal(R.QUEUE_FULL, f"{waiting} entries have not left yet")
        return None

    def _money_refusal(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime, own: str | None
    ) -> Refusal | None:
        needed = _buy_reservation(intent, rules)
        working = [order for order in view.orders.working() if order.order_id != own]
        spendable = view.account.spendable(working)
        if needed > spendable:
            return Refusal(R.INSUFFICIENT_BALANCE, f"needs {needed}, free {spendable}")
        equity = view.account.equity(view.positions)
        if not is_usable(equity):
            return Refusal(R.NO_PRICE, "equity is not known")
        for held in view.positions.live():
            if held.quantity > ZERO and held.market not in view.positions.marks:
                return Refusal(R.NO_PRICE, f"{held.market} is held and has no price yet: losses are not known")
        most = self.limits.max_market_value
        if most and market_value(intent.market, view.positions, working) + needed > most:
            return Refusal(R.MARKET_LIMIT, f"{needed} more in {intent.market} is above {most}")
        exposure = total(view.positions.value_of(p) for p in view.positions.live())
        exposure += total(order.reserved for order in working)
        if exposure + needed > equity * self.limits.max_exposure_ratio:
            return Refusal(R.POSITION_TOO_LARGE, f"total exposure {exposure + needed} of equity {equity}")
        if view.account.day_loss_used(view.positions, now) >= ONE:
            return Refusal(R.DAILY_LOSS_LIMIT, "the daily loss limit is used up")
        if self.limits.monthly_loss_ratio and ratio(*view.account.month_loss(view.positions, now)) >= ONE:
            return Refusal(R.MONTHLY_LOSS_LIMIT, "the monthly loss limit is used up")
        return None

    def _slippage_refusal(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime, looks: int = 1
    ) -> Refusal | None:
        """What the walk of the book costs against the strategy's tolerance; an order that only rests costs nothing.

        At the second look (``looks`` = 2) the book of the decision, and the wait in the queue, may both be of age.
        """
        book = view.board.books.get(intent.market)
        if book is None or not is_sound(book) or now - book.received_at > looks * self._oldest:
            return Refusal(R.NO_PRICE, "the book is no sound one, or too old: what the order would cost is not known")
        if intent.price is not None and intent.price < book.asks[0].price:
            return None
        estimate = self._estimate(intent, view, rules, now, looks)
        position = view.positions.positions.get(intent.position_id)
        policy = position.blueprint.slippage if position is not None else SlippagePolicy()
        if estimate is None:
            return Refusal(R.NO_PRICE, "the book gives no estimate")
        if estimate.impact is ImpactClass.BEYOND_DEPTH:
            return Refusal(R.SLIPPAGE_TOO_HIGH, f"the visible book takes {estimate.filled_share:.1%} of it")
        if estimate.expected > policy.max_ratio:
            words = f"{estimate.expected:.4%} expected, {estimate.bias:.4%} of it by experience"
            return Refusal(R.SLIPPAGE_TOO_HIGH, f"{words}; the tolerance is {policy.max_ratio:.4%}")
        return None

    def _estimate(
        self, intent: OrderIntent, view: GateView, rules: ExchangeConstraints, now: datetime, looks: int = 1
    ) -> SlippageEstimate | None:
        book = view.board.books.get(intent.market)
        return None if book is None else view.board.slippage.estimate(book, intent, rules, now, looks * self._oldest)

    @property
    def _oldest(self) -> timedelta:
        return timedelta(seconds=self.limits.stale_price_s)

    def _approve(
        self,
        intent: OrderIntent,
        reserved: Decimal,
        priority: Priority,
        now: datetime,
        estimate: SlippageEstimate | None,
        grounds: Grounds,
    ) -> ApprovedOrder:
        order = Order(
            order_id=self._ids.order_id(),
            intent=intent,
            state=OrderState.INTENT,
            created_at=now,
            updated_at=now,
            reserved=reserved,
            estimate=estimate,
            grounds=grounds,
        )
        return ApprovedOrder(order, priority)


def market_value(market: Market, positions: PositionManager, working: Iterable[Order]) -> Decimal:
    """Held, and bound in ``working`` entries, in one market (quote currency)."""
    held = total(positions.value_of(position) for position in positions.live_in(market))
    return held + total(order.reserved for order in working if order.intent.market == market)


def _state_refusal(view: GateView) -> Refusal | None:
    if view.liquidating:
        return Refusal(R.LIQUIDATING, "the emergency control is running")
    if view.state.allows_entries:
        return None
    reason = {
        TradingState.DISABLED: R.TRADING_DISABLED,
        TradingState.REDUCING: R.REDUCING_ONLY,
        TradingState.HALTED: R.HALTED,
    }[view.state]
    return Refusal(reason, f"trading is {view.state}")


def _worth(position: Position | None, view: GateView, intent: OrderIntent) -> Decimal:
    """Highest of what is known about the price: one absurd bid must not make a holding look like dust.

    Whether it really is too small to sell the venue then says itself.
    """
    book = view.board.books.get(intent.market)
    known = (intent.price, book.best_bid if book else None, view.positions.price_of(intent.market))
    usable = [price for price in known if price is not None and is_usable(price)]
    cost = position.average_cost if position is not None else None
    return max(*usable, cost or ZERO) if usable else ZERO


def _buy_reservation(intent: OrderIntent, rules: ExchangeConstraints) -> Decimal:
    return rules.cost_with_fee(buy_funds(intent))
