"""The flight log: one file with everything that entered the core, for a replay that must decide the same.

Lines of JSON, numbered from 1: ``{"number":1,"kind":"header","body":{...},"hash":"..."}``. The hash is the SHA-256 of
the hash before it and of every byte of its own line before ``,"hash"``. The kind of a message is its type's name.
"""

import asyncio
import hashlib
import logging
import os
import threading
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.effects import Effect
from app.domain.emergency import LiquidationRun
from app.domain.errors import InvalidInputError, StorageError
from app.domain.flight import (
    FlightAsk,
    FlightBooks,
    FlightEnd,
    FlightEntry,
    FlightHeader,
    FlightNote,
    FlightStart,
    FlightStep,
)
from app.domain.messages import Event, Message
from app.domain.ports import IdSource, RecoveredState

_log = logging.getLogger(__name__)

FORMAT = 1
FLUSH_S = 0.5
#: A disk that is this many bytes behind does not keep up; the recording ends rather than fill the memory.
MOST_WAITING = 64 * 1024 * 1024
GENESIS = hashlib.sha256(b"gwanje flight log").hexdigest()
_ENCODER = msgspec.json.Encoder()
_OWN_KINDS: dict[type, str] = {
    FlightHeader: "header",
    FlightStart: "start",
    FlightAsk: "ask",
    FlightNote: "note",
    FlightEnd: "end",
}


def kind_of(entry: FlightEntry) -> str:
    """Name of an entry's kind in the file."""
    return type(entry.message).__name__ if isinstance(entry, FlightStep) else _OWN_KINDS[type(entry)]


def sealed(previous: str, content: bytes) -> str:
    """Hash of an entry: of the hash before it and of every byte of its line before its own hash."""
    return hashlib.sha256(previous.encode() + b"\n" + content).hexdigest()


class DecisionStream:
    """Everything a core decided, as one running SHA-256 and one short digest a step."""

    def __init__(self) -> None:
        self._all = hashlib.sha256()
        self.count = 0

    @property
    def hash(self) -> str:
        """Hex SHA-256 of all decisions so far."""
        return self._all.hexdigest()

    def take(self, items: Sequence[Event | Effect]) -> str:
        """Add what one step decided; returns its digest (16 hex digits; empty when nothing was decided)."""
        return self._add([type(item).__name__.encode() + b" " + _ENCODER.encode(item) for item in items])

    def take_answer(self, answer: str | None) -> str:
        """Add an answer to whether an order may leave; returns its digest."""
        return self._add([b"may_send " + _ENCODER.encode(answer)])

    def _add(self, parts: list[bytes]) -> str:
        data = b"\n".join(parts)
        self._all.update(data + b"\n\n")
        self.count += len(parts)
        return hashlib.sha256(data).hexdigest()[:16] if parts else ""


class WatchedIds:
    """IdSource that keeps the answers it gave until they are taken: identifiers, and "True" or "False"."""

    def __init__(self, source: IdSource) -> None:
        self._source = source
        self._drawn: list[str] = []

    def order_id(self) -> str:
        """New order identifier."""
        return self._keep(self._source.order_id())

    def position_id(self) -> str:
        """New position identifier."""
        return self._keep(self._source.position_id())

    def run_id(self) -> str:
        """New identifier of an emergency run."""
        return self._keep(self._source.run_id())

    def owns(self, order_id: str | None) -> bool:
        """Whether the identifier is one of this installation."""
        return self._keep(str(self._source.owns(order_id))) == "True"

    def take(self) -> tuple[str, ...]:
        """Answers given since the last call."""
        drawn, self._drawn = tuple(self._drawn), []
        return drawn

    def _keep(self, drawn: str) -> str:
        self._drawn.append(drawn)
        return drawn


class FlightLogWriter:
    """FlightRecorder port over a new file. The core must draw its identifiers from ``ids``.

    Entries wait in memory; ``run`` writes them out twice a second in a thread. The first trouble ends the recording,
    never the trading: ``run`` then raises it.
    """

    def __init__(self, path: Path, header: FlightHeader, ids: IdSource) -> None:
        """Create the file, readable by its owner only. Raises InvalidInputError when it exists or cannot be made."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            raise InvalidInputError(f"{path} exists; a recording never overwrites, so name a new file") from None
        except OSError as error:
            raise InvalidInputError(f"{path} cannot be created: {error.strerror}; name another file") from error
        self.ids = WatchedIds(ids)
        self.stream = DecisionStream()
        self._path = path
        self._file = os.fdopen(descriptor, "wb")
        self._writing = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._number = 0
        self._hash = GENESIS
        self._messages = 0
        self._failure: str | None = None
        self._put(header)

    # ---- the port -----------------------------------------------------------------------------------------------

    def began(
        self, state: RecoveredState, run: LiquidationRun | None, now: datetime, decided: Sequence[Event | Effect]
    ) -> None:
        """The core took over what the journal knew."""
        self._put(FlightStart(now, FlightBooks.of(state), run, self.ids.take(), self._digest(decided)))

    def handled(self, message: Message, now: datetime, decided: Sequence[Event | Effect]) -> None:
        """The core handled a message."""
        self._messages += 1
        self._put(FlightStep(now, message, self.ids.take(), self._digest(decided)))

    def asked(self, order_id: str, now: datetime, answer: str | None) -> None:
        """The core was asked whether an order may leave."""
        self._put(FlightAsk(now, order_id, self.stream.take_answer(answer)))

    def noted(self, words: str, now: datetime) -> None:
        """Something happened around the core."""
        self._put(FlightNote(now, words))

    # ---- life ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Write out what waits, again and again. Raises StorageError once the recording has failed."""
        while self._failure is None:
            await asyncio.sleep(FLUSH_S)
            await asyncio.to_thread(self._write_out)
        raise StorageError(f"the recording has ended early: {self._failure}")

    async def close(self) -> None:
        """Write the last entry and close the file; never raises."""
        self._put(FlightEnd(self._messages, self.stream.count, self.stream.hash))
        await asyncio.to_thread(self._close)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _digest(self, decided: Sequence[Event | Effect]) -> str:
        if self._failure is not None:
            return ""
        try:
            return self.stream.take(decided)
        except (TypeError, ValueError, msgspec.MsgspecError) as error:
            self._fail(f"a decision cannot be encoded: {error}")
            return ""

    def _put(self, entry: FlightEntry) -> None:
        if self._failure is not None:
            return
        try:
            body = _ENCODER.encode(entry)
        except (TypeError, ValueError, msgspec.MsgspecError) as error:
            self._fail(f"{kind_of(entry)} cannot be encoded: {error}")
            return
        self._number += 1
        content = b'{"number":%d,"kind":"%s","body":%s' % (self._number, kind_of(entry).encode(), body)
        self._hash = sealed(self._hash, content)
        line = content + b',"hash":"' + self._hash.encode() + b'"}\n'
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes > MOST_WAITING:
            self._waiting.clear()
            self._fail("the disk does not keep up")

    def _write_out(self) -> None:
        with self._writing:
            batch: list[bytes] = []
            while self._waiting:
                batch.append(self._waiting.popleft())
            self._waiting_bytes = 0
            if not batch or self._file.closed:
                return
            try:
                self._file.write(b"".join(batch))
                self._file.flush()
            except OSError as error:
                self._fail(str(error))

    def _close(self) -> None:
        self._write_out()
        with self._writing:
            try:
                if self._failure is None:
                    os.fsync(self._file.fileno())
                self._file.close()
            except OSError as error:
                self._fail(str(error))

    def _fail(self, words: str) -> None:
        if self._failure is None:
            self._failure = f"{self._path}: {words}"
            _log.error("the flight is not recorded any more: %s", self._failure)
