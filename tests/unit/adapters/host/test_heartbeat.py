"""Running, hung, stopped: told by the beat and the process, by no clock."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest

from app.adapters.host import heartbeat
from app.adapters.host.heartbeat import FILE_NAME, Beat, Heartbeat, Vital, examine, is_alive, read_beat

ME, BORN = os.getpid(), psutil.Process().create_time()


def leave(folder: Path, **changes: object) -> Beat:
    beat = msgspec.structs.replace(Beat(ME, BORN, 3, "practice", 7), **changes)
    (folder / FILE_NAME).write_bytes(msgspec.json.encode(beat))
    return beat


async def test_it_beats_until_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "PERIOD_S", 0.01)
    heart = Heartbeat(tmp_path, 3, "practice")
    task = asyncio.create_task(heart.run())
    while (beat := read_beat(tmp_path)) is None or beat.count < 3:  # noqa: ASYNC110 - a file, not a task
        await asyncio.sleep(0.01)
    assert (beat.pid, beat.run, beat.mode) == (ME, 3, "practice")
    task.cancel()
    await asyncio.wait([task])
    heart.end()
    assert read_beat(tmp_path) is None
    heart.end()


def test_no_beat_or_no_process_is_stopped(tmp_path: Path) -> None:
    assert examine(tmp_path) is Vital.STOPPED
    leave(tmp_path, pid=2**22 + 1)
    assert examine(tmp_path) is Vital.STOPPED
    leave(tmp_path, born=BORN - 100)  # the number belongs to another process now
    assert examine(tmp_path) is Vital.STOPPED and not is_alive(ME, BORN - 100)
    (tmp_path / FILE_NAME).write_text("{")
    assert examine(tmp_path) is Vital.STOPPED


@pytest.mark.parametrize(
    ("meanwhile", "found"),
    [
        (lambda folder: leave(folder, count=8), Vital.RUNNING),
        (lambda folder: None, Vital.HUNG),
        (lambda folder: (folder / FILE_NAME).unlink(missing_ok=True), Vital.STOPPED),
    ],
)
def test_a_beat_that_goes_on_is_a_life(tmp_path: Path, meanwhile: Callable[[Path], object], found: Vital) -> None:
    leave(tmp_path)
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        meanwhile(tmp_path)

    assert examine(tmp_path, 4.0, sleep) is found
    assert sum(waited) == pytest.approx(4.0) or found is not Vital.HUNG
