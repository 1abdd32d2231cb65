"""Rate limits of a venue, with a priority lane: what shrinks risk overtakes everything else and has a reserve.

The sliding-window arithmetic is pyrate-limiter's InMemoryBucket (exact, also over window borders); the priority heap on
top of it is ours, because no library offers one. The venue counts when a call arrives, which lies between its sending
and its answer: a place counts from the answer, so that no jitter of the network puts one call too many into a window.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from app.domain.errors import VenueUnavailableError
from app.domain.values import Priority

#: Up to this priority a call may use the reserve; everything behind it is an entry or a read that can wait.
LAST_RESERVED_PRIORITY = Priority.CANCEL


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``calls`` in any ``seconds``, as the venue publishes it."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """What the screen shows of one group. Times in seconds from now; ``limit`` (calls in any ``seconds``) is ours, not
    the published one."""

    group: str
    waiting: int
    used: int
    limit: int
    next_slot_s: float
    banned_for_s: float
    seconds: float


class Timer(Protocol):
    """A scheduled call that can be taken back (asyncio.TimerHandle is one)."""

    def cancel(self) -> None:
        """Take it back."""
        ...


class TimeSource(Protocol):
    """Monotonic seconds and delayed calls; an asyncio event loop is one."""

    def time(self) -> float:
        """Monotonic seconds."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Timer:
        """Call ``callback`` after ``delay`` seconds."""
        ...


@dataclass(slots=True)
class _Waiter:
    priority: Priority
    future: "asyncio.Future[int]"


class _Group:
    """One limit group: its bucket, its queue and what the venue said last. Times in whole milliseconds."""

    def __init__(self, name: str, limits: tuple[RateLimit, ...], share: float, reserve: float, way_ms: int) -> None:
        self.name = name
        self.published = min(limits, key=lambda limit: limit.seconds).calls
        self._way_ms = way_ms
        self._under_way: set[str] = set()
        rates = sorted((_own_rate(limit, share) for limit in limits), key=lambda rate: rate.interval)
        self.bucket = InMemoryBucket(rates)
        self.windows = [(rate.limit, max(1, int(rate.limit * (1 - reserve))), rate.interval) for rate in rates]
        self.heap: list[tuple[int, int, _Waiter]] = []
        self.issued = 0
        self.banned_until = 0
        self.timer: Timer | None = None

    def wait_ms(self, now: int, priority: Priority) -> int:
        """Milliseconds until a call of this priority may leave; 0 = now."""
        reserved = priority <= LAST_RESERVED_PRIORITY
        wait = self.banned_until - now
        for limit, open_limit, interval in self.windows:
            oldest = self.bucket.peek((limit if reserved else open_limit) - 1)
            if oldest is not None:
                # + 1: the library counts both ends of the window
                wait = max(wait, oldest.timestamp + interval + 1 - now)
        return max(0, wait)

    def take(self, now: int) -> int:
        """Book one call and return its ticket; only after ``wait_ms`` said 0."""
        self.issued += 1
        self._put(str(self.issued), now, now + self._way_ms)
        self._under_way.add(str(self.issued))
        return self.issued

    def arrived(self, now: int, ticket: int) -> None:
        """The answer is here: the call was counted by now at the latest."""
        self._under_way.discard(str(ticket))
        if not self._way_ms:
            return
        for item in self.bucket.items:
            if item.name == str(ticket):
                item.timestamp = min(item.timestamp, now)
        self._sort()

    def give_back(self, ticket: int) -> None:
        """A granted call that never left frees its place again."""
        self._under_way.discard(str(ticket))
        for item in self.bucket.items:
            if item.name == str(ticket):
                self.bucket.items.remove(item)
                return

    def learn(self, now: int, ticket: int, left: int) -> None:
        """The venue says how many calls were left after the one with ``ticket``.

        What it counted and we cannot have caused (calls up to that one, and later ones that were answered) somebody
        else did with the same key: it takes places like our own.
        """
        if left >= self.published:
            return
        self.bucket.leak(now)
        later = {name for name in self._under_way if int(name) > ticket}
        ours = sum(1 for item in self.bucket.items if item.name not in later)
        for _ in range(self.published - left - ours):
            self._put("somebody else", now, now)

    def _put(self, name: str, now: int, at: int) -> None:
        self.bucket.leak(now)
        self.bucket.put(RateItem(name, at))
        if self._way_ms:
            self._sort()

    def _sort(self) -> None:
        self.bucket.items.sort(key=lambda item: item.timestamp)

    def used(self, now: int) -> int:
        """Calls in the shortest window."""
        start = now - self.windows[0][2]
        return sum(1 for item in self.bucket.items if item.timestamp >= start)


class PriorityRateLimiter:
    """Lets calls through per group: at most ``share`` of the published limit, urgent ones first, else in order.

    Entries and reads leave ``reserve`` of every window free for calls that shrink risk. A limit too small to be shared
    (one call per two seconds) is stretched in time instead.
    """

    def __init__(
        self,
        limits: Mapping[str, tuple[RateLimit, ...]],
        *,
        share: float = 0.9,
        reserve: float = 0.3,
        patience_s: float = 10.0,
        way_s: float = 0.0,
        time_source: TimeSource | None = None,
    ) -> None:
        """``way_s``: a call without an answer (see ``arrived``) counts as arrived so long after its sending."""
        way_ms = int(way_s * 1000)
        self._groups = {name: _Group(name, rates, share, reserve, way_ms) for name, rates in limits.items()}
        self._patience_s = patience_s
        self._time_source = time_source
        self._numbers = itertools.count()

    async def acquire(self, group: str, priority: Priority) -> int:
        """Wait for a place in ``group``; returns a ticket for ``learn``.

        Raises:
            VenueUnavailableError: no place within the patience (code ``no_free_place``); nothing was sent.
        """
        own = self._groups[group]
        now = self._now()
        if own.banned_until - now > self._patience_s * 1000:
            raise _no_place(group)
        self._drop_cancelled(own)
        if not own.heap and own.wait_ms(now, priority) == 0:
            return own.take(now)
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heapq.heappush(own.heap, (priority, next(self._numbers), _Waiter(priority, future)))
        self._pump(own)
        patience = self._clock().call_later(self._patience_s, lambda: _give_up(future, group))
        try:
            return await future
        except asyncio.CancelledError:
            # cancelled between grant and wake-up: the place was not used
            if future.done() and not future.cancelled() and future.exception() is None:
                own.give_back(future.result())
            raise
        finally:
            patience.cancel()
            self._pump(own)

    def arrived(self, group: str, ticket: int) -> None:
        """The answer to the call with ``ticket`` is here, or none will come."""
        own = self._groups[group]
        own.arrived(self._now(), ticket)
        self._pump(own)

    def give_back(self, group: str, ticket: int) -> None:
        """The call with ``ticket`` was not sent: its place is free again."""
        own = self._groups[group]
        own.give_back(ticket)
        self._pump(own)

    def learn(self, group: str, ticket: int, left: int) -> None:
        """Take in the venue's own count (Upbit: header Remaining-Req, ``sec``) from the answer to ``ticket``."""
        own = self._groups[group]
        own.learn(self._now(), ticket, left)
        self._pump(own)

    def ban(self, group: str, seconds: float) -> None:
        """Let nothing through for ``seconds`` (429 and 418 answers); a longer ban already there stays."""
        own = self._groups[group]
        own.banned_until = max(own.banned_until, self._now() + int(seconds * 1000))
        self._pump(own)

    def next_slot_s(self, group: str, priority: Priority) -> float:
        """Seconds until a new call of ``priority`` could leave if nobody else asked."""
        return self._groups[group].wait_ms(self._now(), priority) / 1000

    def open_places(self, group: str) -> int:
        """Calls per shortest window that entries and reads may use; the rest is the reserve."""
        return self._groups[group].windows[0][1]

    def status(self) -> tuple[GroupStatus, ...]:
        """Every group, for the screen."""
        now = self._now()
        return tuple(
            GroupStatus(
                group=own.name,
                waiting=sum(1 for _, _, waiter in own.heap if not waiter.future.done()),
                used=own.used(now),
                limit=own.windows[0][0],
                next_slot_s=own.wait_ms(now, Priority.LIQUIDATION) / 1000,
                banned_for_s=max(0, own.banned_until - now) / 1000,
                seconds=own.windows[0][2] / 1000,
            )
            for own in self._groups.values()
        )

    def _pump(self, own: _Group) -> None:
        if own.timer is not None:
            own.timer.cancel()
            own.timer = None
        self._drop_cancelled(own)
        while own.heap:
            now = self._now()
            waiter = own.heap[0][2]
            wait = own.wait_ms(now, waiter.priority)
            if wait > 0:
                own.timer = self._clock().call_later(wait / 1000, lambda: self._pump(own))
                return
            heapq.heappop(own.heap)
            waiter.future.set_result(own.take(now))
            self._drop_cancelled(own)

    @staticmethod
    def _drop_cancelled(own: _Group) -> None:
        while own.heap and own.heap[0][2].future.done():
            heapq.heappop(own.heap)

    def _clock(self) -> TimeSource:
        return self._time_source if self._time_source is not None else asyncio.get_running_loop()

    def _now(self) -> int:
        return int(self._clock().time() * 1000)


def _own_rate(limit: RateLimit, share: float) -> Rate:
    calls = int(limit.calls * share)
    interval = int(limit.seconds * 1000)
    if calls >= 1:
        return Rate(calls, interval)
    return Rate(1, int(interval / (limit.calls * share)) + 1)


def _give_up(future: "asyncio.Future[int]", group: str) -> None:
    if not future.done():
        future.set_exception(_no_place(group))


def _no_place(group: str) -> VenueUnavailableError:
    return VenueUnavailableError("no_free_place", f"no free place in group {group!r}; nothing was sent")
