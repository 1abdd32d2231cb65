"""How late the event loop is: the one figure that tells whether engine and screen get their turns."""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable

_log = logging.getLogger(__name__)

PERIOD_S = 0.02
KEPT = 500
#: The thread beside the loop looks so often; a loop without a turn for STARVED_S is told. Right after the start the
#: window is built, which may take longer.
LOOK_S = 0.1
STARVED_S = 1.0
GRACE_S = 10.0
_FRAMES = 12


class LoopProbe:
    """Sleeps again and again and remembers by how much it woke too late (ms)."""

    def __init__(self, beat: Callable[[str, float | None], None] = lambda name, due_s: None) -> None:
        self._beat = beat
        self._late: deque[float] = deque(maxlen=KEPT)
        #: Turns the loop has had; read by LoopWatch from its thread.
        self.turns = 0

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PERIOD_S)
            self._late.append(max(time.perf_counter() - before - PERIOD_S, 0.0) * 1000)
            self.turns += 1
            self._beat("loop-probe", STARVED_S)

    def p99_ms(self) -> float:
        """99th percentile of the lateness over the last ten seconds, milliseconds."""
        return self.quantile_ms(0.99)

    def quantile_ms(self, quantile: float) -> float:
        """Lateness that the given share of the turns did not exceed, milliseconds."""
        ordered = sorted(self._late)
        return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)] if ordered else 0.0


class LoopWatch:
    """A thread that sees when the loop gets no turn, writes down where it hangs, and tells the engine its next turn.

    It counts its own looks, not a clock: a computer that slept, or had no time for either of the two, is no hung loop.
    """

    def __init__(self, probe: LoopProbe, starved: Callable[[float], None], grace_s: float = GRACE_S) -> None:
        """``starved`` is called in the loop with the seconds it stood still."""
        self._probe = probe
        self._starved = starved
        self._grace_s = grace_s
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the running loop, which is the one of the calling thread."""
        arguments = (asyncio.get_running_loop(), threading.get_ident())
        self._thread = threading.Thread(target=self._watch, args=arguments, name="loop-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; safe when it never began."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        if self._ending.wait(self._grace_s):
            return
        turns, stood_s, told = self._probe.turns, 0.0, False
        while not self._ending.wait(LOOK_S):
            if self._probe.turns != turns:
                turns, stood_s, told = self._probe.turns, 0.0, False
                continue
            stood_s += LOOK_S
            if stood_s >= STARVED_S and not told:
                told = True
                _log.critical("the event loop has stood still for %.1f s:\n%s", stood_s, _stack_of(thread))
                if not loop.is_closed():
                    loop.call_soon_threadsafe(self._starved, stood_s)


def _stack_of(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    return "".join(traceback.format_stack(frame)[-_FRAMES:]) if frame is not None else "the thread has ended"
