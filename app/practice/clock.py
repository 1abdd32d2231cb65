"""The one clock of the practice exchange: venue time, timers, and virtual time for tests.

Two time lines are kept apart on purpose. *Ticks* (microseconds since start) order every event and never
jump; *stamps* (epoch time plus an offset) are what the venue prints and may be skewed by a fault.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable

US_PER_MS = 1_000
US_PER_S = 1_000_000


class Timer:
    """A scheduled call that can be cancelled."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self._call = None

    def fire(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()


class VenueClock:
    """Ordered timers over an optional real time source (monotonic microseconds).

    Without a source the time is virtual: it moves only by `advance`. `after_run` is called when all due timers
    have run, before anybody else gets control.
    """

    def __init__(self, start_us: int, source: Callable[[], int] | None = None) -> None:
        self._start_us = start_us
        self._source = source
        self._origin = source() if source is not None else 0
        self._ticks = 0
        self._heap: list[tuple[int, int, Timer]] = []
        self._sequence = itertools.count()
        self._advancing = False
        self.offset_ms = 0
        self.after_run: Callable[[], None] | None = None

    @property
    def ticks_us(self) -> int:
        """Microseconds since the venue started; never jumps."""
        return self._ticks

    def now_us(self) -> int:
        """The venue's stamp in epoch microseconds, skew included."""
        return self._start_us + self._ticks + self.offset_ms * US_PER_MS

    def now_ms(self) -> int:
        return self.now_us() // US_PER_MS

    def call_later(self, delay_us: int, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._heap, (self._ticks + max(0, delay_us), next(self._sequence), timer))
        return timer

    def advance(self, delay_us: int) -> None:
        """Move virtual time, running every timer at its own instant."""
        self._run_until(self._ticks + delay_us)

    def catch_up(self) -> None:
        """Run what is due by the real source; does nothing in virtual time or inside a timer."""
        if self._source is not None and not self._advancing:
            self._run_until(self._source() - self._origin)

    def next_due_us(self) -> int | None:
        """Delay until the next timer, or None if nothing is scheduled."""
        return max(0, self._heap[0][0] - self._ticks) if self._heap else None

    async def sleep(self, delay_us: int) -> None:
        """Wait in venue time."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay_us, lambda: None if done.done() else done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    def _run_until(self, target: int) -> None:
        self._advancing = True
        try:
            while self._heap and self._heap[0][0] <= target:
                at, _, timer = heapq.heappop(self._heap)
                self._ticks = max(self._ticks, at)
                timer.fire()
            self._ticks = max(self._ticks, target)
        finally:
            self._advancing = False
        if self.after_run is not None:
            self.after_run()
