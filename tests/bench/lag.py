"""How late the event loop wakes a sleeper: the same figure as app/adapters/host/loop_probe.py, every sample kept."""

import asyncio
import time

import psutil

PERIOD_S = 0.02


class LagSampler:
    """Lateness (ms) of ``asyncio.sleep(PERIOD_S)``, again and again; ``samples`` since the last ``clear``."""

    def __init__(self) -> None:
        self.samples: list[float] = []

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PERIOD_S)
            self.samples.append(max(time.perf_counter() - before - PERIOD_S, 0.0) * 1000)

    def clear(self) -> None:
        """Forget what was sampled."""
        self.samples = []


def cpu_s() -> float:
    """Processor seconds this process has used, all threads: the one figure a busy machine distorts little."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)
