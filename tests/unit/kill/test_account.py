"""What gwanje-kill finds on the disk, and the trip that needs nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.files.stop_file import StopFile
from app.adapters.secrets.key_store import NoKeyStoreError, Store
from app.adapters.secrets.keyring_mark import KeyringMark
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.domain.errors import StorageError
from app.domain.kill import KillMark
from app.domain.messages import EngineStarted, EngineStopped
from app.domain.values import Market
from app.engine.task_supervisor import TaskSupervisor
from app.kill.account import MARGIN, Books, account_folders, read_books, trip

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BOOKS = Books("abc234", 36, (), {}, NOW)


def no_store() -> Store:
    raise NoKeyStoreError


def test_every_account_there_is_or_the_one_that_will_be(tmp_path: Path) -> None:
    assert account_folders(tmp_path) == [tmp_path / "practice"] and (tmp_path / "practice").is_dir()
    for name, file in (("attached", "gwanje.db"), ("replay-1", "heartbeat.json"), ("other", "notes.txt")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
    assert [folder.name for folder in account_folders(tmp_path)] == ["attached", "replay-1"]


async def test_a_trip_raises_the_newest_mark(tmp_path: Path) -> None:
    file, ring = StopFile(tmp_path), KeyringMark(tmp_path, no_store)
    file.write_now(KillMark(4, False, "unlocked", NOW, 2, keyring=False, password="f"))
    mark, trouble = await trip(tmp_path, "gwanje-kill", NOW, ring)
    assert trouble == [] and mark == KillMark(5, True, "gwanje-kill", NOW, 0, keyring=False, password="f")
    assert file.read_now() == mark


async def test_a_trip_works_on_nothing_at_all_and_tells_what_did_not(tmp_path: Path) -> None:
    mark, trouble = await trip(tmp_path, "gwanje-kill", NOW, KeyringMark(tmp_path, no_store))
    assert trouble == [] and mark.epoch == 1 and mark.halted
    _, trouble = await trip(tmp_path / "gone", "gwanje-kill", NOW, KeyringMark(tmp_path, no_store))
    assert len(trouble) == 1 and "stop file" in trouble[0]


def test_identifiers_are_ours_and_the_same_in_every_run() -> None:
    assert BOOKS.order_id(Market("upbit", "KRW-BTC"), 2) == "gw-abc234-10-kill-krw-btc-2"
    assert BOOKS.owns("gw-abc234-10-kill-krw-btc-2") and BOOKS.owns("gw-abc234-1-1")
    assert not BOOKS.owns("gw-other-1-1") and not BOOKS.owns(None)


async def test_no_journal_or_an_empty_one_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is not there"):
        await read_books(str(sqlite_url(tmp_path)))
    database = Database(sqlite_url(tmp_path))
    await database.open()
    await database.close()
    with pytest.raises(StorageError, match="empty"):
        await read_books(sqlite_url(tmp_path).render_as_string(hide_password=False))


async def test_the_venue_is_asked_for_all_since_the_books_agreed_with_it(tmp_path: Path) -> None:
    """What an earlier gwanje-kill sold may be older than the last record: a terminal started and died since."""
    database, played = Database(sqlite_url(tmp_path)), TaskSupervisor(lambda name, error: None)
    await database.open()
    found = await recover(database, NOW)
    journal = SqlJournal(database, found.head, found.epoch, lambda words: None, played.spawn)
    await journal.start()
    journal.append(EngineStopped(found.epoch), NOW)
    journal.append(EngineStarted(found.epoch + 1, "practice", clean=True), NOW + timedelta(days=2))
    await journal.stop()
    await played.stop()
    await database.close()
    known = await read_books(sqlite_url(tmp_path).render_as_string(hide_password=False))
    assert known.since == NOW - MARGIN
