"""A question in the place where the button was: no dialog, Cancel has the focus, Esc and waiting mean no."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.panel import ElidedLabel

PATIENCE_MS = 10_000


class ConfirmStrip(QFrame):
    """``ask`` shows it; ``closed`` tells that it went away, whatever the answer was."""

    closed = Signal()

    def __init__(self, confirm_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], None] | None = None
        self.question = ElidedLabel(size=13)
        self.cancel_button = QPushButton(self)
        self.confirm_button = QPushButton(self)
        self.confirm_button.setObjectName(confirm_name)
        self.confirm_button.setProperty("kind", "danger-filled")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.question, 1)
        for button in (self.cancel_button, self.confirm_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self.cancel)
        self.cancel_button.clicked.connect(self.cancel)
        self.confirm_button.clicked.connect(self._confirm)
        self._translate()
        self.hide()

    def ask(self, question: str, confirm: str, action: Callable[[], None]) -> None:
        """Ask; ``action`` is done only when the confirm button is pressed."""
        self._action = action
        self.question.show_words(question)
        self.confirm_button.setText(confirm)
        self.confirm_button.setAccessibleName(f"{confirm}: {question}")
        self.show()
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    def cancel(self) -> None:
        """The answer is no."""
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _confirm(self) -> None:
        action = self._action
        self._close()
        if action is not None:
            action()

    def _close(self) -> None:
        self._timer.stop()
        self._action = None
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _translate(self) -> None:
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Cancel, change nothing"))
