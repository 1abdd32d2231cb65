"""A question instead of a dialog."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.confirm_strip import ConfirmStrip


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def strip(qtbot: QtBot, done: list[str]) -> ConfirmStrip:
    strip = ConfirmStrip("confirm_it")
    qtbot.addWidget(strip)
    strip.resize(500, 40)
    strip.ask("Sell?", "Yes, sell", lambda: done.append("done"))
    return strip


def test_only_the_confirm_button_acts_and_only_once(strip: ConfirmStrip, done: list[str], qtbot: QtBot) -> None:
    qtbot.mouseClick(strip.confirm_button, Qt.MouseButton.LeftButton)
    strip.confirm_button.click()
    assert done == ["done"]
    assert not strip.isVisible()


def test_escape_cancel_and_waiting_mean_no(strip: ConfirmStrip, done: list[str], qtbot: QtBot) -> None:
    qtbot.keyClick(strip, Qt.Key.Key_Escape)
    strip.ask("Sell?", "Yes, sell", lambda: done.append("done"))
    qtbot.mouseClick(strip.cancel_button, Qt.MouseButton.LeftButton)
    strip.ask("Sell?", "Yes, sell", lambda: done.append("done"))
    strip._timer.timeout.emit()
    assert done == []
    assert not strip.isVisible()


def test_enter_never_confirms(strip: ConfirmStrip, done: list[str], qtbot: QtBot) -> None:
    assert not strip.confirm_button.isDefault()
    assert not strip.confirm_button.autoDefault()
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.keyClick(strip.cancel_button, Qt.Key.Key_Return)
    assert done == []
