"""One measured run: a fresh rig, a fresh process under test, warm-up, the window of measurement, the late orders."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.children import ROOT, START_PATIENCE_S, BenchError, Child, environment

WARM_UP_S = 3.0
#: Frames per second while positions are opened: the gate wants books before it lets anything through.
OPENING_RATE = 300
READY_PATIENCE_S = 60.0
LATE_ORDERS_S = 5.0
TESTED = {
    "floor": ("tests.bench.floor", ()),
    "no_window": ("tests.bench.terminal", ()),
    "window": ("tests.bench.terminal", ("--window",)),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What to run and for how long; ``display`` is the environment of a window."""

    tested: str
    rate: int
    seconds: float
    stops_per_s: float
    seed: int
    display: Mapping[str, str] = field(default_factory=dict)
    profile: Path | None = None


class Bench:
    """A rig with one process under test."""

    def __init__(self, rig: Child, tested: Child) -> None:
        self.rig = rig
        self.tested = tested

    @classmethod
    async def open(cls, setting: Setting, scratch: Path) -> "Bench":
        """Start both and wait until every market is held."""
        scratch.mkdir(parents=True)
        limit_s = str(setting.seconds + 300)
        rig_arguments = ("--seed", str(setting.seed), "--max-seconds", limit_s)
        rig = await Child.start("tests.bench.rig", rig_arguments, environment(scratch))
        try:
            address = scratch / "rig.json"
            address.write_text(json.dumps(await rig.line(START_PATIENCE_S)), encoding="utf-8")
            await rig.ask("feed", rate=OPENING_RATE)
            module, arguments = TESTED[setting.tested]
            words = ["--address", str(address), *arguments]
            if setting.profile is not None and setting.tested != "floor":
                words += ["--cprofile", str(setting.profile / f"{setting.tested}-{setting.rate}.prof")]
            tested = await Child.start(module, words, environment(scratch, setting.display))
        except BaseException:
            await rig.end()
            raise
        bench = cls(rig, tested)
        try:
            await tested.line(READY_PATIENCE_S)
            await rig.ask("feed", rate=setting.rate)
            await rig.ask("stops", per_s=setting.stops_per_s)
        except BaseException:
            await bench.close()
            raise
        return bench

    async def mark(self) -> None:
        """From here on it counts."""
        await self.rig.ask("mark")
        await self.tested.ask("mark")

    async def report(self) -> dict[str, Any]:
        """What both sides counted since ``mark``, and the samples of orders that come in a little later."""
        tested = await self.tested.ask("report")
        rig = await self.rig.ask("report")
        await self.rig.ask("stops", per_s=0)
        deadline = time.monotonic() + LATE_ORDERS_S
        late = await self.rig.ask("report")
        while late["pending"] and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
            late = await self.rig.ask("report")
        counted = {
            name: late[name] for name in ("samples_us", "stops", "lost", "pending", "unasked_sells", "duplicates")
        }
        return {"tested": tested, "rig": {**rig, **counted}}

    async def close(self) -> None:
        """End both."""
        await self.tested.end()
        await self.rig.end()


async def measure(setting: Setting, scratch: Path) -> dict[str, Any]:
    """One run from start to end.

    Raises:
        BenchError: a process ended or did not answer.
    """
    bench = await Bench.open(setting, scratch)
    try:
        await asyncio.sleep(WARM_UP_S)
        await bench.mark()
        await asyncio.sleep(setting.seconds)
        return await bench.report()
    except (ConnectionError, OSError) as error:
        raise BenchError(f"{setting.tested} at {setting.rate}/s: {error}") from error
    finally:
        await bench.close()


__all__ = ["ROOT", "Bench", "Setting", "measure"]
