"""Secrets by name in the key store of the system. Without one they last for this run only; nothing is ever a file."""

import re
from collections.abc import Callable
from typing import TypeVar

from app.adapters.secrets.key_store import TIMEOUT_S, Store, ask_store, system_store
from app.domain.errors import VaultError

T = TypeVar("T")
SERVICE = "gwanje"
#: Longest secret in characters: Windows takes 2,560 bytes of UTF-16 (keyring#355).
MAX_CHARACTERS = 1_200
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")


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
        found = await self._asked(lambda store: store.get_password(self._service, name))
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
        await self._asked(lambda store: store.set_password(self._service, name, secret))
        del self._of_this_run[name]

    async def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is forgotten already. Raises VaultError."""
        _check_name(name)
        self._of_this_run.pop(name, None)
        await self._asked(lambda store: self._delete(store, name))

    def _delete(self, store: Store, name: str) -> None:
        from keyring.errors import PasswordDeleteError

        try:
            store.delete_password(self._service, name)
        except PasswordDeleteError:
            return

    async def _asked(self, call: Callable[[Store], T]) -> T:
        return await ask_store(self._store, call, self._timeout_s)


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise VaultError(f"{name!r} is no name of a secret")
