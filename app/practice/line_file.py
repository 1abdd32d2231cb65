"""A file of JSON lines `["checksum",payload]` that a kill -9 in the middle of a write cannot spoil.

Each checksum covers its payload and all lines before it, so a changed, lost, doubled or moved line is seen.
A line is handed to the system by one write: what `append` has returned from survives the end of the process.
(Not a power failure: for play money the system's own delay of some seconds is good enough.)
"""

from __future__ import annotations

import logging
import os
import stat
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from .file_lock import lock

_HEAD, _TAIL = b'["00000000",', b"]\n"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_PRIVATE = 0o600
_NOT_OPEN = -1
_log = logging.getLogger("practice")
_Form = TypeVar("_Form")


class StateFileError(Exception):
    """A state file cannot be used; the text says which, where, and what to do."""


class LineFile:
    """`magic` is how the first payload begins: the mark by which a file is known as ours."""

    def __init__(self, path: Path, magic: bytes, remedy: str) -> None:
        self.path = path
        self.size = 0
        self.failure: StateFileError | None = None
        self._magic = magic
        self._remedy = remedy
        self._check = 0
        self._descriptor = self._open()

    def lock(self, patience_s: float) -> None:
        """Keep other processes out; raises StateFileError if one is in already."""
        if not lock(self._descriptor, patience_s):
            raise StateFileError(
                f"{self.path}: another practice exchange is using this account; end it or give another --state"
            )

    def read(self) -> list[bytes]:
        """All payloads; a line that was cut off at the end is removed. Raises StateFileError on any other damage."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with open(self._descriptor, "rb", closefd=False) as file:
            data = file.read()
        *lines, torn = data.split(b"\n")
        self._refuse_foreign(data)
        payloads = [self._payload(number, line) for number, line in enumerate(lines, 1)]
        self.size = len(data) - len(torn)
        if torn:
            os.ftruncate(self._descriptor, self.size)
            _log.warning(
                "%s: line %d was cut off in the middle of writing (%d bytes); it has been removed",
                self.path,
                len(lines) + 1,
                len(torn),
            )
        return payloads

    def append(self, payload: bytes) -> None:
        """Add a line; on return it survives the end of this process. Raises StateFileError if that is impossible."""
        if self.failure is not None:
            raise self.failure
        try:
            self._write(self._descriptor, payload)
        except OSError as error:
            # Half a line may be there. Nothing may follow it, so that the next start can cut it off.
            raise self._failed(error) from error

    def rewrite(self, payloads: Sequence[bytes]) -> None:
        """Replace everything in one step: after a kill there is either the old file or the new one."""
        fresh = self.path.with_name(self.path.name + ".new")
        self._check = self.size = 0
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, _FLAGS | os.O_EXCL, _PRIVATE)
            try:
                self._write(descriptor, *payloads)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.close(self._descriptor)
            self._descriptor = _NOT_OPEN
            fresh.replace(self.path)
            self._descriptor = self._open()
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        if self._descriptor != _NOT_OPEN:
            os.close(self._descriptor)
            self._descriptor = _NOT_OPEN

    def decoded(self, decoder: msgspec.json.Decoder[_Form], number: int, payload: bytes) -> _Form:
        """What line `number` says; raises StateFileError if that makes no sense, however right its checksum is."""
        try:
            return decoder.decode(payload)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise self.damaged(number) from None

    def damaged(self, number: int) -> StateFileError:
        return StateFileError(f"{self.path}: line {number} is damaged; {self._remedy}")

    def _failed(self, error: OSError) -> StateFileError:
        self.failure = StateFileError(f"{self.path}: cannot be written ({error.strerror})")
        return self.failure

    def _open(self) -> int:
        descriptor = os.open(self.path, _FLAGS, _PRIVATE)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise StateFileError(f"{self.path}: not a file; give --state the path of one")
        self.path.chmod(_PRIVATE)
        return descriptor

    def _write(self, descriptor: int, *payloads: bytes) -> None:
        lines, self._check = _sealed(payloads, self._check)
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        self.size += len(lines)

    def _payload(self, number: int, line: bytes) -> bytes:
        payload = line[len(_HEAD) : 1 - len(_TAIL)]
        check = zlib.crc32(payload, self._check)
        if line != _head(check) + payload + _TAIL[:-1]:
            raise self.damaged(number)
        self._check = check
        return payload

    def _refuse_foreign(self, data: bytes) -> None:
        """Somebody's other file must never be cut or written to, not even if it is a single unfinished line."""
        mark = _HEAD + self._magic
        start = data[: len(mark)]
        without_check = start[:2] + b"0" * len(start[2:10]) + start[10:]
        if not mark.startswith(without_check):
            raise StateFileError(f"{self.path}: not a state file of the practice exchange; {self._remedy}")


def _head(check: int) -> bytes:
    return b'["%08x",' % check


def _sealed(payloads: Iterable[bytes], check: int) -> tuple[bytes, int]:
    lines = []
    for payload in payloads:
        check = zlib.crc32(payload, check)
        lines.append(_head(check) + payload + _TAIL)
    return b"".join(lines), check
