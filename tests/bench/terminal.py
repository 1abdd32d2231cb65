"""The terminal as it is measured: built and started by app.bootstrap, against the rig, in a process of its own.

Differences to a real start, all of them here: the limits of the account are wide open (settings file), and the rate
limiter gets 1,000 calls per second and group through its constructor, because Upbit's 12 orders per second would cap
the number of samples. Journal (SQLite, WAL, FULL), gate, executor, REST and WebSocket adapters are the real ones.
"""

import argparse
import asyncio
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import bootstrap, reach
from app.adapters.files.profile import Profile, find_profile
from app.adapters.host.log_files import start_logging
from app.adapters.net.rate_limiter import PriorityRateLimiter, RateLimit
from app.adapters.upbit import calls
from tests.bench.driver import Driver

CALLS_PER_S = 1000
SETTINGS = """[limits]
max_positions = 1000
max_position_value = 1000000000
max_orders_per_minute = 1000000
max_queued_entries = 1000
max_daily_entries = 0
max_daily_value = 0
stale_price_s = 60.0
daily_loss_ratio = 1.0
total_loss_ratio = 1.0
"""


def bench_profile() -> Profile:
    """Profile below GWANJE_HOME with limits that stop nothing."""
    profile = find_profile()
    profile.settings_file.write_text(SETTINGS, encoding="utf-8")
    return profile


@contextmanager
def raised_limits() -> Iterator[None]:
    """Whatever bootstrap builds in this block gets a limiter that never waits."""
    client = getattr(reach, "UpbitRestApiClient")  # noqa: B009
    limiter = PriorityRateLimiter(dict.fromkeys(calls.LIMITS, (RateLimit(CALLS_PER_S, 1),)))
    setattr(reach, "UpbitRestApiClient", functools.partial(client, limiter=limiter))  # noqa: B010
    try:
        yield
    finally:
        setattr(reach, "UpbitRestApiClient", client)  # noqa: B010


async def _headless(address: Path) -> None:
    profile = bench_profile()
    stop_logging = start_logging(profile.logs, ())
    with raised_limits():
        terminal = await bootstrap.open_terminal(bootstrap.StartOptions(attach=address), profile)
    terminal.start()
    driver = Driver(terminal.engine.post, terminal.bus, terminal.watch_market)
    try:
        await driver.run()
    finally:
        await terminal.close()
        stop_logging()


def main() -> None:
    """Run one measured terminal; ``--cprofile`` writes where its time went."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.terminal")
    parser.add_argument("--address", type=Path, required=True)
    parser.add_argument("--window", action="store_true")
    parser.add_argument("--cprofile", type=Path)
    options = parser.parse_args()

    def run() -> None:
        if options.window:
            from tests.bench.window import run_window

            run_window(options.address)
        else:
            asyncio.run(_headless(options.address))

    if options.cprofile is None:
        run()
        return
    import cProfile

    profiler = cProfile.Profile()
    try:
        profiler.runcall(run)
    finally:
        profiler.dump_stats(options.cprofile)


if __name__ == "__main__":
    main()
