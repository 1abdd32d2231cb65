"""Working orders first; unknown is shown as unknown; cancelling only asks."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.order import Order, OrderState
from app.domain.order_query import WORKING
from app.domain.values import Side
from app.ui.activity.orders_table import CANCEL, OrdersTable, can_cancel, filled_share, sorted_orders
from app.ui.archive_door import ArchiveDoor
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.story_archive import StoryArchive, run_now

TIME, STATE, VOLUME, PURPOSE = 1, 3, 7, 9


def table_on(qtbot: QtBot) -> OrdersTable:
    orders = OrdersTable()
    qtbot.addWidget(orders)
    orders.bind(sample_feed())
    return orders


def test_working_orders_come_first_and_newest_first() -> None:
    found = sorted_orders(reversed(samples.orders()))
    assert [order.is_working for order in found] == [True] * 4 + [False] * 4
    assert found[0].order_id == "gw-000000001842"


@pytest.mark.parametrize(
    ("order", "share"),
    [
        (samples.order(1, OrderState.PARTIAL, filled="0.0124"), "62%"),
        (samples.order(1, OrderState.OPEN), "0%"),
        (samples.order(1, OrderState.FILLED, Side.BUY, None, filled="0.1"), "100%"),
    ],
)
def test_filled_share(order: Order, share: str) -> None:
    assert filled_share(order) == share


def test_unknown_is_shown_as_unknown_in_warning_colour(qtbot: QtBot) -> None:
    orders = table_on(qtbot)
    cells = [orders.model.index(row, STATE) for row in range(orders.model.rowCount())]
    unknown = next(cell for cell in cells if cell.data() == "Unknown")
    assert unknown.data(Qt.ItemDataRole.ForegroundRole).name().upper() == theme().palette.warning.upper()


def test_money_and_units_are_told_apart_and_the_strategy_is_named(qtbot: QtBot) -> None:
    orders = table_on(qtbot)
    texts = [orders.model.index(row, VOLUME).data() for row in range(orders.model.rowCount())]
    assert "₩3,000,000" in texts and "0.0200" in texts
    assert "Trend breakout" in orders.model.index(0, PURPOSE).data()


def test_only_working_orders_can_be_cancelled(qtbot: QtBot) -> None:
    assert [can_cancel(order) for order in samples.orders()] == [True, True, True] + [False] * 5


def test_a_click_on_cancel_asks_and_changes_nothing(qtbot: QtBot) -> None:
    orders = table_on(qtbot)
    cell = orders.model.index(0, CANCEL)
    place = orders.table.visualRect(cell).center()
    with qtbot.waitSignal(orders.cancel_requested) as told:
        qtbot.mouseClick(orders.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == ["gw-000000001842"]
    assert orders.model.index(0, STATE).data() == "Open"


def test_a_click_elsewhere_or_on_history_asks_nothing(qtbot: QtBot) -> None:
    orders = table_on(qtbot)
    with qtbot.assertNotEmitted(orders.cancel_requested):
        orders.table.clicked.emit(orders.model.index(0, TIME))
        orders.table.clicked.emit(orders.model.index(orders.model.rowCount() - 1, CANCEL))


def test_delete_asks_for_the_selected_orders(qtbot: QtBot) -> None:
    orders = table_on(qtbot)
    asked: list[str] = []
    orders.cancel_requested.connect(asked.append)
    orders.table.selectAll()
    qtbot.keyClick(orders.table, Qt.Key.Key_Delete)
    assert asked == ["gw-000000001842", "gw-000000001841", "gw-000000001840"]


def story_table(qtbot: QtBot, past: int = 250) -> tuple[OrdersTable, StoryArchive]:
    """A shown table over a day of live orders and ``past`` older ones in the journal."""
    feed = sample_feed()
    old = samples.orders()[-1]
    archive = StoryArchive(
        [
            replace(old, order_id=f"gw-old-{number:03}", created_at=samples.NOW - timedelta(days=1, minutes=number))
            for number in range(past)
        ]
    )
    orders = OrdersTable()
    qtbot.addWidget(orders)
    orders.resize(900, 400)
    orders.bind(feed, ArchiveDoor(archive, run_now))
    assert archive.asked == [], "nothing is read before somebody looks"
    orders.show()
    return orders, archive


def test_history_goes_on_below_as_far_as_the_journal(qtbot: QtBot) -> None:
    orders, archive = story_table(qtbot)
    assert len(archive.asked) == 1 and orders.model.rowCount() == 8 + 100
    for _ in range(6):
        orders.table.scrollToBottom()
    assert len(archive.asked) == 3 and orders.model.rowCount() == 8 + 250
    last = orders.model.index(257, TIME)
    assert last.data() == "11-19 07:33" and last.data(Qt.ItemDataRole.ToolTipRole).startswith("2026-11-19 07:33")


def test_a_filter_asks_the_journal_and_hides_what_is_live(qtbot: QtBot) -> None:
    orders, archive = story_table(qtbot)
    orders.filter.state.setCurrentIndex(1)
    assert archive.asked[-1].state == WORKING and orders.model.rowCount() == 4
    orders.filter.text.setText("old-1")
    qtbot.waitUntil(lambda: orders.model.rowCount() == 0)
    orders.filter.state.setCurrentIndex(0)
    assert orders.model.rowCount() == 100
    orders.filter.text.setText("nothing like it")
    qtbot.waitUntil(lambda: orders.model.rowCount() == 0)
    qtbot.keyClick(orders.filter.text, Qt.Key.Key_Escape)
    assert orders.model.rowCount() == 8 + 100 and not orders.filter.is_used()


def test_trouble_with_the_journal_leaves_what_is_live(qtbot: QtBot) -> None:
    orders, archive = story_table(qtbot)
    archive.broken = "the disk is gone"
    orders.filter.period.setCurrentIndex(4)
    assert "the disk is gone" in orders.filter.note.words and orders.filter.note.isVisible()
    assert orders.model.rowCount() == 8
    archive.broken = ""
    orders.leave_filter()
    assert orders.filter.note.isHidden() and orders.model.rowCount() == 108


def test_a_low_table_keeps_its_rows_and_unfolds_the_filter_on_demand(qtbot: QtBot) -> None:
    orders, _ = story_table(qtbot)
    assert orders.filter.isVisible()
    orders.resize(900, 140)
    assert orders.filter.isHidden()
    qtbot.keyClick(orders.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert orders.filter.isVisible()
    qtbot.keyClick(orders.filter.text, Qt.Key.Key_Escape)
    assert orders.filter.isHidden()


def test_enter_a_double_click_and_the_menu_ask_why(qtbot: QtBot) -> None:
    orders, _ = story_table(qtbot)
    asked: list[str] = []
    orders.why_wanted.connect(asked.append)
    qtbot.keyClick(orders.table, Qt.Key.Key_Return)
    assert asked == [], "no row, no question"
    orders.table.selectRow(5)
    qtbot.keyClick(orders.table, Qt.Key.Key_Return)
    orders.table.doubleClicked.emit(orders.model.index(5, STATE))
    orders.table.doubleClicked.emit(orders.model.index(0, CANCEL))
    orders.show_menu(orders.table.visualRect(orders.model.index(5, STATE)).center())
    menu = next(menu for menu in orders.table.findChildren(QMenu) if menu.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    wanted = orders.model.row_at(5)
    assert wanted is not None and asked == [wanted.order_id] * 3


def test_the_table_follows_the_feed_and_the_language(qtbot: QtBot) -> None:
    feed = sample_feed()
    orders = OrdersTable()
    qtbot.addWidget(orders)
    orders.bind(feed)
    fresh = samples.order(2000, OrderState.SENT, price=Decimal(1), minutes_ago=0)
    feed.orders[fresh.order_id] = fresh
    feed.orders_changed.emit([fresh.order_id])
    assert orders.model.row_at(0) == fresh
    QApplication.sendEvent(orders, QEvent(QEvent.Type.LanguageChange))
    assert orders.table.accessibleName() == "Orders"
