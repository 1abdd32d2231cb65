import sqlite3
import threading
from pathlib import Path

import pytest

from app.adapters.storage.sqlite_driver import connect
from tests.unit.adapters.storage.samples import threads_left


async def test_a_cursor_speaks_the_dbapi(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "a.db", 100)
    cursor = await connection.cursor().__aenter__()
    assert (cursor.description, cursor.rowcount, cursor.lastrowid) == (None, -1, None)
    assert list(await cursor.fetchall()) == []
    await cursor.close()
    await cursor.execute("CREATE TABLE t (a INTEGER)")
    await cursor.executemany("INSERT INTO t VALUES (?)", [(1,), (2,)])
    assert cursor.rowcount == 2
    await cursor.execute("INSERT INTO t VALUES (?)", (3,))
    assert cursor.lastrowid == 3
    await cursor.execute("SELECT a FROM t ORDER BY a")
    assert cursor.description[0][0] == "a"
    assert list(await cursor.fetchall()) == [(1,), (2,), (3,)]
    await cursor.close()
    await connection.close()


async def test_a_transaction_is_one_job_and_all_or_nothing(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "a.db", 100)
    await connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    jobs = 0
    execute = connection._execute

    async def counted(*arguments: object) -> object:
        nonlocal jobs
        jobs += 1
        return await execute(*arguments)

    connection._execute = counted  # type: ignore[method-assign]
    insertion = "INSERT INTO t VALUES (?)"
    await connection.commit_all([(insertion, [(1,), (2,)]), (insertion, [(3,)])])
    assert jobs == 1 and not connection.in_transaction
    with pytest.raises(sqlite3.IntegrityError):
        await connection.commit_all([(insertion, [(4,)]), (insertion, [(1,)])])
    assert not connection.in_transaction
    other = await connect(tmp_path / "a.db", 100)
    assert [row async for row in await other.execute("SELECT a FROM t")] == [(1,), (2,), (3,)]
    await other.close()
    await connection.close()


async def test_errors_arrive(tmp_path: Path) -> None:
    connection = await connect(tmp_path / "a.db", 100)
    with pytest.raises(sqlite3.OperationalError):
        await connection.cursor().execute("nonsense")
    await connection.close()
    with pytest.raises(sqlite3.OperationalError):
        await connect(tmp_path / "missing" / "a.db", 100)


async def test_a_failed_connection_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    for _ in range(20):
        with pytest.raises(sqlite3.OperationalError):
            await connect(tmp_path, 100)
    assert threads_left(before) == []
