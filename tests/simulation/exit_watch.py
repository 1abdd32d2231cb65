"""Judges what has to happen at a price or a time: exits that fire, entries that run out, high-water marks kept.

The levels are computed here, from the position's cost and its blueprint, not read from the engine's plan.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from app.domain.blueprint import RestPolicy
from app.domain.market_data import Trade
from app.domain.order import Order, OrderState
from app.domain.position import Position, PositionState
from app.domain.values import OrderType, Purpose
from tests.simulation.terminal_view import TerminalView

ZERO = Decimal(0)
HAIR = Decimal("1e-6")
HUNDRED = Decimal(100)
RUNNING = (PositionState.ACTIVE, PositionState.PAUSED)
#: A high-water mark is written at most once a second; this many ticks later it must be on disk.
TICKS_TO_WRITE = 24
#: A tick notices that the price has run away, or that a time is over; one may be under way, and one late.
TICKS_TO_NOTICE = 3
#: An entry may work this much longer than its time: ticks are rare in quiet hours, cancels get lost, refused, slow.
CANCEL_S = 320.0


class ExitWatch:
    """Watches positions of one world. ``broken(invariant, words)`` notes a violation."""

    def __init__(self, broken: Callable[[str, str], None], time: Callable[[], float]) -> None:
        self._broken = broken
        self._time = time
        self._overdue: dict[str, int] = {}
        #: Orders that were asked to end, and since which tick the price has left others behind.
        self.asked: set[str] = set()
        self._behind: dict[str, int] = {}
        self._seen: dict[str, list[tuple[int, Decimal]]] = {}

    def restarted(self, positions: Iterable[Position], ticks_of_the_dead: int, disk_is_sound: bool) -> None:
        """What the dead terminal saw long enough before its end must be in the marks it left."""
        if disk_is_sound:
            for position in positions:
                seen = self._seen.get(position.position_id, [])
                high = max((price for tick, price in seen if ticks_of_the_dead - tick > TICKS_TO_WRITE), default=ZERO)
                plan = position.exit_plan
                if plan is not None and plan.trail_price is not None and plan.high_water < high:
                    self._broken("I18", f"{position.position_id}: high water {plan.high_water}, {high} was seen")
        self._seen.clear()
        self._overdue.clear()
        self._behind.clear()

    def on_trade(self, trade: Trade, positions: Iterable[Position], terminal: TerminalView) -> None:
        """The engine has handled this trade: whoever had to leave at it must be leaving."""
        price = trade.price
        if not price.is_finite() or price <= ZERO:
            return
        for position in positions:
            if position.market == trade.market and position.quantity > ZERO and position.state in RUNNING:
                self._must_stay(position, price)
                self._check_time(position, terminal)
                plan = position.exit_plan
                if plan is not None and plan.trail_price is not None and terminal.is_lively:
                    self._seen.setdefault(position.position_id, []).append((terminal.ticks, price))

    def _must_stay(self, position: Position, price: Decimal) -> None:
        pid, rules = position.position_id, position.blueprint.exits
        cost = position.cost / position.quantity
        stop, target = rules.stop_loss_percent, rules.take_profit_percent
        if stop is not None and price < cost * (1 - stop / HUNDRED) - HAIR:
            self._broken("I18", f"{pid} is not left at {price}, its stop-loss is {stop} % below {cost}")
        if target is not None and price > cost * (1 + target / HUNDRED) + HAIR:
            self._broken("I18", f"{pid} is not left at {price}, its target is {target} % above {cost}")

    def _check_time(self, position: Position, terminal: TerminalView) -> None:
        hold = position.blueprint.exits.max_hold_minutes
        if hold is None or position.entered_at is None:
            return
        if terminal.now() - position.entered_at <= timedelta(minutes=hold):
            return
        since = self._overdue.setdefault(position.position_id, terminal.ticks)
        if terminal.ticks - since > TICKS_TO_NOTICE:
            self._broken("I18", f"{position.position_id} is held longer than {hold} minutes")

    def check_drift(
        self, trade: Trade, orders: Iterable[Order], positions: Mapping[str, Position], terminal: TerminalView
    ) -> None:
        """I6: a limit entry the price has left behind is cancelled within some ticks."""
        for order in orders:
            intent, position = order.intent, positions.get(order.intent.position_id)
            if intent.market != trade.market or intent.bid is None or intent.instruction_id or position is None:
                continue
            policy, oid = position.blueprint.entry_order, order.order_id
            if order.state not in (OrderState.OPEN, OrderState.PARTIAL) or policy.rest is RestPolicy.WAIT:
                self._behind.pop(oid, None)
                continue
            furthest = intent.bid * (1 + policy.max_drift_percent / HUNDRED) + HAIR
            if trade.price <= furthest or position.state not in (PositionState.PENDING, RUNNING[0]):
                self._behind.pop(oid, None)
                continue
            late = terminal.ticks - self._behind.setdefault(oid, terminal.ticks) > TICKS_TO_NOTICE
            if late and oid not in self.asked:
                self._broken("I6", f"{oid} works on at {trade.price}, it was made from a bid of {intent.bid}")

    def check_entries(self, orders: Iterable[Order], terminal: TerminalView) -> None:
        """When everything has settled no limit entry works beyond its time."""
        for order in orders:
            limit, entry = order.intent.timeout_s, order.intent.purpose is Purpose.ENTRY
            if limit is None or not entry or order.intent.order_type is not OrderType.LIMIT or not order.is_working:
                continue
            if terminal.now() - order.created_at > timedelta(seconds=limit + CANCEL_S):
                self._broken("I6", f"{order.order_id} still works, its time was {limit} s")
