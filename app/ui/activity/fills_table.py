"""Our fills, newest first."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

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
    """Keeps the newest 1,000 fills."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowModel[Fill] = RowModel(fill_columns(), lambda fill: f"{fill.order_id} {fill.trade_id}", self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
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

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _booked(self, booked: FillBooked) -> None:
        self.add((booked.fill,))

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Fills"))
        self.table.set_empty_text(self.tr("No fills yet."))
