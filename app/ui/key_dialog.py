"""Enter, test and delete the API key of the live account. What is typed is masked and is never shown again."""

from collections.abc import Coroutine

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.api_key import KeyKeeper, KeyReport
from app.domain.errors import VaultError
from app.ui import mode_words
from app.ui.archive_door import Spawn
from app.ui.panel import label, set_role, set_words


class KeyDialog(QDialog):
    """A key is kept only after a test found nothing against it. ``keys_changed``: kept or deleted."""

    keys_changed = Signal()

    def __init__(self, keys: KeyKeeper, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_dialog")
        self._keys, self._spawn = keys, spawn
        self._tail: str | None = None
        self._sure = False
        self._tested: tuple[str, str] | None = None
        self._busy = False
        self.heading = label(size=16, bold=True)
        self.note = label("dim", size=12)
        self.kept = label(size=13)
        self.outcome = label(size=13)
        for part in (self.note, self.outcome):
            part.setWordWrap(True)
        self.access, self.secret = QLineEdit(self), QLineEdit(self)
        for field in (self.access, self.secret):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setMaxLength(200)
            field.textChanged.connect(self._typed)
        self.access.setObjectName("key_access")
        self.secret.setObjectName("key_secret")
        self.test_button, self.keep_button, self.delete_button = (QPushButton(self) for _ in range(3))
        self.keep_button.setProperty("kind", "primary")
        self.delete_button.setProperty("kind", "danger")
        self.test_button.clicked.connect(lambda: self._do(self._test()))
        self.keep_button.clicked.connect(lambda: self._do(self._keep()))
        self.delete_button.clicked.connect(self._delete_pressed)
        self._arrange()
        self._translate()

    def open_fresh(self) -> None:
        """Show it with nothing typed."""
        self.access.clear()
        self.secret.clear()
        self._sure = False
        set_words(self.outcome, "")
        self.show()
        self.raise_()
        self._do(self._look())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (self.heading, self.note, self.kept, self.access, self.secret, self.outcome):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.delete_button)
        row.addStretch(1)
        row.addWidget(self.test_button)
        row.addWidget(self.keep_button)
        column.addLayout(row)
        self.resize(540, 360)

    def _do(self, work: Coroutine[object, object, None]) -> None:
        self._busy = True
        self._show()
        self._spawn(self._done(work), "api-key")

    async def _done(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except VaultError as error:
            self._say("danger", self.tr("The system's key store cannot be used: {reason}").format(reason=str(error)))
        finally:
            self._busy = False
            self._show()

    async def _look(self) -> None:
        self._tail = await self._keys.tail()

    async def _test(self) -> None:
        typed = self._pair()
        report = await self._keys.check(*typed) if any(typed) else await self._keys.check_kept()
        if report is None:
            return
        self._tested = typed if report.is_usable and all(typed) else None
        self._say("good" if report.is_usable else "danger", report_words(report))

    async def _keep(self) -> None:
        if self._tested is None or self._tested != self._pair():
            return
        await self._keys.keep(*self._tested)
        self.access.clear()
        self.secret.clear()
        await self._look()
        self._say("good", self.tr("The key is kept in the system's key store."))
        self.keys_changed.emit()

    async def _delete(self) -> None:
        await self._keys.forget()
        await self._look()
        self._say("dim", self.tr("The key is deleted here. Withdraw it at Upbit as well."))
        self.keys_changed.emit()

    def _delete_pressed(self) -> None:
        if self._sure:
            self._sure = False
            self._do(self._delete())
        else:
            self._sure = True
            self._show()

    def _typed(self) -> None:
        self._tested = None
        self._sure = False
        self._show()

    def _pair(self) -> tuple[str, str]:
        return self.access.text().strip(), self.secret.text().strip()

    def _say(self, role: str, words: str) -> None:
        set_role(self.outcome, role)
        set_words(self.outcome, words)

    def _show(self) -> None:
        kept = self.tr("No key is kept.") if self._tail is None else self.tr("Kept: a key ending in {tail}")
        set_words(self.kept, kept.format(tail=f"····{self._tail}"))
        typed = self._pair()
        self.test_button.setEnabled(not self._busy and (all(typed) or (not any(typed) and self._tail is not None)))
        self.keep_button.setEnabled(not self._busy and self._tested is not None and self._tested == typed)
        self.delete_button.setEnabled(not self._busy and self._tail is not None)
        words = self.tr("Press again to delete it") if self._sure else self.tr("Delete the kept key")
        self.delete_button.setText(words)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Key of the live account"))
        self.heading.setText(self.tr("Key of the live account"))
        self.note.setText(
            self.tr(
                "Make a key at Upbit that may read assets, read orders and place orders, and nothing else, and put "
                "this computer's address on its list. A key that has to do with withdrawals is refused."
            )
        )
        self.access.setPlaceholderText(self.tr("Access key"))
        self.secret.setPlaceholderText(self.tr("Secret key"))
        for field in (self.access, self.secret):
            field.setAccessibleName(field.placeholderText())
        self.test_button.setText(self.tr("Test"))
        self.keep_button.setText(self.tr("Keep"))
        self._show()


def report_words(report: KeyReport) -> str:
    """What a test of a key found, one sentence per finding."""
    if report.findings:
        return " ".join(mode_words.key_finding(finding) for finding in report.findings)
    return mode_words.key_is_fit(f"{report.expires_at:%Y-%m-%d}" if report.expires_at is not None else "–")
