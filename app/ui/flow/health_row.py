"""How the venue is: state, latency, last check, price feed, clock, maintenance, halted markets. One row of figures."""

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.messages import VenueStatus
from app.domain.venue_health import HealthFigures, VenueState
from app.ui import wording
from app.ui.formats import NONE, age, milliseconds
from app.ui.panel import ElidedLabel, label, set_role, set_tip, set_words

_STATE_ROLES = {VenueState.UP: "good", VenueState.DOWN: "danger", VenueState.RESUMING: "warning"}
#: From this many seconds on a difference of the clocks is marked.
SKEW_MARKED_S = 1.0
#: A maintenance further away is not counted down.
COUNTED_DOWN = timedelta(days=2)


class HealthRow(QWidget):
    """Shows the newest VenueStatus at a time; before the first one a dash stands for every figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status: VenueStatus | None = None
        self._now: datetime | None = None
        self.state, self.latency, self.check, self.feed, self.skew = (label(size=13, figures=True) for _ in range(5))
        self.maintenance, self.halted = ElidedLabel(size=13), ElidedLabel(size=13)
        self._names = [label("dim", size=11) for _ in self._values()]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        widths = (88, 132, 72, 96, 72, 150, 110)
        for column, (name, value, width) in enumerate(zip(self._names, self._values(), widths, strict=True)):
            grid.addWidget(name, 0, column)
            grid.addWidget(value, 1, column)
            grid.setColumnMinimumWidth(column, width)
        grid.setColumnStretch(6, 1)
        self._translate()
        self.show_status(None, None)

    def show_status(self, status: VenueStatus | None, now: datetime | None) -> None:
        """Show these figures as they are at ``now``."""
        self._status, self._now = status, now
        health = None if status is None else status.health
        if health is None or now is None:
            for value in (self.state, self.latency, self.check, self.feed, self.skew):
                set_words(value, NONE)
                set_role(value, "dim")
            for words in (self.maintenance, self.halted):
                words.show_words(NONE)
                set_role(words, "dim")
            return
        self._show(health, now)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.show_status(self._status, self._now)
        super().changeEvent(event)

    def _values(self) -> tuple[QLabel, ...]:
        return (self.state, self.latency, self.check, self.feed, self.skew, self.maintenance, self.halted)

    def _show(self, health: HealthFigures, now: datetime) -> None:
        set_words(self.state, wording.venue_state(health.state))
        set_role(self.state, _STATE_ROLES[health.state])
        set_tip(self.state, health.reason)
        if health.p50_ms is None or health.p99_ms is None:
            set_words(self.latency, NONE)
        else:
            set_words(self.latency, f"{milliseconds(health.p50_ms)} / {milliseconds(health.p99_ms)}")
        set_role(self.latency, "warning" if health.is_slow else "")
        set_words(self.check, age(_since(health.checked_at, now)))
        set_words(self.feed, age(_since(health.feed_at, now)))
        set_role(self.feed, "danger" if health.feed_silent else "")
        set_words(self.skew, NONE if health.skew_s is None else f"{health.skew_s:+.1f} s")
        apart = abs(health.skew_s) if health.skew_s is not None else None
        far = apart is None or apart > health.max_skew_s
        set_role(self.skew, "danger" if far else "warning" if apart is not None and apart > SKEW_MARKED_S else "")
        self.maintenance.show_words(countdown(health, now))
        set_role(self.maintenance, "warning" if health.maintenance_blocks else "dim")
        names = [f"{market.symbol} ({wording.market_trouble(trouble)})" for market, trouble in health.halted]
        self.halted.show_words(", ".join(names) or self.tr("none"))
        set_role(self.halted, "warning" if names else "dim")

    def _translate(self) -> None:
        words = (
            self.tr("Venue"),
            self.tr("Answers p50 / p99"),
            self.tr("Last check"),
            self.tr("Newest price"),
            self.tr("Clock"),
            self.tr("Maintenance"),
            self.tr("Halted markets"),
        )
        for name, value, word in zip(self._names, self._values(), words, strict=True):
            name.setText(word)
            value.setAccessibleName(word)
        self.skew.setToolTip(self.tr("How far the venue's clock is ahead of this computer's"))
        self.maintenance.setToolTip(self.tr("No entry leaves from an hour before until its end"))


def countdown(health: HealthFigures, now: datetime) -> str:
    """Until the maintenance begins, or ends while it is under way; a dash when none is known for the next days."""
    window = health.maintenance
    if window is None or window.begins - now > COUNTED_DOWN:
        return NONE
    begun = now >= window.begins
    left = (window.ends if begun else window.begins) - now
    minutes, seconds = divmod(max(int(left.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    words = wording.maintenance(begun)
    return words.format(left=f"{hours}:{minutes:02}:{seconds:02}")


def _since(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else (now - moment).total_seconds()
