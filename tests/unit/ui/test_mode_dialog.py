"""The chooser of the next start."""

from pytestqt.qtbot import QtBot

from app.domain.values import TradingMode
from app.ui.main_window import MainWindow


def test_the_running_mode_cannot_be_chosen_again(window: MainWindow) -> None:
    window.registry.action("mode").trigger()
    dialog = window.mode_dialog
    assert dialog.isVisible() and dialog.chosen is TradingMode.PRACTICE
    assert not dialog.start_button.isEnabled()


def test_with_nothing_held_the_program_ends_and_starts_in_the_other_mode(window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.mode_dialog
    dialog.buttons[TradingMode.PAPER].click()
    assert "Nothing is held" in dialog.left_behind.text()
    with qtbot.waitSignal(window.close_requested):
        dialog.start_button.click()
    assert window.next_mode is TradingMode.PAPER


def test_what_stays_behind_is_named_before(full_window: MainWindow) -> None:
    dialog = full_window.mode_dialog
    assert dialog.left_behind.text() == ""
    dialog.buttons[TradingMode.LIVE].click()
    words = dialog.left_behind.text()
    assert "6 positions (KRW-BTC, " in words and "3 working orders" in words
    assert "Nothing watches over them" in words
    assert dialog.start_button.text() == "Leave them there and start again"
    assert full_window.next_mode is None
