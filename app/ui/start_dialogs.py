"""What is asked and told before there is a terminal: the end of the live key, and why a start did not come about."""

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.api_key import TAIL, KeyKeeper
from app.domain.errors import GwanjeError, StorageError, VaultError, VenueUnavailableError
from app.domain.values import TradingMode
from app.ui.archive_door import Spawn
from app.ui.key_dialog import KeyDialog
from app.ui.mode_badge import ModeBadge, mode_name
from app.ui.panel import label, set_words

NO_REAL_PRICES = "no_real_prices"


class LiveStartDialog(QDialog):
    """Asks for the last characters of the access key. ``confirmed`` carries what was typed; the start checks it."""

    confirmed = Signal(str)

    def __init__(self, keys: KeyKeeper, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live_start")
        self.badge = ModeBadge(TradingMode.LIVE)
        self.heading = label(size=18, bold=True)
        self.text = label(size=13)
        self.text.setWordWrap(True)
        self.typed = QLineEdit(self)
        self.typed.setObjectName("live_tail")
        self.typed.setMaxLength(TAIL)
        self.typed.setValidator(QRegularExpressionValidator(QRegularExpression("[A-Za-z0-9]*"), self))
        self.typed.textChanged.connect(lambda _: self._show())
        self.keys_button, self.cancel_button, self.start_button = (QPushButton(self) for _ in range(3))
        self.start_button.setProperty("kind", "danger")
        self.start_button.setAutoDefault(False)
        self.key_dialog = KeyDialog(keys, spawn, self)
        self.keys_button.clicked.connect(self.key_dialog.open_fresh)
        self.cancel_button.clicked.connect(self.reject)
        self.start_button.clicked.connect(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(14)
        column.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignLeft)
        for part in (self.heading, self.text, self.typed):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout()
        for button in (self.keys_button, self.cancel_button):
            row.addWidget(button)
        row.insertStretch(1, 1)
        row.addWidget(self.start_button)
        column.addLayout(row)
        self.resize(520, 320)
        self._translate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _start(self) -> None:
        self.confirmed.emit(self.typed.text())
        self.accept()

    def _show(self) -> None:
        self.start_button.setEnabled(len(self.typed.text()) == TAIL)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Start with real money"))
        self.heading.setText(self.tr("Real money is at stake"))
        words = self.tr(
            "Orders of this run go to your account at Upbit. Type the last {count} characters of your access key."
        )
        self.text.setText(words.format(count=TAIL))
        self.typed.setAccessibleName(self.tr("Last characters of the access key"))
        self.keys_button.setText(self.tr("Key …"))
        self.cancel_button.setText(self.tr("Do not start"))
        self.start_button.setText(self.tr("Start with real money"))
        self.badge.show_mode()
        self._show()


class StartFailedDialog(QDialog):
    """Says in the language of the screen why nothing was started. ``next_mode``: try this one (None: end)."""

    next_mode = Signal(object)

    def __init__(self, mode: TradingMode, error: GwanjeError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_failed")
        self._mode, self._error = mode, error
        self.badge = ModeBadge(mode)
        self.heading = label(size=16, bold=True)
        self.text = label(size=13)
        self.detail = label("dim", size=12)
        for part in (self.text, self.detail):
            part.setWordWrap(True)
        self.again_button, self.practice_button, self.close_button = (QPushButton(self) for _ in range(3))
        self.again_button.clicked.connect(lambda: self._end(mode))
        self.practice_button.clicked.connect(lambda: self._end(TradingMode.PRACTICE))
        self.close_button.clicked.connect(self.reject)
        self.rejected.connect(lambda: self.next_mode.emit(None))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        column.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignLeft)
        for part in (self.heading, self.text, self.detail):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.close_button, self.practice_button, self.again_button):
            row.addWidget(button)
        column.addLayout(row)
        self.resize(560, 320)
        self._translate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _end(self, mode: TradingMode) -> None:
        self.next_mode.emit(mode)
        self.accept()

    def _reason(self) -> str:
        match self._error:
            case VenueUnavailableError(code=code) if code == NO_REAL_PRICES:
                return self.tr(
                    "The real prices of Upbit cannot be read: there is no connection to the internet, or Upbit does "
                    "not answer. This mode shows real prices only, so nothing was started, in no other mode either."
                )
            case VenueUnavailableError():
                return self.tr("The exchange on this computer did not start.")
            case StorageError():
                return self.tr("The journal of this mode cannot be used. Nothing was changed and nothing was started.")
            case VaultError():
                return self.tr("The system's key store cannot be used, so there is no key to start with.")
            case _:
                return self.tr("The start was refused.")

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Gwanje did not start"))
        self.heading.setText(self.tr("Not started: {mode}").format(mode=mode_name(self._mode)))
        set_words(self.text, self._reason())
        set_words(self.detail, str(self._error))
        self.again_button.setText(self.tr("Try again"))
        self.practice_button.setText(self.tr("Start the practice exchange instead"))
        self.practice_button.setVisible(self._mode is not TradingMode.PRACTICE)
        self.close_button.setText(self.tr("End"))
        self.badge.show_mode()
