"""The mark in the keyring: backends that are missing, locked, slow or not to be trusted."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from app.adapters.secrets.key_store import trusted
from app.adapters.secrets.keyring_mark import KeyringMark
from app.domain.errors import StorageError
from app.domain.kill import KillMark, NoMark

MARK = KillMark(3, False, "unlocked", datetime(2026, 3, 2, tzinfo=UTC), 2, True, "f")


class Chest(KeyringBackend):
    """A keyring in memory that passes for the system's."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.before: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        self.kept[(service, username)] = password


@pytest.fixture
def chest() -> Chest:
    return Chest()


def locked() -> None:
    raise KeyringLocked("nobody is there")


async def test_a_mark_is_read_back_one_entry_per_folder(tmp_path: Path, chest: Chest) -> None:
    store = KeyringMark(tmp_path, lambda: chest)
    assert await store.read() is NoMark.MISSING
    await store.write(MARK)
    assert await store.read() == MARK
    assert await KeyringMark(tmp_path / "other", lambda: chest).read() is NoMark.MISSING
    assert all(len(text) < 1280 for text in chest.kept.values()), "Windows takes no more"


async def test_a_mark_that_is_not_for_the_keyring_stays_out(tmp_path: Path, chest: Chest) -> None:
    await KeyringMark(tmp_path, lambda: chest).write(KillMark(1, False, "", MARK.since, 1, keyring=False))
    assert chest.kept == {}


async def test_no_backend_is_no_keyring(tmp_path: Path) -> None:
    store = KeyringMark(tmp_path, lambda: trusted(NoKeyring()))
    assert await store.read() is NoMark.ABSENT
    with pytest.raises(StorageError, match="no key store"):
        await store.write(MARK)


async def test_a_backend_nobody_vouches_for_is_no_keyring(tmp_path: Path) -> None:
    """K16: null, plain files, whatever an environment variable names."""
    assert await KeyringMark(tmp_path, lambda: trusted(Chest())).read() is NoMark.ABSENT


async def test_a_locked_keyring_is_unreadable(tmp_path: Path, chest: Chest) -> None:
    chest.before = locked
    store = KeyringMark(tmp_path, lambda: chest)
    assert await store.read() is NoMark.UNREADABLE
    with pytest.raises(StorageError, match="locked"):
        await store.write(MARK)


async def test_a_keyring_that_waits_for_a_person_is_not_waited_for(tmp_path: Path, chest: Chest) -> None:
    """P13"""
    gate = threading.Event()
    chest.before = lambda: gate.wait(30) and None
    store = KeyringMark(tmp_path, lambda: chest, timeout_s=0.2)
    assert await store.read() is NoMark.UNREADABLE
    with pytest.raises(StorageError, match="did not answer"):
        await store.write(MARK)
    gate.set()


async def test_garbage_in_the_entry_is_unreadable(tmp_path: Path, chest: Chest) -> None:
    store = KeyringMark(tmp_path, lambda: chest)
    await store.write(MARK)
    for text in ("", "{", '{"epoch":3}', "\ud800"):
        chest.kept = dict.fromkeys(chest.kept, text)
        assert await store.read() is NoMark.UNREADABLE
