"""Critical notices and the channels they go out by."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.ui.alerts.alert_door import AlertDoor
from app.ui.alerts.channel_page import ChannelPage
from app.ui.alerts.notices_table import NoticesTable
from app.ui.archive_door import Spawn
from app.ui.panel import label
from app.ui.ui_feed import UiFeed


class AlertCenter(QDialog):
    """Two tabs: notices, channels."""

    def __init__(self, door: AlertDoor, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(parent)
        self._door = door
        self._feed: UiFeed | None = None
        self.tabs = QTabWidget(self)
        self.notices = NoticesTable(self)
        self.channels = ChannelPage(door, spawn, self)
        self.all_button = QPushButton(self)
        self.all_button.setObjectName("acknowledge_all")
        self.all_button.setAutoDefault(False)
        self.count = label("dim", size=12)
        first = QWidget(self)
        column = QVBoxLayout(first)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(self.notices, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 4)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.all_button)
        column.addLayout(foot)
        self.tabs.addTab(first, "")
        self.tabs.addTab(self.channels, "")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.addWidget(self.tabs)
        self.resize(860, 620)
        self.notices.acknowledge_wanted.connect(door.acknowledge)
        self.all_button.clicked.connect(lambda: door.acknowledge(None))
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the notices from now on."""
        self._feed = feed
        feed.notices_changed.connect(lambda _: self.refresh())
        self.refresh()

    def show_notices(self) -> None:
        """Show the notices."""
        self._present(0)

    def show_channels(self) -> None:
        """Show the settings of the channels."""
        self._present(1)

    def refresh(self) -> None:
        """Show what the feed knows."""
        notices = [] if self._feed is None else list(self._feed.model.notices.values())
        self.notices.show_notices(notices)
        waiting = sum(notice.is_open for notice in notices)
        self.count.setText(self.tr("{count} not acknowledged").format(count=waiting))
        self.all_button.setEnabled(waiting > 0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _present(self, tab: int) -> None:
        self.tabs.setCurrentIndex(tab)
        self.show()
        self.raise_()
        self.activateWindow()

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Alerts"))
        self.tabs.setTabText(0, self.tr("Critical notices"))
        self.tabs.setTabText(1, self.tr("Channels"))
        self.tabs.tabBar().setAccessibleName(self.tr("Alerts"))
        self.all_button.setText(self.tr("Acknowledge all"))
        self.refresh()
