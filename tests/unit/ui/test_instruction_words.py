"""Notes of the engine in the user's words."""

from app.domain.values import TimeInForce
from app.ui.instruction_words import duration, note, waits_for
from tests.unit.ui.activity.test_instructions_table import instruction


def test_notes_levels_and_durations_have_words() -> None:
    assert note(instruction("a", note="the position closes")) == "The position closes"
    assert note(instruction("a", note="below_minimum: 3")) == "The amount is below the venue's minimum."
    assert waits_for(instruction("a")) == "Trailing 2.5% → 97.5"
    assert all(duration(value) for value in TimeInForce)
