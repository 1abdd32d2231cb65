"""Positions: life-cycle table and the position itself. One position is one run of one strategy in one market."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.blueprint import StrategyBlueprint, manual_blueprint
from app.domain.errors import BrokenRuleError
from app.domain.exit_plan import ExitPlan, ExitReason, ExitRules
from app.domain.money import MONEY_CONTEXT, ZERO
from app.domain.values import Market


class PositionState(StrEnum):
    """Where a position is. PENDING waits for its entry; PAUSED keeps its protective exits armed."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    ERROR = "error"


class PositionTrigger(StrEnum):
    """What can happen to a position."""

    ENTRY_FILLED = "entry_filled"
    ENTRY_ENDED_EMPTY = "entry_ended_empty"
    PAUSED = "paused"
    RESUMED_EMPTY = "resumed_empty"
    RESUMED_HOLDING = "resumed_holding"
    EXIT_STARTED = "exit_started"
    EXIT_FAILED = "exit_failed"
    EXIT_FILLED = "exit_filled"
    EMPTY = "empty"
    RULE_BROKEN = "rule_broken"


S, T = PositionState, PositionTrigger

#: (state, trigger) -> state. A pair that is missing is a broken rule and raises.
POSITION_TRANSITIONS: dict[tuple[PositionState, PositionTrigger], PositionState] = {
    (S.PENDING, T.ENTRY_FILLED): S.ACTIVE,  # the first fill is protected from its first unit on
    (S.PENDING, T.ENTRY_ENDED_EMPTY): S.PENDING,  # entry order expired unfilled: wait for the next signal
    (S.PENDING, T.PAUSED): S.PAUSED,
    (S.PENDING, T.EXIT_STARTED): S.CLOSING,  # close asked while the entry order is still working
    (S.PENDING, T.EMPTY): S.CLOSED,
    (S.ACTIVE, T.ENTRY_FILLED): S.ACTIVE,
    (S.ACTIVE, T.ENTRY_ENDED_EMPTY): S.ACTIVE,
    (S.ACTIVE, T.PAUSED): S.PAUSED,
    (S.ACTIVE, T.EXIT_STARTED): S.CLOSING,
    (S.ACTIVE, T.EXIT_FILLED): S.ACTIVE,  # a late fill of an exit that was given up
    (S.ACTIVE, T.EMPTY): S.CLOSED,
    (S.PAUSED, T.ENTRY_FILLED): S.PAUSED,  # the entry order was under way when the user paused
    (S.PAUSED, T.ENTRY_ENDED_EMPTY): S.PAUSED,
    (S.PAUSED, T.PAUSED): S.PAUSED,
    (S.PAUSED, T.RESUMED_EMPTY): S.PENDING,
    (S.PAUSED, T.RESUMED_HOLDING): S.ACTIVE,
    (S.PAUSED, T.EXIT_STARTED): S.CLOSING,  # protective exits stay armed while paused
    (S.PAUSED, T.EXIT_FILLED): S.PAUSED,
    (S.PAUSED, T.EMPTY): S.CLOSED,
    (S.CLOSING, T.ENTRY_FILLED): S.CLOSING,  # entry in flight filled after the exit began: go-trader#1462
    (S.CLOSING, T.ENTRY_ENDED_EMPTY): S.CLOSING,
    (S.CLOSING, T.EXIT_STARTED): S.CLOSING,  # second trigger in one tick: the first one owns the exit
    (S.CLOSING, T.EXIT_FAILED): S.CLOSING,  # refused or cancelled: it is tried again, it is never given up silently
    (S.CLOSING, T.EXIT_FILLED): S.CLOSING,
    (S.CLOSING, T.PAUSED): S.CLOSING,
    (S.CLOSING, T.EMPTY): S.CLOSED,
    (S.CLOSED, T.ENTRY_FILLED): S.CLOSING,  # late fill after the order looked dead: it must be sold, not forgotten
    (S.CLOSED, T.ENTRY_ENDED_EMPTY): S.CLOSED,
    (S.CLOSED, T.EXIT_FILLED): S.CLOSED,
    (S.CLOSED, T.EMPTY): S.CLOSED,
    (S.ERROR, T.ENTRY_FILLED): S.ERROR,
    (S.ERROR, T.ENTRY_ENDED_EMPTY): S.ERROR,
    (S.ERROR, T.EXIT_STARTED): S.CLOSING,  # a person, or the emergency control, takes it from here
    (S.ERROR, T.EXIT_FILLED): S.ERROR,
    (S.ERROR, T.EMPTY): S.CLOSED,
}
for _state in PositionState:
    POSITION_TRANSITIONS[(_state, T.RULE_BROKEN)] = S.ERROR
del S, T


def next_position_state(state: PositionState, trigger: PositionTrigger) -> PositionState:
    """Follow the table.

    Raises:
        BrokenRuleError: the pair is not in the table.
    """
    try:
        return POSITION_TRANSITIONS[(state, trigger)]
    except KeyError:
        raise BrokenRuleError(f"a position in state {state} cannot take '{trigger}'") from None


@dataclass(frozen=True, slots=True)
class Position:
    """A long spot position. Money in quote currency, quantity in units.

    ``cost`` is what the held units cost including fees; ``realised`` is net of all fees. ``dust`` are units too few to
    be sold that were left when it closed, ``dust_worth`` what they were worth then (0 = there was no price).
    """

    position_id: str
    market: Market
    blueprint: StrategyBlueprint
    budget: Decimal
    state: PositionState
    created_at: datetime
    updated_at: datetime
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    invested: Decimal = ZERO
    proceeds: Decimal = ZERO
    fees: Decimal = ZERO
    realised: Decimal = ZERO
    entries_done: int = 0
    last_entry_price: Decimal | None = None
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    exit_plan: ExitPlan | None = None
    exit_reason: ExitReason | None = None
    dust: Decimal = ZERO
    dust_worth: Decimal = ZERO
    note: str = ""

    @property
    def average_cost(self) -> Decimal | None:
        """Average cost per unit including fees; None while nothing is held."""
        return MONEY_CONTEXT.divide(self.cost, self.quantity) if self.quantity > ZERO else None

    @property
    def is_live(self) -> bool:
        """True until closed; an error position is live because it may hold something."""
        return self.state is not PositionState.CLOSED

    def after(self, trigger: PositionTrigger, now: datetime, **changes: object) -> "Position":
        """The position after ``trigger``; further fields may be replaced in the same step.

        Raises:
            BrokenRuleError: the life cycle has no such step.
        """
        state = next_position_state(self.state, trigger)
        return replace(self, state=state, updated_at=now, **changes)  # type: ignore[arg-type]


def held_position(position_id: str, market: Market, units: Decimal, cost: Decimal, now: datetime) -> Position:
    """A position of ``units`` that cost so much in quote currency, without exits of its own; it waits when it has none.

    For what is held without a strategy that bought it here.
    """
    held = units > ZERO
    return Position(
        position_id=position_id,
        market=market,
        blueprint=manual_blueprint(ExitRules()),
        budget=cost,
        state=PositionState.ACTIVE if held else PositionState.PENDING,
        created_at=now,
        updated_at=now,
        quantity=units,
        cost=cost,
        invested=cost,
        entered_at=now if held else None,
    )
