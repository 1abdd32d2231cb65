"""Notices on the desktop: the tray where the system has one, and a sound."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.domain.alert import AlertMessage, ChannelName, Severity

SHOWN_MS = 12_000
_ICONS = {
    Severity.INFO: QSystemTrayIcon.MessageIcon.Information,
    Severity.WARNING: QSystemTrayIcon.MessageIcon.Warning,
    Severity.CRITICAL: QSystemTrayIcon.MessageIcon.Critical,
}


class DesktopChannel(QObject):
    """AlertChannel. A desktop without a tray still has the window, its notice bar and the sound."""

    name = ChannelName.DESKTOP

    def __init__(self, sound: bool, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sound = sound
        self.tray: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.tray = QSystemTrayIcon(icon, self)
            self.tray.show()

    async def deliver(self, message: AlertMessage) -> None:
        """See AlertChannel."""
        severity = message.notice.severity
        if self.tray is not None and QSystemTrayIcon.supportsMessages():
            self.tray.showMessage(f"Gwanje · {message.title}", message.text, _ICONS[severity], SHOWN_MS)
        if self._sound and severity is Severity.CRITICAL:
            QApplication.beep()

    async def check(self) -> str:
        """See AlertChannel."""
        if self._sound:
            QApplication.beep()
        if self.tray is None:
            return self.tr("no tray here: the window and the sound only")
        self.tray.showMessage("Gwanje", self.tr("This is what a notice looks like."))
        return self.tr("tray")

    async def close(self) -> None:
        """See AlertChannel."""
        if self.tray is not None:
            self.tray.hide()
        self.deleteLater()
