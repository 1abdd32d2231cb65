"""Secrets by name in the key store of the system. Without one they last for this run only; nothing is ever a file.

Only known stores are accepted (reliability 5.1): keyring falls back to files with plain text if one lets it.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Protocol, TypeVar

import keyring
import keyring.backend
from keyring.errors import KeyringError, PasswordDeleteError

from app.domain.errors import VaultError

T = TypeVar("T")
SERVICE = "gwanje"
TIMEOUT_S = 10.0
#: Longest secret in characters: Windows takes 2,560 bytes of UTF-16 (keyring#355).
MAX_CHARACTERS = 1_200
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
#: Modules of keyring whose stores are encrypted by the system.
TRUSTED = frozenset({"SecretService", "libsecret", "kwallet", "macOS", "Windows"})


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


def system_store() -> Store:
    """The key store of this system. Raises VaultError when there is none that can be trusted."""
    backend = keyring.get_keyring()
    candidates = getattr(backend, "backends", [backend])
    for one in candidates:
        if type(one).__module__.rpartition(".")[2] in TRUSTED:
            store: Store = one
            return store
    raise VaultError("this system has no key store (keyring) that can be used; secrets last until the program ends")


class Vault:
    """``loaded`` is told every secret that is read or set, so that the log can blot it out.

    ``profile`` keeps the secrets of two profiles apart. What the system's store cannot keep is kept for this run, and
    ``set`` says so by VaultError.
    """

    def __init__(
        self, profile: str, loaded: Callable[[str], None], store: Callable[[], Store] = system_store,
        timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        self._service = f"{SERVICE}:{profile}"
        self._loaded = loaded
        self._store = store
        self._timeout_s = timeout_s
        self._of_this_run: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """The secret; None when there is none. Raises VaultError when the store cannot be asked."""
        _check_name(name)
        if name in self._of_this_run:
            return self._of_this_run[name]
        found = await self._asked(lambda: self._store().get_password(self._service, name))
        if found:
            self._loaded(found)
        return found or None

    async def set(self, name: str, secret: str) -> None:
        """Keep a secret. Raises VaultError when it lasts for this run only, or is too long."""
        _check_name(name)
        if not secret or len(secret) > MAX_CHARACTERS:
            raise VaultError(f"a secret has 1 to {MAX_CHARACTERS} characters")
        self._loaded(secret)
        self._of_this_run[name] = secret
        await self._asked(lambda: self._store().set_password(self._service, name, secret))
        del self._of_this_run[name]

    async def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is forgotten already. Raises VaultError."""
        _check_name(name)
        self._of_this_run.pop(name, None)
        await self._asked(lambda: self._delete(name))

    def _delete(self, name: str) -> None:
        try:
            self._store().delete_password(self._service, name)
        except PasswordDeleteError:
            return

    async def _asked(self, call: Callable[[], T]) -> T:
        """A store may ask the person first: in a thread, and not for ever."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.to_thread(call)
        except TimeoutError:
            raise VaultError("the system's key store did not answer; it may wait for you to unlock it") from None
        except KeyringError as error:
            raise VaultError(f"the system's key store refused ({type(error).__name__}); is it locked?") from None


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise VaultError(f"{name!r} is no name of a secret")
