"""What waits to be carried out, the most urgent first, in lanes of their own.

A lane is a bound on calls under way. What reduces risk has one to itself: it never waits behind an entry or a look-up,
however long their answers take; and while any of it waits, no entry begins. In front of the venue's rate limit the same
priorities decide once more.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.effects import Effect
from app.domain.values import Priority

_URGENT, _ENTRIES = 0, 2
_LANE = {
    Priority.LIQUIDATION: _URGENT,
    Priority.EXIT: _URGENT,
    Priority.CANCEL: _URGENT,
    Priority.LOOKUP: 1,
    Priority.ENTRY: _ENTRIES,
}
#: Calls under way at the same time: what reduces risk, look-ups and history, entries. Together no more than a client
#: keeps connections open, so that none of them waits for a connection.
ROOM = (24, 4, 4)


@dataclass(order=True, slots=True)
class Job:
    """One effect in the queue; equal priorities leave in order of arrival."""

    priority: Priority
    number: int
    effect: Effect = field(compare=False)
    since: datetime = field(compare=False)


class SendQueue:
    """Priority queue with a bound on how much of each lane is under way. Times are UTC."""

    def __init__(self, room: Sequence[int] = ROOM) -> None:
        self._room = list(room)
        self._heaps: tuple[list[Job], ...] = ([], [], [])
        self._number = 0
        self.in_flight = 0

    def put(self, effect: Effect, priority: Priority, now: datetime) -> None:
        """Queue an effect."""
        self._number += 1
        heapq.heappush(self._heaps[_LANE[priority]], Job(priority, self._number, effect, now))

    def take(self, hold_entries: bool = False) -> Job | None:
        """The most urgent effect whose lane has room, if wanted none that is an entry; under way until ``done``."""
        for lane, heap in enumerate(self._heaps):
            held_back = lane == _ENTRIES and (hold_entries or self.urgent_waits)
            if heap and self._room[lane] and not held_back:
                self._room[lane] -= 1
                self.in_flight += 1
                return heapq.heappop(heap)
        return None

    def done(self, job: Job) -> None:
        """The effect was carried out, or failed."""
        self._room[_LANE[job.priority]] += 1
        self.in_flight -= 1

    @property
    def waiting(self) -> int:
        """Number of effects not under way yet."""
        return sum(map(len, self._heaps))

    @property
    def urgent_waits(self) -> bool:
        """True while something that reduces risk has no room yet."""
        return bool(self._heaps[_URGENT])

    @property
    def is_idle(self) -> bool:
        """True while nothing waits and nothing is under way."""
        return not self.in_flight and not self.waiting

    def waiting_by_priority(self) -> tuple[tuple[Priority, int], ...]:
        """How many wait of each priority, the most urgent first; those of which none waits included."""
        found = Counter(job.priority for heap in self._heaps for job in heap)
        return tuple((priority, found[priority]) for priority in Priority)

    def oldest_s(self, now: datetime) -> float | None:
        """Seconds the longest waiting effect has waited; None when nothing waits."""
        since = min((job.since for heap in self._heaps for job in heap), default=None)
        return None if since is None else max((now - since).total_seconds(), 0.0)
