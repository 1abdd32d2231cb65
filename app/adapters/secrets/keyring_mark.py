"""The kill switch's mark in the system's keyring: what no backup of files brings back to an older state."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.adapters.secrets.key_store import TIMEOUT_S, NoKeyStoreError, Store, ask_store, system_store
from app.domain.errors import StorageError, VaultError
from app.domain.kill import KillMark, KillReading, NoMark

SERVICE = "gwanje kill switch"
#: Shorter than a reading: what is sent after a mark waits until it is kept.
WRITE_PATIENCE_S = 2.0


class KeyringMark:
    """KillStore in the keyring; one short entry per data folder."""

    name = "keyring"

    def __init__(self, folder: Path, store: Callable[[], Store] = system_store, timeout_s: float = TIMEOUT_S) -> None:
        self._user = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:32]
        self._store = store
        self._timeout_s = timeout_s

    async def read(self) -> KillReading:
        """See KillStore; NoMark.ABSENT when this computer has no keyring."""
        try:
            text = await ask_store(self._store, lambda store: store.get_password(SERVICE, self._user), self._timeout_s)
        except NoKeyStoreError:
            return NoMark.ABSENT
        except VaultError:
            return NoMark.UNREADABLE
        if text is None:
            return NoMark.MISSING
        try:
            return msgspec.json.decode(text, type=KillMark)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return NoMark.UNREADABLE

    async def write(self, mark: KillMark) -> None:
        """See KillStore; a mark that says it is not kept in a keyring is not."""
        if not mark.keyring:
            return
        text = msgspec.json.encode(mark).decode()
        try:
            patience = min(self._timeout_s, WRITE_PATIENCE_S)
            await ask_store(self._store, lambda store: store.set_password(SERVICE, self._user, text), patience)
        except VaultError as error:
            raise StorageError(str(error)) from error
