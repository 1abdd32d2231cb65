"""The tables of orders and positions, and the trading switch: every pair is decided, nothing goes back."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BrokenRuleError
from app.domain.kill import KillRecord
from app.domain.order import ORDER_TRANSITIONS, OrderState, OrderTrigger, next_order_state
from app.domain.position import POSITION_TRANSITIONS, PositionState, PositionTrigger, next_position_state
from app.domain.values import TradingState
from app.engine.kill_switch import KillSwitch
from tests.property.profile import examples
from tests.property.terminal import RANK

ORDER_PAIRS = list(itertools.product(OrderState, OrderTrigger))
POSITION_PAIRS = list(itertools.product(PositionState, PositionTrigger))
#: After these an order is where it was before its cancel was asked for.
BACK = {OrderTrigger.CANCEL_REFUSED}


@pytest.mark.parametrize(("state", "trigger"), ORDER_PAIRS)
def test_an_order_moves_forward_or_the_pair_raises(state: OrderState, trigger: OrderTrigger) -> None:
    if (state, trigger) not in ORDER_TRANSITIONS:
        with pytest.raises(BrokenRuleError, match=f"{state} cannot take '{trigger}'"):
            next_order_state(state, trigger)
        return
    after = next_order_state(state, trigger)
    assert RANK[after] >= RANK[state] or (trigger in BACK and not after.is_terminal)
    if state.is_terminal:
        assert after is state, "terminal is absorbing"
    if after is OrderState.REJECTED:
        reasons = {OrderTrigger.REFUSED, OrderTrigger.NEVER_ARRIVED}
        assert state is after or trigger in reasons, "only a no of the venue, or proof, rejects"
    if state is OrderState.UNKNOWN and trigger in (OrderTrigger.NO_ANSWER, OrderTrigger.CANCEL_REFUSED):
        assert after is OrderState.UNKNOWN, "no answer is no news"


def test_a_finished_order_takes_everything_but_sending() -> None:
    for state in filter(lambda each: each.is_terminal, OrderState):
        taken = {trigger for trigger in OrderTrigger if (state, trigger) in ORDER_TRANSITIONS}
        assert taken == set(OrderTrigger) - {OrderTrigger.SENDING}


@given(st.lists(st.sampled_from(OrderTrigger), max_size=30))
@examples(200)
def test_no_sequence_of_triggers_revives_an_order(triggers: list[OrderTrigger]) -> None:
    state, ended = OrderState.INTENT, None
    for trigger in triggers:
        try:
            state = next_order_state(state, trigger)
        except BrokenRuleError:
            continue
        assert ended is None or state is ended
        ended = state if state.is_terminal else None


@pytest.mark.parametrize(("state", "trigger"), POSITION_PAIRS)
def test_a_position_follows_its_table_or_the_pair_raises(state: PositionState, trigger: PositionTrigger) -> None:
    if (state, trigger) not in POSITION_TRANSITIONS:
        with pytest.raises(BrokenRuleError, match=f"{state} cannot take '{trigger}'"):
            next_position_state(state, trigger)
        return
    after = next_position_state(state, trigger)
    if trigger is PositionTrigger.RULE_BROKEN:
        assert after is PositionState.ERROR
    elif after is PositionState.CLOSED:
        assert state is after or trigger is PositionTrigger.EMPTY, "only a position that holds nothing is closed"
    if state is PositionState.CLOSED and trigger is not PositionTrigger.RULE_BROKEN:
        assert after in (PositionState.CLOSED, PositionState.CLOSING), "what was closed never enters again"
    if state is PositionState.CLOSING:
        kept = (PositionState.CLOSING, PositionState.CLOSED, PositionState.ERROR)
        assert after in kept, "an exit that began is never given up"


@given(
    st.lists(st.tuples(st.sampled_from(TradingState), st.booleans()), max_size=12),
    st.sampled_from(TradingState),
    st.booleans(),
)
@examples(100)
def test_halted_is_left_by_unlocking_only_and_no_start_is_enabled(
    asks: list[tuple[TradingState, bool]], before: TradingState, clean: bool
) -> None:
    switch = KillSwitch()
    switch.start(before, clean, KillRecord(), 1, datetime(2026, 1, 1, tzinfo=UTC))
    assert not switch.state.allows_entries
    assert (switch.state is TradingState.HALTED) == (before is TradingState.HALTED)
    for wanted, unlocked in asks:
        was = switch.state
        told = switch.ask(wanted, "test", unlocked)
        if was is TradingState.HALTED and not unlocked:
            assert switch.state is was and told is None
        else:
            assert switch.state is wanted
        assert (told is None) == (switch.state is was)
        assert told is None or (told.before, told.after) == (was, switch.state)
