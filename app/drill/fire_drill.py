"""The fire drill as the screen asks for it: in the background, one at a time, in a bounded time, written down."""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.adapters.host.code_version import code_version
from app.adapters.host.practice_process import PracticeProcess
from app.adapters.storage.database import Database, sqlite_url
from app.domain.drill import DrillEnded, DrillMoved, DrillProgress, DrillRecord, DrillStep, DrillVerdict
from app.domain.errors import StorageError, VenueError
from app.domain.limits import TradingLimits
from app.domain.ports import Clock
from app.domain.slippage import short_ratio
from app.drill.scene import DrillScene, copy_scene, recording_of, sample_scene
from app.drill.stand import DrillStand, judge
from app.engine.event_bus import EventBus
from app.engine.trading_core import TradingCore

_log = logging.getLogger(__name__)

#: From the first step to the verdict, seconds.
PATIENCE_S = 240.0
#: How often the progress is told at most, seconds.
TELL_EVERY_S = 0.1
RECORDING = "books.jsonl"


@dataclass(frozen=True, slots=True)
class DrillTools:
    """What a drill takes from the terminal: to look at (``core``), and to tell (``bus``, ``write``).

    ``write`` makes the record durable. Nothing of the terminal that sends is among them.
    """

    core: TradingCore
    clock: Clock
    limits: TradingLimits
    bus: EventBus
    write: Callable[[DrillEnded, datetime], None]
    spawn: Callable[[Coroutine[object, object, None], str], object]


class FireDrill:
    """Runs drills; ``start`` is the door of the screen."""

    def __init__(self, tools: DrillTools) -> None:
        self._tools = tools
        self._running = False
        self._told: tuple[DrillStep, int] | None = None
        self._told_s = 0.0

    @property
    def is_running(self) -> bool:
        """True from the start to the record."""
        return self._running

    def start(self, sample: bool) -> bool:
        """Begin on a copy of the positions, or on made-up ones. False when one runs, or there is nothing to copy."""
        now = self._tools.clock.now()
        scene = sample_scene(now) if sample else copy_scene(self._tools.core, now)
        if self._running or not scene.positions:
            return False
        self._running = True
        self._told = None
        self._tools.spawn(self._drill(scene, now), "fire-drill")
        return True

    async def _drill(self, scene: DrillScene, began: datetime) -> None:
        try:
            code = await asyncio.to_thread(code_version)
            record = await self._recorded(scene, began, code)
        finally:
            self._running = False
        ended = DrillEnded(record)
        try:
            self._tools.write(ended, self._tools.clock.now())
        except StorageError as error:
            _log.warning("the drill of %s could not be written down: %s", began, error)
        self._tools.bus.publish(ended)

    async def _recorded(self, scene: DrillScene, began: datetime, code: str) -> DrillRecord:
        """Whatever happens, a record of it."""
        blank = DrillRecord(
            f"drill-{began:%Y%m%d-%H%M%S-%f}", began, code, len(scene.positions), scene.sample, DrillVerdict.BROKEN
        )
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._result(scene, blank)
        except TimeoutError:
            return replace(blank, verdict=DrillVerdict.UNFINISHED, detail=f"not over after {PATIENCE_S:.0f} s")
        except (VenueError, StorageError, OSError) as error:
            return replace(blank, detail=str(error))

    async def _result(self, scene: DrillScene, blank: DrillRecord) -> DrillRecord:
        self._tell(DrillProgress(DrillStep.OPENING, 0.0))
        with tempfile.TemporaryDirectory(prefix="gwanje-drill-") as name:
            folder = Path(name)
            await asyncio.to_thread((folder / RECORDING).write_bytes, recording_of(scene.books))
            process = PracticeProcess(["--venue", "upbit", "--cash", "0", "--replay", str(folder / RECORDING)])
            address = await process.start(os.getpid())
            try:
                database = Database(sqlite_url(folder))
                stand = DrillStand(address, database, self._tools.clock, self._tools.limits, scene)
                outcome = await stand.run(self._tell)
            finally:
                await process.stop()
        verdict, detail = judge(scene, outcome)
        run = outcome.run
        return replace(
            blank,
            verdict=verdict,
            card=outcome.card,
            took_s=outcome.took_s,
            slippage=None if run is None or run.slippage is None else short_ratio(run.slippage),
            left=() if run is None else run.left,
            detail=detail,
        )

    def _tell(self, progress: DrillProgress) -> None:
        seen = (progress.step, progress.done)
        if seen != self._told or progress.elapsed_s - self._told_s >= TELL_EVERY_S:
            self._told, self._told_s = seen, progress.elapsed_s
            self._tools.bus.publish(DrillMoved(progress))
