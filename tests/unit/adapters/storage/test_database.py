import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, text

from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.domain.errors import StorageError
from tests.unit.adapters.storage.samples import threads_left

ROOT = Path(__file__).resolve().parents[4]


async def open_and_close(url: URL | str) -> None:
    database = Database(url, busy_timeout_ms=100)
    try:
        await database.open()
    finally:
        await database.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
async def test_only_the_owner_may_read(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "data"
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO state VALUES ('a', 'b')"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {FILE_NAME: 0o600, f"{FILE_NAME}-wal": 0o600, f"{FILE_NAME}-shm": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
async def test_a_file_open_to_others_is_closed_to_them(url: URL) -> None:
    await open_and_close(url)
    path = Path(str(url.database))
    path.chmod(0o644)
    await open_and_close(url)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
async def test_a_write_protected_file_is_not_made_writable(url: URL) -> None:
    """Someone kept it as evidence; whether it opens all the same depends on who asks (root may)."""
    await open_and_close(url)
    path = Path(str(url.database))
    path.chmod(0o444)
    with contextlib.suppress(StorageError):
        await open_and_close(url)
    assert path.stat().st_mode & 0o777 == 0o400


async def test_pragmas(database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    async with database.reading() as connection:
        found = {name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in wanted}
    assert found == wanted


async def test_odd_folder_names(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "관제 100%?mode=ro#x")
    await open_and_close(url)
    assert Path(str(url.database)).stat().st_size > 0


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:///x.db", "mysql://x", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"]
)
def test_unusable_urls_are_refused_at_once(url: str) -> None:
    with pytest.raises(StorageError, match="database URL"):
        Database(url)


def test_the_password_is_never_shown() -> None:
    assert "geheim" not in Database("postgresql+asyncpg://u:geheim@localhost/x").where


async def test_garbage_is_refused_and_left_alone(url: URL) -> None:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is not a database " * 100)
    with pytest.raises(StorageError, match=r"not a database.*keep it"):
        await open_and_close(url)
    assert path.read_bytes() == b"this is not a database " * 100


async def test_a_locked_file_says_so(url: URL) -> None:
    await open_and_close(url)
    holder = sqlite3.connect(str(url.database), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match=r"locked.*end the other"):
        await open_and_close(url)
    holder.close()
    await open_and_close(url)


async def test_a_full_disk_says_so(database: Database) -> None:
    with pytest.raises(StorageError, match="disk is full"):
        async with database.writing() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count=1")
            await connection.execute(text("INSERT INTO state VALUES ('a', :big)"), {"big": "x" * 1_000_000})


async def test_a_folder_in_place_of_the_file(url: URL) -> None:
    Path(str(url.database)).mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be opened"):
        await open_and_close(url)


async def test_a_file_in_place_of_the_folder(url: URL) -> None:
    folder = Path(str(url.database)).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    with pytest.raises(StorageError, match="data"):
        await open_and_close(url)


async def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StorageError, match="does not answer"):
        await open_and_close("postgresql+asyncpg://u:geheim@127.0.0.1:1/x")


async def test_used_in_the_wrong_order(url: URL) -> None:
    database = Database(url)
    with pytest.raises(StorageError, match="not open"):
        async with database.reading():
            pass
    await database.open()
    with pytest.raises(StorageError, match="open already"):
        await database.open()
    await database.close()
    await database.close()


async def test_an_interrupted_migration_leaves_nothing(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = command.upgrade

    def stopped(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise StorageError("power cut")

    database = Database(url)
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", stopped)
        with pytest.raises(StorageError, match="power cut"):
            await database.open()
    connection = sqlite3.connect(str(url.database))
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    await open_and_close(url)


async def test_no_thread_is_left(url: URL) -> None:
    before = set(threading.enumerate())
    await open_and_close(url)
    with pytest.raises(StorageError):
        Path(str(url.database)).write_bytes(b"garbage" * 500)
        await open_and_close(url)
    assert threads_left(before) == []


def test_alembic_is_imported_only_when_it_has_work(url: URL) -> None:
    script = (
        "import asyncio, sys\n"
        "from app.adapters.storage.database import Database\n"
        "async def main(url):\n"
        "    database = Database(url)\n"
        "    await database.open()\n"
        "    await database.close()\n"
        "asyncio.run(main(sys.argv[1]))\n"
        "print('alembic' in sys.modules)\n"
    )
    words = [sys.executable, "-c", script, url.render_as_string()]
    found = [subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert found == ["True\n", "False\n"]
