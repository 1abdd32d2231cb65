"""Columns keep their width, the selection survives, rows are copied, an empty table says why."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from tests.ui.charts.pixels import picture


@dataclass(frozen=True)
class Thing:
    name: str


def table_of(qtbot: QtBot, *names: str) -> tuple[RowTable, RowModel[Thing]]:
    columns = (
        Column[Thing](lambda: "Name", lambda thing: thing.name, "a wide sample"),
        Column[Thing](lambda: "Again", lambda thing: thing.name * 2, "xx"),
    )
    model: RowModel[Thing] = RowModel(columns, lambda thing: thing.name)
    model.show([Thing(name) for name in names])
    table = RowTable()
    qtbot.addWidget(table)
    table.set_rows(model)
    table.resize(400, 200)
    return table, model


def test_width_comes_from_the_sample_and_stays(qtbot: QtBot) -> None:
    table, model = table_of(qtbot, "a")
    width = table.columnWidth(0)
    assert width >= table.fontMetrics().horizontalAdvance("a wide sample")
    model.show([Thing("a very very very very long name that would need much more room")])
    assert table.columnWidth(0) == width


def test_selected_rows_are_copied_with_tabs(qtbot: QtBot) -> None:
    table, _ = table_of(qtbot, "a", "b", "c")
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "b\tbb"
    table.clearSelection()
    assert table.copy_rows() == ""


def test_arrow_keys_walk_and_the_selection_survives_a_new_row_above(qtbot: QtBot) -> None:
    table, model = table_of(qtbot, "a", "b", "c")
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    model.show([Thing(name) for name in ("new", "a", "b", "c")])
    chosen = [model.row_at(index.row()) for index in table.selectionModel().selectedRows()]
    assert chosen == [Thing("b")]


def test_an_empty_table_says_so(qtbot: QtBot) -> None:
    table, _ = table_of(qtbot)
    silent = picture(table)
    table.set_empty_text("No orders yet.")
    QApplication.sendEvent(table, QEvent(QEvent.Type.LanguageChange))
    assert picture(table) != silent


def test_a_narrow_table_hides_what_can_be_spared_and_more_rows_change_nothing(qtbot: QtBot) -> None:
    columns = tuple(
        Column[Thing](lambda: "Name", lambda thing: thing.name, "a wide sample", spare=spare) for spare in (0, 1, 0, 2)
    )
    model: RowModel[Thing] = RowModel(columns, lambda thing: thing.name)
    table = RowTable()
    qtbot.addWidget(table)
    table.set_rows(model)
    table.show()
    shown = {}
    for width in (900, 400, 200):
        table.resize(width, 200)
        shown[width] = [number for number in range(4) if not table.isColumnHidden(number)]
    assert (shown[900], shown[200]) == ([0, 1, 2, 3], [0, 2]) and shown[400] in ([0, 1, 2], [0, 2])
    table.resize(3 * table.columnWidth(0) + 20 + table.verticalScrollBar().sizeHint().width(), 99)
    before = [table.isColumnHidden(number) for number in range(4)]
    assert before == [False, False, False, True] and table.horizontalScrollBar().maximum() == 0
    model.show([Thing(str(number)) for number in range(50)])
    assert [table.isColumnHidden(number) for number in range(4)] == before
    assert table.horizontalScrollBar().maximum() == 0
    table.selectRow(0)
    assert table.copy_rows() == "0\t0\t0\t0"
