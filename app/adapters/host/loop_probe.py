"""How late the event loop is: the one figure that tells whether engine and screen get their turns."""

import asyncio
import time
from collections import deque

PERIOD_S = 0.02
KEPT = 500


class LoopProbe:
    """Sleeps again and again and remembers by how much it woke too late (ms)."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=KEPT)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PERIOD_S)
            self._late.append(max(time.perf_counter() - before - PERIOD_S, 0.0) * 1000)

    def p99_ms(self) -> float:
        """99th percentile of the lateness over the last ten seconds, milliseconds."""
        return self.quantile_ms(0.99)

    def quantile_ms(self, quantile: float) -> float:
        """Lateness that the given share of the turns did not exceed, milliseconds."""
        ordered = sorted(self._late)
        return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)] if ordered else 0.0
