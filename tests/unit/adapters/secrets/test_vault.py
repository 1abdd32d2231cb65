"""The vault: by name, with a time limit, and in clear words when the system has no store."""

import time
from collections.abc import Callable

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from app.adapters.secrets import vault as module
from app.adapters.secrets.vault import MAX_CHARACTERS, Store, Vault, system_store
from app.domain.errors import VaultError


class MemoryStore:
    """A store that keeps everything; it may be locked or slow."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.slow_s = 0.0

    def get_password(self, service: str, username: str) -> str | None:
        self._door()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._door()
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        self._door()
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[(service, username)]

    def _door(self) -> None:
        time.sleep(self.slow_s)
        if self.locked:
            raise KeyringLocked("the collection is locked")


def vault_of(store: MemoryStore | Callable[[], Store], loaded: list[str], timeout_s: float = 5) -> Vault:
    source = store if callable(store) else lambda: store
    return Vault("/profile", loaded.append, source, timeout_s)


async def test_a_secret_is_kept_read_and_forgotten() -> None:
    store, loaded = MemoryStore(), list[str]()
    vault = vault_of(store, loaded)
    await vault.set("telegram-bot-token", "secret-1")
    assert await vault_of(store, loaded).get("telegram-bot-token") == "secret-1"
    await vault.delete("telegram-bot-token")
    await vault.delete("telegram-bot-token")
    assert await vault.get("telegram-bot-token") is None


async def test_whatever_is_loaded_is_told_to_the_log() -> None:
    store, loaded = MemoryStore(), list[str]()
    await vault_of(store, loaded).set("a", "written-secret")
    store.kept[("gwanje:/profile", "b")] = "read-secret"
    await vault_of(store, loaded).get("b")
    assert loaded == ["written-secret", "read-secret"]


async def test_two_profiles_do_not_share_secrets() -> None:
    store = MemoryStore()
    await Vault("/one", lambda _: None, lambda: store).set("a", "x")
    assert await Vault("/two", lambda _: None, lambda: store).get("a") is None


async def test_without_a_store_a_secret_lasts_for_this_run_and_the_words_say_so() -> None:
    def none() -> Store:
        raise VaultError("this system has no key store")

    loaded: list[str] = []
    vault = vault_of(none, loaded)
    with pytest.raises(VaultError, match="no key store"):
        await vault.set("a", "secret")
    assert await vault.get("a") == "secret" and loaded == ["secret"]
    with pytest.raises(VaultError):
        await vault.get("b")


async def test_a_locked_store_is_said_in_words_without_the_secret() -> None:
    store = MemoryStore()
    store.locked = True
    with pytest.raises(VaultError, match="locked") as caught:
        await vault_of(store, []).set("a", "very-secret")
    assert "very-secret" not in str(caught.value)


async def test_a_store_that_waits_for_a_person_does_not_hold_up_the_program() -> None:
    store = MemoryStore()
    store.slow_s = 0.2
    with pytest.raises(VaultError, match="did not answer"):
        await vault_of(store, [], timeout_s=0.02).get("a")


@pytest.mark.parametrize("secret", ["", "x" * (MAX_CHARACTERS + 1)])
async def test_what_no_store_takes_is_refused(secret: str) -> None:
    with pytest.raises(VaultError):
        await vault_of(MemoryStore(), []).set("a", secret)


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "1a", "a" * 80])
async def test_a_name_is_a_plain_word(name: str) -> None:
    with pytest.raises(VaultError):
        await vault_of(MemoryStore(), []).get(name)


def test_only_known_stores_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.keyring, "get_keyring", NoKeyring)
    with pytest.raises(VaultError, match="no key store"):
        system_store()
