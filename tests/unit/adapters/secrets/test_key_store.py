"""Which stores are trusted, and what a person reads when one does not work."""

from types import SimpleNamespace

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.SecretService import Keyring as Encrypted

from app.adapters.secrets.key_store import NoKeyStoreError, Store, ask_store, system_store, trusted
from app.domain.errors import VaultError


def test_only_known_stores_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", NoKeyring)
    with pytest.raises(NoKeyStoreError, match="no key store"):
        system_store()


def test_of_a_chain_the_first_trusted_one_is_taken() -> None:
    encrypted = object.__new__(Encrypted)
    assert trusted(SimpleNamespace(backends=[NoKeyring(), encrypted])) is encrypted
    assert trusted(encrypted) is encrypted


async def test_whatever_a_backend_raises_is_said_in_words_without_a_secret() -> None:
    def broken(_: Store) -> None:
        raise ConnectionResetError("the bus went away with secret-1")

    with pytest.raises(VaultError, match="ConnectionResetError") as caught:
        await ask_store(lambda: object.__new__(Encrypted), broken)
    assert "secret-1" not in str(caught.value)
