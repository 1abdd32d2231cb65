"""Everything that was journaled, as readable sentences, newest first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.messages import Event
from app.ui.activity.event_facts import EventFacts, Tone, event_facts
from app.ui.activity.event_texts import sentence
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.formats import clock
from app.ui.ui_feed import UiFeed

MAX_EVENTS = 2_000
_ROLES = {Tone.PLAIN: "text", Tone.WARNING: "warning", Tone.DANGER: "danger"}
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line; ``number`` tells equal events apart."""

    number: int
    facts: EventFacts


def event_columns() -> tuple[Column[EventRow], ...]:
    """Columns of the list; sentences are made when they are looked at, so that a new language reaches them all."""
    return (
        Column(
            lambda: translate("EventsList", "Time"),
            lambda row: clock(row.facts.at),
            "00:00:00",
            role=lambda _: "dim",
        ),
        Column(
            lambda: translate("EventsList", "Event"),
            lambda row: sentence(row.facts.event),
            "KRW-BTC: 매수 order, market 3,000,000: open",
            role=lambda row: _ROLES[row.facts.tone],
            tip=lambda row: sentence(row.facts.event),
        ),
    )


class EventsList(QWidget):
    """Keeps the newest 2,000 events. Double click or Enter selects the event's market and position."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._feed: UiFeed | None = None
        self._count = 0
        self.model: RowModel[EventRow] = RowModel(event_columns(), lambda row: str(row.number), self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.activated.connect(self._activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        self.clock = feed.clock
        feed.timeline.connect(self.add_events)

    def add_events(self, events: Iterable[Event]) -> None:
        """Add journaled events, oldest first."""
        now = self.clock()
        fresh = [EventRow(number, event_facts(event, now)) for number, event in enumerate(events, self._count + 1)]
        self._count += len(fresh)
        self.model.add_on_top(fresh[::-1], MAX_EVENTS)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _activated(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        if row is not None and row.facts.market is not None and self._feed is not None:
            self._feed.select(row.facts.market, row.facts.position_id)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Events"))
        self.table.set_empty_text(self.tr("Nothing has happened yet."))
