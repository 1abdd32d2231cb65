"""The pre-flight card: one line, always there, that says what the emergency control would do if it were pressed now."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.domain.emergency import EmergencyPreview
from app.ui import emergency_words
from app.ui.counted_words import counted
from app.ui.panel import ElidedLabel, label, set_role, set_tip, set_words
from app.ui.ui_feed import UiFeed

HEIGHT = 34


class EmergencyCard(QFrame):
    """``scope_wanted`` opens the menu of narrower and wider presses, ``history_wanted`` the runs so far."""

    scope_wanted = Signal()
    history_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emergency_card")
        self.setProperty("kind", "panel")
        self.setFixedHeight(HEIGHT)
        self._card: EmergencyPreview | None = None
        self.title = label("dim", size=12)
        self.does = label(size=12, bold=True, figures=True)
        self.takes = label(size=12, figures=True)
        self.costs = label(size=12, figures=True)
        self.trouble = ElidedLabel("warning", 12)
        self.scope_button, self.history_button = QPushButton(self), QPushButton(self)
        self.scope_button.setObjectName("emergency_scope")
        self.history_button.setObjectName("emergency_history")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 4, 3)
        row.setSpacing(14)
        for part in (self.title, self.does, self.takes, self.costs):
            row.addWidget(part)
        row.addWidget(self.trouble, 1)
        for button, signal in ((self.history_button, self.history_wanted), (self.scope_button, self.scope_wanted)):
            button.setAutoDefault(False)
            button.setProperty("kind", "flat")
            button.clicked.connect(signal)
            row.addWidget(button)
        row.setSpacing(14)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the engine's forecast, refreshed every second."""
        feed.previewed.connect(lambda event: self.show_card(event.preview))
        if feed.preview is not None:
            self.show_card(feed.preview)

    def show_card(self, card: EmergencyPreview) -> None:
        """Show this forecast."""
        self._card = card
        open_now = bool(card.positions or card.cancels)
        set_words(self.does, self._does(card) if open_now else self.tr("nothing open"))
        set_words(self.takes, self._takes(card) if open_now else "")
        words = self.tr("slippage {slippage}").format(slippage=emergency_words.slippage(card))
        set_words(self.costs, words if card.orders else "")
        set_role(self.costs, "warning" if card.beyond_depth or card.unpriced else "")
        self.trouble.show_words(" · ".join(self._troubles(card)))
        spoken = " · ".join(text for text in (self.does.text(), self.takes.text(), self.costs.text()) if text)
        self.setAccessibleName(f"{self.title.text()} {spoken}")
        set_tip(self, "\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Everything on the card, one fact a line."""
        card = self._card
        if card is None:
            return []
        found = [self._does(card), self._takes(card), self.costs.text(), *self._troubles(card)]
        return [line for line in found if line]

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            if self._card is not None:
                self.show_card(self._card)
        super().changeEvent(event)

    def _does(self, card: EmergencyPreview) -> str:
        return self.tr("{positions} at {venues}, {cancels}, {orders}").format(
            positions=counted("positions", card.positions),
            venues=counted("venues", card.venues),
            cancels=counted("cancels", card.cancels),
            orders=counted("orders", card.orders),
        )

    def _takes(self, card: EmergencyPreview) -> str:
        words = self.tr("about {expected} s (p95 {p95} s)")
        return words.format(expected=f"{card.expected_s:.1f}", p95=f"{card.p95_s:.1f}")

    def _troubles(self, card: EmergencyPreview) -> list[str]:
        """What cannot be sold and why, and what makes the venue slower or the cost uncertain."""
        found = [emergency_words.unsellable(one) for one in card.unsellable]
        found += [emergency_words.why(kind) for kind in card.troubles]
        if card.ahead:
            found.append(counted("calls first", card.ahead))
        if card.beyond_depth:
            found.append(self.tr("{count} larger than the visible book").format(count=card.beyond_depth))
        if card.unpriced:
            found.append(self.tr("{count} without a fresh book").format(count=card.unpriced))
        return found

    def _translate(self) -> None:
        self.title.setText(self.tr("Pressing now:"))
        self.scope_button.setText(self.tr("Less or more…"))
        self.scope_button.setToolTip(self.tr("Block, cancel, reduce or flatten only a part; or the whole account"))
        self.history_button.setText(self.tr("Runs…"))
        self.history_button.setToolTip(self.tr("Earlier runs: what was foretold and what came"))
        for button in (self.scope_button, self.history_button):
            button.setAccessibleName(button.text())
        self.title.setAlignment(Qt.AlignmentFlag.AlignVCenter)
