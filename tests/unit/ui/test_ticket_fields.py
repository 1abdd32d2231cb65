"""The fields follow side, type and condition."""

from pytestqt.qtbot import QtBot

from app.domain.values import Side, TimeInForce
from app.ui.ticket_fields import TicketFields


def test_a_best_price_order_is_ioc_or_fok_and_a_limit_has_a_price(qtbot: QtBot) -> None:
    fields = TicketFields()
    qtbot.addWidget(fields)
    fields.type_box.setCurrentIndex(2)
    assert [fields.duration_box.itemData(n) for n in range(fields.duration_box.count())] == ["ioc", "fok"]
    assert fields.form(Side.BUY, None).time_in_force is TimeInForce.IOC
    fields.type_box.setCurrentIndex(1)
    fields.adapt(fields.form(Side.BUY, None), "BTC", False)
    assert not fields.price.isHidden() and fields.amount.unit.text() == "BTC"
