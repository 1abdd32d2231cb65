"""The kill switch's password: the first one, or another in its place."""

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.kill import MIN_PASSWORD, UnlockAttempted, UnlockOutcome
from app.domain.messages import CommandRefused
from app.ui.archive_door import Spawn
from app.ui.halt_words import unlock_outcome
from app.ui.panel import label, set_role, set_words
from app.ui.problem_words import refused
from app.ui.services import HaltDoor
from app.ui.ui_feed import UiFeed

REFRESH_MS = 500
OF_A_CHANGE = (UnlockOutcome.WRONG, UnlockOutcome.CHANGED)


class PasswordDialog(QDialog):
    """Asks for the present password, where there is one, and the new one twice. What was typed is forgotten at once."""

    def __init__(self, door: HaltDoor, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("password_dialog")
        self._door, self._spawn = door, spawn
        self._busy = self._waited = False
        self.heading, self.answer = label(size=15, bold=True), label(size=13)
        self.present, self.new, self.repeat = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.edits = (self.present, self.new, self.repeat)
        self.labels = tuple(label("dim", size=13) for _ in self.edits)
        for edit in self.edits:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.textEdited.connect(self.refresh)
        self.cancel_button, self.save_button = QPushButton(self), QPushButton(self)
        self.save_button.setProperty("kind", "primary")
        self._arrange()
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.finished.connect(lambda _: self._forget())
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow how attempts went from now on."""
        feed.unlock_attempted.connect(self._attempted)
        feed.command_refused.connect(self._refused)

    def open_fresh(self) -> None:
        """Show it empty."""
        self._forget()
        set_words(self.answer, "")
        self._translate()
        self._timer.start()
        self.open()
        (self.present if self._door.has_password else self.new).setFocus()

    def save(self) -> None:
        """One attempt."""
        if self.save_button.isEnabled():
            self._busy = True
            self._say(self.tr("Checking…"), "dim")
            self._spawn(self._attempt(self.present.text(), self.new.text()), "password")
            self._forget()

    def refresh(self) -> None:
        """Look again at what is in the way."""
        has_one, wait = self._door.has_password, self._door.wait_s()
        for part in (self.present, self.labels[0]):
            part.setVisible(has_one)
        if wait > 0 and not self._busy:
            self._say(self.tr("The next attempt is possible in {seconds} s.").format(seconds=int(wait) + 1), "warning")
            self._waited = True
        elif self._waited:
            self._waited = False
            self._say("", "dim")
        typed = self.new.text()
        whole = (
            len(typed) >= MIN_PASSWORD and typed == self.repeat.text() and (bool(self.present.text()) or not has_one)
        )
        self.save_button.setEnabled(whole and wait <= 0 and not self._busy)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    async def _attempt(self, present: str, new: str) -> None:
        try:
            if self._door.has_password:
                trouble = await self._door.change_password(present, new)
            else:
                trouble = await self._door.set_password(new)
                if not trouble:
                    self._say(self.tr("The password is set."), "good")
            if trouble:
                self._say(trouble, "danger")
        finally:
            self._busy = False
            self._translate()

    def _attempted(self, event: UnlockAttempted) -> None:
        if event.outcome in OF_A_CHANGE:
            self._say(unlock_outcome(event.outcome), "danger" if event.tries else "good")

    def _refused(self, event: CommandRefused) -> None:
        if event.command == "ChangeKillPassword":
            self._say(refused(event.refusal), "danger")

    def _say(self, words: str, role: str) -> None:
        set_words(self.answer, words)
        set_role(self.answer, role)

    def _forget(self) -> None:
        """Nothing that was typed stays in a widget."""
        for edit in self.edits:
            edit.clear()
        if not self.isVisible():
            self._timer.stop()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for above, edit in zip(self.labels, self.edits, strict=True):
            form.addRow(above, edit)
        buttons = QHBoxLayout()
        buttons.addWidget(self.answer, 1)
        for button in (self.cancel_button, self.save_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(32)
            buttons.addWidget(button)
        self.save_button.setDefault(True)
        for part in (self.heading, self.answer):
            part.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumSize(600, 250)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Password of the kill switch"))
        words = self.tr("Leaving a halt takes this password, {count} characters or more. Only its hash is kept.")
        self.heading.setText(words.format(count=MIN_PASSWORD))
        names = (self.tr("Present password"), self.tr("New password"), self.tr("Once more"))
        for above, edit, name in zip(self.labels, self.edits, names, strict=True):
            above.setText(name)
            edit.setAccessibleName(name)
        self.cancel_button.setText(self.tr("Close"))
        self.save_button.setText(self.tr("Change") if self._door.has_password else self.tr("Set"))
        self.refresh()
