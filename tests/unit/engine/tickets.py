"""Short words for instructions, for the playbooks about them."""

from dataclasses import replace
from decimal import Decimal

from app.domain.instruction import (
    Condition,
    ConditionKind,
    Instruction,
    InstructionChanged,
    OrderDraft,
    PlaceInstruction,
    sliced_draft,
)
from app.domain.slicing import SlicePlan
from app.domain.values import Market, OrderType, Side
from tests.unit.engine.playbook import XRP, Playbook

D = Decimal


def buy(funds: int | None = 100_000, **changes: object) -> OrderDraft:
    return replace(OrderDraft(Side.BUY, funds=None if funds is None else D(funds)), **changes)  # type: ignore[arg-type]


def sell(volume: object = 50, **changes: object) -> OrderDraft:
    return replace(OrderDraft(Side.SELL, volume=D(str(volume))), **changes)  # type: ignore[arg-type]


def limit(side: Side, at: int, volume: object = 50, **changes: object) -> OrderDraft:
    draft = OrderDraft(side, OrderType.LIMIT, D(at), D(str(volume)))
    return replace(draft, **changes)  # type: ignore[arg-type]


def below(level: object) -> Condition:
    return Condition(ConditionKind.AT_OR_BELOW, price=D(str(level)))


def above(level: object) -> Condition:
    return Condition(ConditionKind.AT_OR_ABOVE, price=D(str(level)))


def trailing(percent: object) -> Condition:
    return Condition(ConditionKind.TRAILING, percent=D(str(percent)))


def place(
    draft: OrderDraft, condition: Condition | None = None, market: Market = XRP, number: int = 1, **more: object
) -> PlaceInstruction:
    return PlaceInstruction(f"ticket-{number}", market, draft, condition or Condition(), **more)  # type: ignore[arg-type]


def place_plan(
    plan: SlicePlan, condition: Condition | None = None, market: Market = XRP, number: int = 1, **more: object
) -> PlaceInstruction:
    draft = sliced_draft(plan)
    return PlaceInstruction(f"ticket-{number}", market, draft, condition or Condition(), plan=plan, **more)  # type: ignore[arg-type]


def now_is(play: Playbook, number: int = 1) -> Instruction:
    """The last word about an instruction."""
    words = [i for i in play.history if isinstance(i, InstructionChanged)]
    return [w.instruction for w in words if w.instruction.instruction_id == f"i-ticket-{number}"][-1]
