"""The loss limits that sell everything: whether they are watched, what was reached, and the way to acknowledge it."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.loss import LossMarked
from app.ui import wording
from app.ui.panel import ElidedLabel, set_role


class LossCard(QWidget):
    """One line above the bars; the button is there only while something waits to be acknowledged."""

    acknowledge_wanted = Signal()
    """A person has seen the loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked: LossMarked | None = None
        self.state = ElidedLabel(size=12)
        self.button = QPushButton(self)
        self.button.setObjectName("acknowledge_loss")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.acknowledge_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(8)
        row.addWidget(self.state, 1)
        row.addWidget(self.button)
        self._translate()
        self.show_losses(None)

    def show_losses(self, marked: LossMarked | None) -> None:
        """Show these; None: nothing was told yet."""
        self._marked = marked
        words, role = self._words(marked)
        self.state.show_words(words)
        set_role(self.state, role)
        self.button.setVisible(marked is not None and bool(marked.latched))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.show_losses(self._marked)
        super().changeEvent(event)

    def _words(self, marked: LossMarked | None) -> tuple[str, str]:
        if marked is None:
            return self.tr("Loss limits: nothing told yet"), "dim"
        if marked.latched:
            names = ", ".join(wording.loss_limit(limit) for limit in marked.latched)
            return self.tr("Reached: {names}. Entries wait for you.").format(names=names), "danger"
        if marked.unknown:
            return self.tr("Loss limits cannot be computed now; entries wait"), "warning"
        return self.tr("Loss limits are watched on every price; at a full one everything is sold"), "dim"

    def _translate(self) -> None:
        self.button.setText(self.tr("Acknowledge"))
        self.button.setToolTip(self.tr("Both limits count from now on; entries stay off until you enable them"))
        self.button.setAccessibleName(self.tr("Acknowledge the loss"))
