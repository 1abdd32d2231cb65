"""The way out of HALTED: books that agree, the password, and a phrase typed by hand."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.kill import MIN_PASSWORD, UNLOCK_PHRASES, UnlockAttempted
from app.domain.messages import CommandRefused
from app.domain.values import TradingState
from app.ui.archive_door import Spawn
from app.ui.halt_words import unlock_outcome
from app.ui.languages import languages
from app.ui.panel import label, set_role, set_words
from app.ui.problem_words import refused
from app.ui.services import HaltDoor
from app.ui.ui_feed import UiFeed

REFRESH_MS = 500


class UnlockDialog(QDialog):
    """Shows what is still in the way; the engine decides. What was typed is forgotten after every attempt."""

    def __init__(self, door: HaltDoor, spawn: Spawn, reconcile: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("unlock_dialog")
        self._door, self._spawn, self._reconcile = door, spawn, reconcile
        self._feed: UiFeed | None = None
        self._busy = False
        self.heading, self.books, self.answer = label(size=15, bold=True), label(size=13), label(size=13)
        self.phrase_words = label("accent", size=14, bold=True)
        self.password, self.repeat, self.phrase = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        for edit, name in ((self.password, "password"), (self.repeat, "repeat"), (self.phrase, "phrase")):
            edit.setObjectName(f"unlock_{name}")
            edit.textEdited.connect(self.refresh)
        for edit in (self.password, self.repeat):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.books_label, self.password_label, self.repeat_label = (label("dim", size=13) for _ in range(3))
        self.typed_label, self.phrase_label = (label("dim", size=13) for _ in range(2))
        self.cancel_button, self.leave_button = QPushButton(self), QPushButton(self)
        self.leave_button.setObjectName("unlock_leave")
        self.leave_button.setProperty("kind", "primary")
        self._arrange()
        self.cancel_button.clicked.connect(self.reject)
        self.leave_button.clicked.connect(self.leave)
        self.finished.connect(lambda _: self._forget())
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow attempts and the trading state from now on."""
        self._feed = feed
        feed.unlock_attempted.connect(self._attempted)
        feed.command_refused.connect(self._refused)
        feed.trading_state_changed.connect(lambda _: self._state())

    def open_fresh(self) -> None:
        """Show it empty; the venue is asked, so that the books can be known to agree."""
        if self._feed is None or self._feed.trading_state is not TradingState.HALTED:
            return
        self._forget()
        set_words(self.answer, "")
        self._translate()
        self._reconcile()
        self._timer.start()
        self.open()
        self.password.setFocus()

    def leave(self) -> None:
        """One attempt."""
        if self.leave_button.isEnabled():
            self._busy = True
            self._say(self.tr("Checking…"), "dim")
            self._spawn(self._attempt(self.password.text(), self.phrase.text()), "unlock")
            self._forget()

    def refresh(self) -> None:
        """Look again at what is in the way."""
        obstacle, wait = self._door.obstacle(), self._door.wait_s()
        set_words(self.books, self.tr("agree") if obstacle is None else refused(obstacle))
        set_role(self.books, "good" if obstacle is None else "warning")
        first = not self._door.has_password
        for part in (self.repeat, self.repeat_label):
            part.setVisible(first)
        typed = self.password.text()
        enough = (len(typed) >= MIN_PASSWORD and typed == self.repeat.text()) if first else bool(typed)
        if wait > 0 and not self._busy:
            self._say(self.tr("The next attempt is possible in {seconds} s.").format(seconds=int(wait) + 1), "warning")
            self._waited = True
        elif self._waited:
            self._waited = False
            self._say("", "dim")
        ready = enough and bool(self.phrase.text().strip()) and obstacle is None and wait <= 0
        self.leave_button.setEnabled(ready and not self._busy)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    _waited = False

    async def _attempt(self, password: str, phrase: str) -> None:
        try:
            if not self._door.has_password:
                trouble = await self._door.set_password(password)
                if trouble:
                    self._say(trouble, "danger")
                    return
            await self._door.leave_halt(password, phrase)
        finally:
            self._busy = False
            self.refresh()

    def _attempted(self, event: UnlockAttempted) -> None:
        role = "danger" if event.tries else "good"
        self._say(unlock_outcome(event.outcome), role)

    def _refused(self, event: CommandRefused) -> None:
        if event.command == "AskUnlock":
            self._say(refused(event.refusal), "danger")

    def _state(self) -> None:
        if self._feed is not None and self._feed.trading_state is not TradingState.HALTED and self.isVisible():
            self.accept()

    def _say(self, words: str, role: str) -> None:
        set_words(self.answer, words)
        set_role(self.answer, role)

    def _forget(self) -> None:
        """Nothing that was typed stays in a widget."""
        for edit in (self.password, self.repeat, self.phrase):
            edit.clear()
        if not self.isVisible():
            self._timer.stop()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow(self.books_label, self.books)
        form.addRow(self.password_label, self.password)
        form.addRow(self.repeat_label, self.repeat)
        form.addRow(self.typed_label, self.phrase_words)
        form.addRow(self.phrase_label, self.phrase)
        buttons = QHBoxLayout()
        buttons.addWidget(self.answer, 1)
        for button in (self.cancel_button, self.leave_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(32)
            buttons.addWidget(button)
        self.leave_button.setDefault(True)
        for part in (self.heading, self.answer, self.books):
            part.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumSize(600, 290)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Leave the halt"))
        first = not self._door.has_password
        self.heading.setText(
            self.tr("Set the password of the kill switch, {count} characters or more. Only its hash is kept.").format(
                count=MIN_PASSWORD
            )
            if first
            else self.tr("Entries stay off after that until you enable them.")
        )
        self.books_label.setText(self.tr("Books and venue"))
        for edit, above, words in (
            (self.password, self.password_label, self.tr("New password") if first else self.tr("Password")),
            (self.repeat, self.repeat_label, self.tr("Once more")),
            (self.phrase, self.phrase_label, self.tr("Your phrase")),
        ):
            above.setText(words)
            edit.setAccessibleName(words)
        self.typed_label.setText(self.tr("Type this"))
        self.phrase_words.setText(UNLOCK_PHRASES[languages().name])
        self.cancel_button.setText(self.tr("Cancel"))
        self.leave_button.setText(self.tr("Leave the halt"))
        self.refresh()
