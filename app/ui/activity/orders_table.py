"""Our orders: working ones first with a cancel button, then history."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.order import Order, OrderState
from app.domain.position import Position
from app.domain.values import Side
from app.ui import wording
from app.ui.activity.cell_delegate import ButtonDelegate
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.formats import clock, filled_percent, krw, price, volume
from app.ui.ui_feed import UiFeed

MAX_HISTORY = 500
CANCEL = 0
translate = QCoreApplication.translate

_STATE_ROLES = {
    OrderState.UNKNOWN: "warning",
    OrderState.REJECTED: "danger",
    OrderState.PARTIAL: "accent",
    OrderState.OPEN: "accent",
    OrderState.FILLED: "text",
}


def sorted_orders(orders: Iterable[Order]) -> list[Order]:
    """Working orders first, each part newest first; history is cut after 500."""
    newest = sorted(orders, key=lambda order: (order.created_at, order.order_id), reverse=True)
    working = [order for order in newest if order.is_working]
    return working + [order for order in newest if not order.is_working][:MAX_HISTORY]


def filled_share(order: Order) -> str:
    """Filled part in percent of the ordered volume or money; nothing filled is 0 %."""
    intent = order.intent
    done, wanted = (order.filled_funds, intent.funds) if intent.volume is None else (order.filled_volume, intent.volume)
    return filled_percent(done, wanted)


def can_cancel(order: Order) -> bool:
    """True for orders the venue has, or may have, and that no cancel is under way for."""
    return order.is_working and order.state not in (OrderState.INTENT, OrderState.CANCELLING)


def order_columns(positions: dict[str, Position]) -> tuple[Column[Order], ...]:
    """Columns of the table; ``positions`` gives the name of the strategy."""

    def owner(order: Order) -> str:
        position = positions.get(order.intent.position_id)
        purpose = wording.purpose(order.intent.purpose)
        return purpose if position is None else f"{wording.local(position.blueprint.name)} · {purpose}"

    def size(order: Order) -> str:
        intent = order.intent
        return f"₩{krw(intent.funds)}" if intent.volume is None else volume(intent.volume)

    return (
        Column(
            lambda: "",
            lambda order: translate("OrdersTable", "Cancel") if can_cancel(order) else "",
            "Cancel__",
        ),
        Column(lambda: translate("OrdersTable", "Time"), lambda order: clock(order.created_at), "00:00:00"),
        Column(lambda: translate("OrdersTable", "Market"), lambda order: order.intent.market.symbol, "KRW-DOGE00"),
        Column(
            lambda: translate("OrdersTable", "State"),
            lambda order: wording.order_state(order.state),
            "Partly filled",
            role=lambda order: _STATE_ROLES.get(order.state, "dim"),
            tip=lambda order: order.note,
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
        Column(lambda: translate("OrdersTable", "Volume"), size, "₩00,000,000", right=True),
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
    """Cancel: click the button, or Delete on selected rows. It only asks; the state changes when the engine says so."""

    cancel_requested = Signal(str)
    """Identifier of the order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed: UiFeed | None = None
        self._positions: dict[str, Position] = {}
        self.model: RowModel[Order] = RowModel(order_columns(self._positions), lambda order: order.order_id, self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setItemDelegateForColumn(CANCEL, ButtonDelegate(self.table))
        self.table.setMouseTracking(True)
        self.table.clicked.connect(self._clicked)
        self.table.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        feed.orders_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the orders of the feed again."""
        if self._feed is not None:
            self._positions.clear()
            self._positions.update(self._feed.positions)
            self.model.show(sorted_orders(self._feed.orders.values()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Delete:
            self.cancel_selected()
            return True
        return False

    def cancel_selected(self) -> None:
        """Ask for a cancel of every selected order that can be cancelled."""
        for index in self.table.selectionModel().selectedRows():
            self._ask(index.row())

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == CANCEL:
            self._ask(index.row())

    def _ask(self, number: int) -> None:
        order = self.model.row_at(number)
        if order is not None and can_cancel(order):
            self.cancel_requested.emit(order.order_id)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Orders"))
        self.table.setAccessibleDescription(self.tr("Delete asks to cancel the selected orders."))
        self.table.set_empty_text(self.tr("No orders yet."))
