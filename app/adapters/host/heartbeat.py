"""The heartbeat file: another program can tell a terminal that hangs from one that has ended."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec
import psutil

from app.adapters.host.side_thread import aside

_log = logging.getLogger(__name__)

FILE_NAME = "heartbeat.json"
PERIOD_S = 1.0
#: A loop that is late by less than this does not hang.
PATIENCE_S = 4.0
_LOOK_AGAIN_S = 0.2


class Beat(msgspec.Struct, frozen=True):
    """Who beats: process and its start (s since 1970), run of the program, mode, and how often so far."""

    pid: int
    born: float
    run: int
    mode: str
    count: int


class Vital(StrEnum):
    """What the heartbeat says about the terminal of a data folder."""

    RUNNING = "running"
    HUNG = "hung"
    STOPPED = "stopped"


class Heartbeat:
    """Writes the file from the event loop: it beats as long as the loop turns."""

    def __init__(self, folder: Path, run: int, mode: str) -> None:
        self._path = folder / FILE_NAME
        self._beat = Beat(os.getpid(), psutil.Process().create_time(), run, mode, 0)

    async def run(self) -> None:
        """Beat until cancelled; a disk that fails or hangs is no reason to stop."""
        while True:
            self._beat = msgspec.structs.replace(self._beat, count=self._beat.count + 1)
            try:
                await aside(self._write, PATIENCE_S)
            except (OSError, TimeoutError) as error:
                _log.warning("the heartbeat cannot be written: %r", error)
            await asyncio.sleep(PERIOD_S)

    def end(self) -> None:
        """The program ends properly."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the heartbeat file cannot be removed: %r", error)

    def _write(self) -> None:
        beside = self._path.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.encode(self._beat))
        beside.replace(self._path)


def read_beat(folder: Path) -> Beat | None:
    """The last beat; None when there is none that can be read."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Beat)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None


def is_alive(pid: int, born: float) -> bool:
    """True while this very process exists; a number that was given to another one does not count."""
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - born) < 1)
    except psutil.Error:
        return False


def examine(folder: Path, patience_s: float = PATIENCE_S, sleep: Callable[[float], None] = time.sleep) -> Vital:
    """Watch the file for ``patience_s`` at most; no clock but the waiting itself is believed."""
    first = read_beat(folder)
    if first is None or not is_alive(first.pid, first.born):
        return Vital.STOPPED
    waited = 0.0
    while waited < patience_s:
        sleep(_LOOK_AGAIN_S)
        waited += _LOOK_AGAIN_S
        beat = read_beat(folder)
        if beat is None or not is_alive(first.pid, first.born):
            return Vital.STOPPED
        if beat.count != first.count:
            return Vital.RUNNING
    return Vital.HUNG
