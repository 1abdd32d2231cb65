"""The circuit breakers: what each call group's lets through, what it counted, and the buttons for a person."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup, CallRate
from app.domain.money import ratio
from app.ui import wording
from app.ui.formats import clock, percent
from app.ui.panel import ElidedLabel, label, set_role, set_tip, set_words

_ROLES = {BreakerState.CLOSED: "good", BreakerState.HALF_OPEN: "warning", BreakerState.OPEN: "warning"}


class BreakerRow(QWidget):
    """One call group."""

    def __init__(self, group: CallGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = group
        self.name = label(size=13)
        self.name.setFixedWidth(72)
        self.state = ElidedLabel(size=12)
        self.counted = ElidedLabel("dim", size=12)
        self.trip_button, self.reset_button = QPushButton(self), QPushButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.state)
        words.addWidget(self.counted)
        row.addWidget(self.name)
        row.addLayout(words, 1)
        for button, kind in ((self.trip_button, "trip"), (self.reset_button, "reset")):
            button.setObjectName(f"breaker_{kind}_{group}")
            button.setAutoDefault(False)
            row.addWidget(button)

    def show_breaker(self, changed: BreakerChanged | None, rate: CallRate | None, *, known: bool) -> None:
        """Show the last word on it; None: it was never anything but closed. ``known`` is False before any figure."""
        state = BreakerState.CLOSED if changed is None else changed.state
        until = None if changed is None else changed.until
        by_hand = state is BreakerState.OPEN and until is None
        self.state.show_words(self._state_words(state, until))
        set_role(self.state, _ROLES[state])
        set_tip(self.name, "" if changed is None else changed.reason)
        self.counted.show_words(self._rate_words(rate))
        self.trip_button.setEnabled(known and not by_hand)
        self.reset_button.setEnabled(known and state is not BreakerState.CLOSED)

    def translate(self) -> None:
        """Words in the language of the screen."""
        set_words(self.name, wording.call_group(self.group))
        self.trip_button.setText(self.tr("Trip"))
        self.reset_button.setText(self.tr("Reset"))
        self.trip_button.setToolTip(self.tr("Let no entry leave until it is reset by hand"))
        self.reset_button.setToolTip(self.tr("Close it and forget its failures"))
        for button in (self.trip_button, self.reset_button):
            button.setAccessibleName(f"{button.text()}: {self.name.text()}")

    def _state_words(self, state: BreakerState, until: datetime | None) -> str:
        words = wording.breaker_state(state)
        if state is not BreakerState.OPEN:
            return words
        end = (
            self.tr("until it is reset by hand") if until is None else self.tr("until {time}").format(time=clock(until))
        )
        return f"{words} · {end}"

    def _rate_words(self, rate: CallRate | None) -> str:
        if rate is None or not rate.calls:
            return self.tr("no call in the last minute")
        words = self.tr("{calls} calls a minute · failed {failed} ({failed_share}) · slow {slow} ({slow_share})")
        shares = [
            percent(ratio(Decimal(count), Decimal(rate.calls)), 0, signed=False) for count in (rate.failed, rate.slow)
        ]
        return words.format(
            calls=rate.calls, failed=rate.failed, slow=rate.slow, failed_share=shares[0], slow_share=shares[1]
        )


class BreakerRows(QWidget):
    """All groups of one venue. The buttons only tell what a person wants."""

    trip_wanted = Signal(object)
    """The CallGroup to let no entry leave for."""
    reset_wanted = Signal(object)
    """The CallGroup whose breaker is to close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {group: BreakerRow(group, self) for group in CallGroup}
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.note)
        for row in self.rows.values():
            column.addWidget(row)
            row.trip_button.clicked.connect(lambda _=False, group=row.group: self.trip_wanted.emit(group))
            row.reset_button.clicked.connect(lambda _=False, group=row.group: self.reset_wanted.emit(group))
        self._translate()

    def show_breakers(
        self, venue: str, breakers: Mapping[tuple[str, CallGroup], BreakerChanged], rates: tuple[CallRate, ...]
    ) -> None:
        """Show those of ``venue``; an empty name: no venue is known yet."""
        counted = {rate.group: rate for rate in rates}
        for group, row in self.rows.items():
            row.show_breaker(breakers.get((venue, group)), counted.get(group), known=bool(venue))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _translate(self) -> None:
        self.note.setText(
            self.tr("An open breaker holds entries back. Exits, cancels and look-ups pass in every state.")
        )
        for row in self.rows.values():
            row.translate()
