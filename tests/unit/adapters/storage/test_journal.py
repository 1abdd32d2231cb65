import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from app.adapters.storage.database import Database
from app.adapters.storage.journal import GROUP_LIMIT, SqlJournal
from app.adapters.storage.prepared import Batch
from app.adapters.storage.recovery import fold_journal, recover
from app.adapters.storage.sqlite_driver import LeanConnection
from app.domain.errors import StorageError
from app.domain.messages import AlertRaised, OrderChanged
from app.domain.ports import Journal
from tests.unit.adapters.storage.contract import StorageContract
from tests.unit.adapters.storage.samples import NOW, order


class TestOnSqlite(StorageContract):
    pass


async def started(database: Database, failures: list[StorageError]) -> SqlJournal:
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append)
    await journal.start()
    return journal


async def test_fulfils_the_port(database: Database) -> None:
    journal: Journal = await started(database, [])
    journal.append(OrderChanged(order(), "x"), NOW)
    await journal.durable()
    assert isinstance(journal, SqlJournal)
    await journal.stop()


async def test_stop_writes_what_is_queued_and_then_refuses(database: Database) -> None:
    journal = await started(database, [])
    for number in range(GROUP_LIMIT + 1):
        journal.append(OrderChanged(order(f"gw-{number}"), "x"), NOW)
    await journal.stop()
    await journal.durable()
    assert len((await fold_journal(database)).orders) == GROUP_LIMIT + 1
    with pytest.raises(StorageError, match="not running"):
        journal.append(OrderChanged(order(), "x"), NOW)


async def test_a_commit_never_ends_inside_a_decision(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fill of a decision and the position it changed are on disk together or not at all."""
    monkeypatch.setattr("app.adapters.storage.journal.GROUP_LIMIT", 2)
    commits: list[int] = []
    real = LeanConnection.commit_all

    async def counted(self: LeanConnection, batches: Sequence[Batch]) -> None:
        commits.append(len(batches[0][1]))
        await real(self, batches)

    monkeypatch.setattr(LeanConnection, "commit_all", counted)
    journal = await started(database, [])
    for decision, records in enumerate((1, 3, 1, 1, 1)):
        for number in range(records):
            journal.append(OrderChanged(order(f"gw-{decision}-{number}"), "x"), NOW + timedelta(seconds=decision))
    await journal.stop()
    assert commits == [4, 2, 1]


async def test_stop_without_start_is_quiet(database: Database) -> None:
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
    await journal.stop()
    with pytest.raises(StorageError, match="not running"):
        journal.append(OrderChanged(order(), "x"), NOW)


async def test_an_event_that_cannot_be_written_is_a_gap(database: Database) -> None:
    failures: list[StorageError] = []
    journal = await started(database, failures)
    with pytest.raises(StorageError, match="filled_volume = NaN"):
        journal.append(OrderChanged(order(filled_volume=Decimal("NaN")), "x"), NOW)
    with pytest.raises(StorageError):
        journal.append(OrderChanged(order(), "x"), NOW)
    await journal.stop()
    assert len(failures) == 1


async def test_a_naive_time_is_refused(database: Database) -> None:
    failures: list[StorageError] = []
    journal = await started(database, failures)
    with pytest.raises(StorageError, match="no zone"):
        journal.append(AlertRaised("a", "b"), NOW.replace(tzinfo=None))
    await journal.stop()
    assert len(failures) == 1


async def test_a_waiter_that_gave_up_disturbs_nobody(database: Database) -> None:
    journal = await started(database, [])
    journal.append(OrderChanged(order(), "x"), NOW)
    waiting = asyncio.ensure_future(journal.durable())
    await asyncio.sleep(0)
    waiting.cancel()
    await journal.durable()
    await journal.stop()
    assert waiting.cancelled()


async def test_the_death_of_the_writer_is_a_failure(database: Database) -> None:
    failures: list[StorageError] = []
    tasks: list[asyncio.Task[None]] = []

    def spawn(coro: object, *, name: str) -> asyncio.Task[None]:
        assert name == "journal-writer"
        tasks.append(asyncio.create_task(coro, name=name))  # type: ignore[arg-type]
        return tasks[-1]

    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append, spawn)
    await journal.start()
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.wait(tasks)
    await asyncio.sleep(0)
    assert [str(failure) for failure in failures] == ["the journal's writer ended: was cancelled"]
    with pytest.raises(StorageError):
        journal.append(OrderChanged(order(), "x"), NOW)
    await journal.stop()
