"""Holds one fault of the computer over another process, and takes it back when its time or its parent ends.

Run as a program of its own: whoever started it may be killed, but the end of standard input cannot be missed.
It prints `on` when the fault is in force, or one line that says why not. Imports the standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

STALL_S = 0.5  # of every STALL_S + REST_S seconds
REST_S = 0.5
SIGNALLED = ("suspend", "loop_stall")
LIMITED = ("disk_full", "io_error")
LOCKED = "database_locked"
NAMES = (*SIGNALLED, *LIMITED, LOCKED)


class CannotDo(Exception):
    """The fault cannot be brought about here; the text says why."""


def hold(
    name: str, pid: int, path: str, wait: Callable[[float], bool], seconds: float, say: Callable[[], None]
) -> None:
    """Bring a fault about, `say` so, and undo it. `wait(seconds)` is True when it must end early. Raises CannotDo."""
    if name in SIGNALLED:
        _hold_stopped(name, pid, wait, seconds, say)
    elif name in LIMITED:
        _hold_limit(pid, 0 if name == "io_error" else _present_size(path), wait, seconds, say)
    elif name == LOCKED:
        _hold_lock(path, wait, seconds, say)
    else:
        raise CannotDo(f"{name} is not held by a guard")


def _hold_stopped(name: str, pid: int, wait: Callable[[float], bool], seconds: float, say: Callable[[], None]) -> None:
    if sys.platform == "win32":
        raise CannotDo("a process cannot be stopped with a signal on this system")
    stall, rest = (seconds, 0.0) if name == "suspend" else (STALL_S, REST_S)
    left, said = seconds, False
    send = _sender(pid)
    try:
        while left > 0:
            send(signal.SIGSTOP)
            if not said:
                say()
                said = True
            ended = wait(min(stall, left))
            send(signal.SIGCONT)
            left -= stall + rest
            if ended or (left > 0 and wait(rest)):
                return
    except ProcessLookupError:
        if not said:
            raise CannotDo(f"no process {pid}") from None
    finally:
        with suppress(ProcessLookupError):
            send(signal.SIGCONT)


def _sender(pid: int) -> Callable[[int], None]:
    """Signals to exactly this process: its number may be given to another one while the fault lasts."""
    try:
        if sys.platform == "linux":
            handle = os.pidfd_open(pid)
            signal.pidfd_send_signal(handle, 0)
            return lambda number: signal.pidfd_send_signal(handle, number)
        os.kill(pid, 0)
    except ProcessLookupError:
        raise CannotDo(f"no process {pid}") from None
    except PermissionError:
        raise CannotDo(f"process {pid} belongs to somebody else") from None
    return lambda number: os.kill(pid, number)


def _hold_limit(pid: int, size: int, wait: Callable[[float], bool], seconds: float, say: Callable[[], None]) -> None:
    """No file of the process may be written beyond `size` bytes: its writes fail with EFBIG."""
    if sys.platform != "linux":
        raise CannotDo("the file size limit of another process can be set on Linux only")
    import resource

    try:
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        lowered = size if hard == resource.RLIM_INFINITY else min(size, hard)
        # Only the soft limit: the hard one could not be raised again.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (lowered, hard))
    except ProcessLookupError:
        raise CannotDo(f"no process {pid}") from None
    except PermissionError:
        raise CannotDo(f"process {pid} belongs to somebody else") from None
    try:
        say()
        wait(seconds)
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def _present_size(path: str) -> int:
    """Of a database its write-ahead log, which is the file that grows."""
    log = Path(path + "-wal")
    try:
        return (log if log.is_file() and log.stat().st_size else Path(path)).stat().st_size
    except OSError as error:
        raise CannotDo(f"{path}: {error.strerror}") from None


def _hold_lock(path: str, wait: Callable[[float], bool], seconds: float, say: Callable[[], None]) -> None:
    try:
        database = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise CannotDo(f"{path}: {error}") from None
    try:
        database.execute("BEGIN IMMEDIATE")
        say()
        wait(seconds)
        database.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise CannotDo(f"{path}: {error}") from None
    finally:
        database.close()


def main(argument: str) -> int:
    """`argument` is a JSON object with name, pid, path and seconds."""
    order = json.loads(argument)
    ended = threading.Event()

    def read() -> None:
        while os.read(0, 4096):
            pass
        ended.set()

    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=read, name="stdin-watch", daemon=True).start()
    try:
        hold(order["name"], order["pid"], order["path"], ended.wait, order["seconds"], lambda: print("on", flush=True))
    except CannotDo as error:
        print(error, flush=True)
        return 1
    return 0


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Leave through the `finally` blocks, which take the fault back."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
