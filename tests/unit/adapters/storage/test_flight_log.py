"""Writing a flight log: private, never over another file, and trouble ends the recording, not the trading."""

import asyncio
import logging
import os
import stat
from pathlib import Path
from typing import get_args

import pytest

from app.adapters.storage import flight_log
from app.adapters.storage.flight_log import DecisionStream, FlightLogWriter, WatchedIds
from app.adapters.storage.flight_reader import FlightLog
from app.domain.errors import InvalidInputError, StorageError
from app.domain.flight import FlightEnd, FlightNote
from app.domain.messages import AlertRaised, Message, TimePassed
from tests.unit.engine.playbook import START, StoryIds
from tests.unit.lab.flight_story import HEADER


def writer_on(path: Path) -> FlightLogWriter:
    return FlightLogWriter(path, HEADER, StoryIds())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flight.log"


async def test_what_is_written_is_read_back(path: Path) -> None:
    writer = writer_on(path)
    writer.noted("hello", START)
    writer.handled(TimePassed(), START, [AlertRaised("a", "b")])
    await writer.close()
    entries = dict(FlightLog(path))
    assert entries[1] == HEADER and entries[2] == FlightNote(START, "hello")
    assert entries[4] == FlightEnd(1, 1, writer.stream.hash)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
async def test_the_file_belongs_to_its_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        writer = writer_on(path)
    finally:
        os.umask(before)
    await writer.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_recording_never_overwrites(path: Path) -> None:
    path.write_text("precious")
    with pytest.raises(InvalidInputError, match="name a new file"):
        writer_on(path)
    assert path.read_text() == "precious"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be created"):
        writer_on(tmp_path / "no" / "flight.log")


async def test_entries_reach_the_file_while_the_flight_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight_log, "FLUSH_S", 0.001)
    writer = writer_on(path)
    writing = asyncio.create_task(writer.run())
    writer.noted("on its way", START)
    for _ in range(2000):
        if path.read_bytes().count(b"\n") == 2:
            break
        await asyncio.sleep(0.001)
    assert len(dict(FlightLog(path))) == 2
    writing.cancel()
    await asyncio.wait([writing])
    await writer.close()
    assert len(dict(FlightLog(path))) == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_full_disk_ends_the_recording_and_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: Path
) -> None:
    monkeypatch.setattr(flight_log, "FLUSH_S", 0)
    writer = writer_on(path)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, writer._file.fileno())
    os.close(full)
    with pytest.raises(StorageError, match="ended early"):
        await writer.run()
    writer.handled(TimePassed(), START, [])  # the engine goes on and does not notice
    await writer.close()
    assert "not recorded any more" in caplog.text


async def test_a_disk_that_does_not_keep_up_cannot_fill_the_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(flight_log, "MOST_WAITING", 2000)
    writer = writer_on(path)
    for _ in range(100):
        writer.noted("x" * 100, START)
    assert len(writer._waiting) == 0 and "does not keep up" in caplog.text
    await writer.close()


async def test_what_cannot_be_written_ends_the_recording_and_raises_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = writer_on(path)
    with caplog.at_level(logging.ERROR):
        writer.handled(TimePassed(), START, [AlertRaised("a", "broken \ud800")])
    writer.noted("later", START)
    await writer.close()
    assert len(dict(FlightLog(path))) == 1 and "cannot be encoded" in caplog.text


def test_the_stream_knows_where_a_step_ends() -> None:
    one, other = DecisionStream(), DecisionStream()
    alerts = [AlertRaised("a", ""), AlertRaised("b", "")]
    assert one.take(alerts) and one.take([]) == ""
    assert [other.take([alert]) for alert in alerts] != [""] * 2
    assert one.count == other.count == 2 and one.hash != other.hash


def test_the_stream_tells_answers_apart() -> None:
    stream = DecisionStream()
    assert stream.take_answer(None) != stream.take_answer("no") and stream.count == 2


def test_watched_ids_are_taken_once() -> None:
    ids = WatchedIds(StoryIds())
    drawn = (ids.position_id(), ids.order_id(), ids.run_id())
    assert ids.take() == drawn == ("position-1", "order-1", "run-1")
    assert ids.take() == ()
    answers = [ids.owns(name) for name in ("order-1", None)]
    assert ids.take() == tuple(map(str, answers)) and answers[1] is False


def test_no_kind_of_message_is_called_like_an_own_entry() -> None:
    assert not {kind.__name__ for kind in get_args(Message)} & set(flight_log._OWN_KINDS.values())
