"""Host faults through the admin door, on a real victim."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.practice.host_faults import MEANINGS, HostFault, HostFaultRefused, HostFaults, refuse_nonsense
from tests.unit.practice.conftest import Desk
from tests.unit.practice.victim_kit import victim

posix = pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a signal")


@posix
async def test_a_fault_is_listed_until_its_time_is_over(desk: Desk, tmp_path: Path) -> None:
    with victim(tmp_path) as found:
        answer = await desk.admin("POST", "/host", {"name": "suspend", "pid": found.pid, "seconds": 0.5})
        assert answer.body["faults"] == MEANINGS
        assert [(row["name"], row["pid"]) for row in answer.body["active"]] == [("suspend", found.pid)]
        assert await asyncio.to_thread(found.lives, 5.0)
        await _until_quiet(desk)


@posix
async def test_a_process_carries_one_fault_at_a_time(desk: Desk, tmp_path: Path) -> None:
    with victim(tmp_path) as found:
        await desk.admin("POST", "/host", {"name": "suspend", "pid": found.pid, "seconds": 60})
        second = await desk.admin("POST", "/host", {"name": "loop_stall", "pid": found.pid, "seconds": 60})
        assert (second.status, "suspend already" in second.body["error"]) == (400, True)
        cleared = await desk.admin("POST", "/host", {"clear": True})
        assert cleared.body["active"] == []
        assert await asyncio.to_thread(found.lives, 2.0)


async def _until_quiet(desk: Desk) -> None:
    for _ in range(100):
        if not (await desk.admin("GET", "/host")).body["active"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the fault is still listed")


@posix
async def test_a_fault_ends_when_the_exchange_stops(tmp_path: Path) -> None:
    with victim(tmp_path) as found:
        host = HostFaults()
        await host.start(HostFault("suspend", 60, found.pid))
        await host.close()
        assert found.lives()


@posix
@pytest.mark.parametrize("killed", [False, True])
def test_a_fault_ends_when_the_exchange_is_ended_or_killed(tmp_path: Path, killed: bool) -> None:
    with victim(tmp_path) as found:
        exchange = subprocess.Popen(
            [sys.executable, "-c", _EXCHANGE, str(found.pid)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        )
        assert exchange.stdout is not None
        assert exchange.stdout.readline().strip() == "on"
        assert not found.lives()
        exchange.kill() if killed else exchange.terminate()
        exchange.communicate()
        assert found.lives(3.0)


_EXCHANGE = """
import asyncio, sys
from app.practice.host_faults import HostFault, HostFaults
async def run():
    await HostFaults().start(HostFault("suspend", 60, int(sys.argv[1])))
    print("on", flush=True)
    await asyncio.sleep(60)
asyncio.run(run())
"""


async def test_a_database_is_locked_and_freed(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    database = sqlite3.connect(path, timeout=0.05, isolation_level=None)
    database.execute("CREATE TABLE t (x)")
    await desk.admin("POST", "/host", {"name": "database_locked", "path": str(path), "seconds": 60})
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database.execute("INSERT INTO t VALUES (1)")
    await desk.admin("POST", "/host", {"clear": True})
    database.execute("INSERT INTO t VALUES (1)")
    database.close()


async def test_a_clock_step_is_the_venues_clock_the_other_way(desk: Desk) -> None:
    answer = await desk.admin("POST", "/host", {"name": "clock_step", "value": 90, "seconds": 5})
    assert [row["name"] for row in answer.body["active"]] == ["clock_step"]
    assert desk.venue.clock.offset_ms == -90_000
    await desk.wait(5_000)
    assert desk.venue.clock.offset_ms == 0
    assert (await desk.admin("GET", "/host")).body["active"] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"name": "earthquake"}, "valid names: clock_step"),
        ({"name": "alert_channel_down"}, "no alert channel exists yet"),
        ({"name": "second_instance"}, "operator's part"),
        ({"name": "suspend"}, '"pid" must be'),
        ({"name": "suspend", "pid": "me"}, '"pid" must be a number'),
        ({"name": "suspend", "pid": 1}, '"pid" must be'),
        ({"name": "suspend", "pid": os.getpid()}, '"pid" must be'),
        ({"name": "suspend", "pid": 4_194_305}, "no process"),
        ({"name": "suspend", "pid": 4_194_305, "seconds": 0}, '"seconds" must be above 0'),
        ({"name": "suspend", "pid": 4_194_305, "seconds": 4000}, "at most 3600"),
        ({"name": "disk_full", "pid": 4_194_305, "path": "/none"}, '"path" must be a file'),
        ({"name": "clock_step"}, '"value" must be'),
    ],
)
@posix
async def test_wrong_requests_are_explained(desk: Desk, body: dict[str, Any], words: str) -> None:
    answer = await desk.admin("POST", "/host", body)
    assert (answer.status, words in answer.body["error"]) == (400, True), answer.body
    assert (await desk.admin("GET", "/host")).body["active"] == []


def test_a_frozen_program_has_no_interpreter_for_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(HostFaultRefused, match="from source"):
        refuse_nonsense(HostFault("suspend", 1, 2))
    refuse_nonsense(HostFault("clock_step", 1))
