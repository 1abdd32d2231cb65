"""Fills are shown newest first, with exact amounts."""

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.messages import FillBooked
from app.ui.activity.fills_table import MAX_FILLS, FillsTable
from tests.ui.charts import samples
from tests.ui.charts.sample_feed import sample_feed


def test_known_and_new_fills(qtbot: QtBot) -> None:
    feed = sample_feed()
    table = FillsTable()
    qtbot.addWidget(table)
    table.bind(feed)
    assert table.model.rowCount() == 4
    assert table.model.index(3, 5).data() == "2,991,015"
    fresh = replace(samples.fills()[0], trade_id="fresh")
    feed.fill_booked.emit(FillBooked(fresh, "p"))
    assert table.model.row_at(0) == fresh
    QApplication.sendEvent(table, QEvent(QEvent.Type.LanguageChange))
    assert table.table.accessibleName() == "Fills"


def test_the_table_is_bounded(qtbot: QtBot) -> None:
    table = FillsTable()
    qtbot.addWidget(table)
    fill = samples.fills()[0]
    table.add([replace(fill, trade_id=str(number)) for number in range(MAX_FILLS + 5)])
    assert table.model.rowCount() == MAX_FILLS
    newest = table.model.row_at(0)
    assert newest is not None and newest.trade_id == str(MAX_FILLS + 4)


def test_enter_a_double_click_and_the_menu_ask_why(qtbot: QtBot) -> None:
    table = FillsTable()
    qtbot.addWidget(table)
    table.bind(sample_feed())
    table.show()
    asked: list[str] = []
    table.why_wanted.connect(asked.append)
    qtbot.keyClick(table.table, Qt.Key.Key_Return)
    assert asked == [], "no row, no question"
    table.table.selectRow(1)
    qtbot.keyClick(table.table, Qt.Key.Key_Enter)
    table.table.doubleClicked.emit(table.model.index(1, 2))
    table.show_menu(table.table.visualRect(table.model.index(1, 2)).center())
    menu = next(menu for menu in table.table.findChildren(QMenu) if menu.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    wanted = table.model.row_at(1)
    assert wanted is not None and asked == [wanted.order_id] * 3
