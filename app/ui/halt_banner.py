"""The strip that stands above everything while trading is halted: why, since when, by which run, and the way out."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.values import TradingState
from app.ui.formats import date_clock
from app.ui.halt_words import halt_reason
from app.ui.icons import icon
from app.ui.panel import ElidedLabel, label, set_words
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed


class HaltBanner(QFrame):
    """Visible only while HALTED; it cannot be dismissed."""

    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("halt_banner")
        self.setProperty("kind", "halt")
        self._feed: UiFeed | None = None
        self._symbol = QLabel(self)
        self._symbol.setFixedWidth(20)
        self.title = label("danger", size=14, bold=True)
        self.words = ElidedLabel(size=13)
        self.leave_button = QPushButton(self)
        self.leave_button.setObjectName("leave_halt")
        self.leave_button.setAutoDefault(False)
        self.leave_button.clicked.connect(self.leave_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self._symbol)
        row.addWidget(self.title)
        row.addWidget(self.words, 1)
        row.addWidget(self.leave_button)
        theme().changed.connect(self._show)
        self.hide()

    def bind(self, feed: UiFeed) -> None:
        """Follow the switch from now on."""
        self._feed = feed
        feed.trading_state_changed.connect(lambda _: self._show())
        feed.kill_marked.connect(lambda _: self._show())
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        halted = self._feed is not None and self._feed.trading_state is TradingState.HALTED
        self.setVisible(halted)
        if not halted or self._feed is None:
            return
        self._symbol.setPixmap(icon("octagon-x", theme().palette.danger).pixmap(18, 18))
        set_words(self.title, self.tr("Trading is halted"))
        self.leave_button.setText(self.tr("Leave the halt…"))
        words, mark = self.tr("No entry leaves; exits go on."), self._feed.model.mark
        if mark is not None:
            told = self.tr("{reason}, since {time} (run {run}).").format(
                reason=halt_reason(mark.reason), time=date_clock(mark.since), run=mark.run
            )
            words = f"{told[:1].upper()}{told[1:]} {words}"
        self.words.show_words(words)
