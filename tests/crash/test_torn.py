"""Torn, rotten, full, read-only and locked storage: a clean prefix or a StorageError that says what to do.

A stride of the cuts and flips; every byte is cut by ``python -m tests.crash --torn``.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.domain.errors import StorageError
from app.domain.messages import OrderChanged
from tests.crash.torn import WAL, Outcome, closed_run, crashed_run, cut_wal, flip_bits, order_id, orders_in, try_copy
from tests.unit.adapters.storage.contract import write
from tests.unit.adapters.storage.samples import NOW, order

ROOT = Path(__file__).resolve().parents[2]
STRIDE = 487
FLIPS = 150
RECORDS = 40

posix = pytest.mark.skipif(os.name != "posix", reason="file sizes and modes are limited the POSIX way")

#: Writes one record after the other until the journal fails; tells each acknowledged number, then the words.
UNTIL_IT_FAILS = """
import asyncio, os, resource, sys
from pathlib import Path
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.domain.errors import StorageError
from app.domain.messages import OrderChanged
from tests.crash.torn import order_id
from tests.unit.adapters.storage.samples import NOW, order

async def main():
    database = Database(sqlite_url(Path(sys.argv[1])))
    try:
        await database.open()
        recovered = await recover(database, NOW)
        journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
        await journal.start()
        if int(sys.argv[2]):
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
        for number in range(5_000):
            journal.append(OrderChanged(order(order_id(number)), "x"), NOW)
            await journal.durable()
            print(number, flush=True)
    except StorageError as error:
        print("failed", error, flush=True)

if int(sys.argv[3]) >= 0:  # root may write whatever is write-protected: be somebody else
    os.setegid(int(sys.argv[3]))
    os.seteuid(int(sys.argv[3]))
asyncio.run(main())
"""
NOBODY = 65534


def write_until_it_fails(folder: Path, limit: int = 0) -> tuple[list[str], str]:
    """Acknowledged orders and the words of the failure ("" when there was none)."""
    somebody_else = NOBODY if os.geteuid() == 0 and folder.stat().st_uid == NOBODY else -1
    command = [sys.executable, "-c", UNTIL_IT_FAILS, str(folder), str(limit), str(somebody_else)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=50)
    lines = done.stdout.splitlines()
    failed = lines.pop() if lines and lines[-1].startswith("failed") else ""
    return [order_id(int(line)) for line in lines], failed.removeprefix("failed ")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that a user who is not root can reach and owns."""
    folder = Path(tempfile.mkdtemp(prefix="gwanje-torn-"))
    yield folder
    shutil.rmtree(folder)


def give_away(folder: Path) -> None:
    """Let the user without rights own it, if we are root."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


# ---- torn and flipped ---------------------------------------------------------------------------------------------


async def test_a_wal_cut_anywhere_holds_exactly_what_was_committed_before_the_cut(tmp_path: Path) -> None:
    crashed, outcome = await crashed_run(tmp_path), Outcome()
    assert crashed.wal_size >= 64 * 1024
    edges = {size + step for size, _ in crashed.commits for step in (-1, 0)} | {0, 1, 31, 32, 33}
    cuts = sorted(edges | set(range(0, crashed.wal_size, STRIDE)))
    await cut_wal(crashed, tmp_path / "copy", cuts, outcome)
    assert outcome.bad == []
    assert outcome.opened == len(cuts)


async def test_a_cut_wal_can_be_written_on(tmp_path: Path) -> None:
    """The prefix is a journal like any other: the next run goes on behind it, and it still verifies."""
    crashed = await crashed_run(tmp_path)
    end_of_first, _ = crashed.commits[0]

    def cut(folder: Path) -> None:
        os.truncate(folder / WAL, end_of_first + 1000)

    assert await try_copy(crashed.folder, tmp_path / "copy", cut) == [order_id(0)]
    database = Database(sqlite_url(tmp_path / "copy"))
    await database.open()
    await write(database, [OrderChanged(order("after"), "x")])
    await database.close()
    assert await orders_in(tmp_path / "copy") == [order_id(0), "after"]


async def test_a_flipped_bit_in_the_wal_leaves_a_prefix(tmp_path: Path) -> None:
    crashed, outcome = await crashed_run(tmp_path), Outcome()
    await flip_bits(crashed.folder, WAL, len(crashed.commits), tmp_path / "copy", range(FLIPS), outcome)
    assert outcome.bad == []


async def test_a_flipped_bit_in_the_database_changes_nothing_or_is_refused(tmp_path: Path) -> None:
    whole, outcome = await closed_run(tmp_path / "run", RECORDS), Outcome()
    await flip_bits(whole, FILE_NAME, RECORDS, tmp_path / "copy", range(FLIPS), outcome)
    assert outcome.bad == []
    assert outcome.refused.total() > FLIPS // 10 and outcome.opened > 0


# ---- no room ------------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("limit", [200_000, 262_144, 500_001])
async def test_a_file_that_may_not_grow_loses_nothing_acknowledged(tmp_path: Path, limit: int) -> None:
    acknowledged, words = write_until_it_fails(tmp_path, limit)
    assert "check the disk and its free space" in words
    assert acknowledged
    assert (await orders_in(tmp_path))[: len(acknowledged)] == acknowledged


#: On a disk of 600 kB that only this process sees; what is on it when it is full is copied away.
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=600k tmpfs "$1" && "$0" -c "$3" "$1" 0 -1 && cp -r "$1" "$2"'


@pytest.fixture
def full_disk(tmp_path: Path) -> tuple[Path, list[str], str]:
    """A copy of the disk, the acknowledged orders and the words of the failure."""
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    disk.mkdir()
    own_mounts = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    command = [*own_mounts, "sh", "-c", ON_A_SMALL_DISK, sys.executable, str(disk), str(copy), UNTIL_IT_FAILS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=50)
    if done.returncode != 0:
        pytest.skip(f"this system gives us no small disk: {done.stderr.strip()}")
    *numbers, failed = done.stdout.splitlines()
    return copy, [order_id(int(number)) for number in numbers], failed


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("unshare") is None, reason="needs a mount of its own")
async def test_a_full_disk_loses_nothing_acknowledged(full_disk: tuple[Path, list[str], str]) -> None:
    folder, acknowledged, words = full_disk
    assert words.startswith("failed") and "free" in words and "disk" in words
    assert acknowledged
    assert (await orders_in(folder))[: len(acknowledged)] == acknowledged


# ---- no permission ------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("mode", [0o400, 0o444])
async def test_a_read_only_file_is_refused_in_words(public_folder: Path, mode: int) -> None:
    await closed_run(public_folder, 3)
    give_away(public_folder)
    (public_folder / FILE_NAME).chmod(mode)
    acknowledged, words = write_until_it_fails(public_folder)
    assert acknowledged == []
    assert "make the file and its folder" in words


@posix
async def test_a_read_only_folder_is_refused_in_words(public_folder: Path) -> None:
    await closed_run(public_folder, 3)
    give_away(public_folder)
    public_folder.chmod(0o500)
    acknowledged, words = write_until_it_fails(public_folder)
    public_folder.chmod(0o700)
    assert acknowledged == []
    assert "writable" in words


# ---- locked by another process ------------------------------------------------------------------------------------

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


Children = list[subprocess.Popen[str]]


@pytest.fixture
def holders() -> Iterator[Children]:
    """Processes that hold a lock, made by ``hold``; they let go at the end of the test."""
    children: Children = []
    yield children
    for child in children:
        child.communicate()


def hold(path: Path, children: Children) -> None:
    """Another process holds the write lock until the test ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    children.append(child)
    assert child.stdout is not None and child.stdout.readline() == "held\n"


async def test_a_locked_database_is_not_opened(tmp_path: Path, holders: Children) -> None:
    await closed_run(tmp_path, 3)
    hold(tmp_path / FILE_NAME, holders)
    with pytest.raises(StorageError, match=r"locked.*end the other"):
        await orders_in(tmp_path)


async def test_a_lock_in_mid_flight_fails_the_journal_and_keeps_all(tmp_path: Path, holders: Children) -> None:
    database, failures = Database(sqlite_url(tmp_path), busy_timeout_ms=200), []
    await database.open()
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append)
    await journal.start()
    journal.append(OrderChanged(order(order_id(0)), "x"), NOW)
    await journal.durable()
    hold(tmp_path / FILE_NAME, holders)
    journal.append(OrderChanged(order(order_id(1)), "x"), NOW)
    with pytest.raises(StorageError, match=r"locked.*end the other"):
        await journal.durable()
    with pytest.raises(StorageError):
        journal.append(OrderChanged(order(order_id(2)), "x"), NOW)
    assert len(failures) == 1
    await journal.stop()
    await database.close()
    holders.pop().communicate()
    assert await orders_in(tmp_path) == [order_id(0)]


# ---- an interrupted migration -------------------------------------------------------------------------------------


async def test_half_a_migration_in_the_wal_is_no_migration(tmp_path: Path) -> None:
    """The tables are made in one transaction: a WAL that breaks off inside it holds none of them."""
    database = Database(sqlite_url(tmp_path / "run"))
    await database.open()
    shutil.copytree(tmp_path / "run", tmp_path / "crashed")
    await database.close()
    size = (tmp_path / "crashed" / WAL).stat().st_size
    for cut in range(0, size, size // 12):
        folder = tmp_path / f"cut{cut}"
        shutil.copytree(tmp_path / "crashed", folder)
        os.truncate(folder / WAL, cut)
        connection = sqlite3.connect(folder / FILE_NAME)
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
        connection.close()
        assert await orders_in(folder) == []
