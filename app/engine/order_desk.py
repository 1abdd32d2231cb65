"""Orders from approval to their end: what the venue answers, what is looked up again, what is cancelled."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.effects import LookUpOrder, SendCancel, SubmitOrder
from app.domain.messages import AlertRaised, FillBooked, IntentRefused, OrderChanged
from app.domain.money import ZERO
from app.domain.order import Fill, Order, OrderIntent, OrderState, OrderTrigger
from app.domain.refusal import Refusal
from app.domain.values import OrderType, Priority, Purpose, Side
from app.domain.venue_reports import OrderReport, ReportedState
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.risk_gate import GateView, RiskGate

#: First and longest pause between two lookups of the same order.
FIRST_LOOKUP = timedelta(milliseconds=300)
SLOWEST_LOOKUP = timedelta(seconds=5)
#: A working order is looked up when nothing was heard of it for this long: a stream may lose a frame
#: (Lean.TradeStation#95: 4 of 18 fills arrived while heartbeats were healthy).
SILENT_LIMIT_ORDER = timedelta(seconds=10)
SILENT_MARKET_ORDER = timedelta(seconds=1)
SILENT_CANCEL = timedelta(seconds=1)
SILENT_SUBMIT = timedelta(seconds=15)
#: A cancel without effect for this long is asked again: its request or its answer may have been lost.
CANCEL_AGAIN = timedelta(seconds=2)


@dataclass(slots=True)
class _Lookup:
    due: datetime
    pause: timedelta
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class OrderStep:
    """What a message did to an order: the order now, the fills that are new, and whether it has just ended."""

    order: Order
    fills: tuple[Fill, ...] = ()
    ended: bool = False


class OrderDesk:
    """Moves orders through their life cycle and asks for the sends, cancels and lookups that follow."""

    def __init__(self, tracker: OrderTracker, gate: RiskGate) -> None:
        self.tracker = tracker
        self.gate = gate
        self._lookups: dict[str, _Lookup] = {}
        self._cancel_asked: dict[str, datetime] = {}

    # ---- out ----------------------------------------------------------------------------------------------------

    def submit(self, intent: OrderIntent, view: GateView, now: datetime, out: Outbox) -> Order | Refusal:
        """Pass the gate, write the intent down, hand it to the executor. Returns the order or the refusal."""
        verdict = self.gate.check(intent, view, now)
        if isinstance(verdict, Refusal):
            return verdict
        order = self.tracker.put(verdict.order)
        out.tell(OrderChanged(order, "intent"))
        out.ask(SubmitOrder(verdict))
        return order

    def adopt(self, report: OrderReport, position_id: str, now: datetime, out: Outbox) -> Order:
        """An order of ours at the venue that the journal does not know: book it under ``position_id``.

        It is looked up for its fills; until then it is UNKNOWN, so that nothing is sold twice.
        """
        left = report.remaining_volume
        intent = OrderIntent(
            position_id=position_id,
            market=report.market,
            side=report.side,
            # An order that is still open may rest for ever: an exit must be able to take it back.
            order_type=OrderType.LIMIT if report.state is ReportedState.OPEN else OrderType.MARKET,
            purpose=Purpose.EXIT if report.side is Side.SELL else Purpose.ENTRY,
            reason="found at the venue",
            volume=None if left is None else report.executed_volume + left,
        )
        order = Order(
            order_id=report.order_id or "",
            intent=intent,
            state=OrderState.UNKNOWN,
            created_at=now,
            updated_at=now,
            venue_order_id=report.venue_order_id,
        )
        self.tracker.put(order)
        out.tell(OrderChanged(order, "adopted"))
        self._schedule(order.order_id, now)
        return order

    def refuse(self, intent: OrderIntent, refusal: Refusal, out: Outbox) -> None:
        """Record a refusal."""
        out.tell(IntentRefused(intent, refusal))

    def cancel(self, order: Order, now: datetime, out: Outbox, priority: Priority = Priority.CANCEL) -> None:
        """Ask the venue to cancel; the same cancel is repeated only after CANCEL_AGAIN without effect."""
        if not order.is_working or order.state is OrderState.INTENT:
            return  # an intent still waits in the send queue; the executor asks again before it sends
        asked = self._cancel_asked.get(order.order_id)
        if asked is not None and now - asked < CANCEL_AGAIN:
            return
        self._cancel_asked[order.order_id] = now
        if order.state is OrderState.SENT:
            self._schedule(order.order_id, now + FIRST_LOOKUP)
        elif order.state is not OrderState.CANCELLING:
            self._move(order, OrderTrigger.CANCEL_SENT, now, out)
        out.ask(SendCancel(order.intent.market, order.order_id, order.venue_order_id, priority))

    def withdraw(self, order: Order, report: OrderReport, now: datetime, out: Outbox) -> None:
        """An order that has ended here works at the venue: cancel it there, and look up what it did meanwhile."""
        words = f"{order.order_id} in {order.intent.market} is {order.state} here and open at the venue; cancelling it"
        out.tell(AlertRaised("order_revived", words, critical=True))
        out.ask(SendCancel(order.intent.market, order.order_id, report.venue_order_id, Priority.CANCEL))
        self._schedule(order.order_id, now + SILENT_CANCEL)

    # ---- answers ------------------------------------------------------------------------------------------------

    def on_sending(self, order_id: str, now: datetime, out: Outbox) -> None:
        """The bytes are about to leave."""
        order = self.tracker.get(order_id)
        if order is not None and order.state is OrderState.INTENT:
            self._move(order, OrderTrigger.SENDING, now, out)
            self._replaced_is_cancelling(order, now, out)

    def on_replacement_taken(self, order_id: str, now: datetime, out: Outbox) -> None:
        """The venue makes it once the order it replaces has ended, or never: until it is seen nobody knows."""
        order = self.tracker.get(order_id)
        if order is not None and order.state is OrderState.SENT:
            self._move(order, OrderTrigger.TAKEN, now, out)
            self._schedule(order_id, now + FIRST_LOOKUP)

    def never_made(self, order: Order, now: datetime, out: Outbox) -> None:
        """The order it was to replace has been filled: the venue does not make it (upbit.md section 6.10)."""
        if order.state is OrderState.SENT:
            order = self.tracker.put(order.after(OrderTrigger.NO_ANSWER, now))
        words = f"{order.intent.replaces} was filled first"
        self._move(replace(order, reserved=ZERO, note=words), OrderTrigger.NEVER_ARRIVED, now, out)
        self._lookups.pop(order.order_id, None)

    def on_refused(self, order_id: str, words: str, now: datetime, out: Outbox) -> OrderStep | None:
        """The venue said no."""
        return self._end(order_id, OrderTrigger.REFUSED, words, now, out)

    def on_not_sent(self, order_id: str, words: str, now: datetime, out: Outbox) -> OrderStep | None:
        """Nothing left this computer."""
        return self._end(order_id, OrderTrigger.EXPIRED_UNSENT, words, now, out)

    def on_unknown(self, order_id: str, words: str, now: datetime, out: Outbox) -> None:
        """No usable answer: look it up, never send it again."""
        order = self.tracker.get(order_id)
        if order is None or order.state.is_terminal:
            return
        self._move(replace(order, note=words), OrderTrigger.NO_ANSWER, now, out)
        self._schedule(order_id, now)

    def on_report(self, order: Order, report: OrderReport, now: datetime, out: Outbox) -> OrderStep:
        """A report from a submit answer, the stream, a poll or a lookup; they may come in any order and twice."""
        if order.state is OrderState.INTENT:
            order = self.tracker.put(order.after(OrderTrigger.SENDING, now))
        moved, fills, trigger = self.tracker.apply_report(order, report, now)
        if fills or moved.state is not order.state or moved.venue_order_id != order.venue_order_id:
            out.tell(OrderChanged(moved, trigger.value))
        for fill in fills:
            out.tell(FillBooked(fill, moved.intent.position_id))
        if self.tracker.needs_fills(moved, report):
            self._schedule(moved.order_id, now)
        elif not moved.is_working:
            self._lookups.pop(moved.order_id, None)
            self._cancel_asked.pop(moved.order_id, None)
        ended = moved.state.is_terminal and not order.state.is_terminal
        return OrderStep(moved, tuple(fills), ended)

    def on_not_found(self, order_id: str, now: datetime, out: Outbox) -> OrderStep | None:
        """The venue explicitly does not know the order."""
        order = self.tracker.get(order_id)
        if order is None or order.state.is_terminal:
            self._lookups.pop(order_id, None)
            return None
        moved, trigger = self.tracker.not_found(order, now)
        if moved.state.is_terminal:
            self._lookups.pop(order_id, None)
            out.tell(OrderChanged(moved, trigger.value))
            return OrderStep(moved, (), ended=True)
        self._again(order_id, now)
        return None

    def on_lookup_failed(self, order_id: str, now: datetime) -> None:
        """The lookup itself failed; that says nothing about the order."""
        self._again(order_id, now)

    def on_cancel_answered(self, order_id: str, accepted: bool, now: datetime, out: Outbox) -> None:
        """Accepted is not done, and refused may mean filled: either way the order is looked up."""
        order = self.tracker.get(order_id)
        if order is None or order.state.is_terminal:
            return
        if not accepted and order.state is OrderState.CANCELLING:
            self._move(order, OrderTrigger.CANCEL_REFUSED, now, out)
        self._schedule(order_id, now + (FIRST_LOOKUP if accepted else timedelta()))

    # ---- time ---------------------------------------------------------------------------------------------------

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Look up what is unknown or silent, cancel entries whose time is over."""
        for order in self.tracker.working():
            if order.state is OrderState.CANCELLING:
                self.cancel(order, now, out)
            elif order.state is not OrderState.INTENT:  # a thousand of them may wait in the send queue
                self._cancel_when_late(order, now, out)
            if now - order.updated_at >= _patience(order) and order.order_id not in self._lookups:
                self._schedule(order.order_id, now)
        for order_id, lookup in list(self._lookups.items()):
            known = self.tracker.get(order_id)
            if known is None:
                del self._lookups[order_id]
            elif not lookup.in_flight and lookup.due <= now:
                lookup.in_flight = True
                urgent = known.intent.purpose.reduces_risk
                priority = Priority.EXIT if urgent else Priority.LOOKUP
                out.ask(LookUpOrder(known.intent.market, order_id, known.venue_order_id, priority))

    def lookup_answered(self, order_id: str, now: datetime) -> None:
        """A lookup brought a report; another follows while the order works and stays silent."""
        self._lookups.pop(order_id, None)
        order = self.tracker.get(order_id)
        if order is not None and order.state in (OrderState.CANCELLING, OrderState.UNKNOWN):
            self._schedule(order_id, now + SILENT_CANCEL)

    def expect_lookup(self, order: Order, now: datetime) -> None:
        """A reading of the account did not list the order: find out what became of it."""
        self._schedule(order.order_id, now)

    def resume(self, now: datetime, out: Outbox) -> None:
        """After a restart: whatever was on its way is UNKNOWN until the venue tells."""
        for order in self.tracker.working():
            if order.state in (OrderState.INTENT, OrderState.SENT):
                self._move(order, OrderTrigger.NO_ANSWER, now, out)
            self._schedule(order.order_id, now)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _cancel_when_late(self, order: Order, now: datetime, out: Outbox) -> None:
        limit = order.intent.timeout_s
        if order.intent.purpose is not Purpose.ENTRY or limit is None or order.intent.order_type is OrderType.MARKET:
            return
        if order.state in (OrderState.OPEN, OrderState.PARTIAL) and now - order.created_at >= timedelta(seconds=limit):
            self.cancel(order, now, out)

    def _end(self, order_id: str, trigger: OrderTrigger, words: str, now: datetime, out: Outbox) -> OrderStep | None:
        order = self.tracker.get(order_id)
        if order is None or order.state.is_terminal:
            return None
        if order.state not in (OrderState.INTENT, OrderState.SENT):
            self._schedule(order_id, now)  # the stream already showed it: the refusal cannot be the whole truth
            return None
        if order.state is OrderState.INTENT and trigger is OrderTrigger.REFUSED:
            order = self.tracker.put(order.after(OrderTrigger.SENDING, now))
        moved = self._move(replace(order, reserved=ZERO, note=words), trigger, now, out)
        self._cancel_asked.pop(order.intent.replaces, None)  # what it was to replace needs a cancel of its own
        return OrderStep(moved, (), ended=True)

    def _replaced_is_cancelling(self, order: Order, now: datetime, out: Outbox) -> None:
        """The request that makes this one cancels that one; a plain cancel follows only after CANCEL_AGAIN."""
        replaced = self.tracker.get(order.intent.replaces)
        if replaced is not None and replaced.state in (OrderState.OPEN, OrderState.PARTIAL):
            self._cancel_asked[replaced.order_id] = now
            self._move(replaced, OrderTrigger.CANCEL_SENT, now, out)

    def _move(self, order: Order, trigger: OrderTrigger, now: datetime, out: Outbox) -> Order:
        moved = self.tracker.put(order.after(trigger, now))
        out.tell(OrderChanged(moved, trigger.value))
        return moved

    def _schedule(self, order_id: str, due: datetime) -> None:
        known = self._lookups.get(order_id)
        if known is None:
            self._lookups[order_id] = _Lookup(due, FIRST_LOOKUP)
        elif not known.in_flight and due < known.due:
            known.due = due

    def _again(self, order_id: str, now: datetime) -> None:
        lookup = self._lookups.setdefault(order_id, _Lookup(now, FIRST_LOOKUP))
        lookup.in_flight = False
        lookup.due = now + lookup.pause
        lookup.pause = min(lookup.pause * 2, SLOWEST_LOOKUP)


def _patience(order: Order) -> timedelta:
    if order.state in (OrderState.INTENT, OrderState.SENT):
        return SILENT_SUBMIT
    if order.state is OrderState.CANCELLING:
        return SILENT_CANCEL
    if order.intent.order_type is OrderType.LIMIT:
        return SILENT_LIMIT_ORDER
    return SILENT_MARKET_ORDER
