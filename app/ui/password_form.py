"""What the two dialogs about the kill switch's password share: lines to type in, the answer, and the pause."""

from abc import abstractmethod
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.archive_door import Spawn
from app.ui.panel import label, set_role, set_words
from app.ui.services import HaltDoor

REFRESH_MS = 500
translate = QCoreApplication.translate


class PasswordForm(QDialog):
    """A heading, rows, an answer, two buttons. What was typed is forgotten after every attempt; the engine decides."""

    def __init__(self, door: HaltDoor, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(parent)
        self._door, self._spawn = door, spawn
        self._busy = self._waited = False
        self.edits: tuple[QLineEdit, ...] = ()
        self.heading, self.answer = label(size=15, bold=True), label(size=13)
        self.cancel_button, self.act_button = QPushButton(self), QPushButton(self)
        self.act_button.setProperty("kind", "primary")
        self.cancel_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self.act)
        self.finished.connect(lambda _: self._forget())
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def show_empty(self) -> None:
        """Show it with nothing typed and nothing answered."""
        self._forget()
        set_words(self.answer, "")
        self._translate()
        self._timer.start()
        self.open()

    def act(self) -> None:
        """One attempt."""
        if self.act_button.isEnabled():
            self._busy = True
            self._say(translate("PasswordForm", "Checking…"), "dim")
            attempt = self.attempt()
            self._forget()  # first: what ends the attempt looks at what is typed
            self._spawn(self._whole(attempt), self.objectName())

    @abstractmethod
    def attempt(self) -> Coroutine[Any, Any, None]:
        """What an attempt does, with what is typed now."""

    @abstractmethod
    def is_complete(self) -> bool:
        """True when enough is typed, and nothing but the pause is in the way."""

    def refresh(self) -> None:
        """Look again at what is in the way."""
        wait = self._door.wait_s()
        if wait > 0 and not self._busy:
            words = translate("PasswordForm", "The next attempt is possible in {seconds} s.")
            self._say(words.format(seconds=int(wait) + 1), "warning")
            self._waited = True
        elif self._waited:
            self._waited = False
            self._say("", "dim")
        self.act_button.setEnabled(self.is_complete() and wait <= 0 and not self._busy)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    async def _whole(self, attempt: Coroutine[Any, Any, None]) -> None:
        try:
            await attempt
        finally:
            self._busy = False
            self._translate()

    def _say(self, words: str, role: str) -> None:
        set_words(self.answer, words)
        set_role(self.answer, role)

    def _forget(self) -> None:
        """Nothing that was typed stays in a widget."""
        for edit in self.edits:
            edit.clear()
        if not self.isVisible():
            self._timer.stop()

    def _line(self, name: str, secret: bool = True) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setObjectName(name)
        edit.textEdited.connect(self.refresh)
        if secret:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        return edit

    def _arrange(self, rows: tuple[tuple[QLabel, QWidget], ...], height: int) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for above, part in rows:
            form.addRow(above, part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.answer, 1)
        for button in (self.cancel_button, self.act_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(32)
            buttons.addWidget(button)
        self.act_button.setDefault(True)
        for words in (self.heading, self.answer):
            words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumSize(600, height)

    @abstractmethod
    def _translate(self) -> None:
        """All words anew; ends with ``refresh``."""
