"""The first mark of all, and what a start makes of the stores; the attacks on them are in tests/kill."""

from datetime import UTC, datetime
from pathlib import Path

from app.adapters.secrets.key_store import NoKeyStoreError, Store
from app.adapters.secrets.keyring_mark import KeyringMark
from app.adapters.secrets.kill_stores import KillStores
from app.domain.kill import KillMark, KillRecord

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def no_store() -> Store:
    raise NoKeyStoreError


async def test_the_first_start_leaves_its_mark_beside_the_journal(tmp_path: Path) -> None:
    stores = KillStores(tmp_path, KeyringMark(tmp_path, no_store))
    record = await stores.judge(KillRecord(), 1, NOW)
    birth = KillMark(0, False, "first start", NOW, 1, keyring=False)
    assert (record.mark, record.stopped) == (birth, "") and await stores.stop_file.read() == birth
    assert [store.name for store in stores.stores] == ["stop file", "keyring"]
    again = await stores.judge(KillRecord(), 2, NOW)
    assert (again.mark, again.stopped) == (birth, ""), "cut off before the journal knew"


async def test_a_recording_has_no_keyring_entry(tmp_path: Path) -> None:
    stores = KillStores(tmp_path, once=True)
    assert [store.name for store in stores.stores] == ["stop file"]
    assert not (await stores.judge(KillRecord(), 1, NOW)).keyring


async def test_a_switch_that_cannot_be_kept_is_halted(tmp_path: Path) -> None:
    stores = KillStores(tmp_path / "gone", KeyringMark(tmp_path, no_store))
    assert "cannot be kept" in (await stores.judge(KillRecord(), 1, NOW)).stopped


async def test_trouble_starts_halted(tmp_path: Path) -> None:
    stores = KillStores(tmp_path, KeyringMark(tmp_path, no_store))
    mark = KillMark(3, False, "unlocked", NOW, 2, keyring=False)
    assert (await stores.judge(KillRecord(mark), 5, NOW)).stopped == "the stop file is missing"
