"""Positions from start to proof of being closed: commands, entries, and the one exit owner."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.exit_plan import ExitReason
from app.domain.messages import AlertRaised, ExitTriggered, IntentRefused, PositionChanged
from app.domain.money import MONEY_CONTEXT, ZERO, is_usable, ratio
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.ports import IdSource
from app.domain.position import Position, PositionState, PositionTrigger
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import OrderType, Priority, Purpose, Side, TimeInForce
from app.domain.venue_reports import OrderReport
from app.engine.entry_patience import EntryPatience, rest_of_limit
from app.engine.order_desk import OrderDesk, OrderStep
from app.engine.outbox import Outbox
from app.engine.position_manager import PositionManager
from app.engine.risk_gate import GateView
from app.engine.sale_hold import SaleHold
from app.engine.sale_ladder import VENUE_SAYS_DUST, SaleLadder

#: Pauses before an exit that failed is tried again; the last one repeats for ever.
RETRY_PAUSES = tuple(timedelta(seconds=s) for s in (0.5, 1, 2, 5, 10))
#: From this many failures on a person is told.
ALERT_AFTER = 3
#: After the venue refused an entry of a position the next one waits this long: a rung is looked at on every price.
REFUSED_ENTRY_PAUSE = timedelta(seconds=10)
#: The same refusal of the same position is told once in this time.
QUIET_REFUSAL = timedelta(seconds=60)


@dataclass(slots=True)
class Retry:
    """When something that failed is due again, and how often it has failed."""

    due: datetime
    failures: int = 0

    @classmethod
    def after(cls, before: "Retry | None", now: datetime) -> "Retry":
        """One failure more: the pauses grow as RETRY_PAUSES say."""
        failures = 1 if before is None else before.failures + 1
        return cls(now + RETRY_PAUSES[min(failures, len(RETRY_PAUSES)) - 1], failures)


class PositionDesk:
    """Runs positions. An exit, once begun, is tried until nothing is held; it is never given up silently."""

    def __init__(self, positions: PositionManager, desk: OrderDesk, ids: IdSource) -> None:
        self.positions = positions
        self.desk = desk
        self.patience = EntryPatience(desk.tracker)
        self._ladder = SaleLadder(desk.tracker)
        self._ids = ids
        self._retries: dict[str, Retry] = {}
        self._told: dict[tuple[str, RefusalReason], datetime] = {}
        self._entry_refused: dict[str, datetime] = {}
        self._sellable_cap: dict[str, Decimal] = {}
        self.hold = SaleHold()

    # ---- instructions -------------------------------------------------------------------------------------------

    def close_if_done(self, position_id: str, has_instructions: bool, now: datetime, out: Outbox) -> None:
        """A position a person trades ends when it is empty and nothing is wanted any more."""
        position = self.positions.positions.get(position_id)
        if position is None or position.state in (PositionState.CLOSING, PositionState.CLOSED):
            return
        manual, entered = position.blueprint.is_manual, position.entered_at is not None
        waits = position.quantity > ZERO or self.desk.tracker.working(position_id) or (manual and has_instructions)
        if not waits and (manual or entered):
            reason = position.exit_reason or (ExitReason.USER if entered else None)
            self._close(position, ZERO, now, out, exit_reason=reason)

    # ---- entries ------------------------------------------------------------------------------------------------

    def enter(self, intent: OrderIntent, view: GateView, now: datetime, out: Outbox) -> Refusal | None:
        """Try an entry; a refusal is told, but the same one not over and over. Returns why not, or None."""
        if self.desk.tracker.has_working_entry(intent.position_id):
            return Refusal(RefusalReason.DUPLICATE_ORDER, "an entry of this position is under way")
        refused = self._entry_refused.get(intent.position_id)
        if refused is not None and now - refused < REFUSED_ENTRY_PAUSE:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "the venue has just refused an entry of this position")
        position = self.positions.positions[intent.position_id]
        fitted = self.patience.fitted(intent, position, view.board, now)
        verdict = self.desk.submit(fitted, view, now, out)
        if isinstance(verdict, Refusal):
            self.patience.refused(intent, verdict, position, now)
            self._tell_refusal(intent, verdict, now, out)
            return verdict
        self.patience.entered(position.position_id)
        steps = position.entries_done + (intent.part == 1)
        counted = self.positions.put(replace(position, entries_done=steps, note=""))
        out.tell(PositionChanged(counted, "entry_asked"))
        return None

    def buy_rest(self, order: Order, view: GateView, now: datetime, out: Outbox) -> Order | None:
        """The little that is left of a person's limit purchase that has ended; a refusal is told. None: nothing is."""
        policy = order.intent.policy
        intent = None if policy is None else rest_of_limit(order, policy, view.board, now)
        verdict = None if intent is None else self.desk.submit(intent, view, now, out)
        if intent is not None and isinstance(verdict, Refusal):
            out.tell(IntentRefused(intent, verdict))
        return None if isinstance(verdict, Refusal) else verdict

    # ---- exits --------------------------------------------------------------------------------------------------

    def begin_exit(
        self, position: Position, reason: ExitReason, price: Decimal, view: GateView, now: datetime, out: Outbox
    ) -> None:
        """The first trigger owns the exit; every other rule of the plan is disarmed in the same step."""
        position = self.positions.positions[position.position_id]
        if not position.is_live:
            return
        emergency = reason is ExitReason.EMERGENCY
        if position.state is PositionState.CLOSING and not emergency:
            return
        plan = position.exit_plan.fire(reason) if position.exit_plan is not None else None
        owner = position.exit_reason if position.state is PositionState.CLOSING else reason
        self.step(position, PositionTrigger.EXIT_STARTED, now, out, exit_plan=plan, exit_reason=owner)
        out.tell(ExitTriggered(position.position_id, position.market, reason, price))
        self._retries.pop(position.position_id, None)
        self.advance_exit(position.position_id, view, now, out)

    def advance_exit(self, position_id: str, view: GateView, now: datetime, out: Outbox) -> None:
        """Next step of a closing position: cancel entries, sell what is free, or declare it closed."""
        position = self.positions.positions[position_id]
        if position.state is not PositionState.CLOSING:
            return
        purpose = Purpose.LIQUIDATION if view.liquidating else Purpose.EXIT
        self._cancel_others(position_id, now, out, Priority.LIQUIDATION if view.liquidating else Priority.CANCEL)
        working = self.desk.tracker.working(position_id)
        if position.quantity <= ZERO:
            if not working:
                self._close(position, ZERO, now, out)
            return
        if self.desk.tracker.has_working_sale(position_id):
            return
        retry = self._retries.get(position_id)
        if (retry is not None and retry.due > now) or position.market not in view.board.constraints:
            return  # without the market's rules, right after a start, there is no order to make yet
        if self.hold.holds(position.market):
            return
        volume = min(position.quantity, self._sellable_cap.get(position_id, position.quantity))
        verdict = self.desk.submit(self._ladder.sale(position, volume, purpose, view), view, now, out)
        if isinstance(verdict, Refusal):
            self._exit_refused(position, verdict, bool(working), now, out)

    def sell_part(self, position_id: str, volume: Decimal, view: GateView, now: datetime, out: Outbox) -> None:
        """Sell ``volume`` units of a position that goes on, in an emergency; nothing while something of it works.

        One that failed is tried again like every exit.
        """
        position = self.positions.positions[position_id]
        retry = self._retries.get(position_id)
        waits = (retry is not None and retry.due > now) or self.hold.holds(position.market)
        if self.desk.tracker.working(position_id) or waits:
            return
        part = self._ladder.sale(position, min(volume, position.quantity), Purpose.LIQUIDATION, view)
        verdict = self.desk.submit(part, view, now, out)
        if isinstance(verdict, Refusal):
            self._part_failed(position, f"{verdict.reason}: {verdict.detail}", now, out)

    def _part_failed(self, position: Position, words: str, now: datetime, out: Outbox) -> None:
        retry = self._retries[position.position_id] = Retry.after(self._retries.get(position.position_id), now)
        noted = self.positions.put(replace(position, note=words, updated_at=now))
        out.tell(PositionChanged(noted, "part_failed"))
        if retry.failures == ALERT_AFTER:
            out.tell(AlertRaised("exit_keeps_failing", f"{position.market}: {words}", critical=True))

    def _part_ended(self, position: Position, step: OrderStep, now: datetime, out: Outbox) -> None:
        if step.order.filled_volume:
            self._retries.pop(position.position_id, None)
        else:
            self._ladder.refused(step.order)
            self._part_failed(position, step.order.note or step.order.state.value, now, out)

    def exit_again(self, position_id: str, view: GateView, now: datetime, out: Outbox) -> Refusal | None:
        """A person wants the exit tried now; one that failed does not wait for its pause. Returns why not, or None."""
        position = self.positions.positions.get(position_id)
        if position is None or not position.is_live:
            return Refusal(RefusalReason.NOTHING_TO_SELL, "the position is closed")
        if self.desk.tracker.has_working_sale(position_id):
            return Refusal(RefusalReason.DUPLICATE_ORDER, "an exit is running already")
        if position_id in self._retries:
            self._retries[position_id].due = now
        if position.state is PositionState.CLOSING:
            self.advance_exit(position_id, view, now, out)
        else:
            price = self.positions.price_of(position.market)
            self.begin_exit(position, ExitReason.USER, price, view, now, out)
        if self.positions.positions[position_id].is_live and not self.desk.tracker.working(position_id):
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "nothing can be sold at the moment; it is tried again")
        return None

    def _exit_refused(
        self, position: Position, refusal: Refusal, entry_working: bool, now: datetime, out: Outbox
    ) -> None:
        if refusal.reason is not RefusalReason.BELOW_MINIMUM:
            self._exit_failed(position, f"{refusal.reason}: {refusal.detail}", now, out)
        elif not entry_working:
            left = self._sellable_cap.get(position.position_id, position.quantity)
            if left < position.quantity:
                self.close_as_external(position, now, out, left)
            else:
                self._close(position, position.quantity, now, out)

    def _exit_failed(self, position: Position, words: str, now: datetime, out: Outbox) -> None:
        retry = self._retries[position.position_id] = Retry.after(self._retries.get(position.position_id), now)
        self.step(position, PositionTrigger.EXIT_FAILED, now, out, note=words)
        if retry.failures == ALERT_AFTER:
            out.tell(AlertRaised("exit_keeps_failing", f"{position.market}: {words}", critical=True))

    def on_time(self, view: GateView, now: datetime, out: Outbox) -> None:
        """Try failed exits again when their pause is over; cancel entries that are not wanted any more."""
        for position in self.positions.live():
            if position.state is PositionState.PAUSED:
                self.cancel_entries(position.position_id, now, out, Priority.CANCEL)
            else:
                for order in self.patience.left_behind(position, self.positions.price_of(position.market)):
                    self.desk.cancel(order, now, out)
            if position.state is PositionState.CLOSING:
                retry = self._retries.get(position.position_id)
                if retry is None or retry.due <= now:
                    self.advance_exit(position.position_id, view, now, out)

    # ---- what orders did ----------------------------------------------------------------------------------------

    def after_order(self, step: OrderStep, view: GateView, now: datetime, out: Outbox) -> None:
        """Book the fills of one order and follow up when it ended."""
        intent = step.order.intent
        if intent.position_id not in self.positions.positions:
            return
        for fill in step.fills:
            before = self.positions.positions[intent.position_id]
            after = self.positions.apply_fill(fill, intent, now)
            if fill.side is Side.SELL:
                view.account.book_realised(fill.traded_at, after.realised - before.realised)
            view.account.book_fill(fill.traded_at)
            out.tell(PositionChanged(after, "fill"))
        position = self.positions.positions[intent.position_id]
        if step.ended and intent.purpose is Purpose.ENTRY:
            self._entry_ended(position, step, now, out)
        elif step.ended and intent.instruction_id:
            self._sold_by_instruction(position, view, now, out)
        elif step.ended and position.state is PositionState.CLOSING and position.quantity > ZERO:
            failed = step.order.state in (OrderState.REJECTED, OrderState.EXPIRED)
            all_of_it = (intent.volume or ZERO) >= position.quantity  # more may have been bought since it was sent
            dust = failed and all_of_it and step.order.note.startswith(VENUE_SAYS_DUST)
            if dust and not self.desk.tracker.has_working_entry(intent.position_id):
                self._close(position, position.quantity, now, out)
            elif failed or not step.order.filled_volume:
                self._ladder.refused(step.order)
                self._exit_failed(position, step.order.note or step.order.state.value, now, out)
            else:
                self._retries.pop(position.position_id, None)
        elif step.ended and intent.purpose is Purpose.LIQUIDATION and position.is_live:
            self._part_ended(position, step, now, out)
        if position.is_live:
            self.advance_exit(intent.position_id, view, now, out)

    def _sold_by_instruction(self, position: Position, view: GateView, now: datetime, out: Outbox) -> None:
        """What is left after a sale, and too small to be sold, goes the way of every rest."""
        rules = view.board.constraints.get(position.market)
        if rules is None or position.state not in (PositionState.ACTIVE, PositionState.PAUSED):
            return
        price = self.positions.price_of(position.market)
        if position.quantity > ZERO and price > ZERO and price * position.quantity < rules.min_total:
            self.begin_exit(position, ExitReason.USER, price, view, now, out)

    def _entry_ended(self, position: Position, step: OrderStep, now: datetime, out: Outbox) -> None:
        if step.order.filled_volume or not position.is_live:
            return
        if step.order.state is OrderState.REJECTED:
            self._entry_refused[position.position_id] = now
        steps = max(position.entries_done - (step.order.intent.part == 1), 0)
        changes = {"entries_done": steps, "note": step.order.note}
        self.step(position, PositionTrigger.ENTRY_ENDED_EMPTY, now, out, **changes)

    def adopt(self, report: OrderReport, view: GateView, now: datetime, out: Outbox) -> bool:
        """Take over an order of ours that the journal lost; False when no running position can have made it."""
        live = self.positions.live_in(report.market)
        if not live:
            return False
        self.desk.adopt(report, live[0].position_id, now, out)
        if report.side is Side.SELL:
            price = self.positions.price_of(report.market)
            self.begin_exit(live[0], ExitReason.RECOVERED, price, view, now, out)
        return True

    def limit_sellable(self, position_id: str, free: Decimal) -> None:
        """The venue holds less than our books: sell at most this many units."""
        self._sellable_cap[position_id] = free

    def close_as_external(self, position: Position, now: datetime, out: Outbox, left: Decimal = ZERO) -> None:
        """Somebody else sold it; ``left`` units, too few to be sold, are still at the venue."""
        cost = MONEY_CONTEXT.multiply(position.cost, ratio(left, position.quantity))
        self._close(position, left, now, out, note="sold outside of this program", quantity=left, cost=cost)

    def broken(self, position_id: str, words: str, now: datetime, out: Outbox) -> None:
        """A rule was broken; the position stops until a person or the emergency control takes it."""
        position = self.positions.positions.get(position_id)
        if position is not None and position.state is not PositionState.ERROR:
            self.step(position, PositionTrigger.RULE_BROKEN, now, out, note=words)

    # ---- inside -------------------------------------------------------------------------------------------------

    def cancel_entries(self, position_id: str, now: datetime, out: Outbox, priority: Priority) -> None:
        """Cancel what would add to the position."""
        for order in self.desk.tracker.working(position_id):
            if order.intent.purpose is Purpose.ENTRY:
                self.desk.cancel(order, now, out, priority)

    def _cancel_others(self, position_id: str, now: datetime, out: Outbox, priority: Priority) -> None:
        """An exit has begun: entries end, and whatever rests; exits themselves go at market."""
        self.cancel_entries(position_id, now, out, priority)
        for order in self.desk.tracker.working(position_id):
            rests = order.intent.order_type is OrderType.LIMIT and order.intent.time_in_force is not TimeInForce.IOC
            if order.intent.side is Side.SELL and rests:
                self.desk.cancel(order, now, out, priority)

    def _close(self, position: Position, dust: Decimal, now: datetime, out: Outbox, **changes: object) -> None:
        self._retries.pop(position.position_id, None)
        self._sellable_cap.pop(position.position_id, None)
        self._ladder.closed(position.position_id)
        price = self.positions.price_of(position.market)
        worth = MONEY_CONTEXT.multiply(dust, price) if is_usable(price) else ZERO
        fields: dict[str, object] = {"dust": dust, "dust_worth": worth, "closed_at": now, "note": "", **changes}
        self.step(position, PositionTrigger.EMPTY, now, out, **fields)

    def step(
        self, position: Position, trigger: PositionTrigger, now: datetime, out: Outbox, **changes: object
    ) -> Position:
        """Move a position through its life cycle and tell it."""
        moved = self.positions.step(position, trigger, now, **changes)
        out.tell(PositionChanged(moved, trigger.value))
        return moved

    def _tell_refusal(self, intent: OrderIntent, refusal: Refusal, now: datetime, out: Outbox) -> None:
        key = (intent.position_id, refusal.reason)
        last = self._told.get(key)
        if last is None or now - last >= QUIET_REFUSAL:
            self._told[key] = now
            out.tell(IntentRefused(intent, refusal))
