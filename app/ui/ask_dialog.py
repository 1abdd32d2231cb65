"""One question with its reasons, a list, and two answers; open() and signals, never a nested loop."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.panel import label

WIDTH = 600


@dataclass(frozen=True, slots=True)
class Question:
    """Words of one question. ``lines`` are shown one below the other, ``note`` after them."""

    title: str
    words: str
    confirm: str
    lines: tuple[str, ...] = ()
    note: str = ""


class AskDialog(QDialog):
    """``question`` is asked for again when the language changes; Escape and the first button change nothing."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._question: Callable[[], Question] | None = None
        self._action: Callable[[], None] | None = None
        self.words, self.lines, self.note = label(size=14), label(size=13, figures=True), label("dim", size=12)
        self.stay_button, self.confirm_button = QPushButton(self), QPushButton(self)
        self.stay_button.setObjectName(f"{name}_stay")
        self.confirm_button.setObjectName(f"{name}_confirm")
        self.confirm_button.setProperty("kind", "danger-filled")
        self.stay_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self._confirm)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.stay_button, self.confirm_button):
            button.setMinimumSize(120, 32)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (self.words, self.lines, self.note):
            part.setWordWrap(True)
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(buttons)
        self._column = column

    def ask(self, question: Callable[[], Question], action: Callable[[], None]) -> None:
        """Show the question; ``action`` runs when it is confirmed."""
        self._question, self._action = question, action
        self._show()
        self.open()
        self.confirm_button.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _confirm(self) -> None:
        self.accept()
        if self._action is not None:
            self._action()

    def _show(self) -> None:
        if self._question is None:
            return
        question = self._question()
        self.setWindowTitle(question.title)
        self.words.setText(question.words)
        self.lines.setText("\n".join(question.lines))
        self.lines.setVisible(bool(question.lines))
        self.note.setText(question.note)
        self.note.setVisible(bool(question.note))
        self.stay_button.setText(self.tr("Cancel"))
        self.confirm_button.setText(question.confirm)
        self.setFixedSize(WIDTH, self._column.totalHeightForWidth(WIDTH))
