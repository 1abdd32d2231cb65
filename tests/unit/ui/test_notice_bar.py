"""One line for what matters now."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.notice_bar import Notice, NoticeBar


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.resize(800, 44)
    return bar


def test_critical_comes_first_and_dismissing_shows_the_next(bar: NoticeBar, qtbot: QtBot) -> None:
    assert not bar.isVisible()
    bar.tell(Notice("a", lambda: "first"))
    bar.tell(Notice("b", lambda: "worse", critical=True))
    assert bar.isVisible()
    assert bar.words.words == "worse  (+1 more)"
    qtbot.mouseClick(bar.dismiss_button, Qt.MouseButton.LeftButton)
    assert bar.words.words == "first"
    bar.withdraw("a")
    bar.withdraw("a")
    assert not bar.isVisible()


def test_a_notice_may_bring_a_button(bar: NoticeBar, qtbot: QtBot) -> None:
    done: list[str] = []
    bar.tell(Notice("a", lambda: "off", action_name=lambda: "Enable", action=lambda: done.append("done")))
    assert bar.action_button.text() == "Enable"
    qtbot.mouseClick(bar.action_button, Qt.MouseButton.LeftButton)
    assert done == ["done"]
    bar.tell(Notice("a", lambda: "off, again"))
    assert not bar.action_button.isVisible()
