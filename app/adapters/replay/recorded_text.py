"""Lines, rows and figures of recorded files, plain or gzip. Whatever is damaged is told with file, line and what."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec

from app.domain.errors import InvalidInputError

T = TypeVar("T")

MAX_LINE = 16_000_000
MAX_BODY = 256_000_000
MAX_EXPONENT = 30
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; line 0 is the file as a whole."""

    file: str
    line: int

    def error(self, what: str) -> InvalidInputError:
        """The error to raise for this place."""
        return InvalidInputError(f"{self.file}, line {self.line}: {what}" if self.line else f"{self.file}: {what}")


def numbered_lines(path: Path) -> Iterator[tuple[Place, str]]:
    """Lines without their ends, streamed.

    Raises:
        InvalidInputError: the file cannot be read, is cut off or damaged, or is not UTF-8 text.
    """
    number = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise Place(path.name, number).error(f"is longer than {MAX_LINE} characters")
                yield Place(path.name, number), line.rstrip("\r\n")
    except EOFError as error:
        raise Place(path.name, number + 1).error("the file is cut off here") from error
    except zlib.error as error:
        raise Place(path.name, number + 1).error(f"the compressed data is damaged ({error})") from error
    except UnicodeDecodeError as error:
        raise Place(path.name, number + 1).error("is not UTF-8 text") from error
    except OSError as error:
        raise Place(path.name, number).error(f"cannot be read ({error.strerror or error})") from error


def read_body(path: Path) -> tuple[Place, str]:
    """The whole text of a file that holds one body.

    Raises:
        InvalidInputError: as ``numbered_lines``, or larger than MAX_BODY.
    """
    place = Place(path.name, 0)
    parts: list[str] = []
    size = 0
    for _, line in numbered_lines(path):
        size += len(line)
        if size > MAX_BODY:
            raise place.error(f"is larger than {MAX_BODY} characters")
        parts.append(line)
    return place, "\n".join(parts)


def csv_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[Place, dict[str, str]]]:
    """Rows under the header, by lower-case column name.

    Raises:
        InvalidInputError: as ``numbered_lines``; a column of ``needed`` is missing; a row does not fit the header.
    """
    reader = csv.reader((line for _, line in numbered_lines(path)), strict=True)
    header: list[str] = []
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Place(path.name, reader.line_num).error(f"is no CSV ({error})") from error
        place = Place(path.name, reader.line_num)
        if row is None:
            break
        if not header:
            header = [name.strip().lower() for name in row]
            missing = [name for name in needed if name not in header]
            if missing:
                raise place.error(f"has no column {', '.join(missing)}")
        elif len(row) != len(header):
            raise place.error(f"has {len(row)} fields, the header has {len(header)}")
        else:
            yield place, dict(zip(header, row, strict=True))
    if not header:
        raise Place(path.name, 0).error("is empty")


def json_at(place: Place, form: type[T], text: str | bytes | msgspec.Raw) -> T:
    """``text`` as ``form``; numbers become exact decimals where the form says Decimal.

    Raises:
        InvalidInputError: no JSON, or not of that form.
    """
    try:
        return msgspec.json.decode(text, type=form)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise place.error(str(error)) from error


def amount_at(place: Place, field: str, text: str) -> Decimal:
    """An exact decimal as written.

    Raises:
        InvalidInputError: it is not a plain number.
    """
    if not _NUMBER.fullmatch(text):
        raise place.error(f"{field} '{text[:40]}' is not a number")
    return Decimal(text)


def price_at(place: Place, field: str, value: Decimal) -> Decimal:
    """A price, which is above zero.

    Raises:
        InvalidInputError: it is not.
    """
    if not (value.is_finite() and value > 0 and abs(value.adjusted()) <= MAX_EXPONENT):
        raise place.error(f"{field} {value} is no price")
    return value


def size_at(place: Place, field: str, value: Decimal) -> Decimal:
    """A quantity, which is zero or more.

    Raises:
        InvalidInputError: it is not.
    """
    if not (value.is_finite() and value >= 0 and abs(value.adjusted()) <= MAX_EXPONENT):
        raise place.error(f"{field} {value} is no quantity")
    return value


def time_at(place: Place, field: str, text: str, zone: tzinfo) -> datetime:
    """A time written without zone, which is ``zone``, as UTC.

    Raises:
        InvalidInputError: it is no time, or it carries a zone of its own.
    """
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is None:
            return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise place.error(f"{field} '{text[:40]}' is no time") from error
    raise place.error(f"{field} '{text[:40]}' carries a time zone")


def time_of_ms(place: Place, field: str, milliseconds: int) -> datetime:
    """UTC time of milliseconds since 1970.

    Raises:
        InvalidInputError: outside the years a calendar knows.
    """
    try:
        seconds, rest = divmod(milliseconds, 1000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise place.error(f"{field} {milliseconds} is no time") from error


def _opened(path: Path) -> io.TextIOBase:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")
