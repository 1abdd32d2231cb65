"""The door of the screen: one drill at a time, always a record, nothing of the terminal is used but to look."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import pytest

from app.domain.drill import DrillEnded, DrillVerdict
from app.domain.errors import StorageError, VenueUnavailableError
from app.domain.limits import TradingLimits
from app.domain.messages import Event
from app.drill import fire_drill
from app.drill.fire_drill import DrillTools, FireDrill
from app.engine.event_bus import EventBus
from tests.unit.engine.playbook import BTC, Playbook
from tests.unit.engine.stage import StillClock


class Deaf:
    """An exchange that does not start."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    async def start(self, parent_pid: int) -> None:
        raise VenueUnavailableError("practice", "cannot be started")


class Stage:
    def __init__(self) -> None:
        self.play = Playbook().ready()
        self.events: list[Event] = []
        self.written: list[DrillEnded] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.full_disk = False
        bus = EventBus()
        bus.subscribe(self.events.append)
        clock = StillClock()
        self.drill = FireDrill(DrillTools(self.play.core, clock, TradingLimits(), bus, self.write, self.spawn))

    def write(self, event: DrillEnded, now: datetime) -> None:
        if self.full_disk:
            raise StorageError("disk full")
        self.written.append(event)

    def spawn(self, coro: Coroutine[Any, Any, None], name: str) -> object:
        self.tasks.append(asyncio.get_running_loop().create_task(coro, name=name))
        return self.tasks[-1]

    async def end(self) -> DrillEnded:
        await asyncio.gather(*self.tasks)
        return next(event for event in self.events if isinstance(event, DrillEnded))


@pytest.fixture(autouse=True)
def _no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fire_drill, "PracticeProcess", Deaf)


async def test_without_positions_only_a_sample_can_be_drilled() -> None:
    stage = Stage()
    assert not stage.drill.start(sample=False)
    assert stage.drill.start(sample=True) and stage.drill.is_running
    assert not stage.drill.start(sample=True), "one at a time"
    assert (await stage.end()).drill.sample and not stage.drill.is_running


async def test_a_drill_that_cannot_be_run_is_written_down_as_such() -> None:
    stage = Stage()
    stage.play.holding(BTC)
    before = dict(stage.play.core.positions.positions)
    assert stage.drill.start(sample=False)
    record = (await stage.end()).drill
    assert (record.verdict, record.positions, record.sample) == (DrillVerdict.BROKEN, 1, False)
    assert "cannot be started" in record.detail and stage.written == [DrillEnded(record)]
    assert stage.play.core.positions.positions == before and stage.play.core.emergency.run is None


async def test_a_full_disk_does_not_keep_the_verdict_from_the_screen(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.full_disk = True
    stage.drill.start(sample=True)
    assert (await stage.end()).drill.verdict is DrillVerdict.BROKEN and stage.written == []
    assert "could not be written down" in caplog.text
    caplog.clear()
