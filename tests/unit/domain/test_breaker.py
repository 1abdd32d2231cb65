import pytest

from app.domain.breaker import BREAKER_TRANSITIONS, BreakerState, BreakerTrigger, next_breaker_state
from app.domain.errors import BrokenRuleError


def test_a_person_can_open_and_close_it_from_everywhere() -> None:
    for state in BreakerState:
        assert next_breaker_state(state, BreakerTrigger.TRIPPED) is BreakerState.OPEN
        if state is not BreakerState.CLOSED:
            assert next_breaker_state(state, BreakerTrigger.RESET) is BreakerState.CLOSED


def test_from_open_to_closed_it_goes_by_probes_only() -> None:
    ways = [trigger for (state, trigger), after in BREAKER_TRANSITIONS.items() if after is BreakerState.CLOSED]
    assert set(ways) == {BreakerTrigger.RESET, BreakerTrigger.PROBES_PASSED}
    assert (BreakerState.OPEN, BreakerTrigger.PROBES_PASSED) not in BREAKER_TRANSITIONS


def test_what_is_not_in_the_table_is_a_broken_rule() -> None:
    with pytest.raises(BrokenRuleError, match="closed cannot take 'waited'"):
        next_breaker_state(BreakerState.CLOSED, BreakerTrigger.WAITED)
