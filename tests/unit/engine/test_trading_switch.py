"""DISABLED, ENABLED, REDUCING, HALTED: a start never finds itself enabled, a kill is left by a password only."""

import pytest

from app.domain.messages import TradingStateChanged
from app.domain.values import TradingState
from app.engine.trading_switch import TradingSwitch

D, E, R, H = TradingState.DISABLED, TradingState.ENABLED, TradingState.REDUCING, TradingState.HALTED


def test_a_new_switch_is_off() -> None:
    assert TradingSwitch().state is D and not TradingSwitch().state.allows_entries


@pytest.mark.parametrize(
    ("before", "clean", "after"),
    [
        *[(D, True, D), (E, True, D), (R, True, D), (H, True, H)],
        *[(D, False, R), (E, False, R), (R, False, R), (H, False, H)],
    ],
)
def test_what_a_start_makes_of_the_state_before(before: TradingState, clean: bool, after: TradingState) -> None:
    switch = TradingSwitch()
    changed = switch.start(before, clean)
    assert switch.state is after
    assert (changed is None) == (before is after)
    assert changed is None or (changed.before, changed.after) == (before, after)


def test_a_change_is_told_with_its_reason() -> None:
    assert TradingSwitch().ask(E, "a person", unlocked=False) == TradingStateChanged(D, E, "a person")


@pytest.mark.parametrize("state", list(TradingState))
def test_asking_for_what_is_changes_nothing(state: TradingState) -> None:
    switch = TradingSwitch()
    switch.state = state
    assert switch.ask(state, "again", unlocked=True) is None


@pytest.mark.parametrize("wanted", [D, E, R])
def test_halted_is_left_only_with_the_password(wanted: TradingState) -> None:
    """U12: not by a restart, not by another command."""
    switch = TradingSwitch()
    switch.ask(H, "kill", unlocked=False)
    assert switch.ask(wanted, "please", unlocked=False) is None and switch.state is H
    assert switch.ask(wanted, "password given", unlocked=True) is not None and switch.state is wanted
