"""Seconds from making the process to the first paint of MainWindow, cold and warm, measured from the outside.

Cold: no byte code at all (an empty PYTHONPYCACHEPREFIX, so the packages below site-packages are compiled too) and an
empty profile (database made and migrated, first practice exchange). Warm: the same again with what the cold start left
behind. The files stay in the page cache of the system both times: that cannot be emptied without root, so a cold start
after boot is slower by what the disk needs.
"""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.children import BenchError, environment

PATIENCE_S = 90.0
#: The language is chosen already, so that the first start asks nothing.
PREFERENCES = "[General]\nlanguage=ko\n"


def _once(home: Path, cache: Path, display: Mapping[str, str]) -> float:
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    if not (config / "screen.ini").exists():
        (config / "screen.ini").write_text(PREFERENCES, encoding="utf-8")
    env = environment(home, {**display, "PYTHONPYCACHEPREFIX": str(cache)})
    made_ns = time.monotonic_ns()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.first_paint"], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise BenchError(f"the window was not painted or the program did not end within {PATIENCE_S:.0f} s") from None
    with contextlib.suppress(ValueError, IndexError):
        return (int(output.split()[0]) - made_ns) / 1e9
    raise BenchError(f"the program ended with status {process.returncode} before it painted; its words stand above")


async def measure(scratch: Path, repeats: int, display: Mapping[str, str]) -> dict[str, object]:
    """Cold and warm starts, alternating; the figure is the median, ``*_all`` are the single ones."""
    cold: list[float] = []
    warm: list[float] = []
    for number in range(repeats):
        home, cache = scratch / f"home-{number}", scratch / f"bytecode-{number}"
        cold.append(await asyncio.to_thread(_once, home, cache, display))
        warm.append(await asyncio.to_thread(_once, home, cache, display))
    return {
        "cold_s": round(statistics.median(cold), 3),
        "warm_s": round(statistics.median(warm), 3),
        "cold_all_s": [round(value, 3) for value in cold],
        "warm_all_s": [round(value, 3) for value in warm],
        "note": "page cache of the system not emptied; cold = no byte code anywhere and an empty profile",
    }
