"""The table of what a start makes of journal, stop file and keyring."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.kill import KillMark, KillReading, KillRecord, NoMark, judge, unlock_delay

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MISSING, UNREADABLE, ABSENT = NoMark.MISSING, NoMark.UNREADABLE, NoMark.ABSENT
BIRTH = KillMark(0, False, "first start", NOW, 1, True)
FIRST = KillMark(1, False, "first start", NOW, 1, True)
TRIP = KillMark(2, True, "a person", NOW + timedelta(hours=1), 1, True, "f")
OPEN = KillMark(3, False, "unlocked", NOW + timedelta(hours=2), 2, True, "f")
BARE = replace(OPEN, keyring=False)


def journal(mark: KillMark | None) -> KillRecord:
    return KillRecord(mark, mark.reason if mark is not None and mark.halted else "")


@pytest.mark.parametrize(
    ("in_journal", "stop_file", "keyring"),
    [
        (None, MISSING, MISSING),  # the very first start
        (None, MISSING, ABSENT),
        (None, BIRTH, MISSING),  # the first start was cut off, here and there
        (None, BIRTH, BIRTH),
        (None, replace(BIRTH, keyring=False), ABSENT),
        (FIRST, BIRTH, BIRTH),
        (FIRST, FIRST, BIRTH),
        (OPEN, OPEN, OPEN),
        (BARE, BARE, ABSENT),  # a profile that was born without a keyring
        (BARE, BARE, MISSING),
        (BARE, BARE, UNREADABLE),
        (BARE, BARE, TRIP.__class__(2, False, "old", NOW, 1, True, "f")),  # an entry from before it was gone
    ],
)
def test_records_that_agree_do_not_stop_a_start(
    in_journal: KillMark | None, stop_file: KillReading, keyring: KillReading
) -> None:
    assert judge(journal(in_journal), stop_file, keyring).stopped == ""


@pytest.mark.parametrize(
    ("in_journal", "stop_file", "keyring", "words"),
    [
        (TRIP, TRIP, TRIP, "a person"),
        (TRIP, FIRST, FIRST, "a person"),  # died in the trip, after the journal
        (FIRST, TRIP, FIRST, "a person"),  # the journal failed
        (OPEN, TRIP, TRIP, "a person"),  # died in the release
        (OPEN, OPEN, TRIP, "a person"),
        (OPEN, MISSING, OPEN, "stop file is missing"),
        (OPEN, UNREADABLE, OPEN, "cannot be read"),
        (OPEN, FIRST, OPEN, "older than the other records"),
        (OPEN, replace(OPEN, reason="forged"), OPEN, "does not fit"),
        (OPEN, BIRTH, OPEN, "older"),
        (FIRST, OPEN, OPEN, "older than the stop file"),  # yesterday's database
        (None, OPEN, OPEN, "it was replaced"),  # the database is gone
        (None, FIRST, MISSING, "it was replaced"),
        (None, MISSING, OPEN, "stop file is missing"),  # a new profile in the old place
        (FIRST, FIRST, OPEN, "older than the keyring"),  # database and file from the same backup
        (OPEN, OPEN, MISSING, "in the keyring is missing"),
        (OPEN, OPEN, UNREADABLE, "locked"),
        (OPEN, OPEN, ABSENT, "is gone"),
        (OPEN, OPEN, FIRST, "keyring is older"),
        (OPEN, OPEN, replace(OPEN, password="another"), "does not fit"),
        (None, UNREADABLE, MISSING, "cannot be read"),
    ],
)
def test_whatever_else_is_found_stops_it(
    in_journal: KillMark | None, stop_file: KillReading, keyring: KillReading, words: str
) -> None:
    assert words in judge(journal(in_journal), stop_file, keyring).stopped


def test_records_that_say_the_same_are_not_written_again() -> None:
    assert not judge(journal(TRIP), TRIP, TRIP).rewrite
    assert judge(journal(TRIP), TRIP, FIRST).rewrite and judge(journal(OPEN), MISSING, OPEN).rewrite


def test_a_halt_without_words_is_a_halt() -> None:
    assert judge(KillRecord(replace(TRIP, reason="")), replace(TRIP, reason=""), TRIP).stopped


def test_the_newest_mark_carries_epoch_and_password_on() -> None:
    record = judge(journal(FIRST), TRIP, FIRST)
    assert record.mark == TRIP and record.keyring


def test_the_pause_doubles_up_to_a_quarter_of_an_hour() -> None:
    pauses = [unlock_delay(tries).total_seconds() for tries in (0, 1, 2, 5, 10, 60)]
    assert pauses == [0, 2, 4, 32, 900, 900]
