"""The dashboard: account, chart, book and launcher above; positions, timeline and activity below."""

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.domain.commands import CancelOrder
from app.domain.values import Market
from app.ui.account_summary_widget import AccountSummaryWidget
from app.ui.activity.dust_table import DustTable
from app.ui.activity.events_list import EventsList
from app.ui.activity.fills_table import FillsTable
from app.ui.activity.instructions_table import InstructionsTable
from app.ui.activity.log_view import LogView
from app.ui.activity.orders_table import OrdersTable
from app.ui.archive_door import ArchiveDoor
from app.ui.charts.chart_widget import ChartWidget
from app.ui.charts.event_timeline_widget import EventTimelineWidget
from app.ui.charts.order_book_widget import ROW, OrderBookWidget
from app.ui.emergency_card import HEIGHT as CARD_HEIGHT
from app.ui.emergency_card import EmergencyCard
from app.ui.panel import Panel, rule, set_words
from app.ui.position_table import PositionTable
from app.ui.services import UiServices
from app.ui.strategy_launcher import StrategyLauncher
from app.ui.ui_feed import UiFeed

GAP = 8
COMPACT_BELOW, DENSE_BELOW = 780, 620
SIDE_WIDTH, ACCOUNT_WIDTH = 320, 250
#: Height at which the activity shows three rows; what there is above it the book gets first, up to five or six levels.
ACTIVITY_HEIGHT, BOOK_SPARE = 196, 6 * ROW


class DashboardWidget(QWidget):
    """Four splitters hold the parts; ``layout_changed`` tells that one was moved."""

    layout_changed = Signal()

    def __init__(self, services: UiServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._moved = False
        self.card = EmergencyCard(self)
        self.account = AccountSummaryWidget(services.limits, self)
        self.chart = ChartWidget()
        self.book = OrderBookWidget()
        self.launcher = StrategyLauncher(
            services.post, services.new_command_id, services.blueprints, services.limits, self
        )
        self.positions = PositionTable(services.post, self)
        self.timeline = EventTimelineWidget()
        self.log, self.events = LogView(), EventsList()
        self.orders, self.fills = OrdersTable(), FillsTable()
        self.instructions = InstructionsTable(services.post)
        self.dust = DustTable()
        self.book_panel = Panel(self)
        self.order_button = QPushButton(self)
        self.order_button.setObjectName("open_ticket")
        self.tabs = QTabWidget(self)
        self._arrange()
        self._connect()
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Let every part follow the feed."""
        parts = (self.card, self.account, self.chart, self.book, self.launcher, self.positions, self.timeline)
        for part in (*parts, self.events, self.fills, self.instructions):
            part.bind(feed)
        door = ArchiveDoor(self._services.archive, self._services.spawn)
        self.orders.bind(feed, door)
        self.dust.bind(feed, door)
        feed.selection_changed.connect(self._selected)

    def layouts(self) -> dict[str, QByteArray]:
        """State of every splitter by name."""
        return {name: splitter.saveState() for name, splitter in self._splitters().items()}

    def restore_layouts(self, states: dict[str, QByteArray]) -> None:
        """Take a saved layout over; what is missing keeps its default."""
        for name, splitter in self._splitters().items():
            state = states.get(name, QByteArray())
            if not state.isEmpty() and splitter.restoreState(state):
                self._moved = True

    def reset_layout(self) -> None:
        """Back to the proportions of the first start."""
        self._moved = False
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.launcher.set_compact(self.height() < COMPACT_BELOW, dense=self.height() < DENSE_BELOW)
        if not self._moved:
            self._share_out()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _splitters(self) -> dict[str, QSplitter]:
        return {"columns": self.columns, "left": self.left, "upper": self.upper, "right": self.right}

    def _arrange(self) -> None:
        chart_panel = _framed(self.chart, self)
        timeline_panel = _framed(self.timeline, self)
        tabs_panel = _framed(self.tabs, self)
        self.order_button.setAutoDefault(False)
        self.book_panel.header_row.addWidget(self.order_button)
        self.book_panel.body.addWidget(self.book, 1)
        self.book_panel.body.addWidget(rule(self.book_panel))
        self.book_panel.body.addWidget(self.launcher)
        self.tabs.setDocumentMode(True)
        for part in (self.log, self.events, self.orders, self.fills, self.instructions, self.dust):
            self.tabs.addTab(part, "")
        self.upper = _splitter(Qt.Orientation.Horizontal, self.account, chart_panel)
        self.left = _splitter(Qt.Orientation.Vertical, self.upper, self.positions, timeline_panel)
        self.right = _splitter(Qt.Orientation.Vertical, self.book_panel, tabs_panel)
        self.columns = _splitter(Qt.Orientation.Horizontal, self.left, self.right)
        self.upper.setStretchFactor(1, 1)
        self.columns.setStretchFactor(0, 1)
        self.right.setMinimumWidth(296)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.card)
        column.addWidget(self.columns)

    def _connect(self) -> None:
        self.positions.start_wanted.connect(self.launcher.focus_first)
        self.orders.cancel_requested.connect(lambda order_id: self._services.post(CancelOrder(order_id)))
        for splitter in self._splitters().values():
            splitter.splitterMoved.connect(self._splitter_moved)

    def _splitter_moved(self) -> None:
        self._moved = True
        self.layout_changed.emit()

    def _share_out(self) -> None:
        width, height = self.width() - 2 * GAP, self.height() - 3 * GAP - CARD_HEIGHT
        side = SIDE_WIDTH if width > 1400 else 300
        self.columns.setSizes([width - side - GAP, side])
        account = ACCOUNT_WIDTH if width > 1400 else 220
        self.upper.setSizes([account, width - side - account - 2 * GAP])
        free = height - 2 * GAP
        timeline = max(int(free * 0.155), 96)
        table = max(int(free * 0.315), 150)
        upper = free - timeline - table
        self.left.setSizes([upper, table, timeline])
        for part in (self.launcher, self.book_panel):
            layout = part.layout()
            if layout is not None:
                layout.activate()  # a launcher that has just become compact counts as it is now
        least = self.book_panel.minimumSizeHint().height()
        trade = max(least, min(max(upper, least + BOOK_SPARE), free - ACTIVITY_HEIGHT))
        self.right.setSizes([trade, height - GAP - trade])

    def _selected(self, market: Market | None, position_id: str | None) -> None:
        if market is not None:
            set_words(self.book_panel.note, market.symbol)
            self._services.watch_market(market.venue, market.symbol)

    def _translate(self) -> None:
        self.book_panel.title.setText(self.tr("Book and order"))
        self.order_button.setText(self.tr("Order…"))
        self.order_button.setToolTip(self.tr("Open the order ticket for this market"))
        titles = (self.tr("Log"), self.tr("Events"), self.tr("Orders"), self.tr("Fills"), self.tr("Instructions"))
        for number, words in enumerate((*titles, self.tr("Dust"))):
            self.tabs.setTabText(number, words)
        self.tabs.tabBar().setAccessibleName(self.tr("Activity"))
        self.setAccessibleName(self.tr("Dashboard"))


def _splitter(orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    for part in parts:
        splitter.addWidget(part)
    return splitter


def _framed(part: QWidget, parent: QWidget) -> Panel:
    """A panel without a title row around a widget that has its own."""
    panel = Panel(parent)
    panel.hide_header()
    panel.body.addWidget(part)
    return panel
