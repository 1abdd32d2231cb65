"""Our fills, newest first."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.messages import FillBooked
from app.domain.order import Fill
from app.domain.values import Side
from app.ui import wording
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.formats import clock, krw, price, volume
from app.ui.ui_feed import UiFeed

MAX_FILLS = 1_000
translate = QCoreApplication.translate


def fill_columns() -> tuple[Column[Fill], ...]:
    """Columns of the table."""
    return (
        Column(lambda: translate("FillsTable", "Time"), lambda fill: clock(fill.traded_at), "00:00:00"),
        Column(lambda: translate("FillsTable", "Market"), lambda fill: fill.market.symbol, "KRW-DOGE00"),
        Column(
            lambda: translate("FillsTable", "Side"),
            lambda fill: wording.side(fill.side),
            "Sell0",
            role=lambda fill: "up" if fill.side is Side.BUY else "down",
        ),
        Column(
            lambda: translate("FillsTable", "Price"),
            lambda fill: price(fill.price),
            "000,000,000",
            right=True,
        ),
        Column(
            lambda: translate("FillsTable", "Volume"),
            lambda fill: volume(fill.volume),
            "0,000.00000000",
            right=True,
        ),
        Column(lambda: translate("FillsTable", "Amount"), lambda fill: krw(fill.funds), "000,000,000", right=True),
        Column(lambda: translate("FillsTable", "Fee"), lambda fill: krw(fill.fee), "000,000", right=True),
        Column(
            lambda: translate("FillsTable", "Order ID"),
            lambda fill: fill.order_id,
            "gw-0000000000000000",
            role=lambda fill: "dim",
            tip=lambda fill: fill.trade_id,
        ),
    )


class FillsTable(QWidget):
    """Keeps the newest 1,000 fills. Enter, a double click or the menu ask why one of them was traded."""

    why_wanted = Signal(str)
    """Identifier of the order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowModel[Fill] = RowModel(fill_columns(), lambda fill: f"{fill.order_id} {fill.trade_id}", self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self.show_menu)
        self.table.doubleClicked.connect(self.ask_why)
        self.table.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Show the fills the feed has and every new one."""
        feed.fill_booked.connect(self._booked)
        self.add(feed.fills)

    def add(self, fills: Iterable[Fill]) -> None:
        """Add fills, oldest first."""
        self.model.add_on_top(list(fills)[::-1], MAX_FILLS)

    def selected(self) -> Fill | None:
        """The fill of the current row; None without one."""
        return self.model.row_at(self.table.currentIndex().row())

    def ask_why(self) -> None:
        """Ask why the fill of the current row was traded."""
        fill = self.selected()
        if fill is not None:
            self.why_wanted.emit(fill.order_id)

    def show_menu(self, place: QPoint) -> None:
        """What can be done with the row at ``place``."""
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Why did it trade?"), self.ask_why).setEnabled(self.selected() is not None)
        menu.addAction(self.tr("Copy"), self.table.copy_rows).setEnabled(self.selected() is not None)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        self.ask_why()
        return True

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _booked(self, booked: FillBooked) -> None:
        self.add((booked.fill,))

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Fills"))
        self.table.setAccessibleDescription(self.tr("Enter tells why a fill was traded."))
        self.table.set_empty_text(self.tr("No fills yet."))
