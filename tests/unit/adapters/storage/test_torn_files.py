"""Crashes and rot end in a clean prefix or a StorageError, and no acknowledged record is lost."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import fold_journal, recover
from app.domain.errors import StorageError
from app.domain.messages import OrderChanged
from tests.unit.adapters.storage.contract import write
from tests.unit.adapters.storage.samples import NOW, ONE_OF_EACH, order

ROOT = Path(__file__).resolve().parents[4]
RECORDS = 30
WRITER = """
import asyncio, sys
from pathlib import Path
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.domain.messages import OrderChanged
from tests.unit.adapters.storage.samples import NOW, order

async def main():
    database = Database(sqlite_url(Path(sys.argv[1])))
    await database.open()
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
    await journal.start()
    for number in range(1_000_000):
        journal.append(OrderChanged(order(f"{recovered.epoch}-{number}"), "x"), NOW)
        if number % 3 == 2:
            await journal.durable()
            print(recovered.epoch, number, flush=True)

asyncio.run(main())
"""


async def orders_in(url: URL) -> list[str]:
    """Open, verify, and name the orders; only StorageError may come out."""
    database = Database(url, busy_timeout_ms=200)
    try:
        await database.open()
        await recover(database, NOW)
        return list((await fold_journal(database)).orders)
    finally:
        await database.close()


async def copy_of_a_crashed_run(folder: Path, into: Path) -> None:
    """Files as a killed process leaves them: a database file with a WAL that was never folded back."""
    database = Database(sqlite_url(folder))
    await database.open()
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
    await journal.start()
    for number in range(RECORDS):
        journal.append(OrderChanged(order(f"gw-{number}"), "x"), NOW)
        await journal.durable()
    shutil.copytree(folder, into)
    await journal.stop()
    await database.close()


async def test_a_cut_wal_is_a_clean_prefix_or_refused(tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    await copy_of_a_crashed_run(tmp_path / "run", crashed)
    names = [f"gw-{number}" for number in range(RECORDS)]
    size = (crashed / f"{FILE_NAME}-wal").stat().st_size
    chance, lengths = random.Random(7), set()
    cuts = [0, 31, 32, size - 1, size, *(chance.randrange(size) for _ in range(20))]
    for round_number, cut in enumerate(cuts):
        folder = tmp_path / f"cut{round_number}"
        shutil.copytree(crashed, folder)
        with (folder / f"{FILE_NAME}-wal").open("r+b") as wal:
            wal.truncate(cut)
        try:
            found = await orders_in(sqlite_url(folder))
        except StorageError:
            continue
        assert found == names[: len(found)]
        lengths.add(len(found))
    assert RECORDS in lengths and len(lengths) > 3


@pytest.mark.parametrize("part", [b'"order":{"order_id":"gw-17"', b"OrderChanged"])
async def test_a_flipped_bit_in_a_record_is_named(tmp_path: Path, part: bytes) -> None:
    url = sqlite_url(tmp_path)
    database = Database(url)
    await database.open()
    await write(database, [OrderChanged(order(f"gw-{number}"), "x") for number in range(RECORDS)])
    await database.close()
    path = Path(str(url.database))
    content = bytearray(path.read_bytes())
    at = content.index(part) + len(part) - 2
    content[at] ^= 0x02
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"journal record \d+ does not fit") as caught:
        await orders_in(url)
    if b"gw-17" in part:
        assert "record 18 " in str(caught.value)


async def test_flipped_bits_anywhere_never_pass_as_other_orders(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "run")
    database = Database(url)
    await database.open()
    await write(database, [*ONE_OF_EACH, *(OrderChanged(order(f"gw-{n}"), "x") for n in range(RECORDS))])
    expected = await fold_journal(database)
    await database.close()
    whole, chance = Path(str(url.database)).read_bytes(), random.Random(11)
    refused = 0
    for round_number in range(60):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        folder = tmp_path / f"flip{round_number}"
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(content)
        try:
            found = await orders_in(sqlite_url(folder))
        except StorageError:
            refused += 1
            continue
        assert found == list(expected.orders)
    assert refused > 5


def run_until_killed(folder: Path, seconds: float) -> tuple[int, int] | None:
    """Last acknowledged (epoch, number) of a writing child that was killed with SIGKILL."""
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        first = child.stdout.readline()
        time.sleep(seconds)
        child.kill()
        lines = [first, *child.stdout.read().splitlines(keepends=True)]
    child.wait()
    acknowledged = [line.split() for line in lines if line.endswith("\n")]
    return (int(acknowledged[-1][0]), int(acknowledged[-1][1])) if acknowledged else None


async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    promises = []
    for seconds in (0.05, 0.11, 0.02, 0.17):
        last = run_until_killed(folder, seconds)
        assert last is not None
        promises.append(last)
    found = set(await orders_in(sqlite_url(folder)))
    lost = [
        f"{epoch}-{number}"
        for epoch, last_number in promises
        for number in range(last_number + 1)
        if f"{epoch}-{number}" not in found
    ]
    assert lost == []
    assert [epoch for epoch, _ in promises] == [1, 2, 3, 4]


async def test_the_record_on_disk_is_plain_json(tmp_path: Path) -> None:
    """An auditor needs nothing of ours to read it."""
    url = sqlite_url(tmp_path)
    database = Database(url)
    await database.open()
    await write(database, ONE_OF_EACH)
    await database.close()
    connection = sqlite3.connect(str(url.database))
    (payload,) = connection.execute("SELECT payload FROM journal WHERE kind = 'FillBooked'").fetchone()
    connection.close()
    assert json.loads(payload)["fill"]["price"] == "98765000"
