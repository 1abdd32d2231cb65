"""Instructions of a person: held until their condition is met, sent through the gate, followed to their end.

They obey the one exit owner: once a position closes, its instructions are withdrawn in the same step and what they have
at the venue is cancelled. A sale may be smaller than the holding; it is never larger than what no other sale binds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.domain.instruction import (
    ConditionKind,
    Instruction,
    InstructionChanged,
    InstructionState,
    InstructionTrigger,
    order_intent,
)
from app.domain.messages import (
    AlertRaised,
    IntentRefused,
)
from app.domain.money import ZERO
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, OrderType, Priority, Side
from app.engine.market_board import MarketBoard
from app.engine.order_desk import OrderStep
from app.engine.order_replacement import NEVER_CAME, OrderReplacement
from app.engine.outbox import Outbox
from app.engine.position_desk import ALERT_AFTER, PositionDesk, Retry
from app.engine.position_manager import HIGH_WATER_WRITE_EVERY
from app.engine.risk_gate import GateView
from app.engine.slice_desk import SliceDesk

#: Positions that take no instruction any more.
NO_MORE = (PositionState.CLOSING, PositionState.CLOSED, PositionState.ERROR)

C, T = ConditionKind, InstructionTrigger


class InstructionDesk:
    """Every live instruction. ``view`` is what the gate will look at; ``holds`` evaluates a rule for a position."""

    def __init__(
        self,
        board: MarketBoard,
        positions: PositionDesk,
        view: Callable[[], GateView],
        holds: Callable[[Position, str, int], bool],
    ) -> None:
        self._board = board
        self._positions = positions
        self._desk = positions.desk
        self._view = view
        self._holds = holds
        self._retries: dict[str, Retry] = {}
        #: Trailing marks that moved since they were last written down.
        self._moved: dict[str, None] = {}
        self._marks_written: datetime | None = None
        self.live: dict[str, Instruction] = {}
        self.replacing = OrderReplacement(board, self._desk, view)
        self.slices = SliceDesk(board, positions, view, self.keep, self.end)

    def restore(self, instructions: Iterable[Instruction]) -> None:
        """Arm again what the journal knew; a sliced one that is over may still owe its report."""
        for instruction in instructions:
            known = self.slices.restored(instruction)
            if known.state.is_live:
                self.live[known.instruction_id] = known

    # ---- what happens -------------------------------------------------------------------------------------------

    def on_price(self, market: Market, price: Decimal, now: datetime, out: Outbox) -> None:
        """Fire what this price meets; trailing marks move."""
        for instruction in self._each():
            if instruction.market != market or instruction.state is not InstructionState.ARMED:
                continue
            if instruction.is_met_by_price(price):
                self.fire(instruction, now, out)
                continue
            water = instruction.seen(price)
            if water != instruction.water:
                self.live[instruction.instruction_id] = replace(instruction, water=water)
                self._moved[instruction.instruction_id] = None

    def on_book(self, market: Market, now: datetime, out: Outbox) -> None:
        """Let what is worked in slices look at the new book."""
        for instruction in self._each():
            if instruction.plan is not None and instruction.market == market:
                self.slices.work(instruction, now, out)

    def on_bar(self, market: Market, seconds: int, now: datetime, out: Outbox) -> None:
        """Look at conditions over bars of this length."""
        for instruction in self._each():
            condition = instruction.condition
            position = self._positions.positions.positions.get(instruction.position_id)
            armed = instruction.state is InstructionState.ARMED and condition.kind is C.RULE
            if not armed or position is None or instruction.market != market or condition.seconds != seconds:
                continue
            if self._holds(position, condition.rule, seconds):
                self.fire(instruction, now, out)

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Times that have come, and sales that are to be tried again."""
        self._write_marks(now, out)
        self._cancel_leftovers(now, out)
        for instruction in self._each():
            condition = instruction.condition
            due = condition.kind is C.TIME and condition.at is not None and now >= condition.at
            if instruction.state is InstructionState.ARMED and due:
                self.fire(instruction, now, out)
            elif instruction.state is InstructionState.WORKING:
                self._try_again(instruction, now, out)
        self.slices.reports.on_time(self.live.values(), now, out)

    def _cancel_leftovers(self, now: datetime, out: Outbox) -> None:
        """Orders nobody wants any more are cancelled until they end: a cancel may come before its order is known."""
        for order in self._desk.tracker.working():
            name = order.intent.instruction_id
            held = bool(name) and order.intent.order_type is OrderType.LIMIT
            if held and not self.replacing.is_wanted(order, self.live.get(name)):
                self._desk.cancel(order, now, out, Priority.CANCEL)

    def _write_marks(self, now: datetime, out: Outbox) -> None:
        if self._moved and (self._marks_written is None or now - self._marks_written >= HIGH_WATER_WRITE_EVERY):
            self._marks_written = now
            for instruction_id in self._moved:
                if instruction_id in self.live:
                    out.tell(InstructionChanged(self.live[instruction_id], "water"))
            self._moved.clear()

    def after_order(self, step: OrderStep, now: datetime, out: Outbox) -> None:
        """Count what an order of an instruction did, and go on when it ended."""
        order = step.order
        if step.ended:
            self.replacing.settle(order, now, out)
        instruction = self.live.get(order.intent.instruction_id)
        if instruction is not None:
            volume = sum((fill.volume for fill in step.fills), ZERO)
            funds = sum((fill.funds for fill in step.fills), ZERO)
            if step.fills:
                more: dict[str, object] = {"filled_volume": instruction.filled_volume + volume}
                more["filled_funds"] = instruction.filled_funds + funds
                if instruction.progress is not None:
                    more["progress"] = instruction.progress.filled(volume)
                instruction = self.keep(instruction.after(T.PROGRESS, now, **more), "fill", out)
            if instruction.plan is not None and (step.ended or step.fills):
                self.slices.moved(instruction, step, now, out)
            elif step.ended and self.replacing.carries(order, instruction):
                self._order_ended(instruction, order, now, out)
        if step.ended and order.intent.side is Side.SELL and order.state not in NEVER_CAME:
            self._units_came_free(order.intent, now, out)  # a refused one had none: its neighbour is refused as well
        if step.ended:
            self.slices.reports.settle(order.intent.instruction_id, now, out)
            position_id = order.intent.position_id
            self._positions.close_if_done(position_id, self._has_any(position_id), now, out)

    def sweep(self, now: datetime, out: Outbox) -> None:
        """In the step in which a position closes its instructions are withdrawn; a pause holds its purchases."""
        for instruction in self._each():
            position = self._positions.positions.positions.get(instruction.position_id)
            if position is None or position.state in NO_MORE:
                self.end(instruction, T.WITHDRAWN, "the position closes", now, out)
            elif (
                position.state is PositionState.PAUSED
                and instruction.draft.side is Side.BUY
                and instruction.state is not InstructionState.PAUSED
            ):
                self.keep(instruction.after(T.PAUSED, now, note="the position is paused"), T.PAUSED.value, out)
                self.cancel_orders(instruction, now, out)

    def send_refusal(self, order: Order) -> str | None:
        """Right before the bytes leave: why an order of an instruction must not go any more; None to go ahead."""
        intent = order.intent
        if not intent.instruction_id:
            return None
        instruction = self.live.get(intent.instruction_id)
        if instruction is None or instruction.state is not InstructionState.WORKING:
            return "the instruction has ended or waits"
        if instruction.amending and order.order_id != instruction.replacement:
            return "the instruction was amended meanwhile"
        if intent.replaces and self.replacing.is_over(intent.replaces):
            return "the order it was to replace has ended"
        if instruction.plan is not None and (instruction.left or ZERO) < (intent.volume or ZERO):
            return "so much is not wanted any more"
        if intent.side is Side.SELL and self._is_blind(intent.position_id):
            return "another sale has an unknown outcome and comes first"
        return None

    # ---- firing -------------------------------------------------------------------------------------------------

    def fire(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        """The condition is met: alternatives are withdrawn in the same step, then the order goes to the gate."""
        working = self.keep(instruction.after(T.FIRED, now, note=""), T.FIRED.value, out)
        if instruction.condition.kind is not C.NOW:
            self._withdraw_alternatives(working, now, out)
        self._submit(working, now, out)

    def _submit(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        if instruction.plan is not None:
            self.slices.work(instruction, now, out)
            return
        draft = instruction.draft
        left = instruction.left or ZERO
        held_back = self._positions.hold.holds(instruction.market) or self._is_blind(instruction.position_id)
        if draft.side is Side.SELL and held_back:
            return  # tried again with the next tick: nothing goes to the side of an order nobody knows about
        sized = replace(
            draft, volume=None if draft.volume is None else left, funds=None if draft.funds is None else left
        )
        reason = instruction.condition.kind.value
        intent = order_intent(instruction.position_id, instruction.market, sized, reason, instruction.instruction_id)
        book = self._board.books.get(instruction.market)
        if draft.policy is not None and book is not None:
            intent = replace(intent, bid=book.best_bid)
        verdict = self._desk.submit(intent, self._view(), now, out)
        if not isinstance(verdict, Refusal):
            sent = {"order_id": verdict.order_id, "amending": False, "replacement": "", "note": ""}
            self.keep(instruction.after(T.PROGRESS, now, **sent), "sent", out)
            return
        words = f"{verdict.reason}: {verdict.detail}"
        by_hand = draft.side is Side.BUY or instruction.condition.kind is C.NOW
        if by_hand or verdict.reason is RefusalReason.BELOW_MINIMUM:
            out.tell(IntentRefused(intent, verdict))
            self.end(instruction, T.GAVE_UP, words, now, out)
        else:
            self._failed(instruction, words, now, out)

    def _try_again(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        retry = self._retries.get(instruction.instruction_id)
        idle = instruction.plan is not None or not self.has_order(instruction)
        if idle and (retry is None or retry.due <= now):
            self._submit(instruction, now, out)

    def _failed(self, instruction: Instruction, words: str, now: datetime, out: Outbox) -> None:
        """A sale that did not come about is tried again, like every exit; a person is told."""
        key = instruction.instruction_id
        retry = self._retries[key] = Retry.after(self._retries.get(key), now)
        self.keep(instruction.after(T.PROGRESS, now, order_id="", note=words), "failed", out)
        if retry.failures == ALERT_AFTER:
            out.tell(AlertRaised("instruction_keeps_failing", f"{instruction.market}: {words}", critical=True))

    # ---- ending -------------------------------------------------------------------------------------------------

    def _order_ended(self, instruction: Instruction, order: Order, now: datetime, out: Outbox) -> None:
        successor = self.replacing.successor(order)
        if successor is not None:
            stale = successor.order_id != instruction.replacement
            changes = {"order_id": successor.order_id, "amending": stale, "replacement": ""}
            instruction = self.keep(instruction.after(T.PROGRESS, now, **changes), "replaced", out)
            if successor.is_working:
                return
            order = successor
        rules = self._board.constraints.get(instruction.market)
        left = instruction.left or ZERO
        step_left = ZERO if rules is None or instruction.draft.volume is None else rules.floor_volume(left)
        complete = order.state is OrderState.FILLED or (instruction.draft.volume is not None and step_left <= ZERO)
        if complete:
            self.end(instruction, T.COMPLETED, "", now, out)
        elif instruction.state is InstructionState.PAUSED:
            self.keep(instruction.after(T.PROGRESS, now, order_id=""), "order_ended", out)
        elif instruction.amending or (order.intent.replaces and order.state in NEVER_CAME):
            self._submit(self.keep(instruction.after(T.PROGRESS, now, order_id=""), "order_ended", out), now, out)
        elif order.state in (OrderState.REJECTED, OrderState.EXPIRED):
            refused = order.state is OrderState.REJECTED and instruction.condition.kind is C.NOW
            if instruction.draft.side is Side.BUY or refused:
                self.end(instruction, T.GAVE_UP, order.note or order.state.value, now, out)
            else:
                self._failed(instruction, order.note or order.state.value, now, out)
        elif (rest := self._positions.buy_rest(order, self._view(), now, out)) is not None:
            self.keep(instruction.after(T.PROGRESS, now, order_id=rest.order_id), "sent", out)
        else:  # cancelled by a person or by its time, or the rest of an IOC order
            trigger = T.COMPLETED if instruction.filled_volume else T.WITHDRAWN
            self.end(instruction, trigger, "ended in part" if instruction.filled_volume else "ended", now, out)

    def end(self, instruction: Instruction, trigger: InstructionTrigger, note: str, now: datetime, out: Outbox) -> None:
        """No more is sent for it: its order is cancelled, and whatever waits for it hears of it."""
        self.keep(instruction.after(trigger, now, note=note), trigger.value, out)
        self.cancel_orders(instruction, now, out)
        if trigger is T.COMPLETED:
            self._withdraw_alternatives(instruction, now, out)
        for waiting in self._each():
            if waiting.condition.after != instruction.instruction_id:
                continue
            if trigger is not T.COMPLETED:
                self.end(waiting, T.WITHDRAWN, "what it waited for did not happen", now, out)
            elif waiting.state is InstructionState.ARMED:
                self.fire(waiting, now, out)
        self._positions.close_if_done(instruction.position_id, self._has_any(instruction.position_id), now, out)

    def _withdraw_alternatives(self, winner: Instruction, now: datetime, out: Outbox) -> None:
        """The first of a group wins (OCO)."""
        for other in self._each():
            if winner.group and other.group == winner.group and other.instruction_id != winner.instruction_id:
                self.end(other, T.WITHDRAWN, "its alternative came first", now, out)

    def _units_came_free(self, sale: OrderIntent, now: datetime, out: Outbox) -> None:
        """A sale ended: another instruction of the position may have waited for its units."""
        for other in self._each():
            waits = other.state is InstructionState.WORKING and not self.has_order(other)
            if waits and other.position_id == sale.position_id and other.instruction_id != sale.instruction_id:
                self._submit(other, now, out)

    def _each(self) -> Iterator[Instruction]:
        """Every live instruction as it is by then: a step for one may end others, which must not go on as they were."""
        for instruction_id in list(self.live):
            if instruction_id in self.live:
                yield self.live[instruction_id]

    # ---- books --------------------------------------------------------------------------------------------------

    def keep(self, instruction: Instruction, trigger: str, out: Outbox) -> Instruction:
        """Store the newest version and tell it; one that has ended is forgotten."""
        if instruction.state.is_live:
            self.live[instruction.instruction_id] = instruction
        else:
            self.live.pop(instruction.instruction_id, None)
            self._retries.pop(instruction.instruction_id, None)
        out.tell(InstructionChanged(instruction, trigger))
        if not instruction.state.is_live:
            self.slices.over(instruction, instruction.updated_at, out)
        return instruction

    def has_order(self, instruction: Instruction) -> bool:
        """True while an order of it, or the one that takes its place, is, or may be, at the venue."""
        return self.replacing.may_work(instruction.order_id)

    def _is_blind(self, position_id: str) -> bool:
        working = self._desk.tracker.working(position_id)
        return any(o.state is OrderState.UNKNOWN and o.intent.side is Side.SELL for o in working)

    def _has_any(self, position_id: str) -> bool:
        return any(i.position_id == position_id for i in self.live.values())

    def cancel_orders(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        """Cancel what it has resting."""
        for order in self._desk.tracker.working(instruction.position_id):
            mine = order.intent.instruction_id == instruction.instruction_id
            if mine and order.intent.order_type is OrderType.LIMIT:
                self._desk.cancel(order, now, out, Priority.CANCEL)
