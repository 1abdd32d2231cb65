"""Real SQLite without its thread: every statement runs at once, in virtual time, and the disk may fail or the power go.

The product's own Database and SqlJournal run on it unchanged; only the way to open the file is passed in.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

from app.adapters.storage.sqlite_driver import LeanConnection


class Killed(BaseException):
    """The process is dead: whatever it wanted to do does not happen."""


async def _nothing(_name: str) -> None:
    return None


class SimulatedDisk:
    """All connections of one simulated process. ``before`` and ``after`` are awaited around every transaction of the
    journal: they may wait, raise sqlite3.Error (a full disk) or Killed (the power cut)."""

    def __init__(
        self,
        before: Callable[[str], Awaitable[None]] = _nothing,
        after: Callable[[str], Awaitable[None]] = _nothing,
    ) -> None:
        self.before = before
        self.after = after
        self.dead = False
        self._open: list[InlineConnection] = []

    async def connect(self, path: Path, busy_timeout_ms: int) -> LeanConnection:
        """Passed to Database in place of the threaded driver."""
        connection = InlineConnection(lambda: sqlite3.connect(path, timeout=busy_timeout_ms / 1000), 64)
        connection.disk = self
        self._open.append(connection)
        await connection
        return connection

    def kill(self) -> None:
        """kill -9: what is not committed is gone, nothing more is written."""
        self.dead = True
        for connection in self._open:
            connection.drop()


class _AtOnce:
    """Stands for aiosqlite's queue to its thread: what is put in runs at once."""

    def put_nowait(self, job: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = job
        result = function()
        if future is not None and not future.done():
            future.set_result(result)


class InlineConnection(LeanConnection):
    """aiosqlite's connection, carried out in the caller."""

    disk: SimulatedDisk

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._tx = _AtOnce()  # type: ignore[assignment]

    def __await__(self) -> Generator[Any, None, "InlineConnection"]:  # type: ignore[override]
        return self._open().__await__()

    async def _open(self) -> "InlineConnection":
        if self.disk.dead:
            raise Killed
        self._connection = self._connector()
        return self

    @property
    def _conn(self) -> sqlite3.Connection:
        if self.disk.dead:
            raise Killed
        return super()._conn

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.disk.dead:
            raise Killed
        if self._connection is None:
            raise ValueError("Connection closed")
        name = getattr(fn, "__name__", "")
        if name != "_commit_all":
            return fn(*args, **kwargs)
        await self.disk.before(name)
        if self.disk.dead:
            raise Killed
        result = fn(*args, **kwargs)
        await self.disk.after(name)
        return result

    async def close(self) -> None:
        """Close at once; a dead process closes nothing."""
        self.drop()

    def stop(self) -> asyncio.Future[Any]:
        """Close at once."""
        self.drop()
        future: asyncio.Future[Any] = asyncio.get_event_loop().create_future()
        future.set_result(None)
        return future

    def drop(self) -> None:
        """Let go of the file without committing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
