"""Feeds a recorded flight to a fresh core and compares every decision with the recorded one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.effects import Effect
from app.domain.errors import InvalidInputError
from app.domain.flight import FlightAsk, FlightEnd, FlightEntry, FlightHeader, FlightNote, FlightStart, FlightStep
from app.domain.messages import Event
from app.engine.promotion_gate import PromotionGate
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import decide


class Decisions(Protocol):
    """Digests decisions the way the recording did."""

    count: int

    @property
    def hash(self) -> str:
        """Hash of all decisions so far."""
        ...

    def take(self, items: Sequence[Event | Effect]) -> str:
        """Digest of what one step decided."""
        ...

    def take_answer(self, answer: str | None) -> str:
        """Digest of an answer to whether an order may leave."""
        ...


@dataclass(slots=True)
class ReplayReport:
    """What a replay found. ``recorded_hash`` is None when the recording has no proper end."""

    entries: int = 0
    messages: int = 0
    virtual_seconds: float = 0.0
    decisions: int = 0
    decision_hash: str = ""
    recorded_hash: str | None = None
    first_difference: int | None = None

    @property
    def identical(self) -> bool:
        """True when every entry decided the same, byte for byte."""
        return self.first_difference is None


class RecordedIds:
    """IdSource that answers what it answered in the same step of the recording."""

    def __init__(self) -> None:
        self._left: list[str] = []
        self.is_short = False

    def expect(self, drawn: tuple[str, ...]) -> None:
        """A new step begins; it drew these."""
        self._left = list(reversed(drawn))
        self.is_short = False

    @property
    def is_used_up(self) -> bool:
        """True when exactly the recorded identifiers were drawn."""
        return not self._left and not self.is_short

    def order_id(self) -> str:
        """Next recorded identifier; a made-up one when the recording drew fewer."""
        if not self._left:
            self.is_short = True
            return "not-recorded"
        return self._left.pop()

    def owns(self, order_id: str | None) -> bool:
        """The next recorded answer."""
        return self.order_id() == "True"

    position_id = order_id
    run_id = order_id


class FlightReplay:
    """One core and the entries it is fed with."""

    def __init__(self, header: FlightHeader, decisions: Decisions) -> None:
        self._ids = RecordedIds()
        gate = PromotionGate(header.promotion)
        self._core = TradingCore(header.venue, header.quote, header.limits, self._ids, header.health, gate)
        self._decisions = decisions
        self._first: datetime | None = None
        self.report = ReplayReport(entries=1)

    def take(self, number: int, entry: FlightEntry) -> None:
        """Let the core do what the entry tells, and compare."""
        report = self.report
        report.entries += 1
        same = self._same(entry)
        if not same and report.first_difference is None:
            report.first_difference = number
        now = getattr(entry, "now", None)
        if now is not None:
            self._first = self._first or now
            report.virtual_seconds = (now - self._first).total_seconds()

    def finish(self) -> ReplayReport:
        """The report with its totals."""
        self.report.decisions, self.report.decision_hash = self._decisions.count, self._decisions.hash
        return self.report

    def _same(self, entry: FlightEntry) -> bool:
        match entry:
            case FlightStart():
                self._ids.expect(entry.ids)
                out = self._decisions.take(self._core.recover(entry.books, entry.run, entry.now))
                return out == entry.out and self._ids.is_used_up
            case FlightStep():
                self.report.messages += 1
                self._ids.expect(entry.ids)
                items, _ = decide(self._core, entry.message, entry.now)
                return self._decisions.take(items) == entry.out and self._ids.is_used_up
            case FlightAsk():
                answer = self._core.may_send(entry.order_id, entry.now)
                return self._decisions.take_answer(answer) == entry.out
            case FlightEnd():
                self.report.recorded_hash = entry.decision_hash
                totals = (self.report.messages, self._decisions.count, self._decisions.hash)
                return totals == (entry.messages, entry.decisions, entry.decision_hash)
            case FlightNote() | FlightHeader():
                return True


def replay_flight(log: Iterable[tuple[int, FlightEntry]], decisions: Decisions) -> ReplayReport:
    """Run a whole log, header first, through a fresh core.

    Raises:
        InvalidInputError: the log is empty or does not begin with its header, or reading it failed.
    """
    entries = iter(log)
    _, header = next(entries, (0, None))
    if not isinstance(header, FlightHeader):
        raise InvalidInputError("a flight log begins with a header; this one does not")
    replay = FlightReplay(header, decisions)
    for number, entry in entries:
        replay.take(number, entry)
    return replay.finish()
