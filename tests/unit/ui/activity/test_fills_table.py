"""Fills are shown newest first, with exact amounts."""

from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
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
