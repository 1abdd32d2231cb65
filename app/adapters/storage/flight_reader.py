"""Reads a flight log back and checks every byte of it; damage is named by its entry."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec

from app.adapters.storage.flight_log import FORMAT, GENESIS, sealed
from app.domain.errors import InvalidInputError
from app.domain.flight import FlightAsk, FlightEnd, FlightEntry, FlightHeader, FlightNote, FlightStart, FlightStep
from app.domain.messages import Message

#: Longer lines are no entries; keeps a damaged file from filling the memory.
LONGEST_LINE = 64 * 1024 * 1024
_SEAL = re.compile(rb',"hash":"([0-9a-f]{64})"\}')
_SEAL_LENGTH = len(b',"hash":""}') + 64


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    kind: str
    body: msgspec.Raw


class _StepBody(msgspec.Struct, forbid_unknown_fields=True):
    now: datetime
    message: msgspec.Raw
    ids: tuple[str, ...]
    out: str


class _FormatOnly(msgspec.Struct):
    format: int


_LINE = msgspec.json.Decoder(_Line)
_STEP = msgspec.json.Decoder(_StepBody)
_FORMAT = msgspec.json.Decoder(_FormatOnly)
_BODIES: Mapping[str, msgspec.json.Decoder[Any]] = {
    "header": msgspec.json.Decoder(FlightHeader),
    "start": msgspec.json.Decoder(FlightStart),
    "ask": msgspec.json.Decoder(FlightAsk),
    "note": msgspec.json.Decoder(FlightNote),
    "end": msgspec.json.Decoder(FlightEnd),
}
_MESSAGES: Mapping[str, msgspec.json.Decoder[Any]] = {
    kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Message)
}


class FlightLogError(InvalidInputError):
    """The log is damaged or not readable from ``entry`` (counted from 1) on."""

    def __init__(self, path: Path, entry: int, words: str) -> None:
        super().__init__(f"{path}: entry {entry} {words}")
        self.entry = entry


class FlightLog:
    """A flight log as (number, entry) pairs, checked while it is read; the header comes first.

    After reading, ``note`` tells when the log ends without its last entry (the program was killed): what was read up to
    there is sound.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.note: str | None = None

    def __iter__(self) -> Iterator[tuple[int, FlightEntry]]:
        """Raises FlightLogError at the first entry that is damaged, InvalidInputError when the file is unusable."""
        try:
            with self.path.open("rb") as file:
                yield from self._entries(iter(lambda: file.readline(LONGEST_LINE), b""))
        except OSError as error:
            raise InvalidInputError(f"{self.path} cannot be read: {error.strerror}; name a flight log") from error

    def _entries(self, lines: Iterator[bytes]) -> Iterator[tuple[int, FlightEntry]]:
        number, previous, ended = 0, GENESIS, False
        for line in lines:
            number += 1
            if ended:
                raise FlightLogError(self.path, number, "stands behind the end of the log; restore the file")
            if not line.endswith(b"\n"):
                self._look_at_tail(number, previous, line)
                number -= 1
                break
            content, previous = self._checked(number, previous, line)
            entry = self._decoded(number, content)
            ended = isinstance(entry, FlightEnd)
            yield number, entry
        if number == 0:
            raise InvalidInputError(f"{self.path} holds no whole entry; there is nothing to replay")
        if not ended:
            cut = "" if self.note is None else self.note + "; "
            self.note = f"{cut}the recording ended without its last entry, {number} entries are sound"

    def _checked(self, number: int, previous: str, line: bytes) -> tuple[bytes, str]:
        """Content and hash of a whole line."""
        seal = _SEAL.fullmatch(line, len(line) - _SEAL_LENGTH - 1, len(line) - 1)
        content = line[: -_SEAL_LENGTH - 1]
        if seal is None or sealed(previous, content) != seal[1].decode():
            raise FlightLogError(
                self.path,
                number,
                "is damaged (its hash does not fit); restore the file from a copy, nothing from this entry on can be"
                " trusted",
            )
        return content, seal[1].decode()

    def _look_at_tail(self, number: int, previous: str, tail: bytes) -> None:
        """A line that was cut off is the end of a sound log; a whole entry with something wrong behind it is not."""
        for seal in _SEAL.finditer(tail):
            if seal.end() < len(tail) and sealed(previous, tail[: seal.start()]) == seal[1].decode():
                raise FlightLogError(
                    self.path, number, "is damaged (its line does not end properly); restore the file from a copy"
                )
        self.note = f"entry {number} is cut off"

    def _decoded(self, number: int, content: bytes) -> FlightEntry:
        try:
            line = _LINE.decode(content + b"}")
            if number == 1 and _FORMAT.decode(line.body).format != FORMAT:
                raise FlightLogError(
                    self.path,
                    number,
                    f"is of another format than {FORMAT}; replay it with the version that recorded it",
                )
            entry = _entry(line)
        except msgspec.MsgspecError as error:
            raise FlightLogError(
                self.path, number, f"cannot be read: {error}; replay it with the version that recorded it"
            ) from error
        if entry is None or line.number != number or isinstance(entry, FlightHeader) != (number == 1):
            raise FlightLogError(self.path, number, f"({line.kind}) does not belong here; this is no sound flight log")
        return entry


def _entry(line: _Line) -> FlightEntry | None:
    body = _BODIES.get(line.kind)
    if body is not None:
        known: FlightEntry = body.decode(line.body)
        return known
    message = _MESSAGES.get(line.kind)
    if message is None:
        return None
    step = _STEP.decode(line.body)
    return FlightStep(step.now, message.decode(step.message), step.ids, step.out)
