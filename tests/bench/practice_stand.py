"""The practice exchange as a child of the bench, with a stop watch at its rate limiter.

``python -m tests.bench.practice_stand`` prints the address line and answers ``report``: when each call of the group
``order`` was counted (time.monotonic_ns), and how many were refused with 429 or 418. The limits are the real ones;
``--open`` lifts them, for measuring one order after the other.
"""

import argparse
import asyncio
import dataclasses
import time
from decimal import Decimal
from typing import Any

from app.practice import rate_limits
from app.practice.rate_limits import RateLimits
from app.practice.server import PracticeServer
from app.practice.settings import Settings
from app.practice.venue_errors import VenueError
from tests.bench.line_control import listen, say

CASH = Decimal(1_000_000_000)
OPEN_CALLS = 100_000


class Watch:
    """Stands in front of ``RateLimits.take``."""

    def __init__(self) -> None:
        self.counted_ns: list[int] = []
        self.refused = 0
        self._take = RateLimits.take

    def install(self) -> None:
        """Every limiter made from now on is watched."""
        watch = self

        def take(limits: RateLimits, group: str) -> None:
            now = time.monotonic_ns()
            try:
                watch._take(limits, group)
            except VenueError:
                watch.refused += 1
                raise
            if group == "order":
                watch.counted_ns.append(now)

        RateLimits.take = take  # type: ignore[method-assign]

    def command(self, line: dict[str, Any]) -> dict[str, Any]:
        """mark (forget) or report."""
        if line["do"] == "mark":
            self.counted_ns.clear()
            self.refused = 0
            return {"ok": True}
        return {"counted_ns": self.counted_ns, "refused": self.refused}


async def _main(seed: int, lifted: bool) -> None:
    watch = Watch()
    watch.install()
    if lifted:
        rate_limits.GROUPS.update({name: (OPEN_CALLS, seconds) for name, (_, seconds) in rate_limits.GROUPS.items()})
    server = PracticeServer(Settings(seed=seed, cash=CASH))
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    say(dataclasses.asdict(await server.start()))
    listen(lambda line: say(watch.command(line)), lambda: over.set_result(None))
    await over
    await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.practice_stand")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--open", action="store_true", help="lift the rate limits")
    options = parser.parse_args()
    asyncio.run(_main(options.seed, options.open))
