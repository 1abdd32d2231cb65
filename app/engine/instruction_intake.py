"""Takes what a person asks for: instructions placed, withdrawn, paused, resumed, amended; or says why not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.domain.blueprint import manual_blueprint
from app.domain.commands import StartStrategy
from app.domain.constraints import ExchangeConstraints
from app.domain.errors import Problem
from app.domain.instruction import (
    AmendInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    InstructionTrigger,
    OrderDraft,
    PlaceInstruction,
    draft_problems,
    order_intent,
    ticket_problems,
)
from app.domain.messages import CommandRefused, PositionChanged
from app.domain.money import MONEY_CONTEXT, ONE, ZERO
from app.domain.position import Position, PositionState
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.domain.slicing import SlicePlan
from app.domain.values import Market, Side
from app.engine.instruction_desk import NO_MORE, InstructionDesk
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.position_intake import PositionIntake
from app.engine.risk_gate import GateView
from app.engine.rule_language import rule_problem

C, T = ConditionKind, InstructionTrigger


class InstructionIntake:
    """The door for commands about instructions. ``view`` is what the gate will look at."""

    def __init__(
        self,
        board: MarketBoard,
        desk: InstructionDesk,
        intake: PositionIntake,
        positions: PositionDesk,
        view: Callable[[], GateView],
    ) -> None:
        self._board = board
        self._instructions = desk
        self._intake = intake
        self._positions = positions
        self._view = view

    # ---- commands -----------------------------------------------------------------------------------------------

    def place(self, command: PlaceInstruction, now: datetime, out: Outbox) -> None:
        """Take an instruction; the same command id is carried out once."""
        if not self._intake.is_new(command.command_id):
            return
        refusal = self._place_refusal(command, now) or self._gate_refusal(command, now)
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
            water=self._mark(command),
            plan=command.plan,
        )
        self._instructions.keep(instruction, "placed", out)
        if command.condition.kind is C.NOW:
            self._instructions.fire(instruction, now, out)

    def withdraw(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """End an instruction and cancel what it has at the venue."""
        instruction = self._known(instruction_id, "CancelInstruction", out)
        if instruction is not None:
            self._instructions.end(instruction, T.WITHDRAWN, "", now, out)

    def pause(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """Stop it for a while; what it has at the venue is cancelled."""
        instruction = self._known(instruction_id, "PauseInstruction", out)
        if instruction is not None:
            self._instructions.keep(instruction.after(T.PAUSED, now), T.PAUSED.value, out)
            self._instructions.cancel_orders(instruction, now, out)

    def resume(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """Arm it again for what is left."""
        instruction = self._known(instruction_id, "ResumeInstruction", out)
        if instruction is None:
            return
        if instruction.state is not InstructionState.PAUSED or self._instructions.has_order(instruction):
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "it is not paused, or its order has not ended yet")
            out.tell(CommandRefused("ResumeInstruction", refusal, instruction.position_id))
            return
        armed = instruction.after(T.RESUMED, now, order_id="")
        self._instructions.keep(armed, T.RESUMED.value, out)
        if armed.condition.kind is C.NOW or armed.progress is not None:
            self._instructions.fire(armed, now, out)

    def amend(self, command: AmendInstruction, now: datetime, out: Outbox) -> None:
        """Change price or size: in one call where OrderReplacement can, otherwise its order is cancelled, the end of it
        confirmed, and only then the new one placed.
        """
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
        problems = draft_problems(draft, condition, instruction.plan)
        if instruction.plan is not None and instruction.state is not InstructionState.ARMED:
            problems.append(Problem("plan", "what is worked in slices is ended and placed anew, not amended"))
        changed = replace(instruction, draft=draft, condition=condition)
        if not problems and (changed.left or ZERO) <= ZERO:
            problems = [Problem("volume", "so much has been traded already")]
        elif changed == instruction:
            problems = [Problem("amendment", "changes nothing")]
        refusal = unusable(problems) if problems else self._amend_refusal(changed, now)
        if refusal is None and command.trigger_price is not None:
            refusal = self._met_refusal(instruction.market, draft, condition)
        if refusal is not None:
            out.tell(CommandRefused("AmendInstruction", refusal, instruction.position_id))
            return
        # Until its order has ended it may still be filled at the old price.
        dearer = replace(draft, price=max(draft.price or ZERO, instruction.draft.price or ZERO))
        self._raise_budget(instruction.position_id, _cost(dearer) - _cost(instruction.draft), now, out)
        sent = self._instructions.has_order(changed)
        amended = changed.after(T.PROGRESS, now, amending=sent, replacement="")
        amended = self._instructions.keep(amended, "amended", out)
        replacement = self._instructions.replacing.begin(instruction, amended, now, out)
        if replacement:
            self._instructions.keep(amended.after(T.PROGRESS, now, replacement=replacement), "replacing", out)
        else:
            self._instructions.cancel_orders(amended, now, out)

    # ---- inside: taking -----------------------------------------------------------------------------------------

    def _place_refusal(self, command: PlaceInstruction, now: datetime) -> Refusal | None:
        draft, condition = command.draft, command.condition
        view = self._view()
        problems = ticket_problems(command)
        if condition.kind is C.RULE and not problems:
            problem = rule_problem(condition.rule, "condition.rule")
            problems += [problem] if problem is not None else []
        if condition.kind is C.AFTER and condition.after not in self._instructions.live:
            problems.append(Problem("condition.after", "there is no such running instruction"))
        if condition.kind is C.TIME and condition.at is not None and condition.at <= now:
            problems.append(Problem("condition.at", "is a time that has passed"))
        if problems:
            return unusable(problems)
        if view.liquidating:
            return Refusal(RefusalReason.LIQUIDATING, "the emergency control is running")
        refusal = self._grid_refusal(command.market, draft, command.plan)
        return refusal or self._met_refusal(command.market, draft, condition)

    def _amend_refusal(self, changed: Instruction, now: datetime) -> Refusal | None:
        """Why it stays as it is: the order at the venue would be cancelled first, and the new one refused."""
        market, draft = changed.market, changed.draft
        refusal = self._grid_refusal(market, draft, changed.plan)
        if refusal is not None or draft.side is not Side.BUY or not self._instructions.has_order(changed):
            return refusal
        left = replace(draft, volume=None if draft.volume is None else changed.left)
        intent = order_intent(changed.position_id, market, left, "amended", changed.instruction_id)
        return self._positions.desk.gate.preview(intent, self._view(), now, changed.order_id)

    def _met_refusal(self, market: Market, draft: OrderDraft, condition: Condition) -> Refusal | None:
        """A purchase on the wrong side of its price would be sent at once; a sale may: exits are never held up."""
        price = self._positions.positions.price_of(market)
        above, below = condition.kind is C.AT_OR_ABOVE, condition.kind is C.AT_OR_BELOW
        level = condition.price
        if draft.side is Side.SELL or level is None or price <= ZERO:
            return None
        if (above and price >= level) or (below and price <= level):
            return Refusal(RefusalReason.ALREADY_MET, f"waits for {level}, the price is {price}")
        return None

    def _grid_refusal(self, market: Market, draft: OrderDraft, plan: SlicePlan | None) -> Refusal | None:
        """Prices and sizes that the venue would not take; of a plan the slices are orders, not the whole."""
        rules = self._board.constraints.get(market)
        if rules is None:
            return Refusal(RefusalReason.NO_CONSTRAINTS, f"{market} is not listed")
        if rules.quote != self._view().account.quote:
            return Refusal(RefusalReason.WRONG_CURRENCY, f"{market} is paid in {rules.quote}")
        if draft.price is not None and not rules.is_on_tick(draft.price):
            return Refusal(RefusalReason.OFF_TICK, f"{draft.price}, tick {rules.tick_at(draft.price)}")
        if draft.volume is not None and rules.floor_volume(draft.volume) != draft.volume:
            return Refusal(RefusalReason.BAD_NUMBER, f"volume {draft.volume} is off the step {rules.volume_step}")
        return _worth_refusal(draft, rules) if plan is None else None

    def _gate_refusal(self, command: PlaceInstruction, now: datetime) -> Refusal | None:
        """A purchase that the gate would refuse now opens no position, and a senseless plan is not taken."""
        if command.plan is not None:
            at, at_once = command.condition.price, command.condition.kind is C.NOW
            return self._instructions.slices.preview(command.market, command.plan, at, at_once, now)
        if command.condition.kind is not C.NOW or command.draft.side is not Side.BUY:
            return None
        intent = order_intent("", command.market, command.draft, "now")
        return self._positions.desk.gate.preview(intent, self._view(), now)

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
        if not live:
            blueprint = manual_blueprint(command.exits)
            budget = MONEY_CONTEXT.multiply(self._cost_of(command), ONE + rules.buy_fee)
            start = StartStrategy(f"{command.command_id}-position", command.market, blueprint, budget)
            return self._intake.start(start, self._view(), now, out)
        position = live[0]
        if not position.blueprint.is_manual or position.state not in (PositionState.PENDING, PositionState.ACTIVE):
            words = f"{command.market} is run by {position.blueprint.label} ({position.state})"
            out.tell(CommandRefused("PlaceInstruction", Refusal(RefusalReason.MARKET_TAKEN, words)))
            return None
        self._raise_budget(position.position_id, self._cost_of(command), now, out)
        return position

    def _cost_of(self, command: PlaceInstruction) -> Decimal:
        """What a purchase is expected to spend; a plan without a limit at today's price."""
        draft = command.draft
        if command.plan is None or draft.price is not None:
            return _cost(draft)
        book = self._board.books.get(command.market)
        price = command.condition.price or (book.best_ask if book is not None else None)
        return MONEY_CONTEXT.multiply(price or ZERO, command.plan.volume)

    def _raise_budget(self, position_id: str, cost: Decimal, now: datetime, out: Outbox) -> None:
        """More is asked for: so much more may be spent, fee included."""
        position = self._positions.positions.positions[position_id]
        rules = self._board.constraints.get(position.market)
        if cost > ZERO and rules is not None:
            budget = position.budget + MONEY_CONTEXT.multiply(cost, ONE + rules.buy_fee)
            raised = self._positions.positions.put(replace(position, budget=budget, updated_at=now))
            out.tell(PositionChanged(raised, "budget"))

    # ---- inside -------------------------------------------------------------------------------------------------

    def _known(self, instruction_id: str, command: str, out: Outbox) -> Instruction | None:
        instruction = self._instructions.live.get(instruction_id)
        if instruction is None:
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "there is no such running instruction")
            out.tell(CommandRefused(command, refusal))
        return instruction

    def _mark(self, command: PlaceInstruction) -> Decimal | None:
        price = self._positions.positions.price_of(command.market)
        return price if price > ZERO else None


def _worth_refusal(draft: OrderDraft, rules: ExchangeConstraints) -> Refusal | None:
    """An order worth less or more than the venue takes, as far as the order itself says what it is worth."""
    worth = draft.funds
    if draft.price is not None and draft.volume is not None:
        worth = MONEY_CONTEXT.multiply(draft.price, draft.volume)
    if worth is not None and worth < rules.min_total:
        return Refusal(RefusalReason.BELOW_MINIMUM, f"{worth} is below {rules.min_total}")
    if worth is not None and worth > rules.max_total:
        return Refusal(RefusalReason.ABOVE_MAXIMUM, f"{worth} is above {rules.max_total}")
    return None


def _cost(draft: OrderDraft) -> Decimal:
    """What a purchase spends without its fee; nothing for a sale."""
    if draft.side is Side.SELL:
        return ZERO
    return draft.funds or MONEY_CONTEXT.multiply(draft.price or ZERO, draft.volume or ZERO)
