"""Resident memory of the terminal with its window while 1,000 messages a second come in and it trades now and then."""

import asyncio
import time
from pathlib import Path

import psutil

from tests.bench.runs import Bench, Setting

RATE = 1000
#: One round trip every five seconds: a busy person's strategies, not a load test of the order books.
STOPS_PER_S = 0.2
SAMPLE_S = 10.0


async def measure(scratch: Path, minutes: float, display: dict[str, str]) -> dict[str, object]:
    """RSS (MiB, psutil) when every market is held, then every ten seconds until ``minutes`` are over."""
    bench = await Bench.open(Setting("window", RATE, minutes * 60, STOPS_PER_S, 1, display), scratch)
    try:
        await bench.mark()
        process = psutil.Process(bench.tested.pid)
        started = time.monotonic()
        course = [(0.0, _rss(process))]
        while (left := minutes * 60 - (time.monotonic() - started)) > 0:
            await asyncio.sleep(min(SAMPLE_S, left))
            course.append((time.monotonic() - started, _rss(process)))
        report = await bench.report()
    finally:
        await bench.close()
    half = course[len(course) // 2 :]
    slope = (half[-1][1] - half[0][1]) / (half[-1][0] - half[0][0]) * 60 if half[-1][0] > half[0][0] else 0.0
    return {
        "after_start": round(course[0][1], 1),
        f"after_{minutes:g}_minutes": round(course[-1][1], 1),
        "highest": round(max(rss for _, rss in course), 1),
        "growth_per_minute_second_half": round(slope, 3),
        "minutes": minutes,
        "messages_per_s": round(report["tested"]["messages"] / report["tested"]["seconds"], 1),
        "wanted_per_s": RATE,
        "round_trips": report["tested"]["closed"],
        "course": [[round(at), round(rss, 1)] for at, rss in course],
    }


def _rss(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 2**20)
