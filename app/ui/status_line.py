"""The line at the bottom: how the program itself is doing."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.domain.messages import AlertRaised, Reconciled
from app.domain.values import TradingMode
from app.ui import wording
from app.ui.formats import NONE, clock
from app.ui.panel import label, set_role, set_words
from app.ui.ui_feed import UiFeed

SLOW_LOOP_MS = 20.0


class StatusLine(QFrame):
    """Loop delay, quotes per second, orders waiting to leave, books against venue; storage and mode at the right."""

    def __init__(
        self,
        mode: TradingMode,
        storage_name: str,
        loop_lag_ms: Callable[[], float],
        queue_depth: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self._mode, self._storage = mode, storage_name
        self._loop_lag_ms, self._queue_depth = loop_lag_ms, queue_depth
        self._feed: UiFeed | None = None
        self._quotes = 0
        self._compared_at: datetime | None = None
        self._agreed = True
        self._journal_failed = False
        self.loop, self.quotes, self.queue, self.books = (label("dim", size=12, figures=True) for _ in range(4))
        self.place = label("dim", size=12)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 2)
        row.setSpacing(22)
        for part in (self.loop, self.quotes, self.queue, self.books):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.place)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        feed.reconciled.connect(self._reconciled)
        feed.alert_raised.connect(self._alert)
        feed.account_marked.connect(lambda _: self._show_books())
        self._timer.start()
        self._show_books()
        self.tick()

    def tick(self) -> None:
        """Show the figures of the last second."""
        lag = self._loop_lag_ms()
        set_words(self.loop, self.tr("event loop delay p99 {lag} ms").format(lag=f"{lag:.1f}"))
        set_role(self.loop, "warning" if lag >= SLOW_LOOP_MS else "dim")
        if self._feed is not None:
            count, self._quotes = self._feed.model.quotes - self._quotes, self._feed.model.quotes
            set_words(self.quotes, self.tr("quotes {count}/s").format(count=f"{count:,}"))
        waiting = self._queue_depth()
        set_words(self.queue, self.tr("orders waiting to leave {count}").format(count=waiting))
        set_role(self.queue, "warning" if waiting else "dim")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_books()
            self.tick()
        super().changeEvent(event)

    def _reconciled(self, event: Reconciled) -> None:
        self._compared_at = self._feed.clock() if self._feed is not None else None
        self._agreed = not event.differences
        self._show_books()

    def _alert(self, event: AlertRaised) -> None:
        if event.key == "journal_failed":
            self._journal_failed = True
            self._show_books()

    def _show_books(self) -> None:
        if self._journal_failed:
            set_words(self.books, wording.alert("journal_failed"))
            set_role(self.books, "danger")
            return
        account = None if self._feed is None else self._feed.account
        if account is None or not account.reconciled:
            set_words(self.books, self.tr("journal written · not compared with the venue yet"))
            set_role(self.books, "warning")
            return
        at = NONE if self._compared_at is None else clock(self._compared_at)
        if self._agreed:
            words = self.tr("journal written · compared {time}, in agreement")
        else:
            words = self.tr("journal written · compared {time}, differences found")
        set_words(self.books, words.format(time=at))
        set_role(self.books, "dim" if self._agreed else "warning")

    def _translate(self) -> None:
        set_words(self.place, f"{self._storage} · {wording.trading_mode(self._mode)}")
