"""Reasons of a halt and ends of attempts have words in both languages; a person's own words stay."""

from app.domain.kill import UnlockOutcome
from app.ui import halt_words
from app.ui.halt_words import halt_reason, unlock_outcome
from app.ui.languages import languages


def test_every_reason_and_outcome_is_said_in_both_languages() -> None:
    assert set(halt_words._UNLOCK_OUTCOMES) == set(UnlockOutcome)
    english = [halt_reason(reason) for reason in halt_words._HALT_REASONS] + [unlock_outcome(o) for o in UnlockOutcome]
    languages().set("ko")
    korean = [halt_reason(reason) for reason in halt_words._HALT_REASONS] + [unlock_outcome(o) for o in UnlockOutcome]
    assert all(ours != theirs for ours, theirs in zip(english, korean, strict=True))


def test_what_a_person_wrote_stays() -> None:
    assert halt_reason("the market is mad") == "the market is mad"
