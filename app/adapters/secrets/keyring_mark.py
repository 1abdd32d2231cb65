"""The kill switch's mark in the system's keyring: what no backup of files brings back to an older state."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import keyring
import msgspec
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError

from app.adapters.host.side_thread import aside
from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillReading, NoMark

T = TypeVar("T")
SERVICE = "gwanje kill switch"
#: A locked keyring may ask a person, who may not be there (SecretService ``unlock`` blocks; reliability notes P13).
READ_PATIENCE_S = 10.0
WRITE_PATIENCE_S = 2.0
#: Modules of backends that keep secrets of one user; others (plain files, null, unknown) count as no keyring (K16).
TRUSTED = ("keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.libsecret",
           "keyring.backends.macOS", "keyring.backends.Windows")  # fmt: skip


class KeyringMark:
    """KillStore in the keyring; one short entry per data folder. Calls block on D-Bus, so they run in a thread."""

    name = "keyring"

    def __init__(self, folder: Path, backend: Callable[[], KeyringBackend] = keyring.get_keyring) -> None:
        self._user = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:32]
        self._backend = backend

    async def read(self) -> KillReading:
        """See KillStore; NoMark.ABSENT when this computer has no keyring."""
        try:
            text = await self._call(lambda chest: chest.get_password(SERVICE, self._user), READ_PATIENCE_S)
        except LookupError:
            return NoMark.ABSENT
        except StorageError:
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
            await self._call(lambda chest: chest.set_password(SERVICE, self._user, text), WRITE_PATIENCE_S)
        except LookupError as error:
            raise StorageError("there is no keyring any more") from error

    async def _call(self, call: Callable[[KeyringBackend], T], patience_s: float) -> T:
        """Raises LookupError without a backend, StorageError when it failed or did not answer in time."""
        try:
            return await aside(lambda: self._in_thread(call), patience_s)
        except TimeoutError:
            raise StorageError(f"the keyring did not answer in {patience_s:.0f} s") from None

    def _in_thread(self, call: Callable[[KeyringBackend], T]) -> T:
        try:
            chest = _trusted(self._backend())
        except KeyringError as error:
            raise StorageError(f"the keyring cannot be opened: {error}") from error
        if chest is None:
            raise LookupError("no keyring")
        try:
            return call(chest)
        except Exception as error:  # supervised line: backends raise what their libraries raise (D-Bus, COM, ctypes)
            raise StorageError(f"the keyring failed: {error!r}") from error


def _trusted(backend: KeyringBackend) -> KeyringBackend | None:
    """The backend, or the first trusted one of a chain; None when there is none."""
    chain = backend.backends if isinstance(backend, ChainerBackend) else [backend]
    return next((one for one in chain if type(one).__module__.startswith(TRUSTED)), None)
