"""A mark is in three places before anything leaves; trouble in one place keeps it out of no other."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillMarked, KillReading, NoMark
from app.domain.messages import EngineStopped
from app.engine import kill_recorder
from app.engine.kill_recorder import KillRecorder
from app.engine.task_supervisor import TaskSupervisor
from tests.unit.engine.playbook import START
from tests.unit.engine.stage import GatedJournal, settle

MARK = KillMark(3, True, "a person", START, 2, True)


@dataclass
class Shelf:
    """A KillStore whose door is open, shut or broken."""

    name: str
    kept: list[KillMark] = field(default_factory=list)
    broken: bool = False

    def __post_init__(self) -> None:
        self.door = asyncio.Event()
        self.door.set()

    async def read(self) -> KillReading:
        return self.kept[-1] if self.kept else NoMark.MISSING

    async def write(self, mark: KillMark) -> None:
        await self.door.wait()
        if self.broken:
            raise StorageError("disk full")
        self.kept.append(mark)


@dataclass
class Rig:
    journal: GatedJournal = field(default_factory=GatedJournal)
    failed: list[tuple[KillMark, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file, self.ring = Shelf("stop file"), Shelf("keyring")
        supervisor = TaskSupervisor(lambda name, error: None)
        self.recorder = KillRecorder(
            self.journal,
            (self.file, self.ring),
            supervisor.spawn,
            lambda mark, words: self.failed.append((mark, words)),
        )


async def test_durable_waits_for_all_three() -> None:
    rig = Rig()
    rig.ring.door.clear()
    rig.recorder.append(KillMarked(MARK), START)
    waiting = asyncio.ensure_future(rig.recorder.durable())
    await settle()
    assert rig.file.kept == [MARK] and not waiting.done()
    rig.ring.door.set()
    await waiting
    assert rig.ring.kept == [MARK] and rig.failed == []


async def test_the_journal_comes_first() -> None:
    rig = Rig()
    rig.journal.gate.clear()
    rig.recorder.append(KillMarked(MARK), START)
    await settle()
    assert rig.file.kept == []
    rig.journal.gate.set()
    await rig.recorder.drained()
    assert rig.journal.events == [KillMarked(MARK)] and rig.file.kept == rig.ring.kept == [MARK]


async def test_a_journal_that_failed_keeps_the_mark_out_of_no_other_place() -> None:
    rig = Rig()
    rig.journal.broken = True
    with pytest.raises(StorageError):
        rig.recorder.append(KillMarked(MARK), START)
    await rig.recorder.drained()
    assert rig.file.kept == rig.ring.kept == [MARK]
    ((mark, words),) = rig.failed
    assert mark == MARK and "journal: disk full" in words


async def test_a_journal_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    monkeypatch.setattr(kill_recorder, "JOURNAL_PATIENCE_S", 0.02)
    rig.journal.gate.clear()
    rig.recorder.append(KillMarked(MARK), START)
    await rig.recorder.drained()
    assert rig.file.kept == rig.ring.kept == [MARK] and "no answer" in rig.failed[0][1]


async def test_each_place_that_failed_is_named() -> None:
    rig = Rig()
    rig.file.broken = rig.ring.broken = True
    rig.recorder.append(KillMarked(MARK), START)
    await rig.recorder.durable()
    assert rig.failed == [(MARK, "stop file: disk full; keyring: disk full")]


async def test_marks_are_kept_in_order() -> None:
    rig, second = Rig(), replace(MARK, epoch=4)
    rig.recorder.append(KillMarked(MARK), START)
    rig.recorder.append(KillMarked(second), START)
    await rig.recorder.durable()
    assert rig.file.kept == rig.ring.kept == [MARK, second]


async def test_other_events_concern_the_journal_only() -> None:
    rig = Rig()
    rig.recorder.append(EngineStopped(2), START)
    await rig.recorder.durable()
    assert rig.journal.events == [EngineStopped(2)] and rig.file.kept == []
