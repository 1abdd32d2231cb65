"""Instructions of a person: held until their condition is met, sent through the gate, followed to their end.

They obey the one exit owner: once a position closes, its instructions are withdrawn in the same step and what they have
at the venue is cancelled. A sale may be smaller than the holding; it is never larger than what no other sale binds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from app.domain.blueprint import manual_blueprint
from app.domain.instruction import (
    AmendInstruction,
    ConditionKind,
    Instruction,
    InstructionChanged,
    InstructionState,
    InstructionTrigger,
    OrderDraft,
    PlaceInstruction,
    draft_problems,
)
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    IntentRefused,
    StartStrategy,
)
from app.domain.money import MONEY_CONTEXT, ONE, ZERO
from app.domain.order import OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, OrderType, Priority, Purpose, Side
from app.engine.market_board import MarketBoard
from app.engine.order_desk import OrderStep
from app.engine.outbox import Outbox
from app.engine.position_desk import ALERT_AFTER, RETRY_PAUSES, PositionDesk
from app.engine.position_manager import HIGH_WATER_WRITE_EVERY
from app.engine.risk_gate import GateView
from app.engine.rule_language import rule_problem

#: Positions that take no instruction any more.
NO_MORE = (PositionState.CLOSING, PositionState.CLOSED, PositionState.ERROR)

C, T = ConditionKind, InstructionTrigger


@dataclass(slots=True)
class _Retry:
    due: datetime
    failures: int


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
        self._retries: dict[str, _Retry] = {}
        #: Trailing marks that moved since they were last written down.
        self._moved: dict[str, None] = {}
        self._marks_written: datetime | None = None
        self.live: dict[str, Instruction] = {}

    def restore(self, instructions: Iterable[Instruction]) -> None:
        """Arm again what the journal knew."""
        for instruction in instructions:
            if instruction.state.is_live:
                self.live[instruction.instruction_id] = instruction

    # ---- commands -----------------------------------------------------------------------------------------------

    def place(self, command: PlaceInstruction, now: datetime, out: Outbox) -> None:
        """Take an instruction; the same command id is carried out once."""
        if not self._positions.is_new(command.command_id):
            return
        refusal = self._place_refusal(command) or self._gate_refusal(command, now)
        position = None if refusal is not None else self._position_for(command, now, out)
        if refusal is not None:
            out.tell(CommandRefused("PlaceInstruction", refusal))
        if position is None:
            return
        instruction = Instruction(
            instruction_id=f"i-{command.command_id}",
            position_id=position.position_id,
            market=command.market,
            draft=command.draft,
            condition=command.condition,
            state=InstructionState.ARMED,
            created_at=now,
            updated_at=now,
            group=command.group,
            water=self._price(command.market),
        )
        self._keep(instruction, "placed", out)
        if command.condition.kind is C.NOW:
            self._fire(instruction, now, out)

    def withdraw(self, instruction_id: str, now: datetime, out: Outbox, note: str = "") -> None:
        """End an instruction and cancel what it has at the venue."""
        instruction = self._known(instruction_id, "CancelInstruction", out)
        if instruction is not None:
            self._end(instruction, T.WITHDRAWN, note, now, out)

    def pause(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """Stop it for a while; what it has at the venue is cancelled."""
        instruction = self._known(instruction_id, "PauseInstruction", out)
        if instruction is not None:
            self._keep(instruction.after(T.PAUSED, now), T.PAUSED.value, out)
            self._cancel_orders(instruction, now, out)

    def resume(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """Arm it again for what is left."""
        instruction = self._known(instruction_id, "ResumeInstruction", out)
        if instruction is None:
            return
        if instruction.state is not InstructionState.PAUSED or self._has_order(instruction):
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "it is not paused, or its order has not ended yet")
            out.tell(CommandRefused("ResumeInstruction", refusal, instruction.position_id))
            return
        armed = instruction.after(T.RESUMED, now, order_id="")
        self._keep(armed, T.RESUMED.value, out)
        if armed.condition.kind is C.NOW:
            self._fire(armed, now, out)

    def amend(self, command: AmendInstruction, now: datetime, out: Outbox) -> None:
        """Change price or size: its order is cancelled, the end of it confirmed, and only then the new one placed."""
        instruction = self._known(command.instruction_id, "AmendInstruction", out)
        if instruction is None:
            return
        draft = replace(
            instruction.draft,
            price=instruction.draft.price if command.price is None else command.price,
            volume=instruction.draft.volume if command.volume is None else command.volume,
        )
        condition = instruction.condition
        if command.trigger_price is not None:
            condition = replace(condition, price=command.trigger_price)
        problems = draft_problems(draft, condition)
        changed = replace(instruction, draft=draft, condition=condition)
        if not problems and (changed.left or ZERO) <= ZERO:
            problems = ["volume: so much has been traded already"]  # type: ignore[list-item]
        if problems:
            refusal = Refusal(RefusalReason.BAD_NUMBER, "; ".join(str(problem) for problem in problems))
            out.tell(CommandRefused("AmendInstruction", refusal, instruction.position_id))
            return
        changed = self._keep(changed.after(T.PROGRESS, now, amending=self._has_order(changed)), "amended", out)
        self._cancel_orders(changed, now, out)

    # ---- what happens -------------------------------------------------------------------------------------------

    def on_price(self, market: Market, price: Decimal, now: datetime, out: Outbox) -> None:
        """Fire what this price meets; trailing marks move."""
        for instruction in [i for i in self.live.values() if i.market == market]:
            if instruction.state is not InstructionState.ARMED:
                continue
            if instruction.is_met_by_price(price):
                self._fire(instruction, now, out)
                continue
            water = instruction.seen(price)
            if water != instruction.water:
                self.live[instruction.instruction_id] = replace(instruction, water=water)
                self._moved[instruction.instruction_id] = None

    def on_bar(self, market: Market, seconds: int, now: datetime, out: Outbox) -> None:
        """Look at conditions over bars of this length."""
        for instruction in [i for i in self.live.values() if i.market == market]:
            condition = instruction.condition
            position = self._positions.positions.positions.get(instruction.position_id)
            armed = instruction.state is InstructionState.ARMED and condition.kind is C.RULE
            if not armed or position is None or condition.seconds != seconds:
                continue
            if self._holds(position, condition.rule, seconds):
                self._fire(instruction, now, out)

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Times that have come, and sales that are to be tried again."""
        self._write_marks(now, out)
        for instruction in list(self.live.values()):
            condition = instruction.condition
            due = condition.kind is C.TIME and condition.at is not None and now >= condition.at
            if instruction.state is InstructionState.ARMED and due:
                self._fire(instruction, now, out)
            elif instruction.state is InstructionState.WORKING and not self._has_order(instruction):
                self._try_again(instruction, now, out)

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
        instruction = self.live.get(order.intent.instruction_id)
        if instruction is not None:
            volume = sum((fill.volume for fill in step.fills), ZERO)
            funds = sum((fill.funds for fill in step.fills), ZERO)
            if step.fills:
                more = {"filled_volume": instruction.filled_volume + volume}
                more["filled_funds"] = instruction.filled_funds + funds
                instruction = self._keep(instruction.after(T.PROGRESS, now, **more), "fill", out)
            if step.ended and instruction.order_id == order.order_id:
                self._order_ended(instruction, step, now, out)
        if step.ended and order.intent.side is Side.SELL:
            self._units_came_free(order.intent, now, out)
        if step.ended:
            position_id = order.intent.position_id
            self._positions.close_if_done(position_id, self._has_any(position_id), now, out)

    def sweep(self, now: datetime, out: Outbox) -> None:
        """In the step in which a position closes its instructions are withdrawn; a pause holds its purchases."""
        for instruction in list(self.live.values()):
            position = self._positions.positions.positions.get(instruction.position_id)
            if position is None or position.state in NO_MORE:
                self._end(instruction, T.WITHDRAWN, "the position closes", now, out)
            elif (
                position.state is PositionState.PAUSED
                and instruction.draft.side is Side.BUY
                and instruction.state is not InstructionState.PAUSED
            ):
                self._keep(instruction.after(T.PAUSED, now, note="the position is paused"), T.PAUSED.value, out)
                self._cancel_orders(instruction, now, out)

    def may_send(self, instruction_id: str) -> bool:
        """False for an order whose instruction has ended or paused while it waited in the queue."""
        instruction = self.live.get(instruction_id)
        return instruction is not None and instruction.state is InstructionState.WORKING

    # ---- inside: taking -----------------------------------------------------------------------------------------

    def _place_refusal(self, command: PlaceInstruction) -> Refusal | None:
        draft, condition = command.draft, command.condition
        view = self._view()
        words = [str(problem) for problem in draft_problems(draft, condition)]
        if condition.kind is C.RULE and not words:
            problem = rule_problem(condition.rule)
            words += [f"condition.rule: {problem}"] if problem else []
        if condition.kind is C.AFTER and condition.after not in self.live:
            words.append("condition.after: there is no such running instruction")
        if words:
            return Refusal(RefusalReason.BAD_NUMBER, "; ".join(words))
        if view.liquidating:
            return Refusal(RefusalReason.LIQUIDATING, "the emergency control is running")
        rules = self._board.constraints.get(command.market)
        if rules is None:
            return Refusal(RefusalReason.NO_CONSTRAINTS, f"{command.market} is not listed")
        if draft.price is not None and not rules.is_on_tick(draft.price):
            return Refusal(RefusalReason.OFF_TICK, f"{draft.price}, tick {rules.tick_at(draft.price)}")
        if draft.volume is not None and rules.floor_volume(draft.volume) != draft.volume:
            return Refusal(RefusalReason.BAD_NUMBER, f"volume {draft.volume} is off the step {rules.volume_step}")
        return None

    def _gate_refusal(self, command: PlaceInstruction, now: datetime) -> Refusal | None:
        """A purchase that the gate would refuse now opens no position."""
        if command.condition.kind is not C.NOW or command.draft.side is not Side.BUY:
            return None
        return self._desk.gate.preview(_intent("", command.market, command.draft, "now"), self._view(), now)

    def _position_for(self, command: PlaceInstruction, now: datetime, out: Outbox) -> Position | None:
        """The position it belongs to; a purchase without one opens one. None when it was refused."""
        live = self._positions.positions.live_in(command.market)
        draft = command.draft
        if draft.side is Side.SELL:
            later = command.condition.kind is C.AFTER
            if live and (live[0].quantity > ZERO or later) and live[0].state not in NO_MORE:
                return live[0]
            words = f"no running position holds {command.market}"
            out.tell(CommandRefused("PlaceInstruction", Refusal(RefusalReason.NOTHING_TO_SELL, words)))
            return None
        rules = self._board.constraints[command.market]
        cost = draft.funds or MONEY_CONTEXT.multiply(draft.price or ZERO, draft.volume or ZERO)
        budget = MONEY_CONTEXT.multiply(cost, ONE + rules.buy_fee)
        if not live:
            blueprint = manual_blueprint(command.exits)
            start = StartStrategy(f"{command.command_id}-position", command.market, blueprint, budget)
            return self._positions.start(start, self._view(), now, out)
        position = live[0]
        if not position.blueprint.is_manual or position.state not in (PositionState.PENDING, PositionState.ACTIVE):
            words = f"{command.market} is run by {position.blueprint.label} ({position.state})"
            out.tell(CommandRefused("PlaceInstruction", Refusal(RefusalReason.MARKET_TAKEN, words)))
            return None
        return self._positions.raise_budget(position, budget, now, out)

    # ---- inside: firing -----------------------------------------------------------------------------------------

    def _fire(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        """The condition is met: alternatives are withdrawn in the same step, then the order goes to the gate."""
        working = self._keep(instruction.after(T.FIRED, now, note=""), T.FIRED.value, out)
        if instruction.condition.kind is not C.NOW:
            self._withdraw_alternatives(working, now, out)
        self._submit(working, now, out)

    def _submit(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        draft = instruction.draft
        left = instruction.left or ZERO
        sized = replace(
            draft, volume=None if draft.volume is None else left, funds=None if draft.funds is None else left
        )
        reason = instruction.condition.kind.value
        intent = _intent(instruction.position_id, instruction.market, sized, reason, instruction.instruction_id)
        verdict = self._desk.submit(intent, self._view(), now, out)
        if not isinstance(verdict, Refusal):
            self._keep(
                instruction.after(T.PROGRESS, now, order_id=verdict.order_id, amending=False, note=""), "sent", out
            )
            return
        words = f"{verdict.reason}: {verdict.detail}"
        by_hand = draft.side is Side.BUY or instruction.condition.kind is C.NOW
        if by_hand or verdict.reason is RefusalReason.BELOW_MINIMUM:
            out.tell(IntentRefused(intent, verdict))
            self._end(instruction, T.GAVE_UP, words, now, out)
        else:
            self._failed(instruction, words, now, out)

    def _try_again(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        retry = self._retries.get(instruction.instruction_id)
        if retry is None or retry.due <= now:
            self._submit(instruction, now, out)

    def _failed(self, instruction: Instruction, words: str, now: datetime, out: Outbox) -> None:
        """A sale that did not come about is tried again, like every exit; a person is told."""
        key = instruction.instruction_id
        failures = self._retries[key].failures + 1 if key in self._retries else 1
        self._retries[key] = _Retry(now + RETRY_PAUSES[min(failures, len(RETRY_PAUSES)) - 1], failures)
        self._keep(instruction.after(T.PROGRESS, now, order_id="", note=words), "failed", out)
        if failures == ALERT_AFTER:
            out.tell(AlertRaised("instruction_keeps_failing", f"{instruction.market}: {words}", critical=True))

    # ---- inside: ending -----------------------------------------------------------------------------------------

    def _order_ended(self, instruction: Instruction, step: OrderStep, now: datetime, out: Outbox) -> None:
        order = step.order
        rules = self._board.constraints.get(instruction.market)
        left = instruction.left or ZERO
        step_left = ZERO if rules is None or instruction.draft.volume is None else rules.floor_volume(left)
        complete = order.state is OrderState.FILLED or (instruction.draft.volume is not None and step_left <= ZERO)
        if complete:
            self._end(instruction, T.COMPLETED, "", now, out)
        elif instruction.state is InstructionState.PAUSED:
            self._keep(instruction.after(T.PROGRESS, now, order_id=""), "order_ended", out)
        elif order.state in (OrderState.REJECTED, OrderState.EXPIRED):
            if instruction.draft.side is Side.BUY or instruction.condition.kind is C.NOW:
                self._end(instruction, T.GAVE_UP, order.note or order.state.value, now, out)
            else:
                self._failed(instruction, order.note or order.state.value, now, out)
        elif instruction.amending:
            self._submit(self._keep(instruction.after(T.PROGRESS, now, order_id=""), "order_ended", out), now, out)
        else:  # cancelled by a person or by its time, or the rest of an IOC order
            trigger = T.COMPLETED if instruction.filled_volume else T.WITHDRAWN
            self._end(instruction, trigger, "ended in part" if instruction.filled_volume else "ended", now, out)

    def _end(
        self, instruction: Instruction, trigger: InstructionTrigger, note: str, now: datetime, out: Outbox
    ) -> None:
        self._keep(instruction.after(trigger, now, note=note), trigger.value, out)
        self._cancel_orders(instruction, now, out)
        if trigger is T.COMPLETED:
            self._withdraw_alternatives(instruction, now, out)
        for waiting in [i for i in self.live.values() if i.condition.after == instruction.instruction_id]:
            if trigger is not T.COMPLETED:
                self._end(waiting, T.WITHDRAWN, "what it waited for did not happen", now, out)
            elif waiting.state is InstructionState.ARMED:
                self._fire(waiting, now, out)
        self._positions.close_if_done(instruction.position_id, self._has_any(instruction.position_id), now, out)

    def _withdraw_alternatives(self, winner: Instruction, now: datetime, out: Outbox) -> None:
        """The first of a group wins (OCO)."""
        for other in [i for i in self.live.values() if winner.group and i.group == winner.group]:
            if other.instruction_id != winner.instruction_id:
                self._end(other, T.WITHDRAWN, "its alternative came first", now, out)

    def _units_came_free(self, sale: OrderIntent, now: datetime, out: Outbox) -> None:
        """A sale ended: another instruction of the position may have waited for its units."""
        for instruction in [i for i in self.live.values() if i.position_id == sale.position_id]:
            waits = instruction.state is InstructionState.WORKING and not self._has_order(instruction)
            if waits and instruction.instruction_id != sale.instruction_id:
                self._submit(instruction, now, out)

    # ---- inside: books ------------------------------------------------------------------------------------------

    def _keep(self, instruction: Instruction, trigger: str, out: Outbox) -> Instruction:
        if instruction.state.is_live:
            self.live[instruction.instruction_id] = instruction
        else:
            self.live.pop(instruction.instruction_id, None)
            self._retries.pop(instruction.instruction_id, None)
        out.tell(InstructionChanged(instruction, trigger))
        return instruction

    def _known(self, instruction_id: str, command: str, out: Outbox) -> Instruction | None:
        instruction = self.live.get(instruction_id)
        if instruction is None:
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "there is no such running instruction")
            out.tell(CommandRefused(command, refusal))
        return instruction

    def _has_order(self, instruction: Instruction) -> bool:
        order = self._desk.tracker.get(instruction.order_id or None)
        return order is not None and order.is_working

    def _has_any(self, position_id: str) -> bool:
        return any(i.position_id == position_id for i in self.live.values())

    def _cancel_orders(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        for order in self._desk.tracker.working(instruction.position_id):
            mine = order.intent.instruction_id == instruction.instruction_id
            if mine and order.intent.order_type is OrderType.LIMIT:
                self._desk.cancel(order, now, out, Priority.CANCEL)

    def _price(self, market: Market) -> Decimal | None:
        price = self._positions.positions.price_of(market)
        return price if price > ZERO else None


def _intent(position_id: str, market: Market, draft: OrderDraft, reason: str, instruction_id: str = "") -> OrderIntent:
    return OrderIntent(
        position_id=position_id,
        market=market,
        side=draft.side,
        order_type=draft.order_type,
        purpose=Purpose.ENTRY if draft.side is Side.BUY else Purpose.EXIT,
        reason=reason,
        price=draft.price,
        volume=draft.volume,
        funds=draft.funds,
        time_in_force=draft.time_in_force,
        timeout_s=draft.timeout_s,
        instruction_id=instruction_id,
    )
