"""A selected row has an accent bar; a button cell is a raised box."""

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.domain.order import OrderState
from app.ui.activity.orders_table import OrdersTable
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.pixels import holds, picture

SIZE = QSize(900, 160)


def test_selection_and_button(qtbot: QtBot) -> None:
    orders = OrdersTable()
    qtbot.addWidget(orders)
    orders.model.show([samples.order(1, OrderState.FILLED)])
    assert not holds(picture(orders, SIZE), theme().palette.raised)
    assert not holds(picture(orders, SIZE), theme().palette.accent)
    orders.model.show([samples.order(2, OrderState.SENT)])
    assert holds(picture(orders, SIZE), theme().palette.raised)
    orders.table.selectRow(0)
    image = picture(orders, SIZE)
    assert holds(image, theme().palette.accent)
    assert holds(image, theme().palette.selection)
