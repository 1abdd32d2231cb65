"""Instructions: the life-cycle table, what fires them, and what is wrong with what was typed."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blueprint import EntryOrderPolicy
from app.domain.errors import BrokenRuleError
from app.domain.instruction import (
    INSTRUCTION_TRANSITIONS,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    InstructionTrigger,
    OrderDraft,
    draft_of,
    draft_problems,
    order_intent,
)
from app.domain.values import Market, OrderType, Side, TimeInForce

D = Decimal
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
S, T = InstructionState, InstructionTrigger
PRICES = st.decimals("0.00000001", "1000000000", allow_nan=False, allow_infinity=False)


def instruction(side: Side = Side.SELL, condition: Condition | None = None, **changes: object) -> Instruction:
    made = Instruction(
        instruction_id="i-1",
        position_id="p-1",
        market=Market("upbit", "KRW-XRP"),
        draft=OrderDraft(side, volume=D(5)),
        condition=condition or Condition(),
        state=S.ARMED,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


# ---- life cycle ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "trigger", "after"), [(*pair, s) for pair, s in INSTRUCTION_TRANSITIONS.items()])
def test_every_row_of_the_table(before: S, trigger: T, after: S) -> None:
    assert instruction(state=before).after(trigger, NOW).state is after


@pytest.mark.parametrize("before", list(S))
@pytest.mark.parametrize("trigger", list(T))
def test_a_pair_that_is_missing_raises(before: S, trigger: T) -> None:
    if (before, trigger) not in INSTRUCTION_TRANSITIONS:
        with pytest.raises(BrokenRuleError, match=f"in state {before} cannot take '{trigger}'"):
            instruction(state=before).after(trigger, NOW)


def test_an_end_is_an_end() -> None:
    ends = [state for state in S if not state.is_live]
    assert ends == [S.DONE, S.CANCELLED, S.FAILED]
    assert all(
        INSTRUCTION_TRANSITIONS[(end, t)] is end for end in ends for t in T if (end, t) in INSTRUCTION_TRANSITIONS
    )
    assert not [pair for pair in INSTRUCTION_TRANSITIONS if pair[0] in ends and pair[1] in (T.FIRED, T.RESUMED)]


# ---- what fires ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "price", "fires"),
    [
        (ConditionKind.AT_OR_ABOVE, "100", True),
        (ConditionKind.AT_OR_ABOVE, "99.99", False),
        (ConditionKind.AT_OR_BELOW, "100", True),
        (ConditionKind.AT_OR_BELOW, "100.01", False),
        (ConditionKind.NOW, "100", False),
    ],
)
def test_a_level_fires_at_its_price(kind: ConditionKind, price: str, fires: bool) -> None:
    waiting = instruction(condition=Condition(kind, price=D(100)))
    assert waiting.is_met_by_price(D(price)) is fires


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
@pytest.mark.parametrize("kind", [ConditionKind.AT_OR_ABOVE, ConditionKind.AT_OR_BELOW])
def test_what_is_no_price_fires_nothing(kind: ConditionKind, price: str) -> None:
    waiting = instruction(condition=Condition(kind, price=D(100)))
    assert not waiting.is_met_by_price(D(price))


@given(prices=st.lists(PRICES, min_size=1, max_size=20), side=st.sampled_from(Side))
def test_the_mark_of_a_trailing_stop_only_moves_to_the_good_side(prices: list[Decimal], side: Side) -> None:
    waiting = instruction(side, Condition(ConditionKind.TRAILING, percent=D(2)))
    for price in prices:
        waiting = replace(waiting, water=waiting.seen(price))
    assert waiting.water == (max(prices) if side is Side.SELL else min(prices))
    level = waiting.stop_price
    assert level is not None
    assert level < waiting.water if side is Side.SELL else level > waiting.water


def test_a_trailing_stop_that_saw_no_price_fires_nothing() -> None:
    assert not instruction(condition=Condition(ConditionKind.TRAILING, percent=D(2))).is_met_by_price(D(1))


def test_what_is_left() -> None:
    assert instruction(filled_volume=D(2)).left == 3
    by_money = instruction(draft=OrderDraft(Side.BUY, funds=D(100)), filled_funds=D(30))
    assert by_money.left == 70


# ---- what was typed --------------------------------------------------------------------------------------------------

LIMIT = OrderDraft(Side.BUY, OrderType.LIMIT, D(100), D(1))
ENDS = EntryOrderPolicy(OrderType.LIMIT, timeout_s=30)
GOOD = [
    OrderDraft(Side.BUY, funds=D(5000)),
    OrderDraft(Side.SELL, volume=D(1)),
    LIMIT,
    replace(LIMIT, time_in_force=TimeInForce.POST_ONLY),
    replace(LIMIT, time_in_force=TimeInForce.FOK, timeout_s=5),
    OrderDraft(Side.BUY, OrderType.BEST, funds=D(5000), time_in_force=TimeInForce.IOC),
    OrderDraft(Side.SELL, OrderType.BEST, volume=D(1), time_in_force=TimeInForce.FOK),
    replace(LIMIT, policy=ENDS),
    replace(LIMIT, policy=ENDS, time_in_force=TimeInForce.POST_ONLY),
]
BAD = [
    (OrderDraft(Side.BUY), "funds"),
    (OrderDraft(Side.SELL, funds=D(5)), "funds"),
    (OrderDraft(Side.SELL, volume=D("Infinity")), "volume"),
    (replace(LIMIT, price=None), "price"),
    (replace(LIMIT, price=D(-1)), "price"),
    (replace(LIMIT, funds=D(5)), "funds"),
    (replace(LIMIT, timeout_s=90_000), "timeout_s"),
    (OrderDraft(Side.SELL, volume=D(1), time_in_force=TimeInForce.IOC), "time_in_force"),
    (OrderDraft(Side.SELL, OrderType.BEST, volume=D(1)), "time_in_force"),
    (OrderDraft(Side.SELL, OrderType.BEST, volume=D(1), time_in_force=TimeInForce.POST_ONLY), "time_in_force"),
    (replace(LIMIT, policy=ENDS, timeout_s=5), "entry_order"),
    (replace(LIMIT, policy=ENDS, side=Side.SELL), "entry_order"),
    (replace(LIMIT, policy=ENDS, time_in_force=TimeInForce.IOC), "entry_order"),
    (replace(LIMIT, policy=EntryOrderPolicy()), "entry_order"),
    (replace(LIMIT, policy=replace(ENDS, timeout_s=0)), "entry_order.timeout_s"),
    (replace(LIMIT, policy=replace(ENDS, market_from_percent=D("NaN"))), "entry_order.market_from_percent"),
    (replace(LIMIT, policy=replace(ENDS, max_drift_percent=D(0))), "entry_order.max_drift_percent"),
]


@pytest.mark.parametrize("draft", GOOD)
def test_a_sound_draft_has_no_problem(draft: OrderDraft) -> None:
    assert draft_problems(draft, Condition()) == []


@pytest.mark.parametrize(("draft", "where"), BAD)
def test_an_unsound_draft_names_the_field(draft: OrderDraft, where: str) -> None:
    assert where in [problem.where for problem in draft_problems(draft, Condition())]


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        (Condition(ConditionKind.AT_OR_ABOVE), "condition.price"),
        (Condition(ConditionKind.AT_OR_BELOW, price=D(0)), "condition.price"),
        (Condition(ConditionKind.TRAILING, percent=D("NaN")), "condition.percent"),
        (Condition(ConditionKind.TIME), "condition.at"),
        (Condition(ConditionKind.RULE, rule=" "), "condition.rule"),
        (Condition(ConditionKind.AFTER), "condition.after"),
    ],
)
def test_an_unsound_condition_names_the_field(condition: Condition, where: str) -> None:
    assert [problem.where for problem in draft_problems(GOOD[0], condition)] == [where]


def test_an_order_knows_how_it_ends_and_may_be_asked_for_again() -> None:
    draft = replace(LIMIT, policy=ENDS)
    intent = order_intent("p", Market("upbit", "KRW-XRP"), draft, "now", "i-1")
    assert (intent.timeout_s, intent.policy) == (30, ENDS)
    assert draft_of(intent) == draft
