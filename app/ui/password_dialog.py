"""The kill switch's password: the first one, or another in its place."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.kill import MIN_PASSWORD, UnlockAttempted, UnlockOutcome
from app.domain.messages import CommandRefused
from app.ui.archive_door import Spawn
from app.ui.detail_words import detail_words
from app.ui.halt_words import unlock_outcome
from app.ui.panel import label
from app.ui.password_form import PasswordForm
from app.ui.problem_words import refused
from app.ui.services import HaltDoor
from app.ui.ui_feed import UiFeed

OF_A_CHANGE = (UnlockOutcome.WRONG, UnlockOutcome.CHANGED)


class PasswordDialog(PasswordForm):
    """Asks for the present password, where there is one, and the new one twice."""

    def __init__(self, door: HaltDoor, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(door, spawn, parent)
        self.setObjectName("password_dialog")
        self.present, self.new, self.repeat = (self._line(f"password_{name}") for name in ("present", "new", "repeat"))
        self.edits = (self.present, self.new, self.repeat)
        self.labels = tuple(label("dim", size=13) for _ in self.edits)
        self._arrange(tuple(zip(self.labels, self.edits, strict=True)), height=250)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow how attempts went from now on."""
        feed.unlock_attempted.connect(self._attempted)
        feed.command_refused.connect(self._refused)

    def open_fresh(self) -> None:
        """Show it empty."""
        self.show_empty()
        (self.present if self._door.has_password else self.new).setFocus()

    def attempt(self) -> Coroutine[Any, Any, None]:
        """See PasswordForm."""
        return self._attempt(self.present.text(), self.new.text())

    def is_complete(self) -> bool:
        """See PasswordForm."""
        typed = self.new.text()
        known = bool(self.present.text()) or not self._door.has_password
        return known and len(typed) >= MIN_PASSWORD and typed == self.repeat.text()

    async def _attempt(self, present: str, new: str) -> None:
        if self._door.has_password:
            trouble = await self._door.change_password(present, new)
        else:
            trouble = await self._door.set_password(new)
            if not trouble:
                self._say(self.tr("The password is set."), "good")
        if trouble:
            self._say(detail_words(trouble), "danger")

    def _attempted(self, event: UnlockAttempted) -> None:
        if event.outcome in OF_A_CHANGE:
            self._say(unlock_outcome(event.outcome), "danger" if event.tries else "good")

    def _refused(self, event: CommandRefused) -> None:
        if event.command == "ChangeKillPassword":
            self._say(refused(event.refusal), "danger")

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Password of the kill switch"))
        words = self.tr("Leaving a halt takes this password, {count} characters or more. Only its hash is kept.")
        self.heading.setText(words.format(count=MIN_PASSWORD))
        names = (self.tr("Present password"), self.tr("New password"), self.tr("Once more"))
        for above, edit, name in zip(self.labels, self.edits, names, strict=True):
            above.setText(name)
            edit.setAccessibleName(name)
        has_one = self._door.has_password
        for part in (self.present, self.labels[0]):
            part.setVisible(has_one)
        self.cancel_button.setText(self.tr("Close"))
        self.act_button.setText(self.tr("Change") if has_one else self.tr("Set"))
        self.refresh()
