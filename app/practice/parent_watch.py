"""Notices that the program which started us is gone, also after a kill -9, on every system."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

POLL_S = 1.0
_SYNCHRONIZE = 0x00100000
_STILL_RUNNING = 0x102  # WAIT_TIMEOUT


class ParentWatch:
    """`alive()` tells whether the watched process still runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # A child learns of its parent's end by being handed to another one; that also covers zombies
        # and process numbers that are used again.
        self._is_child = sys.platform != "win32" and os.getppid() == pid
        self._handle = _open_windows_process(pid)

    def alive(self) -> bool:
        if sys.platform == "win32":
            return _windows_process_runs(self._handle)
        if self._is_child:
            return os.getppid() == self._pid
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return not _is_zombie(self._pid)

    async def wait_for_end(self) -> None:
        while self.alive():  # noqa: ASYNC110 - there is no event for the end of a foreign process
            await asyncio.sleep(POLL_S)


def watch_stdin(loop: asyncio.AbstractEventLoop, ended: Callable[[], None]) -> threading.Thread:
    """Call `ended` in the loop when standard input reaches its end (the parent's pipe closed)."""

    def read() -> None:
        while True:
            try:
                if not os.read(0, 4096):
                    break
            except OSError:
                break
        if not loop.is_closed():
            loop.call_soon_threadsafe(ended)

    # A daemon thread: it may be blocked in read() for ever and must not keep the process alive.
    thread = threading.Thread(target=read, name="stdin-watch", daemon=True)
    thread.start()
    return thread


def _is_zombie(pid: int) -> bool:
    """Linux only: a dead process whose parent has not collected it yet still accepts signal 0."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]


def _open_windows_process(pid: int) -> int:
    if sys.platform != "win32":
        return 0
    handle: int = ctypes.windll.kernel32.OpenProcess(_SYNCHRONIZE, False, pid)
    return handle


def _windows_process_runs(handle: int) -> bool:
    if sys.platform != "win32" or not handle:
        return False
    state: int = ctypes.windll.kernel32.WaitForSingleObject(handle, 0)
    return state == _STILL_RUNNING
