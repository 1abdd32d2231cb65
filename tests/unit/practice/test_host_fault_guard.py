"""The guard itself: a fault begins, is seen in a real process, and is taken back whatever happens."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.practice import host_fault_guard
from app.practice.host_fault_guard import CannotDo, hold
from tests.unit.practice.victim_kit import Victim, victim

linux = pytest.mark.skipif(sys.platform != "linux", reason="sets limits of another process")
posix = pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a signal")


@contextmanager
def guard(name: str, pid: int = 0, path: str = "", seconds: float = 30.0) -> Iterator[subprocess.Popen[str]]:
    order = json.dumps({"name": name, "pid": pid, "path": path, "seconds": seconds})
    arguments = [sys.executable, "-I", host_fault_guard.__file__, order]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.communicate(timeout=10)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@posix
def test_a_suspended_process_goes_on_when_the_parent_of_the_guard_ends(tmp_path: Path) -> None:
    with victim(tmp_path) as found:
        with guard("suspend", found.pid) as process:
            assert said(process) == "on"
            assert not found.lives()
        assert found.lives()


@posix
def test_a_guard_that_is_told_to_end_lets_go(tmp_path: Path) -> None:
    with victim(tmp_path) as found, guard("suspend", found.pid) as process:
        assert said(process) == "on"
        process.send_signal(signal.SIGTERM)
        process.wait(5)
        assert found.lives()


@posix
def test_a_suspension_ends_by_itself(tmp_path: Path) -> None:
    with victim(tmp_path) as found, guard("suspend", found.pid, seconds=0.4) as process:
        assert said(process) == "on"
        assert found.lives(5.0)
        assert process.wait(5) == 0


@posix
def test_a_stalled_process_lives_in_between(tmp_path: Path) -> None:
    with victim(tmp_path) as found, guard("loop_stall", found.pid, seconds=2.0) as process:
        assert said(process) == "on"
        stood = _longest_pause(found, 1.8)
        assert 0.35 < stood < 1.0
        assert process.wait(5) == 0
        assert found.lives()


def _longest_pause(found: Victim, seconds: float) -> float:
    longest, seen, since = 0.0, found.beats(), time.monotonic()
    end = since + seconds
    while (now := time.monotonic()) < end:
        if found.beats() != seen:
            seen, since = found.beats(), now
        longest = max(longest, now - since)
        time.sleep(0.01)
    return longest


@linux
def test_on_a_full_disk_files_keep_their_size(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    with victim(tmp_path, beats=False) as found:
        assert found.append(file) == "written"
        with guard("disk_full", found.pid, str(file)) as process:
            assert said(process) == "on"
            assert found.append(file) == "errno 27"
            assert found.append(tmp_path / "small") == "written"
            assert file.stat().st_size == 100
        assert found.append(file) == "written"


@linux
def test_a_database_is_limited_to_its_write_ahead_log(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"x" * 5000)
    (tmp_path / "db-wal").write_bytes(b"x" * 100)
    with victim(tmp_path, beats=False) as found, guard("disk_full", found.pid, str(tmp_path / "db")) as process:
        assert said(process) == "on"
        assert found.append(tmp_path / "db-wal") == "errno 27"


@linux
def test_with_io_errors_nothing_can_be_written(tmp_path: Path) -> None:
    with victim(tmp_path, beats=False) as found:
        with guard("io_error", found.pid, seconds=30) as process:
            assert said(process) == "on"
            assert found.append(tmp_path / "any") == "errno 27"
        assert found.append(tmp_path / "any") == "written"


def test_a_locked_database_can_be_read_but_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a b#c.sqlite"
    database = sqlite3.connect(path, timeout=0.05, isolation_level=None)
    database.execute("CREATE TABLE t (x)")
    with guard("database_locked", path=str(path)) as process:
        assert said(process) == "on"
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            database.execute("INSERT INTO t VALUES (1)")
        assert database.execute("SELECT count(*) FROM t").fetchone() == (0,)
    database.execute("INSERT INTO t VALUES (1)")
    database.close()


@pytest.mark.parametrize(
    ("name", "words"),
    [("suspend", "no process"), ("disk_full", "No such file"), ("database_locked", "unable"), ("nap", "not held")],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, name: str, words: str) -> None:
    if sys.platform == "win32" and name == "suspend":
        words = "signal"
    with pytest.raises(CannotDo, match=words):
        hold(name, 2**22 + 1, str(tmp_path / "none"), lambda _: True, 1.0, lambda: None)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all, only words, and enough of them to be looked at")
    with pytest.raises(CannotDo, match="not a database"):
        hold("database_locked", 0, str(tmp_path / "text"), lambda _: True, 1.0, lambda: None)
