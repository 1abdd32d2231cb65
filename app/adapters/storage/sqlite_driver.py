"""aiosqlite with fewer trips between the loop and its thread: a statement costs one trip instead of three.

SQLAlchemy opens and closes a driver cursor around every statement, and each of these is a trip of about 0.05 ms, plus
the wait for a turn of a busy loop. Here the cursor exists only once a statement has run, and is closed only when it has
rows to give back; and a whole transaction can go in one trip.
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite

from app.adapters.storage.prepared import Batch

_ITERATION_CHUNK = 64


async def connect(path: Path, busy_timeout_ms: int) -> "LeanConnection":
    """Open connection to the file. Raises sqlite3.Error."""
    # The lock wait is set here and not by a PRAGMA: already the first PRAGMA may meet a lock.
    connection = LeanConnection(
        lambda: sqlite3.connect(path, timeout=busy_timeout_ms / 1000, check_same_thread=False), _ITERATION_CHUNK
    )
    connection._thread.daemon = True  # as SQLAlchemy does for its own: a crash must not wait for this thread
    try:
        await connection
    except sqlite3.Error:
        # aiosqlite lets its thread run on after a failure; it would then report to a loop that may be closed.
        if connection.stopped is not None:
            await connection.stopped
        raise
    return connection


class LeanConnection(aiosqlite.Connection):
    """Connection whose cursors cost nothing until they are used."""

    #: Done when the thread has ended; None while nobody asked it to.
    stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        """Ask the thread to end."""
        self.stopped = super().stop()
        return self.stopped

    def cursor(self, cursor_class: object = None) -> "LeanCursor":  # type: ignore[override]
        """New cursor, without a trip to the thread."""
        return LeanCursor(self)

    async def commit_all(self, batches: Sequence[Batch]) -> None:
        """Run all ``batches`` as one transaction, in one trip. Raises sqlite3.Error, then nothing of it is written."""
        await self._execute(_commit_all, self._conn, batches)  # type: ignore[no-untyped-call]


def _commit_all(connection: sqlite3.Connection, batches: Sequence[Batch]) -> None:
    with connection:  # commits, or rolls back
        for statement, parameters in batches:
            connection.executemany(statement, parameters)


class LeanCursor:
    """What SQLAlchemy needs of an asynchronous DBAPI cursor."""

    arraysize = 1

    def __init__(self, connection: LeanConnection) -> None:
        self._connection = connection
        self._cursor: aiosqlite.Cursor | None = None

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """Columns of the result; None for a statement without one."""
        return None if self._cursor is None else self._cursor.description

    @property
    def rowcount(self) -> int:
        """Rows changed, -1 when that is not known."""
        return -1 if self._cursor is None else self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """Row id of the last insert."""
        return None if self._cursor is None else self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        """Run one statement."""
        self._cursor = await self._connection.execute(statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Run one statement for each set of parameters."""
        self._cursor = await self._connection.executemany(statement, parameters)
        return self

    async def fetchall(self) -> Iterable[Any]:
        """All rows that are left."""
        return () if self._cursor is None else await self._cursor.fetchall()

    async def close(self) -> None:
        """Give the statement back."""
        if self._cursor is not None and self._cursor.description is not None:
            await self._cursor.close()
