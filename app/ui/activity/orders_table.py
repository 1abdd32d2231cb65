"""Our orders: working ones first with a cancel button, then history, which goes on below as far as the journal."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.order import Order, OrderState
from app.domain.position import Position
from app.domain.values import Side
from app.ui import wording
from app.ui.activity.cell_delegate import ButtonDelegate
from app.ui.activity.order_filter import OrderFilter
from app.ui.activity.order_pages import OrderPages
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import ROW_HEIGHT, RowTable
from app.ui.archive_door import ArchiveDoor
from app.ui.formats import date_clock, day_clock, filled_percent, krw, price, volume
from app.ui.ui_feed import UiFeed

MAX_HISTORY = 500
CANCEL = 0
#: Below this height the filter is folded away until Ctrl+F asks for it.
LOW = 170
#: The next page is asked for while this many rows are still below.
AHEAD = 10
translate = QCoreApplication.translate

_STATE_ROLES = {
    OrderState.UNKNOWN: "warning",
    OrderState.REJECTED: "danger",
    OrderState.PARTIAL: "accent",
    OrderState.OPEN: "accent",
    OrderState.FILLED: "text",
}


def sorted_orders(orders: Iterable[Order], most: int | None = MAX_HISTORY) -> list[Order]:
    """Working orders first, each part newest first; history is cut after ``most``, None = not at all."""
    newest = sorted(orders, key=lambda order: (order.created_at, order.order_id), reverse=True)
    working = [order for order in newest if order.is_working]
    return working + [order for order in newest if not order.is_working][:most]


def filled_share(order: Order) -> str:
    """Filled part in percent of the ordered volume or money; nothing filled is 0 %."""
    intent = order.intent
    done, wanted = (order.filled_funds, intent.funds) if intent.volume is None else (order.filled_volume, intent.volume)
    return filled_percent(done, wanted)


def can_cancel(order: Order) -> bool:
    """True for orders the venue has, or may have, and that no cancel is under way for."""
    return order.is_working and order.state not in (OrderState.INTENT, OrderState.CANCELLING)


def size_text(order: Order) -> str:
    """Units, or the money of a purchase at market."""
    intent = order.intent
    return f"₩{krw(intent.funds)}" if intent.volume is None else volume(intent.volume)


def order_columns(
    positions: Mapping[str, Position], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> tuple[Column[Order], ...]:
    """Columns of the table; ``positions`` gives the name of the strategy, ``now`` which day is today."""

    def owner(order: Order) -> str:
        position = positions.get(order.intent.position_id)
        purpose = wording.purpose(order.intent.purpose)
        return purpose if position is None else f"{wording.local(position.blueprint.name)} · {purpose}"

    return (
        Column(
            lambda: "",
            lambda order: translate("OrdersTable", "Cancel") if can_cancel(order) else "",
            "Cancel__",
        ),
        Column(
            lambda: translate("OrdersTable", "Time"),
            lambda order: day_clock(order.created_at, now()),
            "00-00 00:00",
            tip=lambda order: date_clock(order.created_at),
        ),
        Column(lambda: translate("OrdersTable", "Market"), lambda order: order.intent.market.symbol, "KRW-DOGE00"),
        Column(
            lambda: translate("OrdersTable", "State"),
            lambda order: wording.order_state(order.state),
            "Partly filled",
            role=lambda order: _STATE_ROLES.get(order.state, "dim"),
            tip=lambda order: wording.note(order.note),
        ),
        Column(
            lambda: translate("OrdersTable", "Side"),
            lambda order: wording.side(order.intent.side),
            "Sell0",
            role=lambda order: "up" if order.intent.side is Side.BUY else "down",
        ),
        Column(
            lambda: translate("OrdersTable", "Type"),
            lambda o: wording.order_type(o.intent.order_type),
            "Market0",
        ),
        Column(
            lambda: translate("OrdersTable", "Price"),
            lambda order: "–" if order.intent.price is None else price(order.intent.price),
            "000,000,000",
            right=True,
        ),
        Column(lambda: translate("OrdersTable", "Volume"), size_text, "₩00,000,000", right=True),
        Column(lambda: translate("OrdersTable", "Filled"), filled_share, "100%00", right=True),
        Column(lambda: translate("OrdersTable", "Purpose"), owner, "Trend breakout · Liquidation"),
        Column(
            lambda: translate("OrdersTable", "Order ID"),
            lambda order: order.order_id,
            "gw-0000000000000000",
            role=lambda order: "dim",
            tip=lambda order: order.venue_order_id or "",
        ),
    )


class OrdersTable(QWidget):
    """Cancel: click the button, or Delete on selected rows. It only asks; the state changes when the engine says so.

    Enter, a double click or the menu ask why an order traded. Scrolling down reads on in the journal.
    """

    cancel_requested = Signal(str)
    why_wanted = Signal(str)
    """Identifier of the order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed: UiFeed | None = None
        self._door: ArchiveDoor | None = None
        self._positions: dict[str, Position] = {}
        self._filter_wanted = False
        self.pages = OrderPages(self.refresh)
        self.filter = OrderFilter(self)
        self.model: RowModel[Order] = RowModel(
            order_columns(self._positions, self._now), lambda order: order.order_id, self
        )
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setItemDelegateForColumn(CANCEL, ButtonDelegate(self.table))
        self.table.setMouseTracking(True)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.clicked.connect(self._clicked)
        self.table.doubleClicked.connect(self._double_clicked)
        self.table.customContextMenuRequested.connect(self.show_menu)
        self.table.verticalScrollBar().valueChanged.connect(self._read_on)
        self.table.installEventFilter(self)
        self.filter.text.installEventFilter(self)
        self.filter.changed.connect(self._ask_anew)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        self._translate()

    def bind(self, feed: UiFeed, door: ArchiveDoor | None = None) -> None:
        """Follow the feed from now on; the history is read through ``door`` once the table is shown."""
        self._feed, self._door = feed, door
        if door is not None:
            self.pages.open(door)
        feed.orders_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is live and what was read."""
        if self._feed is None:
            return
        self._positions.clear()
        self._positions.update(self.pages.positions)
        self._positions.update(self._feed.positions)
        joined = self.pages.joined(self._feed.orders.values(), self._positions)
        self.model.show(sorted_orders(joined, None if self.pages.is_known else MAX_HISTORY))
        self._say()
        self._read_on()

    def selected(self) -> Order | None:
        """The order of the current row; None without one."""
        return self.model.row_at(self.table.currentIndex().row())

    def ask_why(self) -> None:
        """Ask why the order of the current row traded."""
        order = self.selected()
        if order is not None:
            self.why_wanted.emit(order.order_id)

    def show_filter(self) -> None:
        """Unfold the filter and type into it."""
        self._filter_wanted = True
        self._fold()
        self.filter.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave_filter(self) -> None:
        """Show everything again and go back to the rows."""
        self._filter_wanted = False
        self.filter.clear()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fold()

    def show_menu(self, place: QPoint) -> None:
        """What can be done with the row at ``place``."""
        order = self.selected()
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Why did it trade?"), self.ask_why).setEnabled(order is not None)
        cancel = menu.addAction(translate("OrdersTable", "Cancel"), self.cancel_selected)
        cancel.setEnabled(order is not None and can_cancel(order))
        menu.addAction(self.tr("Filter (Ctrl+F)"), self.show_filter)
        menu.addAction(self.tr("Copy"), self.table.copy_rows).setEnabled(order is not None)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._door is not None:
            self._door.choices(self.filter.show_choices, lambda _: None)
            if not self.pages.is_known and not self.pages.is_asking:
                self._ask_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if watched is self.filter.text:
            if event.key() == Qt.Key.Key_Escape:
                self.leave_filter()
                return True
            return False
        if event.key() == Qt.Key.Key_Delete:
            self.cancel_selected()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask_why()
            return True
        if event.matches(QKeySequence.StandardKey.Find):
            self.show_filter()
            return True
        return False

    def cancel_selected(self) -> None:
        """Ask for a cancel of every selected order that can be cancelled."""
        for index in self.table.selectionModel().selectedRows():
            self._ask(index.row())

    # ---- inside -------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._feed is None else self._feed.clock()

    def _fold(self) -> None:
        self.filter.setVisible(self.height() >= LOW or self._filter_wanted or self.filter.is_used())

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == CANCEL:
            self._ask(index.row())

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() != CANCEL or not index.data():
            self.ask_why()

    def _ask(self, number: int) -> None:
        order = self.model.row_at(number)
        if order is not None and can_cancel(order):
            self.cancel_requested.emit(order.order_id)

    def _ask_anew(self) -> None:
        if self._feed is not None:
            self.pages.ask(self.filter.query(self._feed.clock()))
            self.refresh()
            self.table.scrollToTop()
            self._fold()

    def _read_on(self) -> None:
        # Not from the range of the scroll bar, which is late; its value is a row, because the table scrolls by rows.
        shown = self.table.verticalScrollBar().value() + self.table.viewport().height() // ROW_HEIGHT
        if self.isVisible() and self.model.rowCount() - shown <= AHEAD:
            self.pages.more()

    def _say(self) -> None:
        """Why there is nothing to see; trouble with the journal stands above the rows that are live."""
        if not self.filter.problem():
            trouble = self.pages.trouble
            self.filter.say(self.tr("The journal cannot be read: {why}").format(why=trouble) if trouble else "")
        if self.pages.is_asking:
            words = self.tr("Reading the journal…")
        else:
            words = self.tr("No order fits the filter.") if self.filter.is_used() else self.tr("No orders yet.")
        self.table.set_empty_text(words)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Orders"))
        self.table.setAccessibleDescription(
            self.tr("Delete asks to cancel the selected orders. Enter tells why an order traded.")
        )
        self._say()
