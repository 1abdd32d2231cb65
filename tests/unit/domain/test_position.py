from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BrokenRuleError
from app.domain.position import POSITION_TRANSITIONS, PositionState, PositionTrigger, held_position, next_position_state
from app.domain.values import Market
from tests.unit.domain.samples import LATER, NOW, position

S, T = PositionState, PositionTrigger

STORIES = {
    "an entry, an exit, the end": (T.ENTRY_FILLED, T.EXIT_STARTED, T.EXIT_FILLED, T.EMPTY, S.CLOSED),
    "an entry that expired waits for the next signal": (T.ENTRY_ENDED_EMPTY, S.PENDING),
    "closed by hand before anything was bought": (T.EMPTY, S.CLOSED),
    "closed by hand while the entry still works": (T.EXIT_STARTED, T.ENTRY_FILLED, T.EXIT_FILLED, T.EMPTY, S.CLOSED),
    "paused before the entry, resumed": (T.PAUSED, T.RESUMED_EMPTY, S.PENDING),
    "paused while holding, resumed": (T.ENTRY_FILLED, T.PAUSED, T.RESUMED_HOLDING, S.ACTIVE),
    "the entry fills after the pause": (T.PAUSED, T.ENTRY_FILLED, S.PAUSED),
    "protective exits stay armed while paused": (T.ENTRY_FILLED, T.PAUSED, T.EXIT_STARTED, S.CLOSING),
    "a second rung of a ladder": (T.ENTRY_FILLED, T.ENTRY_FILLED, S.ACTIVE),
    "a second trigger in the same tick": (T.ENTRY_FILLED, T.EXIT_STARTED, T.EXIT_STARTED, S.CLOSING),
    "a refused exit is tried again": (T.ENTRY_FILLED, T.EXIT_STARTED, T.EXIT_FAILED, T.EXIT_FAILED, S.CLOSING),
    "a late entry fill must be sold": (T.EMPTY, T.ENTRY_FILLED, T.EXIT_FILLED, T.EMPTY, S.CLOSED),
    "a broken rule stops it until someone sells": (T.ENTRY_FILLED, T.RULE_BROKEN, T.ENTRY_FILLED, S.ERROR),
    "the emergency sells a position in error": (T.ENTRY_FILLED, T.RULE_BROKEN, T.EXIT_STARTED, T.EMPTY, S.CLOSED),
    "an error that holds nothing is closed": (T.RULE_BROKEN, T.EMPTY, S.CLOSED),
}


@pytest.mark.parametrize("story", STORIES)
def test_the_life_of_a_position(story: str) -> None:
    *triggers, end = STORIES[story]
    state = S.PENDING
    for trigger in triggers:
        state = next_position_state(state, PositionTrigger(trigger))
    assert state is end


@pytest.mark.parametrize(("state", "trigger"), list(product(PositionState, PositionTrigger)))
def test_every_pair_is_in_the_table_or_a_broken_rule(state: PositionState, trigger: PositionTrigger) -> None:
    if (state, trigger) in POSITION_TRANSITIONS:
        assert next_position_state(state, trigger) is POSITION_TRANSITIONS[(state, trigger)]
    else:
        with pytest.raises(BrokenRuleError, match=f"state {state} cannot take '{trigger}'"):
            next_position_state(state, trigger)


@pytest.mark.parametrize("state", PositionState)
def test_a_broken_rule_is_possible_everywhere_and_leads_to_error(state: PositionState) -> None:
    assert next_position_state(state, T.RULE_BROKEN) is S.ERROR


@pytest.mark.parametrize("state", PositionState)
def test_an_entry_fill_is_never_refused(state: PositionState) -> None:
    assert next_position_state(state, T.ENTRY_FILLED) is not S.CLOSED, "what was bought is held somewhere"


@pytest.mark.parametrize("state", [state for state in PositionState if state is not S.CLOSED])
def test_every_live_position_can_be_exited_and_closed(state: PositionState) -> None:
    assert next_position_state(state, T.EXIT_STARTED) is S.CLOSING
    assert next_position_state(state, T.EMPTY) is S.CLOSED


def test_a_late_fill_of_a_closed_position_is_sold_at_once() -> None:
    assert next_position_state(S.CLOSED, T.ENTRY_FILLED) is S.CLOSING


def test_a_closed_position_leaves_only_by_a_late_fill_or_a_broken_rule() -> None:
    leaving = {trigger for (state, trigger), after in POSITION_TRANSITIONS.items() if state is S.CLOSED is not after}
    assert leaving == {T.ENTRY_FILLED, T.RULE_BROKEN}


def test_a_closing_position_is_never_given_up_silently() -> None:
    after = {state for (before, _), state in POSITION_TRANSITIONS.items() if before is S.CLOSING}
    assert after == {S.CLOSING, S.CLOSED, S.ERROR}


@given(st.lists(st.sampled_from(PositionTrigger), max_size=40))
def test_only_an_empty_position_closes(triggers: list[PositionTrigger]) -> None:
    state = S.PENDING
    for trigger in triggers:
        after = POSITION_TRANSITIONS.get((state, trigger), state)
        if after is S.CLOSED is not state:
            assert trigger is T.EMPTY
        state = after


def test_a_step_changes_state_time_and_what_was_asked_for() -> None:
    held = position().after(T.ENTRY_FILLED, LATER, quantity=Decimal(2), cost=Decimal(101))
    assert (held.state, held.updated_at, held.quantity) == (S.ACTIVE, LATER, Decimal(2))
    assert held.created_at == NOW
    assert position().quantity == 0, "the position before is untouched"


def test_an_impossible_step_raises_and_a_position_cannot_be_edited() -> None:
    with pytest.raises(BrokenRuleError):
        position(S.CLOSED).after(T.PAUSED, NOW)
    with pytest.raises(FrozenInstanceError):
        position().quantity = Decimal(1)  # type: ignore[misc]


def test_the_average_cost_includes_fees_and_is_unknown_while_nothing_is_held() -> None:
    assert position().average_cost is None
    assert position(quantity=Decimal(2), cost=Decimal("200.1")).average_cost == Decimal("100.05")


@pytest.mark.parametrize("state", PositionState)
def test_a_position_lives_until_it_is_closed_also_in_error(state: PositionState) -> None:
    assert position(state).is_live == (state is not S.CLOSED)


def test_what_is_held_without_a_strategy_lives_without_exits_of_its_own() -> None:
    held = held_position("p-1", Market("upbit", "KRW-XRP"), Decimal(2), Decimal(2000), NOW)
    assert (held.state, held.quantity, held.average_cost, held.entered_at) == (S.ACTIVE, 2, 1000, NOW)
    assert held.exit_plan is None and held.blueprint.is_manual
    empty = held_position("p-2", Market("upbit", "KRW-XRP"), Decimal(0), Decimal(0), NOW)
    assert (empty.state, empty.entered_at) == (S.PENDING, None)
