"""The way out of HALTED: books that agree, the password, and a phrase typed by hand."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.kill import MIN_PASSWORD, UNLOCK_PHRASES, UnlockAttempted
from app.domain.messages import CommandRefused
from app.domain.values import TradingState
from app.ui.archive_door import Spawn
from app.ui.detail_words import detail_words
from app.ui.halt_words import unlock_outcome
from app.ui.languages import languages
from app.ui.panel import label, set_role, set_words
from app.ui.password_form import PasswordForm
from app.ui.problem_words import refused
from app.ui.services import HaltDoor
from app.ui.ui_feed import UiFeed


class UnlockDialog(PasswordForm):
    """Shows what is still in the way, and takes the password and the phrase."""

    def __init__(self, door: HaltDoor, spawn: Spawn, reconcile: Callable[[], None], parent: QWidget) -> None:
        super().__init__(door, spawn, parent)
        self.setObjectName("unlock_dialog")
        self._reconcile = reconcile
        self._feed: UiFeed | None = None
        self.books = label(size=13)
        self.books.setWordWrap(True)
        self.phrase_words = label("accent", size=14, bold=True)
        self.password, self.repeat = self._line("unlock_password"), self._line("unlock_repeat")
        self.phrase = self._line("unlock_phrase", secret=False)
        self.edits = (self.password, self.repeat, self.phrase)
        self.act_button.setObjectName("unlock_leave")
        self.books_label, self.password_label, self.repeat_label = (label("dim", size=13) for _ in range(3))
        self.typed_label, self.phrase_label = (label("dim", size=13) for _ in range(2))
        rows = (
            (self.books_label, self.books),
            (self.password_label, self.password),
            (self.repeat_label, self.repeat),
            (self.typed_label, self.phrase_words),
            (self.phrase_label, self.phrase),
        )
        self._arrange(rows, height=290)
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
        self._reconcile()
        self.show_empty()
        self.password.setFocus()

    def attempt(self) -> Coroutine[Any, Any, None]:
        """See PasswordForm."""
        return self._attempt(self.password.text(), self.phrase.text())

    def is_complete(self) -> bool:
        """See PasswordForm."""
        typed = self.password.text()
        first = not self._door.has_password
        enough = (len(typed) >= MIN_PASSWORD and typed == self.repeat.text()) if first else bool(typed)
        return enough and bool(self.phrase.text().strip()) and self._door.obstacle() is None

    def refresh(self) -> None:
        """Look again at what is in the way."""
        obstacle = self._door.obstacle()
        set_words(self.books, self.tr("agree") if obstacle is None else refused(obstacle))
        set_role(self.books, "good" if obstacle is None else "warning")
        for part in (self.repeat, self.repeat_label):
            part.setVisible(not self._door.has_password)
        super().refresh()

    async def _attempt(self, password: str, phrase: str) -> None:
        if not self._door.has_password:
            trouble = await self._door.set_password(password)
            if trouble:
                self._say(detail_words(trouble), "danger")
                return
        await self._door.leave_halt(password, phrase)

    def _attempted(self, event: UnlockAttempted) -> None:
        role = "danger" if event.tries else "good"
        self._say(unlock_outcome(event.outcome), role)

    def _refused(self, event: CommandRefused) -> None:
        if event.command == "AskUnlock":
            self._say(refused(event.refusal), "danger")

    def _state(self) -> None:
        if self._feed is not None and self._feed.trading_state is not TradingState.HALTED and self.isVisible():
            self.accept()

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
        self.act_button.setText(self.tr("Leave the halt"))
        self.refresh()
