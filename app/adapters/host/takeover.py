"""One program sells at a time: while another has taken over, this one lets nothing leave."""

import os
from pathlib import Path

import msgspec
import psutil

from app.adapters.files.settings_file import write_atomically
from app.adapters.files.stop_file import StopFile
from app.adapters.host.heartbeat import is_alive
from app.domain.errors import StorageError

FILE_NAME = "taken-over.json"
#: Process number that no process has.
NOBODY = -1


class _Holder(msgspec.Struct, frozen=True):
    pid: int
    born: float


class Takeover:
    """The file that says who sells; it counts for as long as the process that wrote it lives."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def take(self) -> None:
        """From now on the terminal sends nothing. Raises StorageError: another one has it, or it cannot be written."""
        if self.taken_over():
            raise StorageError("another gwanje-kill is at work")
        holder = _Holder(os.getpid(), psutil.Process().create_time())
        try:
            write_atomically(self._path, msgspec.json.encode(holder).decode())
        except OSError as error:
            raise StorageError(f"{self._path}: cannot be written ({error.strerror})") from error

    def release(self) -> None:
        """Give it back. The file stays: who slept meanwhile sees by it that somebody else was at work."""
        try:
            write_atomically(self._path, msgspec.json.encode(_Holder(NOBODY, 0.0)).decode())
        except OSError:
            self._path.unlink(missing_ok=True)

    def trace(self) -> tuple[int, int] | None:
        """Changes with every takeover and its end."""
        try:
            found = self._path.lstat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def taken_over(self) -> bool:
        """True while another living process has it; one that cannot be read counts, until it is removed."""
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            holder = msgspec.json.decode(self._path.read_bytes(), type=_Holder)
        except FileNotFoundError:
            return False
        except (OSError, msgspec.MsgspecError, ValueError):
            return True
        return holder.pid not in (NOBODY, os.getpid()) and is_alive(holder.pid, holder.born)


class OutsideWatch:
    """OutsideStop port: the stop file and the takeover, one ``stat`` each."""

    def __init__(self, stop_file: StopFile, takeover: Takeover) -> None:
        self.tripped = stop_file.tripped
        self._takeover = takeover
        self._trace = takeover.trace()
        self._owed = False

    def taken_over(self) -> bool:
        """See OutsideStop."""
        taken = self._takeover.taken_over()
        self._owed |= taken
        return taken

    def others_sold(self) -> bool:
        """See OutsideStop."""
        trace = self._takeover.trace()
        if trace != self._trace:
            self._trace, self._owed = trace, True
        if not self._owed or self.taken_over():
            return False
        self._owed = False
        return True
