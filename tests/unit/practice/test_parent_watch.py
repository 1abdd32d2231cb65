"""The child ends with its parent, also after a kill -9."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading

import pytest

from app.practice.parent_watch import ParentWatch, watch_stdin

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_running_process_is_alive_and_a_dead_one_is_not() -> None:
    process = subprocess.Popen(SLEEP)
    watch = ParentWatch(process.pid)
    assert watch.alive()
    process.kill()
    process.wait()
    assert not watch.alive()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="zombies are recognised on Linux only")
def test_a_dead_process_nobody_collected_is_dead() -> None:
    process = subprocess.Popen(SLEEP)
    watch = ParentWatch(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not watch.alive()
    process.wait()


async def test_the_wait_ends_with_the_process() -> None:
    process = await asyncio.create_subprocess_exec(*SLEEP)
    watch = ParentWatch(process.pid)
    process.kill()
    await process.wait()
    await asyncio.wait_for(watch.wait_for_end(), 5)


async def test_the_end_of_standard_input_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, chunks, asked = asyncio.Event(), [b"x", b""], threading.Event()

    def read(descriptor: int, size: int) -> bytes:
        asked.set()
        return chunks.pop(0)

    monkeypatch.setattr(os, "read", read)
    thread = watch_stdin(asyncio.get_running_loop(), ended.set)
    await asyncio.wait_for(ended.wait(), 5)
    thread.join(5)
    assert asked.is_set()
