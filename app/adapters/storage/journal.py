"""The journal's writer: one task, one connection, one transaction for everything that waits (group commit)."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.storage import tables
from app.adapters.storage.chain import ChainHead, link
from app.adapters.storage.codec import encode
from app.adapters.storage.database import Database
from app.adapters.storage.prepared import Batch, PreparedInsert, Row
from app.adapters.storage.projections import merge, project, upsert
from app.adapters.storage.sqlite_driver import LeanConnection
from app.adapters.storage.trouble import storage_error, trouble_at
from app.adapters.storage.types import utc_text
from app.domain.errors import StorageError
from app.domain.messages import AccountMarked, StateEvent

#: Records in one transaction, rounded up to whole decisions; bounds how long a single commit can take.
GROUP_LIMIT = 500

WRITER = "journal-writer"
#: A commit takes milliseconds; a disk that needs longer than this holds up every order.
COMMIT_DUE_S = 5.0

#: Writes batches as one transaction. Raises SQLAlchemyError or sqlite3.Error, then nothing of them is written.
Commit = Callable[[Sequence[Batch]], Awaitable[None]]


class Spawn(Protocol):
    """Starts a supervised task."""

    def __call__(self, coro: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run ``coro`` under ``name``."""
        ...


@dataclass(frozen=True, slots=True)
class _Record:
    event: StateEvent
    happened_at: datetime
    kind: str
    payload: str


class SqlJournal:
    """Journal port over a Database. After its first failure it stays failed: nothing is written behind a gap."""

    def __init__(
        self,
        database: Database,
        head: ChainHead,
        epoch: int,
        failed: Callable[[StorageError], None],
        spawn: Spawn = asyncio.create_task,
        beat: Callable[[str, float | None], None] = lambda name, due_s: None,
    ) -> None:
        """``head`` and ``epoch`` come from ``recover``; ``failed`` is called once, at the first failure."""
        self._database = database
        self._head = head
        self._epoch = epoch
        self._failed = failed
        self._spawn = spawn
        self._beat = beat
        self._records: deque[_Record] = deque()
        self._equity: deque[AccountMarked] = deque()
        self._appended = 0
        self._committed = 0
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._statements: dict[Table, PreparedInsert] = {}
        self._work = asyncio.Event()
        self._stopping = True
        self._failure: StorageError | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def failure(self) -> StorageError | None:
        """Why the journal has failed; None while it works."""
        return self._failure

    async def start(self) -> None:
        """Open the writer's connection. Raises StorageError when the journal does not end where it was verified."""
        connection = await self._database.checked_out()
        try:
            with trouble_at(self._database.where):
                query = select(tables.journal.c.seq, tables.journal.c.hash).order_by(tables.journal.c.seq.desc())
                last = (await connection.execute(query.limit(1))).first()
                await connection.rollback()
            if last is not None and (last.seq, last.hash) != (self._head.seq, self._head.hash):
                raise StorageError(
                    f"database {self._database.where}: the journal ends at record {last.seq}, it was checked up to "
                    f"{self._head.seq}; another Gwanje writes to it: end it and start again"
                )
        except BaseException:
            await connection.close()
            raise
        self._stopping = False
        self._task = self._spawn(self._write(connection), name=WRITER)
        self._task.add_done_callback(self._writer_ended)

    async def stop(self) -> None:
        """Write what is queued, then close the connection. A failed journal just closes."""
        self._stopping = True
        self._work.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        """Queue ``event``; it is on disk when ``durable`` returns. Raises StorageError once failed or stopped."""
        self._refuse_unless_writing()
        try:
            kind, payload = encode(event)
            utc_text(happened_at)
        except StorageError as error:
            self._fail(error)  # an event that is missing in the journal is a gap like any other
            raise
        self._records.append(_Record(event, happened_at, kind, payload))
        self._appended += 1
        self._work.set()

    def durable(self) -> Awaitable[None]:
        """Wait until everything appended before this call is committed. Raises StorageError when it cannot be."""
        return self._reached(self._appended)

    def sample_equity(self, marked: AccountMarked) -> None:
        """Queue one point of the equity curve (call about once a minute); it is not part of the hash chain."""
        self._refuse_unless_writing()
        self._equity.append(marked)
        self._work.set()

    def _refuse_unless_writing(self) -> None:
        if self._failure is not None:
            raise StorageError(str(self._failure))
        if self._stopping:
            raise StorageError("the journal is not running")

    async def _reached(self, ticket: int) -> None:
        if self._committed < ticket and self._failure is None:
            if self._task is None:
                raise StorageError("the journal is not running")
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append((ticket, future))
            await future
        if self._committed < ticket and self._failure is not None:
            raise StorageError(str(self._failure))

    async def _write(self, connection: AsyncConnection) -> None:
        try:
            commit = await _commit_on(connection)
            while self._failure is None:
                await self._work.wait()
                self._work.clear()
                while (self._records or self._equity) and self._failure is None:
                    self._beat(WRITER, COMMIT_DUE_S)
                    await self._commit_group(commit)
                self._beat(WRITER, None)
                if self._stopping:
                    return
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._fail(storage_error(error, self._database.where))
        except StorageError as error:
            self._fail(error)
        finally:
            with trouble_at(self._database.where):
                await connection.close()

    async def _commit_group(self, commit: Commit) -> None:
        size = self._group_size()
        head, rows, projected = self._head, [], []
        for _ in range(size):
            record = self._records.popleft()
            previous, head = head, self._sealed(head, record)
            rows.append(_journal_row(record, self._epoch, previous, head))
            projected += project(head.seq, record.happened_at, record.event)
        projected += [(tables.equity, _equity_row(marked)) for marked in self._equity]
        self._equity.clear()
        writes = [self._statement(tables.journal).batch(rows)] if rows else []
        writes += [self._statement(table).batch(changed) for table, changed in merge(projected).items()]
        await commit(writes)
        self._head = head
        self._committed += size
        self._wake_waiters()

    def _group_size(self) -> int:
        """Whole decisions only (their records carry one time): a crash must not keep a fill and lose what it did."""
        size = min(len(self._records), GROUP_LIMIT)
        while 0 < size < len(self._records) and self._records[size].happened_at == self._records[size - 1].happened_at:
            size += 1
        return size

    def _statement(self, table: Table) -> PreparedInsert:
        if table not in self._statements:
            engine_dialect = self._database.sql_dialect
            insertion = insert(table) if table is tables.journal else upsert(table, engine_dialect.name)
            self._statements[table] = PreparedInsert(insertion, table, engine_dialect)
        return self._statements[table]

    def _sealed(self, head: ChainHead, record: _Record) -> ChainHead:
        return link(head, self._epoch, utc_text(record.happened_at), record.kind, record.payload)

    def _wake_waiters(self) -> None:
        while self._waiters and (self._failure is not None or self._waiters[0][0] <= self._committed):
            _, future = self._waiters.popleft()
            if not future.done():  # its task may have been cancelled
                future.set_result(None)

    def _fail(self, error: StorageError) -> None:
        if self._failure is not None:
            return
        self._failure = error
        self._wake_waiters()
        self._work.set()
        self._failed(error)

    def _writer_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None or not self._stopping or self._committed < self._appended:
            cause = "was cancelled" if task.cancelled() else repr(error)
            self._fail(StorageError(f"the journal's writer ended: {cause}"))


async def _commit_on(connection: AsyncConnection) -> Commit:
    """The shortest way through ``connection``: SQLite's thread takes a transaction as one job."""
    driver = (await connection.get_raw_connection()).driver_connection
    if isinstance(driver, LeanConnection):
        return driver.commit_all

    async def commit(writes: Sequence[Batch]) -> None:
        await connection.run_sync(_write_and_commit, writes)

    return commit


def _write_and_commit(connection: Connection, writes: Sequence[Batch]) -> None:
    for statement, parameters in writes:
        connection.exec_driver_sql(statement, parameters)
    connection.commit()


def _journal_row(record: _Record, epoch: int, previous: ChainHead, head: ChainHead) -> Row:
    return {
        "seq": head.seq,
        "happened_at": record.happened_at,
        "epoch": epoch,
        "kind": record.kind,
        "payload": record.payload,
        "previous": previous.hash,
        "hash": head.hash,
    }


def _equity_row(marked: AccountMarked) -> Row:
    return {
        "marked_at": marked.marked_at,
        "equity": marked.equity,
        "cash": marked.cash_free + marked.cash_locked,
        "unrealised": marked.unrealised,
        "day_profit": marked.day_profit,
    }
