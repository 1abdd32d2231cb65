"""One line above the dashboard for what a person must know now; the most serious notice is shown first."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.ui.icons import icon
from app.ui.panel import ElidedLabel
from app.ui.theme import theme


@dataclass(frozen=True, slots=True)
class Notice:
    """``words`` and ``action_name`` are asked for again when the language changes."""

    key: str
    words: Callable[[], str]
    critical: bool = False
    action_name: Callable[[], str] | None = None
    action: Callable[[], None] | None = None


class NoticeBar(QFrame):
    """Holds one notice per key. Dismissing shows the next one; the event list keeps all of them."""

    dismissed = Signal(str)
    """Key of a notice that the user has read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        self.setProperty("kind", "banner")
        self._notices: dict[str, Notice] = {}
        self._symbol = QLabel(self)
        self._symbol.setFixedWidth(18)
        self.words = ElidedLabel(size=13)
        self.action_button = QPushButton(self)
        self.action_button.setObjectName("notice_action")
        self.dismiss_button = QPushButton(self)
        self.dismiss_button.setObjectName("notice_dismiss")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._symbol)
        row.addWidget(self.words, 1)
        for button in (self.action_button, self.dismiss_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.action_button.clicked.connect(self._act)
        self.dismiss_button.clicked.connect(self.dismiss)
        theme().changed.connect(self._show)
        self._show()

    @property
    def current(self) -> Notice | None:
        """The notice on the screen."""
        ranked = sorted(self._notices.values(), key=lambda notice: not notice.critical)
        return ranked[0] if ranked else None

    def tell(self, notice: Notice) -> None:
        """Show a notice; one with the same key is replaced. Screen readers hear it at once."""
        self._notices[notice.key] = notice
        self._show()
        announcement = QAccessibleAnnouncementEvent(self, notice.words())
        if notice.critical:
            announcement.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(announcement)

    def withdraw(self, key: str) -> None:
        """The notice does not hold any more."""
        if self._notices.pop(key, None) is not None:
            self._show()

    def dismiss(self) -> None:
        """The user has read it."""
        current = self.current
        if current is not None:
            self.withdraw(current.key)
            self.dismissed.emit(current.key)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _act(self) -> None:
        current = self.current
        if current is not None and current.action is not None:
            current.action()

    def _show(self) -> None:
        current = self.current
        self.setVisible(current is not None)
        self.dismiss_button.setText(self.tr("Got it"))
        if current is None:
            return
        words = current.words()
        more = len(self._notices) - 1
        if more:
            words += "  " + self.tr("(+{count} more)").format(count=more)
        self.words.show_words(words)
        palette = theme().palette
        name = "octagon-alert" if current.critical else "triangle-alert"
        colour = palette.danger if current.critical else palette.warning
        self._symbol.setPixmap(icon(name, colour).pixmap(16, 16))
        self._symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action_button.setVisible(current.action is not None)
        if current.action_name is not None:
            self.action_button.setText(current.action_name())
