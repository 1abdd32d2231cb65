"""One registry, no doubles."""

from collections import Counter

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.shortcuts import ShortcutRegistry, shortcut_text


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    owner = QWidget()
    qtbot.addWidget(owner)
    return owner


def test_a_key_and_a_shortcut_exist_once(owner: QWidget) -> None:
    registry = ShortcutRegistry(owner)
    ran: list[str] = []
    registry.add("one", "x", lambda: "Do one", lambda: ran.append("one"), "Ctrl+1").trigger()
    assert ran == ["one"]
    with pytest.raises(ValueError, match="exists already"):
        registry.add("one", "x", lambda: "again", lambda: None)
    with pytest.raises(ValueError, match="belongs to one"):
        registry.add("two", "x", lambda: "Do two", lambda: None, "Ctrl+1")


def test_the_window_has_no_double_and_no_action_outside_of_the_registry(window: MainWindow) -> None:
    keys = Counter(shortcut_text(command.action) for command in window.registry.commands)
    del keys[""]
    assert max(keys.values()) == 1
    known = {command.action for command in window.registry.commands}
    strays = [a.text() for a in window.findChildren(QAction) if not a.shortcut().isEmpty() and a not in known]
    assert strays == []


def test_searching(window: MainWindow) -> None:
    found = {command.key for command in window.registry.search("show ORDERS")}
    assert found == {"tab3"}
    assert [command.key for command in window.registry.search("ctrl+shift+l")] == ["liquidate"]
    assert len(window.registry.search("")) == len(window.registry.commands)


def test_titles_follow_the_language(window: MainWindow, qtbot: QtBot) -> None:
    languages().set("ko")
    qtbot.waitUntil(lambda: window.registry.action("start").text() == "전략 실행")
