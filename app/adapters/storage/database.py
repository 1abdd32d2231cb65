"""The database behind the journal: opened carefully, migrated in-process, closed without a leftover thread."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.adapters.storage.sqlite_driver import LeanConnection, connect
from app.adapters.storage.trouble import trouble_at
from app.domain.errors import StorageError

FILE_NAME = "gwanje.db"
#: Schema revisions this version knows, oldest first. Kept here so that alembic is imported only when it has work.
KNOWN_REVISIONS = ("0001",)
BUSY_TIMEOUT_MS = 5000

#: Opens the file with a lock wait in ms. Raises sqlite3.Error.
Connect = Callable[[Path, int], Awaitable[LeanConnection]]


def sqlite_url(folder: Path) -> URL:
    """URL of the database file in ``folder``."""
    return URL.create("sqlite+aiosqlite", database=str(folder / FILE_NAME))


class Database:
    """One SQLite file (``sqlite+aiosqlite``) or one PostgreSQL database (``postgresql+asyncpg``).

    Every method raises StorageError that says what is wrong, where, and what to do. ``connect`` opens SQLite files; a
    simulation passes one without threads.
    """

    def __init__(self, url: str | URL, busy_timeout_ms: int = BUSY_TIMEOUT_MS, connect: Connect = connect) -> None:
        self._connect = connect
        try:
            self._url = make_url(url)
        except ArgumentError as error:
            raise StorageError(f"database URL cannot be read: {error}") from None
        self._busy_timeout_ms = busy_timeout_ms
        self._engine: AsyncEngine | None = None
        if self._url.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
            raise StorageError(
                f"database URL starts with {self._url.drivername}; use sqlite+aiosqlite:// or postgresql+asyncpg://"
            )
        if self.is_sqlite and self._url.database in (None, "", ":memory:"):
            raise StorageError("database URL names no file; a journal in memory would not survive a crash")

    @property
    def is_sqlite(self) -> bool:
        """True for a file, False for a server."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._url.get_backend_name()

    @property
    def sql_dialect(self) -> Dialect:
        """Dialect to compile statements for; the database must be open."""
        return self._opened().dialect

    @property
    def where(self) -> str:
        """File path, or URL without its password; fit for messages and logs."""
        return str(self._url.database) if self.is_sqlite else self._url.render_as_string(hide_password=True)

    async def open(self) -> None:
        """Create what is missing, migrate to the newest schema, refuse what is damaged, locked, foreign or newer."""
        if self._engine is not None:
            raise StorageError(f"database {self.where} is open already")
        with trouble_at(self.where):
            if self.is_sqlite:
                _create_private_file(Path(str(self._url.database)))
            self._engine = self._make_engine()
        try:
            async with self.writing() as connection:
                await connection.run_sync(self._bring_up_to_date)
        except BaseException:
            await self.close()
            raise

    async def open_to_read(self) -> None:
        """Open what is there without looking at its schema: also beside a program that hangs with the lock held."""
        self._refuse_missing()
        with trouble_at(self.where):
            self._engine = self._make_engine()

    def _refuse_missing(self) -> None:
        if self.is_sqlite and not Path(str(self._url.database)).is_file():
            raise StorageError(f"database {self.where} is not there")

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        engine, self._engine = self._engine, None
        if engine is not None:
            with trouble_at(self.where):
                await engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries; nothing done on it is committed."""
        with trouble_at(self.where):
            async with self._opened().connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the write lock from the start and is committed at the end."""
        with trouble_at(self.where):
            async with self._opened().begin() as connection:
                if self.is_sqlite:
                    # sqlite3 begins by itself only before INSERT and the like, so a schema change would not be atomic.
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection

    async def checked_out(self) -> AsyncConnection:
        """A connection the caller keeps and closes himself (the journal's writer)."""
        with trouble_at(self.where):
            return await self._opened().connect()

    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            raise StorageError(f"database {self.where} is not open")
        return self._engine

    def _make_engine(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(self._url, pool_pre_ping=True)
        path = Path(str(self._url.database))
        engine = create_async_engine(self._url, async_creator=lambda: self._connect(path, self._busy_timeout_ms))
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        return engine

    def _bring_up_to_date(self, connection: Connection) -> None:
        names = inspect(connection).get_table_names()
        found: str | None = None
        if "alembic_version" in names:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        if found is None and names:
            raise StorageError(
                f"database {self.where} holds tables of another program; choose another file or database"
            )
        if found is not None and found not in KNOWN_REVISIONS:
            raise StorageError(
                f"database {self.where} has schema {found!r}, this version knows up to {KNOWN_REVISIONS[-1]}: "
                "it was written by a newer version; install that version, or choose another data folder"
            )
        if found != KNOWN_REVISIONS[-1]:
            _migrate(connection)


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    # FULL: a commit that was acknowledged survives a power cut.
    try:
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
    except BaseException:
        dbapi_connection.close()  # the pool does not know it yet, and its thread would stay
        raise


def _create_private_file(path: Path) -> None:
    """Make the file 0600 in a 0700 folder before SQLite writes its first byte; its WAL inherits the mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_file() and path.stat().st_mode & 0o077 and os.name == "posix":
            path.chmod(path.stat().st_mode & 0o700)  # what its owner has write-protected stays so


def _migrate(connection: Connection) -> None:
    from alembic import command  # 0.3 s to import; only a first start or an upgrade needs it
    from alembic.config import Config

    with as_file(files("app.adapters.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
