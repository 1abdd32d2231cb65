"""DISABLED, ENABLED, REDUCING, HALTED: a start never finds itself enabled, HALTED is left by a password only."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.kill import UNLOCK_PHRASES, KillMark, KillRecord, UnlockOutcome
from app.domain.messages import AlertRaised, TradingStateChanged
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import TradingState
from app.engine.kill_switch import KillSwitch

D, E, R, H = TradingState.DISABLED, TradingState.ENABLED, TradingState.REDUCING, TradingState.HALTED
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ARMED = KillMark(3, False, "unlocked", NOW, 2, True, "fingerprint")
HALTED = KillMark(4, True, "a person", NOW, 3, True, "fingerprint")
PHRASE = UNLOCK_PHRASES["ko"]


def started(before: TradingState = D, clean: bool = True, record: KillRecord | None = None) -> KillSwitch:
    switch = KillSwitch()
    switch.start(before, clean, record or KillRecord(ARMED, keyring=True), 7, NOW)
    return switch


def halted(tries: int = 0, password: str = "fingerprint") -> KillSwitch:
    mark = KillMark(4, True, "a person", NOW, 3, True, password)
    return started(H, True, KillRecord(mark, "a person", tries=tries, keyring=True))


def test_a_new_switch_is_off() -> None:
    assert KillSwitch().state is D and not KillSwitch().state.allows_entries


@pytest.mark.parametrize(
    ("before", "clean", "after"),
    [
        *[(D, True, D), (E, True, D), (R, True, D), (H, True, H)],
        *[(D, False, R), (E, False, R), (R, False, R), (H, False, H)],
    ],
)
def test_what_a_start_makes_of_the_state_before(before: TradingState, clean: bool, after: TradingState) -> None:
    switch = KillSwitch()
    changed = switch.start(before, clean, KillRecord(), 1, NOW)
    assert switch.state is after
    assert (changed is None) == (before is after)
    assert changed is None or (changed.before, changed.after) == (before, after)


def test_a_change_is_told_with_its_reason() -> None:
    assert KillSwitch().ask(E, "a person", unlocked=False) == TradingStateChanged(D, E, "a person")


@pytest.mark.parametrize("state", list(TradingState))
def test_asking_for_what_is_changes_nothing(state: TradingState) -> None:
    switch = KillSwitch()
    switch.state = state
    assert switch.ask(state, "again", unlocked=True) is None


@pytest.mark.parametrize("wanted", [D, E, R])
def test_halted_is_left_only_with_the_password(wanted: TradingState) -> None:
    """U12: a kill is not cleared by asking nicely."""
    switch = KillSwitch()
    switch.ask(H, "kill", unlocked=False)
    assert switch.ask(wanted, "please", unlocked=False) is None and switch.state is H
    assert switch.ask(wanted, "password given", unlocked=True) is not None and switch.state is wanted


def test_the_first_start_writes_the_first_mark() -> None:
    switch = started(record=KillRecord(keyring=True))
    marked = switch.take_mark(NOW)
    assert marked is not None and marked.mark == KillMark(1, False, "first start", NOW, 7, True)
    assert switch.take_mark(NOW) is None


def test_a_sound_start_writes_nothing() -> None:
    assert started().take_mark(NOW) is None
    assert halted().take_mark(NOW) is None


def test_records_that_disagree_are_written_again_as_halted() -> None:
    switch = started(record=KillRecord(ARMED, "the stop file is missing", rewrite=True, keyring=False))
    assert switch.state is H
    marked = switch.take_mark(NOW)
    assert marked is not None and marked.mark == KillMark(
        4, True, "the stop file is missing", NOW, 7, False, "fingerprint"
    )


def test_a_halted_mark_alone_halts_whatever_the_journal_said_last() -> None:
    assert started(D, True, KillRecord(HALTED)).state is H


def test_trip_and_release_raise_the_epoch_and_keep_the_password() -> None:
    switch = started()
    switch.ask(H, "a person", unlocked=False)
    tripped = switch.take_mark(NOW + timedelta(seconds=1))
    assert tripped is not None
    assert (tripped.mark.epoch, tripped.mark.halted, tripped.mark.run) == (4, True, 7)
    switch.ask(D, "unlocked", unlocked=True)
    released = switch.take_mark(NOW + timedelta(seconds=2))
    assert released is not None and (released.mark.epoch, released.mark.halted) == (5, False)
    assert released.mark.password == "fingerprint"


def test_other_changes_write_no_mark() -> None:
    switch = started()
    for state in (E, R, D):
        switch.ask(state, "a person", unlocked=False)
        assert switch.take_mark(NOW) is None


def test_the_first_password_goes_into_the_mark_and_stays() -> None:
    switch = halted(password="")
    assert refusal(switch.ask_unlock("c", PHRASE, None, NOW)) is RefusalReason.NO_PASSWORD
    assert switch.set_password("new") is None
    marked = switch.take_mark(NOW + timedelta(hours=1))
    assert marked is not None and marked.mark.password == "new"
    assert (marked.mark.since, marked.mark.run) == (NOW, 3), "since when it is halted stays"
    assert refusal(switch.set_password("other")) is RefusalReason.NOT_POSSIBLE_NOW


def test_an_attempt_needs_phrase_clean_books_and_patience() -> None:
    switch = halted()
    unclean = Refusal(RefusalReason.NOT_RECONCILED)
    assert refusal(switch.ask_unlock("c", "open", None, NOW)) is RefusalReason.WRONG_PHRASE
    assert switch.ask_unlock("c", PHRASE, unclean, NOW) is unclean
    assert switch.ask_unlock("c", f"  {UNLOCK_PHRASES['en'].upper()} ", None, NOW) is None and switch.asked == "c"
    switch.attempt(UnlockOutcome.ASKED, "c", NOW)
    assert refusal(switch.ask_unlock("d", PHRASE, None, NOW)) is RefusalReason.NOT_POSSIBLE_NOW
    assert refusal(started().ask_unlock("c", PHRASE, None, NOW)) is RefusalReason.NOT_POSSIBLE_NOW


def test_wrong_passwords_are_delayed_ever_longer_and_told_from_the_fifth_on() -> None:
    switch, now, pauses, alerts = halted(), NOW, [], 0
    for number in range(11):
        assert switch.ask_unlock(f"c{number}", PHRASE, None, now) is None
        switch.attempt(UnlockOutcome.ASKED, f"c{number}", now)
        told = switch.attempt(UnlockOutcome.WRONG, f"c{number}", now)
        alerts += any(isinstance(event, AlertRaised) and event.critical for event in told)
        waited = now
        while refusal(switch.ask_unlock("x", PHRASE, None, waited)) is RefusalReason.UNLOCK_DELAYED:
            waited += timedelta(seconds=1)
        switch.attempt(UnlockOutcome.UNCLEAN, "x", waited)
        pauses.append(int((waited - now).total_seconds()))
        now = waited + timedelta(hours=1)
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] and alerts == 7


def test_a_restart_keeps_the_count_and_begins_the_pause_anew() -> None:
    """Whatever the clock of the computer was set to meanwhile."""
    switch = halted(tries=5)
    assert refusal(switch.ask_unlock("c", PHRASE, None, NOW + timedelta(seconds=31))) is RefusalReason.UNLOCK_DELAYED
    assert switch.ask_unlock("c", PHRASE, None, NOW + timedelta(seconds=32)) is None


def test_a_question_counts_as_failed_until_it_proves_right() -> None:
    """Ending the program while the password is looked at gives no free try."""
    switch = halted()
    switch.ask_unlock("c", PHRASE, None, NOW)
    (asked,) = switch.attempt(UnlockOutcome.ASKED, "c", NOW)
    assert not isinstance(asked, AlertRaised) and asked.tries == 1
    (unlocked,) = switch.attempt(UnlockOutcome.UNLOCKED, "c", NOW)
    assert not isinstance(unlocked, AlertRaised) and unlocked.tries == 0


def refusal(answer: Refusal | None) -> RefusalReason | None:
    return None if answer is None else answer.reason
