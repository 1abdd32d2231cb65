import asyncio
import heapq
import itertools
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.adapters.net.rate_limiter import PriorityRateLimiter, RateLimit, TimeSource
from app.domain.errors import VenueUnavailableError
from app.domain.values import Priority

ENTRY, EXIT, CANCEL, LOOKUP, LIQUIDATION = (
    Priority.ENTRY,
    Priority.EXIT,
    Priority.CANCEL,
    Priority.LOOKUP,
    Priority.LIQUIDATION,
)


class HandTimer:
    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class HandTime:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self._now = 100.0
        self._due: list[tuple[float, int, Callable[[], None], HandTimer]] = []
        self._numbers = itertools.count()

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], None], /) -> HandTimer:
        timer = HandTimer()
        heapq.heappush(self._due, (self._now + delay, next(self._numbers), callback, timer))
        return timer

    @property
    def armed(self) -> int:
        return sum(1 for *_, timer in self._due if not timer.cancelled)

    async def pass_time(self, seconds: float) -> None:
        end = self._now + seconds
        await settle()
        while self._due and self._due[0][0] <= end:
            at, _, callback, timer = heapq.heappop(self._due)
            self._now = max(self._now, at)
            if not timer.cancelled:
                callback()
                await settle()
        self._now = end


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Desk:
    """A limiter on hand-moved time, and the log of what it let through."""

    def __init__(
        self, calls: int = 10, seconds: float = 1.0, *, patience_s: float = 60.0, share: float = 1.0, way_s: float = 0.0
    ) -> None:
        self.time = HandTime()
        source: TimeSource = self.time
        limits = {"order": (RateLimit(calls, seconds),), "default": (RateLimit(30, 1),)}
        self.limiter = PriorityRateLimiter(limits, share=share, patience_s=patience_s, way_s=way_s, time_source=source)
        self.log: list[tuple[float, str]] = []
        self.let_through: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []

    def ask(self, name: str, priority: Priority, group: str = "order") -> asyncio.Task[None]:
        async def call() -> None:
            await self.limiter.acquire(group, priority)
            self.log.append((round(self.time.time() - 100.0, 3), name))
            self.let_through.append(self.time.time())

        task = asyncio.create_task(call())
        self.tasks.append(task)
        return task

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.log]

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_free_places_are_given_without_waiting() -> None:
    desk = Desk()
    for number in range(7):
        desk.ask(f"e{number}", ENTRY)
    await settle()
    assert len(desk.log) == 7
    assert desk.time.armed == 0


async def test_entries_and_reads_leave_the_reserve_to_exits() -> None:
    desk = Desk(calls=10)
    for number in range(10):
        desk.ask(f"e{number}", ENTRY)
    for name in ("x0", "x1", "x2"):
        desk.ask(name, EXIT)
    desk.ask("l0", LOOKUP)
    await settle()
    assert desk.limiter.open_places("order") == 7
    assert desk.names == ["e0", "e1", "e2", "e3", "e4", "e5", "e6", "x0", "x1", "x2"]
    await desk.end()


async def test_urgent_calls_overtake_and_equals_keep_their_order() -> None:
    desk = Desk(calls=2)
    desk.ask("first", EXIT)
    desk.ask("second", EXIT)
    await settle()
    for name, priority in (("e0", ENTRY), ("c0", CANCEL), ("k0", LIQUIDATION), ("k1", LIQUIDATION), ("x0", EXIT)):
        desk.ask(name, priority)
    await desk.time.pass_time(10)
    assert desk.names == ["first", "second", "k0", "k1", "x0", "c0", "e0"]


async def test_a_liquidation_behind_sixty_waiting_calls_goes_with_the_next_free_place() -> None:
    desk = Desk(calls=12, share=0.9)
    for number in range(60):
        desk.ask(f"e{number}", ENTRY)
    for number in range(3):
        desk.ask(f"x{number}", EXIT)
    await desk.time.pass_time(0.2)
    desk.ask("now", LIQUIDATION)
    await desk.time.pass_time(0.9)
    after = [name for at, name in desk.log if at > 0.2]
    assert after[0] == "now"
    await desk.end()


async def test_our_share_stays_below_what_is_published() -> None:
    desk = Desk(calls=12, share=0.9)
    for number in range(40):
        desk.ask(f"x{number}", EXIT)
    await settle()
    assert len(desk.log) == 10
    await desk.end()


async def test_one_call_per_two_seconds_is_stretched() -> None:
    desk = Desk(calls=1, seconds=2.0, share=0.9)
    for number in range(3):
        desk.ask(f"x{number}", LIQUIDATION)
    await desk.time.pass_time(10)
    times = [at for at, _ in desk.log]
    assert times[1] - times[0] > 2.2
    assert times[2] - times[1] > 2.2


#: Gaps whose times, rounded to ms, seemed to put six calls into one second.
ROUNDED_BADLY = (0.5625, 0.65625, 0.65625, 0.59375, 0.5859375, 0.390625, 0.3515625, 0.0, 0.0, 0.0, 0.0, 0.0625)


@settings(max_examples=40, deadline=None)
@example([(gap, Priority.LIQUIDATION) for gap in ROUNDED_BADLY])
@given(st.lists(st.tuples(st.floats(0, 0.7), st.sampled_from(list(Priority))), min_size=1, max_size=60))
def test_no_window_ever_holds_more_than_the_limit(asks: list[tuple[float, Priority]]) -> None:
    async def play() -> list[float]:
        desk = Desk(calls=5)
        for gap, priority in asks:
            await desk.time.pass_time(gap)
            desk.ask("call", priority)
        await desk.time.pass_time(40)
        assert len(desk.log) == len(asks)
        return desk.let_through  # the log is rounded to ms, which can make a window look 1 ms shorter than it was

    times = asyncio.run(play())
    for start in times:
        assert sum(1 for at in times if start <= at < start + 1.0) <= 5


async def test_a_ban_stops_everything_of_the_group_until_it_ends() -> None:
    desk = Desk()
    desk.limiter.ban("order", 5.0)
    desk.limiter.ban("order", 1.0)  # the longer one holds
    desk.ask("x0", EXIT)
    desk.ask("other", EXIT, "default")
    await desk.time.pass_time(4.9)
    assert desk.names == ["other"]
    await desk.time.pass_time(0.2)
    assert desk.names == ["other", "x0"]


async def test_a_ban_beyond_our_patience_is_said_at_once() -> None:
    desk = Desk(patience_s=2.0)
    desk.limiter.ban("order", 30.0)
    with pytest.raises(VenueUnavailableError, match="no_free_place"):
        await desk.limiter.acquire("order", EXIT)


async def test_patience_ends_and_nobody_is_left_waiting() -> None:
    desk = Desk(calls=1, seconds=30.0, patience_s=2.0)
    desk.ask("first", EXIT)
    late = desk.ask("late", EXIT)
    await desk.time.pass_time(2.1)
    with pytest.raises(VenueUnavailableError):
        await late
    assert desk.limiter.status()[0].waiting == 0
    assert desk.time.armed == 0


async def test_the_venues_own_count_binds_us() -> None:
    desk = Desk(calls=10)
    ticket = await desk.limiter.acquire("order", EXIT)
    desk.limiter.learn("order", ticket, 2)
    for number in range(5):
        desk.ask(f"x{number}", EXIT)
    await settle()
    assert desk.names == ["x0", "x1"]
    await desk.time.pass_time(1.01)
    assert len(desk.names) == 5


async def test_calls_already_on_their_way_are_taken_off_the_venues_count() -> None:
    desk = Desk(calls=10)
    first = await desk.limiter.acquire("order", EXIT)
    await desk.limiter.acquire("order", EXIT)
    desk.limiter.learn("order", first, 1)
    desk.ask("x0", EXIT)
    await settle()
    assert desk.names == []
    await desk.end()


async def test_our_own_calls_are_not_taken_for_somebody_elses() -> None:
    """Ten calls, answered in any order: the venue's count explains itself, and the second window is as full."""
    desk = Desk(calls=10)
    tickets = [await desk.limiter.acquire("order", EXIT) for _ in range(10)]
    for left, ticket in zip(range(9, -1, -1), [*tickets[5:], *tickets[:5]], strict=True):
        desk.limiter.arrived("order", ticket)
        desk.limiter.learn("order", ticket, left)
    for number in range(10):
        desk.ask(f"x{number}", EXIT)
    await desk.time.pass_time(1.01)
    assert len(desk.log) == 10


async def test_a_place_counts_from_the_answer() -> None:
    """Arrival lies between sending and answer: a second after the answer the venue has surely forgotten the call."""
    desk = Desk(calls=2, way_s=0.25)
    first = await desk.limiter.acquire("order", EXIT)
    await desk.limiter.acquire("order", EXIT)  # never answered: a quarter of a second is taken for its way
    desk.ask("x0", EXIT)
    desk.ask("x1", EXIT)
    await desk.time.pass_time(0.1)
    desk.limiter.arrived("order", first)
    await desk.time.pass_time(3)
    assert [(name, round(at, 2)) for at, name in desk.log] == [("x0", 1.1), ("x1", 1.25)]


async def test_a_call_that_was_withdrawn_gives_its_place_to_the_next() -> None:
    desk = Desk(calls=1)
    ticket = await desk.limiter.acquire("order", ENTRY)
    desk.ask("x0", EXIT)
    await settle()
    desk.limiter.give_back("order", ticket)
    await settle()
    assert desk.names == ["x0"]


async def test_an_older_count_does_not_replace_a_newer_one() -> None:
    desk = Desk(calls=10)
    first = await desk.limiter.acquire("order", EXIT)
    second = await desk.limiter.acquire("order", EXIT)
    desk.limiter.learn("order", second, 0)
    desk.limiter.learn("order", first, 9)
    desk.ask("x0", EXIT)
    await settle()
    assert desk.names == []
    await desk.end()


async def test_the_reserve_holds_against_the_venues_count_too() -> None:
    desk = Desk(calls=10)
    ticket = await desk.limiter.acquire("order", EXIT)
    desk.limiter.learn("order", ticket, 3)
    desk.ask("e0", ENTRY)
    await settle()
    desk.ask("x0", EXIT)
    await settle()
    assert desk.names == ["x0"]
    await desk.end()


async def test_a_cancelled_waiter_is_skipped_and_keeps_no_place() -> None:
    desk = Desk(calls=1)
    desk.ask("first", EXIT)
    await settle()
    gone = desk.ask("gone", EXIT)
    desk.ask("next", EXIT)
    await settle()
    gone.cancel()
    await desk.time.pass_time(1.1)
    assert desk.names == ["first", "next"]


async def test_a_grant_that_meets_a_cancellation_is_given_back() -> None:
    desk = Desk(calls=1, seconds=2.0)
    await desk.limiter.acquire("order", EXIT)
    waiting = desk.ask("gone", EXIT)
    desk.ask("next", EXIT)
    await settle()
    desk.limiter._groups["order"].bucket.flush()
    desk.limiter._pump(desk.limiter._groups["order"])  # grants "gone", whose task has not run yet
    waiting.cancel()
    await settle()
    assert desk.names == ["next"]


async def test_two_rates_hold_at_once() -> None:
    time = HandTime()
    limiter = PriorityRateLimiter(
        {"ws": (RateLimit(5, 1), RateLimit(8, 60))}, share=1.0, patience_s=1.5, time_source=time
    )
    got = 0
    for _ in range(8):
        task = asyncio.create_task(limiter.acquire("ws", EXIT))
        await time.pass_time(0.3)
        got += task.done()
        await task
    late = asyncio.create_task(limiter.acquire("ws", EXIT))
    await time.pass_time(1.6)
    with pytest.raises(VenueUnavailableError):
        await late


async def test_status_tells_the_screen() -> None:
    desk = Desk(calls=2)
    desk.ask("a", EXIT)
    desk.ask("b", EXIT)
    desk.ask("c", EXIT)
    await settle()
    desk.limiter.ban("default", 3.0)
    order, default = desk.limiter.status()
    assert (order.group, order.waiting, order.used, order.limit) == ("order", 1, 2, 2)
    assert 0.9 < order.next_slot_s < 1.1
    assert default.banned_for_s == 3.0
    assert desk.limiter.next_slot_s("order", EXIT) == order.next_slot_s
    await desk.end()


async def test_it_runs_on_the_loops_own_time() -> None:
    limiter = PriorityRateLimiter({"order": (RateLimit(1, 0.05),)}, share=1.0)
    loop = asyncio.get_running_loop()
    started = loop.time()
    for _ in range(3):
        await limiter.acquire("order", EXIT)
    assert 0.09 < loop.time() - started < 1.0
