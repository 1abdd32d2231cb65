"""Open notices on top; a click only says what is wanted."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.alerts.notices_table import ACKNOWLEDGE, NoticesTable
from app.ui.languages import languages
from tests.ui.screen_story import NOW
from tests.ui.story_alerts import notices


def table_of(qtbot: QtBot) -> NoticesTable:
    table = NoticesTable()
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    table.show_notices([changed.notice for changed in notices(NOW)])
    return table


def cells(table: NoticesTable, row: int) -> list[str]:
    return [table.model.index(row, column).data() for column in range(table.model.columnCount())]


def test_open_ones_stand_on_top_and_the_rest_says_who_read_it(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    assert cells(table, 0)[0] == "Acknowledge" and cells(table, 0)[3] == "waits for you"
    assert cells(table, 1)[2:4] == ["14", "told 3 times"]
    assert cells(table, 2)[0] == "" and cells(table, 2)[3] == "11:13:07 by user 123456789"


def test_the_button_and_enter_ask_and_change_nothing(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    asked: list[str] = []
    table.acknowledge_wanted.connect(asked.append)
    place = table.table.visualRect(table.model.index(0, ACKNOWLEDGE)).center()
    qtbot.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    table.table.activated.emit(table.model.index(1, 4))
    table.table.activated.emit(table.model.index(2, 4))
    assert asked == ["n1-2", "n1-12"]
    assert cells(table, 0)[0] == "Acknowledge"


def test_another_language(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    languages().set("ko")
    qtbot.wait(20)
    assert cells(table, 0)[0] == "확인" and table.table.accessibleName() == "긴급 알림"
