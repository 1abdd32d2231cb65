"""Takes what a person asks for a position: started, paused, resumed; or says why not."""

from datetime import datetime

from app.domain.blueprint import MAX_BUDGET, blueprint_problems
from app.domain.commands import StartStrategy
from app.domain.errors import Problem
from app.domain.messages import CommandRefused, PositionChanged
from app.domain.money import ZERO
from app.domain.ports import IdSource
from app.domain.position import Position, PositionState, PositionTrigger
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.domain.values import NAME_WORDS, Priority, is_name
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.promotion_gate import PromotionGate
from app.engine.risk_gate import GateView
from app.engine.rule_language import rule_problems


class PositionIntake:
    """The door for commands about positions. A command id is carried out once."""

    def __init__(self, positions: PositionDesk, ids: IdSource, promotion: PromotionGate) -> None:
        self._positions = positions
        self.promotion = promotion
        self._ids = ids
        self._commands: set[str] = set()

    def is_new(self, command_id: str) -> bool:
        """True the first time a command is seen."""
        if command_id in self._commands:
            return False
        self._commands.add(command_id)
        return True

    def start(self, command: StartStrategy, view: GateView, now: datetime, out: Outbox) -> Position | None:
        """Open a pending position; the same command id is carried out once."""
        if command.command_id in self._commands:
            return None
        refusal = self._start_refusal(command, view)
        if refusal is not None:
            out.tell(CommandRefused("StartStrategy", refusal))
            return None
        self._commands.add(command.command_id)
        position = Position(
            position_id=self._ids.position_id(),
            market=command.market,
            blueprint=command.blueprint,
            budget=command.budget,
            state=PositionState.PENDING,
            created_at=now,
            updated_at=now,
        )
        self._positions.positions.put(position)
        out.tell(PositionChanged(position, "started"))
        return position

    def _start_refusal(self, command: StartStrategy, view: GateView) -> Refusal | None:
        rules = view.board.constraints.get(command.market)
        problems = [*blueprint_problems(command.blueprint), *rule_problems(command.blueprint)]
        if not is_name(command.command_id):
            problems.append(Problem("command_id", NAME_WORDS))
        if view.liquidating:
            return Refusal(RefusalReason.LIQUIDATING, "the emergency control is running")
        if rules is None:
            return Refusal(RefusalReason.NO_CONSTRAINTS, f"{command.market} is not listed")
        if rules.quote != view.account.quote:
            return Refusal(RefusalReason.WRONG_CURRENCY, f"{command.market} is paid in {rules.quote}")
        if problems:
            return unusable(problems)
        if not command.budget.is_finite() or command.budget < rules.min_total:
            return Refusal(RefusalReason.BELOW_MINIMUM, f"budget {command.budget} is below {rules.min_total}")
        if command.budget > MAX_BUDGET:
            return Refusal(RefusalReason.ABOVE_MAXIMUM, f"budget {command.budget} is above {MAX_BUDGET:,}")
        if self._positions.positions.live_in(command.market):
            return Refusal(RefusalReason.MARKET_TAKEN, f"{command.market} already has a running position")
        if len(self._positions.positions.live()) >= self._positions.desk.gate.limits.max_positions:
            return Refusal(RefusalReason.TOO_MANY_POSITIONS, f"{len(self._positions.positions.live())} are running")
        return self.promotion.refusal(command.blueprint)

    def pause(self, position_id: str, now: datetime, out: Outbox) -> None:
        """Stop entries and strategy exits; working entries are cancelled, protective exits stay."""
        position = self._positions.positions.positions.get(position_id)
        if position is None or position.state not in (PositionState.PENDING, PositionState.ACTIVE):
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "the position is not running")
            out.tell(CommandRefused("PausePosition", refusal, position_id))
            return
        self._positions.step(position, PositionTrigger.PAUSED, now, out)
        self._positions.cancel_entries(position_id, now, out, Priority.CANCEL)

    def resume(self, position_id: str, now: datetime, out: Outbox) -> None:
        """Let a paused position go on."""
        position = self._positions.positions.positions.get(position_id)
        if position is None or position.state is not PositionState.PAUSED:
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "the position is not paused")
            out.tell(CommandRefused("ResumePosition", refusal, position_id))
            return
        holding = position.quantity > ZERO
        trigger = PositionTrigger.RESUMED_HOLDING if holding else PositionTrigger.RESUMED_EMPTY
        self._positions.step(position, trigger, now, out)
