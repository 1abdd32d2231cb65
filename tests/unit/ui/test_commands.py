"""The commands of the window do what they say."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.commands import LiquidateAll, PausePosition, ReconcileNow, SetTradingState
from app.domain.values import TradingState
from app.ui.commands import EMERGENCY_KEYS
from app.ui.main_window import MainWindow
from tests.ui.screen_story import Story


def test_trading_commands_post(full_window: MainWindow, story: Story) -> None:
    for key in ("disable", "enable", "pause", "reconcile"):
        full_window.registry.action(key).trigger()
    assert story.posted == [
        SetTradingState(TradingState.DISABLED, "turned off on the screen"),
        SetTradingState(TradingState.ENABLED, "enabled on the screen"),
        PausePosition("p1"),
        ReconcileNow("asked for on the screen"),
    ]


def test_the_emergency_keys_need_two_presses(full_window: MainWindow, story: Story) -> None:
    action = full_window.registry.action("liquidate")
    assert action.shortcut().toString() == EMERGENCY_KEYS
    assert not action.autoRepeat()
    assert action.shortcutContext() is Qt.ShortcutContext.ApplicationShortcut
    action.trigger()
    assert story.posted == []
    action.trigger()
    assert [type(message) for message in story.posted] == [LiquidateAll]


def test_tabs_and_positions_are_reached_by_keys(full_window: MainWindow, qtbot: QtBot) -> None:
    full_window.registry.action("tab3").trigger()
    assert full_window.dashboard.tabs.currentIndex() == 2
    full_window.registry.action("positions").trigger()
    assert full_window.focusWidget() is full_window.dashboard.positions.view


def test_the_menu_lists_view_and_program(window: MainWindow) -> None:
    menu = window.top.menu_button.menu()
    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.text()]
    assert "Reset the layout" in titles
    assert "Quit" in titles
