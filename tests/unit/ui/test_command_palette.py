"""Ctrl+K."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.values import Market
from app.ui.main_window import MainWindow


def shown(window: MainWindow) -> list[str]:
    tree = window.palette_dialog.results
    items = (tree.topLevelItem(number) for number in range(tree.topLevelItemCount()))
    return [item.text(0) for item in items if item is not None]


def test_typing_finds_and_enter_runs(full_window: MainWindow, qtbot: QtBot) -> None:
    dialog = full_window.palette_dialog
    dialog.open_fresh()
    assert not dialog.isModal(), "the stop button must stay within reach"
    assert len(shown(full_window)) == len(full_window.registry.commands)
    qtbot.keyClicks(dialog.search, "show the")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert full_window.dashboard.tabs.currentIndex() == 1
    assert not dialog.isVisible()


def test_it_jumps_to_markets(full_window: MainWindow, qtbot: QtBot) -> None:
    dialog = full_window.palette_dialog
    dialog.open_fresh()
    qtbot.keyClicks(dialog.search, "avax")
    assert shown(full_window) == ["KRW-AVAX  Avalanche"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert full_window.feed.market == Market("upbit", "KRW-AVAX")


def test_the_first_line_is_never_dangerous(full_window: MainWindow) -> None:
    full_window.palette_dialog.open_fresh()
    assert "Liquidate" not in shown(full_window)[0]


def test_nothing_found_runs_nothing(full_window: MainWindow, qtbot: QtBot) -> None:
    dialog = full_window.palette_dialog
    dialog.open_fresh()
    qtbot.keyClicks(dialog.search, "qqqq")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
