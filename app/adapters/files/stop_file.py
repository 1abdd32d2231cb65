"""The stop file: the kill switch's mark beside the journal, readable and writable without any database."""

import hashlib
import os
import stat
from pathlib import Path

import msgspec

from app.adapters.files.settings_file import write_atomically
from app.adapters.host.side_thread import aside
from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillReading, NoMark

FILE_NAME = "kill-switch.json"
#: A mark is a few hundred bytes; more is no mark.
LONGEST = 65_536
READ_PATIENCE_S, WRITE_PATIENCE_S = 10.0, 2.0
CHANGED = "the stop file was changed from outside"


class _Sealed(msgspec.Struct):
    mark: KillMark
    seal: str


class StopFile:
    """KillStore and, for the send path, half of OutsideStop: one ``stat`` tells that nobody touched the file."""

    name = "stop file"

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._own: tuple[int, int, int] | None = None
        #: Written here last, or being written right now by a thread.
        self._mine: KillMark | None = None

    async def read(self) -> KillReading:
        """See KillStore; from now on ``tripped`` tells of changes after this."""
        try:
            return await aside(self.read_now, READ_PATIENCE_S)
        except TimeoutError:
            return NoMark.UNREADABLE

    async def write(self, mark: KillMark) -> None:
        """See KillStore."""
        try:
            await aside(lambda: self.write_now(mark), WRITE_PATIENCE_S)
        except TimeoutError:
            raise StorageError(f"{self.path}: the disk does not answer") from None

    def read_now(self) -> KillReading:
        """The mark, or why there is none. A link, a folder or a pipe in its place counts as unreadable."""
        seen = self._look()
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return NoMark.MISSING
        except OSError:
            return NoMark.UNREADABLE
        try:
            with os.fdopen(descriptor, "rb") as stream:
                regular = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
                text = stream.read(LONGEST) if regular else b""
            sealed = msgspec.json.decode(text, type=_Sealed)
        except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
            return NoMark.UNREADABLE
        if sealed.seal != _seal(sealed.mark) or self.path.is_symlink():
            return NoMark.UNREADABLE
        self._own = seen
        return sealed.mark

    def write_now(self, mark: KillMark) -> None:
        """Replace the file, durable on return. Raises StorageError."""
        self._mine = mark
        try:
            write_atomically(self.path, msgspec.json.encode(_Sealed(mark, _seal(mark))).decode() + "\n")
            if os.name == "posix":
                descriptor = os.open(self.path.parent, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise StorageError(f"{self.path}: cannot be written ({error.strerror})") from error
        self._own = self._look()

    def tripped(self) -> str | None:
        """See OutsideStop. A file that is gone, unreadable or halted by somebody else is a trip; every change is."""
        seen = self._look()
        if seen == self._own:
            return None
        found = self.read_now()
        self._own = seen
        if found == self._mine:
            return None
        if found is NoMark.MISSING:
            return "the stop file is missing"
        if isinstance(found, NoMark):
            return "the stop file cannot be read"
        return found.reason if found.halted else CHANGED

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = os.lstat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _seal(mark: KillMark) -> str:
    """Tells damage from a mark; it is no secret, the keyring is what an attacker has to change as well."""
    return hashlib.sha256(b"gwanje kill mark " + msgspec.json.encode(mark)).hexdigest()
