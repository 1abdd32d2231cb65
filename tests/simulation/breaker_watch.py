"""Judges the circuit breakers: a second implementation of them, fed by what the network really answered.

Same rules as app/engine/circuit_breaker.py, written down again: it sees the calls, never what the engine made of them.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

SPAN = timedelta(seconds=60)
FEWEST = 5
LATE = timedelta(seconds=3)
FIRST, LONGEST = 10.0, 300.0
GROUPS = ("order", "cancel", "lookup", "quotation")
SELDOM = ("cancel", "quotation")


@dataclass(slots=True)
class _Group:
    """``opened_until`` is None while it is not open; ``trying_since`` while it is not tried."""

    results: list[tuple[datetime, bool, bool]] = field(default_factory=list)
    opened_until: datetime | None = None
    forever: bool = False
    trying_since: datetime | None = None
    good: int = 0
    pause: float = FIRST


class BreakerWatch:
    """Watches the breakers of one world. ``broken(invariant, words)`` notes a violation."""

    def __init__(self, broken: Callable[[str, str], None]) -> None:
        self._broken = broken
        self._groups = {name: _Group() for name in GROUPS}
        self._left: dict[str, datetime] = {}
        self._entries: set[str] = set()
        #: How often a breaker opened by itself.
        self.openings = 0

    def restarted(self, journal: sqlite3.Connection, now: datetime) -> None:
        """The breakers go on from their last words on disk."""
        self._groups = {name: _Group() for name in GROUPS}
        self._left.clear()
        self._entries.clear()
        rows = journal.execute("SELECT payload FROM journal WHERE kind = 'BreakerChanged' ORDER BY seq")
        for body in {b["group"]: b for b in (msgspec.json.decode(payload) for (payload,) in rows)}.values():
            group = self._groups[body["group"]]
            group.pause = body["wait_s"]
            if body["state"] == "half_open":
                group.trying_since = now
            elif body["state"] == "open" and body["until"] is None:
                group.forever = True
            elif body["state"] == "open":
                told = datetime.fromisoformat(body["until"])
                group.opened_until = min(told, now + timedelta(seconds=group.pause))

    def told(self, name: str, state: str, now: datetime) -> None:
        """I36: the engine says that a breaker is in a new state; the calls must have brought it there.

        HALF_OPEN is only the time it takes, and told late, together with what the first probe brought.
        """
        mine = self._state(name, now)
        if state != "half_open" and mine != state:
            self._broken("I36", f"the breaker of {name} calls is said to be {state}, by the calls it is {mine}")

    def is_open(self, now: datetime) -> bool:
        """True while some breaker lets no entry leave."""
        return any(self._state(name, now) == "open" for name in GROUPS)

    # ---- the user -----------------------------------------------------------------------------------------------

    def tripped(self, name: str) -> None:
        """The user opened it."""
        group = self._groups[name]
        self._groups[name] = _Group(forever=True, pause=group.pause)

    def reset(self, name: str) -> None:
        """The user closed it."""
        self._groups[name] = _Group()

    # ---- the wire -----------------------------------------------------------------------------------------------

    def leaves(self, order_id: str, entry: bool, now: datetime) -> None:
        """I36: bytes of an order are leaving."""
        self._left[order_id] = now
        if not entry:
            return
        for name in GROUPS:
            state = self._state(name, now)
            if state == "open":
                self._broken("I36", f"{order_id} enters while the breaker of {name} calls is open")
            elif state == "trying" and self._entries:
                self._broken("I36", f"{order_id} enters while {min(self._entries)} still tries {name} calls")
        self._entries.add(order_id)

    def answered(self, name: str, failed: bool, order_id: str, now: datetime) -> None:
        """A call came to its end."""
        left = self._left.pop(order_id, now) if name == "order" else now
        if name == "order":
            self._entries.discard(order_id)
        state, group = self._state(name, now), self._groups[name]
        slow = now - left >= LATE and order_id != ""
        if state == "closed":
            group.results = [r for r in group.results if now - r[0] <= SPAN] + [(now, failed, slow)]
            count = len(group.results)
            bad, late = sum(r[1] for r in group.results), sum(r[2] for r in group.results)
            if count >= FEWEST and (bad * 2 >= count or late * 5 >= count * 4):
                self.openings += 1
                self._open(name, group.pause, now)
        elif state == "trying" and (failed or slow):
            self._open(name, min(group.pause * 2, LONGEST), now)
        elif state == "trying":
            group.good += 1
            if group.good == 2:
                self._groups[name] = _Group()

    def arrived(self, order_id: str) -> None:
        """The stream told of it before its call was answered: it did arrive."""
        self._entries.discard(order_id)

    def not_counted(self, order_id: str) -> None:
        """A call ended without saying anything about the line."""
        self._left.pop(order_id, None)
        self._entries.discard(order_id)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _open(self, name: str, pause: float, now: datetime) -> None:
        self._groups[name] = _Group(opened_until=now + timedelta(seconds=pause), pause=pause)

    def _state(self, name: str, now: datetime) -> str:
        group = self._groups[name]
        if group.forever:
            return "open"
        if group.opened_until is not None:
            if now < group.opened_until:
                return "open"
            group.trying_since, group.opened_until = group.opened_until, None
        if group.trying_since is not None:
            if name not in SELDOM or now - group.trying_since < timedelta(seconds=60):
                return "trying"
            self._groups[name] = _Group()
        return "closed"
