"""State events as JSON text and back, exact to the last digit."""

import dataclasses
import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.errors import StorageError
from app.domain.messages import JOURNALED, StateEvent

_ENCODER = msgspec.json.Encoder()
_DECODERS: Mapping[str, msgspec.json.Decoder[Any]] = {
    event_type.__name__: msgspec.json.Decoder(event_type) for event_type in JOURNALED
}
# Text of a number that is none, or of a time that does not end in Z. A person's words may look like it too; then the
# slow walk over the fields decides.
_SUSPECT = re.compile(rb'NaN|Infinity|:\d\d(?:\.\d+)?"')
_NO_OFFSET = timedelta(0)


def encode(event: StateEvent) -> tuple[str, str]:
    """Kind and JSON payload of ``event``.

    Raises:
        StorageError: the type is not journaled, or a value in it could not be read back as it is (NaN, infinity,
            naive or foreign-zone time, broken text). The text names the field.
    """
    kind = type(event).__name__
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise StorageError(f"{kind} is not a journaled event")
    try:
        data = _ENCODER.encode(event)
        fault = _fault_in(event, kind) if _SUSPECT.search(data) else None
        if fault is None and decoder.decode(data) != event:
            fault = _fault_in(event, kind) or f"{kind} would not be read back as it is and"
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise StorageError(f"{_fault_in(event, kind) or kind} cannot be written to the journal: {error}") from error
    if fault is not None:
        raise StorageError(f"{fault} cannot be written to the journal")
    return kind, data.decode()


def decode(kind: str, payload: str, seq: int) -> StateEvent:
    """Event of journal record ``seq``.

    Raises:
        StorageError: unknown kind or damaged payload; the text names ``seq``.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise StorageError(f"journal record {seq}: unknown kind {kind!r}; was it written by a newer version?")
    try:
        event: StateEvent = decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError) as error:
        raise StorageError(f"journal record {seq}: {kind} cannot be read: {error}") from error
    return event


def _fault_in(value: object, where: str) -> str | None:
    """First value below ``value`` that JSON would change, with its place; None when all is well."""
    if isinstance(value, Decimal | float):
        finite = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
        return None if finite else f"{where} = {value}"
    if isinstance(value, datetime):
        return None if value.utcoffset() == _NO_OFFSET else f"{where} = {value} (not UTC)"
    if isinstance(value, tuple):
        return next(
            (fault for number, part in enumerate(value) if (fault := _fault_in(part, f"{where}[{number}]"))), None
        )
    if not dataclasses.is_dataclass(value):
        return None
    parts = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return next((fault for name, part in parts if (fault := _fault_in(part, f"{where}.{name}"))), None)
