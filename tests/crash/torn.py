"""Torn and rotten files: the WAL cut at every byte, bits flipped anywhere. Each must open as a clean prefix or refuse.

A prefix is judged exactly: a WAL cut at byte N still holds every record whose commit ended at or before N.
"""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import fold_journal, recover
from app.domain.errors import StorageError
from app.domain.messages import OrderChanged
from tests.crash import processes
from tests.unit.adapters.storage.samples import NOW, order

WAL = f"{FILE_NAME}-wal"
SMALLEST_WAL = 64 * 1024
FLIPS = 2_000
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Crashed:
    """The files of a killed run. ``commits`` are pairs of WAL size and records that were on disk at that size."""

    folder: Path
    commits: tuple[tuple[int, int], ...]

    @property
    def wal_size(self) -> int:
        """Bytes."""
        return (self.folder / WAL).stat().st_size

    def records_within(self, size: int) -> int:
        """Records that a WAL of ``size`` bytes holds in full."""
        return max((records for written, records in self.commits if written <= size), default=0)


@dataclass(slots=True)
class Outcome:
    """What many damaged copies did: how many opened, how many refused, and what must never be."""

    opened: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)


def order_id(number: int) -> str:
    """Identifier of the n-th record's order."""
    return f"gw-{number}"


async def crashed_run(folder: Path, smallest_wal: int = SMALLEST_WAL) -> Crashed:
    """Write until the WAL is large enough, then copy the files as a power cut would leave them.

    An earlier run was closed properly, so that the WAL holds records and not mostly the making of the tables.
    """
    run = await closed_run(folder / "run", 0)
    database = Database(sqlite_url(run))
    await database.open()
    recovered = await recover(database, NOW)
    failures: list[StorageError] = []
    journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append)
    await journal.start()
    commits: list[tuple[int, int]] = []
    while not commits or commits[-1][0] < smallest_wal:
        journal.append(OrderChanged(order(order_id(len(commits))), "x"), NOW)
        await journal.durable()
        commits.append(((run / WAL).stat().st_size, len(commits) + 1))
    shutil.copytree(run, folder / "crashed")
    await journal.stop()
    await database.close()
    if failures:
        raise failures[0]
    return Crashed(folder / "crashed", tuple(commits))


async def closed_run(folder: Path, records: int) -> Path:
    """A database that was closed properly: everything in the main file, no WAL."""
    database = Database(sqlite_url(folder))
    await database.open()
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
    await journal.start()
    for number in range(records):
        journal.append(OrderChanged(order(order_id(number)), "x"), NOW)
    await journal.durable()
    await journal.stop()
    await database.close()
    return folder


async def orders_in(folder: Path) -> list[str]:
    """Open, verify and fold: names of the orders. Raises StorageError."""
    database = Database(sqlite_url(folder), busy_timeout_ms=200)
    try:
        await database.open()
        await recover(database, NOW)
        return list((await fold_journal(database)).orders)
    finally:
        await database.close()


async def try_copy(whole: Path, scratch: Path, damage: Callable[[Path], None]) -> list[str] | StorageError:
    """Orders of a damaged copy, or how it was refused; anything else that is raised comes through."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(whole, scratch)
    damage(scratch)
    try:
        return await orders_in(scratch)
    except StorageError as error:
        return error


async def cut_wal(crashed: Crashed, scratch: Path, cuts: Iterable[int], outcome: Outcome) -> None:
    """Cut the WAL at each of these bytes."""
    for cut in cuts:
        found = await try_copy(crashed.folder, scratch, lambda folder, n=cut: os.truncate(folder / WAL, n))  # type: ignore[misc]
        if isinstance(found, StorageError):
            outcome.bad.append(f"WAL cut at {cut}: refused although a cut WAL is no damage: {found}")
            continue
        outcome.opened += 1
        expected = [order_id(number) for number in range(crashed.records_within(cut))]
        if found != expected:
            outcome.bad.append(f"WAL cut at {cut}: {len(found)} records instead of {len(expected)}")


async def flip_bits(whole: Path, name: str, records: int, scratch: Path, seeds: Iterable[int], out: Outcome) -> None:
    """Flip one bit of file ``name`` per seed. A WAL may end early; a database file holds all or is refused."""
    size = (whole / name).stat().st_size
    everything = [order_id(number) for number in range(records)]
    for seed in seeds:
        chance = Random(seed)
        at, bit = chance.randrange(size), chance.randrange(8)

        def flip(folder: Path, at: int = at, bit: int = bit) -> None:
            with (folder / name).open("r+b") as file:
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ (1 << bit)]))

        found = await try_copy(whole, scratch, flip)
        if isinstance(found, StorageError):
            out.refused[_kind(str(found))] += 1
            continue
        out.opened += 1
        whole_or_prefix = found == everything if name == FILE_NAME else found == everything[: len(found)]
        if not whole_or_prefix:
            out.bad.append(f"bit {bit} of byte {at} of {name}: {len(found)} of {records} records, no refusal")


def _kind(words: str) -> str:
    """The refusal without its figures, for counting."""
    return "".join("#" if sign.isdigit() else sign for sign in words.split(": ", 1)[-1])[:60]


def full(scratch: Path, progress: Callable[[str], None], stride: int = 1) -> dict[str, object]:
    """Every ``stride``-th byte of the WAL, and FLIPS / ``stride`` bits of each file, by WORKERS processes."""
    crashed = asyncio.run(crashed_run(scratch))
    closed = asyncio.run(closed_run(scratch / "closed", 60))
    cuts, flips = range(0, crashed.wal_size + 1, stride), range(0, FLIPS, stride)
    progress(f"a WAL of {crashed.wal_size} bytes is cut at {len(cuts)} places; every byte takes about 15 minutes")
    pids = [_worker(crashed, closed, scratch, number, cuts, flips) for number in range(WORKERS)]
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    report: dict[str, object] = {"wal_bytes": crashed.wal_size, "cuts": len(cuts), "flips": 2 * len(flips)}
    words: list[str] = []
    for number, status in enumerate(statuses):
        text = (scratch / f"torn-{number}.log").read_text()
        words += text.splitlines()
        if status != 0:
            words.append(f"BAD worker {number} failed with status {status}")
    report["outcomes"] = [line.removeprefix("OK ") for line in words if line.startswith("OK ")]
    report["bad"] = [line for line in words if not line.startswith("OK ")]
    return report


def _worker(crashed: Crashed, closed: Path, scratch: Path, number: int, cuts: range, flips: range) -> int:
    def work() -> None:
        place, records = scratch / f"copy-{number}", len(crashed.commits)
        cut, wal, file = Outcome(), Outcome(), Outcome()
        asyncio.run(cut_wal(crashed, place, cuts[number::WORKERS], cut))
        asyncio.run(flip_bits(crashed.folder, WAL, records, place, flips[number::WORKERS], wal))
        asyncio.run(flip_bits(closed, FILE_NAME, 60, place, flips[number::WORKERS], file))
        for name, outcome in (("cuts", cut), ("flips in the WAL", wal), ("flips in the database", file)):
            print(f"OK {name}: {outcome.opened} opened, {outcome.refused.total()} refused {dict(outcome.refused)}")
            for bad in outcome.bad:
                print(f"BAD {bad}")

    return processes.fork(work, scratch / f"torn-{number}.log")
