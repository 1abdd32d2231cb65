"""The kill switch's records: what journal, sentinel file and keyring say, and which state a start makes of them.

One mark is written to all three with every trip and every release, its epoch rising by one (Electrum and Knight Capital
are why: a stop that a restored backup or a deleted file takes back is none). What a start finds:

    journal     sentinel     keyring            start
    none        none         none or absent     first start: as after any end
    same mark   same mark    same mark          as the mark says
    same mark   same mark    absent, never was  as the mark says
    any halted  any          any                HALTED
    anything else: missing, unreadable, older, newer, different, absent although it was there: HALTED

A mark of epoch 0 says that the first start was under way: alone, or beside a released one of epoch 1, it contradicts
nothing.
Where nothing is halted a clean end gives DISABLED, an unclean one REDUCING.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: What a person types to leave HALTED, by language; the engine takes any of them.
UNLOCK_PHRASES = {"ko": "거래를 다시 시작합니다", "en": "start trading again"}
#: Reasons of a trip by gwanje-kill; a terminal that runs does what they ask for.
OUTSIDE_TRIP, OUTSIDE_CANCEL, OUTSIDE_FLATTEN = "gwanje-kill", "gwanje-kill: cancel all", "gwanje-kill: sell all"
OUTSIDE = frozenset({OUTSIDE_TRIP, OUTSIDE_CANCEL, OUTSIDE_FLATTEN})
#: Shortest password that is taken (reliability notes 5.2).
MIN_PASSWORD = 12
LONGEST_DELAY_S = 900
#: Failed tries from which on a person is told by an alert.
SUSPICIOUS_TRIES = 5


@dataclass(frozen=True, slots=True)
class KillMark:
    """What each record says. ``run`` is the run of the program that wrote it, ``since`` when it was halted or released.

    ``keyring``: the keyring holds the mark as well. ``password``: fingerprint of the password's hash, empty until one
    is set; so an older hash put in its place opens nothing.
    """

    epoch: int
    halted: bool
    reason: str
    since: datetime
    run: int
    keyring: bool
    password: str = ""


class NoMark(StrEnum):
    """Why a record gives no mark."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    ABSENT = "absent"


KillReading = KillMark | NoMark


@dataclass(frozen=True, slots=True)
class KillRecord:
    """What a start knows of the switch.

    ``mark`` is the newest of the records, ``stopped`` why the switch must be HALTED (empty: it need not), ``rewrite``
    that the records disagree and have to be written again, ``keyring`` that there is one now, ``tries`` the failed
    attempts in a row to leave HALTED.
    """

    mark: KillMark | None = None
    stopped: str = ""
    rewrite: bool = False
    keyring: bool = False
    tries: int = 0


class UnlockOutcome(StrEnum):
    """How an attempt to leave HALTED went; a try counts as failed from the question on."""

    ASKED = "asked"
    WRONG = "wrong"
    UNCLEAN = "unclean"
    UNLOCKED = "unlocked"
    CHANGE_ASKED = "change_asked"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class UnlockAttempted:
    """Somebody tried to leave HALTED, or to change the password; ``tries`` failed ones in a row, this one included
    until it succeeds."""

    command_id: str
    outcome: UnlockOutcome
    tries: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class AskUnlock:
    """A person wants to leave HALTED and has typed ``phrase``; the password follows by ``PasswordChecked``."""

    command_id: str
    phrase: str


@dataclass(frozen=True, slots=True)
class SetKillPassword:
    """The first password was set; ``fingerprint`` is that of its hash."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class ChangeKillPassword:
    """A person wants another password; the present one follows by ``PasswordChecked``, ``fingerprint`` is the new's."""

    command_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class EndProgram:
    """The program is about to end: working entries are cancelled, positions stay, nothing is sold."""


@dataclass(frozen=True, slots=True)
class PasswordChecked:
    """The password of an attempt was looked at. ``trouble``: why it could not be, in plain English."""

    command_id: str
    correct: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class KillMarked:
    """The switch was tripped, released, or given its password: journal, sentinel and keyring take this mark."""

    mark: KillMark


def judge(journal: KillRecord, sentinel: KillReading, keyring: KillReading) -> KillRecord:
    """The worst of the three records; ``journal`` is what the journal alone says."""
    known = [mark for mark in (journal.mark, sentinel, keyring) if isinstance(mark, KillMark)]
    newest = max(known, key=lambda mark: (mark.epoch, mark.halted), default=None)
    usable = isinstance(keyring, KillMark) or keyring is NoMark.MISSING
    record = replace(journal, mark=newest, keyring=usable)
    halted = next((mark for mark in sorted(known, key=lambda m: -m.epoch) if mark.halted), None)
    trouble = _sentinel_trouble(journal.mark, sentinel, newest) or _keyring_trouble(journal.mark, keyring, newest)
    if halted is not None:
        return replace(record, stopped=halted.reason or "halted", rewrite=bool(trouble) or newest is not halted)
    stopped = trouble or journal.stopped
    return replace(record, stopped=stopped, rewrite=bool(stopped))


def unlock_delay(tries: int) -> timedelta:
    """Pause before the next attempt after ``tries`` failed ones: 2 s, doubled each time, at most 15 minutes."""
    return timedelta(seconds=min(2**tries, LONGEST_DELAY_S)) if tries else timedelta()


def _sentinel_trouble(journal: KillMark | None, sentinel: KillReading, newest: KillMark | None) -> str:
    """Journal and sentinel always belong together."""
    if sentinel is NoMark.MISSING and newest is not None:
        return "the stop file is missing"
    if not isinstance(sentinel, KillMark):
        return "" if sentinel is NoMark.MISSING else "the stop file cannot be read"
    if journal is None:
        return "" if sentinel.epoch == 0 else "the journal does not know the switch: it was replaced"
    return _difference("the stop file", sentinel, journal)


def _keyring_trouble(journal: KillMark | None, keyring: KillReading, newest: KillMark | None) -> str:
    """A profile that was born without a keyring needs none."""
    if newest is None or not newest.keyring:
        return ""
    if isinstance(keyring, KillMark):
        if journal is None:
            return "" if keyring.epoch == 0 else "the journal does not know the switch: it was replaced"
        return _difference("the keyring", keyring, journal)
    if keyring is NoMark.MISSING and newest.epoch == 0:
        return ""
    return {
        NoMark.MISSING: "the mark in the keyring is missing",
        NoMark.UNREADABLE: "the keyring is locked or cannot be read",
        NoMark.ABSENT: "the keyring that was there is gone",
    }[keyring]


def _difference(name: str, one: KillMark, other: KillMark) -> str:
    if one == other or (min(one.epoch, other.epoch) == 0 and max(one.epoch, other.epoch) <= 1):
        return ""
    if one.epoch == other.epoch:
        return f"{name} does not fit the other records"
    return f"{name} is older than the other records" if one.epoch < other.epoch else f"a record is older than {name}"
