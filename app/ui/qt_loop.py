"""The asyncio loop of the program: qasync's loop with exact timers and a guard against nested event loops.

Stock qasync gives every ``call_later`` its own coarse Qt timer, which stays alive after it was cancelled. Here one
precise Qt timer serves a queue of ready handles and a heap of waiting ones. Handles run until none is ready or their
slice of time is over; then Qt paints and reads sockets.
"""

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

#: Longest wait that is given to Qt at once (its timers count milliseconds in 32 bits).
LONGEST_MS = 86_400_000
#: Cancelled timers are swept out when there are more than this and they are the majority.
SWEEP_ABOVE = 64
#: While a nested event loop holds us up, we look this often whether it is over.
HELD_MS = 50
#: So long ready callbacks run on before Qt gets its turn: a chain of awaits does not wait for a paint at every hop.
SLICE_S = 0.004


class _Waker(QObject):
    """Carries a wake-up from any thread into the thread of the loop."""

    woken = Signal()


class _Timer(asyncio.TimerHandle):
    """A timer that knows whether it still lies in the heap."""

    __slots__ = ("in_heap",)
    in_heap: bool


class QtLoop(QEventLoop):  # type: ignore[misc]
    """Run it with ``asyncio.Runner(loop_factory=lambda: QtLoop(app))``.

    A nested event loop inside a coroutine pauses all tasks until it ends, instead of ending them for good as stock
    qasync does; ``nested_loops`` counts how often that happened and ``on_nested_loop`` is told.
    """

    def __init__(self, app: QApplication) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._waiting: list[_Timer] = []
        self._dead = 0
        self._due_at: float | None = None
        self._held = False
        self.nested_loops = 0
        self.on_nested_loop: Callable[[], None] = lambda: None
        self._pulse = QTimer()
        self._pulse.setSingleShot(True)
        self._pulse.setTimerType(Qt.TimerType.PreciseTimer)
        self._pulse.timeout.connect(self._run_ready)
        self._waker = _Waker()
        self._waker.woken.connect(self._arm, Qt.ConnectionType.QueuedConnection)
        super().__init__(app)

    # ---- asyncio's doors ----------------------------------------------------------------------------------------

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Run ``callback`` on the next turn, after everything that was asked for before it."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """The same from any thread."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        self._waker.woken.emit()
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run ``callback`` after ``delay`` seconds, never earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run ``callback`` at ``when`` of ``time()``."""
        self._check_closed()
        handle = _Timer(when, callback, args, self, context)
        heapq.heappush(self._waiting, handle)
        handle.in_heap = True
        if self._due_at is None or when < self._due_at:
            self._arm()
        return handle

    def run_forever(self) -> object:
        """Run until ``stop``; what was asked for before runs first."""
        self._due_at = None
        self._arm()
        return super().run_forever()

    def close(self) -> None:
        """Forget what waits and let go of Qt. The loop cannot be used again."""
        if self.is_running() or self.is_closed():
            super().close()
            return
        self._pulse.stop()
        self._soon.clear()
        self._waiting.clear()
        super().close()

    @property
    def waiting_timers(self) -> int:
        """Timers in the heap, dead ones that were not swept yet included."""
        return len(self._waiting)

    # ---- doors qasync and asyncio use ---------------------------------------------------------------------------

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        self._soon.append(handle)
        if self._due_at != 0.0:
            self._arm()
        return handle

    def _timer_handle_cancelled(self, handle: _Timer) -> None:
        if not handle.in_heap:
            return  # it has fired already and lies no longer in the heap
        self._dead += 1
        if self._dead <= SWEEP_ABOVE or self._dead * 2 <= len(self._waiting):
            return
        for dead in self._waiting:
            if dead.cancelled():
                dead.in_heap = False
        # In place: a running batch may hold the same list.
        self._waiting[:] = [waiting for waiting in self._waiting if not waiting.cancelled()]
        heapq.heapify(self._waiting)
        self._dead = 0

    # ---- the pulse ----------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        """Start the one timer for the earliest thing to do."""
        if self.is_closed():
            return
        if self._held:
            if not self._pulse.isActive():
                self._pulse.start(HELD_MS)
            return
        if self._soon:
            if self._due_at != 0.0:
                self._due_at = 0.0
                self._pulse.start(0)
            return
        while self._waiting and self._waiting[0].cancelled():
            heapq.heappop(self._waiting).in_heap = False
            self._dead -= 1
        if not self._waiting:
            self._due_at = None
            self._pulse.stop()
            return
        when = self._waiting[0].when()
        if when != self._due_at:
            self._due_at = when
            milliseconds = math.ceil(max(when - self.time(), 0.0) * 1000)
            self._pulse.start(min(milliseconds, LONGEST_MS))

    def _run_ready(self) -> None:
        self._due_at = None
        if not self.is_running():
            return  # between two runs; ``run_forever`` starts the timer again
        if asyncio.current_task(self) is not None:
            self._hold()
            return
        self._held = False
        now = self.time()
        until = now + SLICE_S
        self._take_due(now)
        # Armed before the handles run: one of them may open a nested event loop outside of any task.
        self._arm()
        batch = len(self._soon)
        while self._soon:  # a nested event loop may run what is left of it
            handle = self._soon.popleft()
            if not handle.cancelled():
                handle._run()
            batch -= 1
            now = self.time()
            if batch > 0:
                if now >= until and self.is_running():
                    break
                continue
            # The batch is over, which is where asyncio takes new timers in, and where ``stop`` takes effect.
            if now >= until or not self.is_running():
                break
            self._take_due(now)
            batch = len(self._soon)
        self._due_at = None
        self._arm()

    def _take_due(self, now: float) -> None:
        """Put the timers that are due behind what is ready already."""
        while self._waiting and self._waiting[0].when() <= now:
            timer = heapq.heappop(self._waiting)
            timer.in_heap = False
            if timer.cancelled():
                self._dead -= 1
            else:
                self._soon.append(timer)

    def _hold(self) -> None:
        """Somebody runs a nested event loop inside a coroutine: no task can run before that is over."""
        if not self._held:
            self._held = True
            self.nested_loops += 1
            self.on_nested_loop()
        self._pulse.start(HELD_MS)
