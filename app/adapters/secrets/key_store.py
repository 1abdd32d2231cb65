"""The key store of this system: the one way to it, in a thread and with a time limit.

Only known stores are accepted (reliability 5.1, K16): keyring falls back to files with plain text if one lets it.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from app.adapters.host.side_thread import aside
from app.domain.errors import VaultError

T = TypeVar("T")
#: A locked store may ask a person, who may not be there (SecretService ``unlock`` blocks; reliability notes P13).
TIMEOUT_S = 10.0
#: Modules of backends that keep secrets of one user, encrypted by the system.
TRUSTED = ("keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.libsecret",
           "keyring.backends.macOS", "keyring.backends.Windows")  # fmt: skip


class Store(Protocol):
    """The part of a keyring backend that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret; None when there is none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""
        ...


class NoKeyStoreError(VaultError):
    """This computer has no key store that can be trusted."""


def system_store() -> Store:
    """The key store of this system; blocks. Raises NoKeyStoreError."""
    import keyring  # in the thread: it takes 70 ms, which no start is to pay for

    return trusted(keyring.get_keyring())


def trusted(backend: object) -> Store:
    """The backend, or the first trusted one of a chain. Raises NoKeyStoreError when there is none."""
    chain: list[Store] = getattr(backend, "backends", [backend])
    for one in chain:
        if type(one).__module__ in TRUSTED:
            return one
    raise NoKeyStoreError(
        "this system has no key store (keyring) that can be used; secrets last until the program ends"
    )


async def ask_store(store: Callable[[], Store], call: Callable[[Store], T], timeout_s: float = TIMEOUT_S) -> T:
    """What ``call`` gives of the store. Raises VaultError in words a person can use, never with a secret in them."""
    try:
        return await aside(lambda: _in_words(store, call), timeout_s)
    except TimeoutError:
        raise VaultError("the system's key store did not answer; it may wait for you to unlock it") from None


def _in_words(store: Callable[[], Store], call: Callable[[Store], T]) -> T:
    try:
        return call(store())
    except VaultError:
        raise
    except Exception as error:  # supervised line: backends raise what their libraries raise (D-Bus, COM, ctypes)
        raise VaultError(f"the system's key store refused ({type(error).__name__}); is it locked?") from None
