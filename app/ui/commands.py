"""All commands of the main window, and its menu."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from app.ui.position_table import PositionTable

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

EMERGENCY_KEYS = "Ctrl+Shift+L"
_TABS = 6
_MENU_GROUPS = ("view", "program")
translate = QCoreApplication.translate


def add_commands(window: "MainWindow") -> None:
    """Fill the registry of the window and hang the menu on its button."""
    _trading_commands(window)
    _view_commands(window)
    _program_commands(window)
    button: QToolButton = window.top.menu_button
    menu = QMenu(button)
    for group in _MENU_GROUPS:
        for command in window.registry.commands:
            if command.group == group:
                menu.addAction(command.action)
        menu.addSeparator()
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)


def _trading_commands(window: "MainWindow") -> None:
    add, dashboard = window.registry.add, window.dashboard
    table: PositionTable = dashboard.positions

    def add_trading(key: str, title: Callable[[], str], run: Callable[[], object], keys: str) -> None:
        add(key, "trading", title, run, keys)

    add_trading("start", lambda: translate("Commands", "Start a strategy"), dashboard.launcher.focus_first, "Ctrl+N")
    add_trading("order", lambda: translate("Commands", "Order by hand"), window.ticket.open_fresh, "Ctrl+O")
    add_trading("enable", lambda: translate("Commands", "Enable entries"), dashboard.launcher.enable_entries, "Ctrl+E")
    add_trading("disable", lambda: translate("Commands", "Turn entries off"), window.disable_entries, "Ctrl+D")
    add_trading("halt", lambda: translate("Commands", "Halt trading (asks first)"), window.halt, "Ctrl+Shift+H")
    add("unlock", "trading", lambda: translate("Commands", "Leave the halt"), window.unlock_dialog.open_fresh)
    add_trading("pause", lambda: translate("Commands", "Pause the selected position"), table.pause_selected, "Ctrl+P")
    add_trading(
        "resume", lambda: translate("Commands", "Resume the selected position"), table.resume_selected, "Ctrl+R"
    )
    add_trading(
        "close",
        lambda: translate("Commands", "Close the selected position now (asks first)"),
        table.close_selected,
        "Ctrl+Shift+C",
    )
    add_trading("reconcile", lambda: translate("Commands", "Compare with the venue now"), window.reconcile, "F5")
    add_trading(
        "liquidate",
        lambda: translate("Commands", "Liquidate all (press twice within 3 s)"),
        window.top.emergency.press_key,
        EMERGENCY_KEYS,
    )
    add(
        "liquidate_scope",
        "trading",
        lambda: translate("Commands", "Emergency: less, or more…"),
        window.scope_dialog.open_fresh,
    )
    add("runs", "trading", lambda: translate("Commands", "Runs of the emergency control"), window.run_history.show)
    add(
        "drill",
        "trading",
        lambda: translate("Commands", "Fire drill"),
        window.drill_dialog.show,
    )
    add(
        "password",
        "trading",
        lambda: translate("Commands", "Password of the kill switch…"),
        window.password_dialog.open_fresh,
    )


def _view_commands(window: "MainWindow") -> None:
    add, dashboard = window.registry.add, window.dashboard
    add("palette", "help", lambda: translate("Commands", "Command palette"), window.palette_dialog.open_fresh, "Ctrl+K")
    add("theme", "view", lambda: translate("Commands", "Dark or light"), window.toggle_theme, "Ctrl+T")
    add("language", "view", lambda: translate("Commands", "한국어 / English"), window.toggle_language, "Ctrl+L")
    add(
        "colours",
        "view",
        lambda: translate("Commands", "Red and blue, or green and red"),
        window.toggle_colours,
    )
    add("layout", "view", lambda: translate("Commands", "Reset the layout"), window.reset_layout)
    titles: tuple[Callable[[], str], ...] = (
        lambda: translate("Commands", "Show the log"),
        lambda: translate("Commands", "Show the events"),
        lambda: translate("Commands", "Show the orders"),
        lambda: translate("Commands", "Show the fills"),
        lambda: translate("Commands", "Show the instructions"),
        lambda: translate("Commands", "Show the dust"),
    )
    for number in range(_TABS):
        add(
            f"tab{number + 1}",
            "tabs",
            titles[number],
            partial(dashboard.tabs.setCurrentIndex, number),
            f"Alt+{number + 1}",
        )
    add(
        "positions",
        "tabs",
        lambda: translate("Commands", "Go to the positions"),
        lambda: dashboard.positions.view.setFocus(Qt.FocusReason.ShortcutFocusReason),
        "Alt+0",
    )


def _program_commands(window: "MainWindow") -> None:
    add = window.registry.add
    add("flow", "program", lambda: translate("Commands", "Order flow"), window.order_flow.show_flow, "Ctrl+J")
    add(
        "latency",
        "program",
        lambda: translate("Commands", "How long orders take"),
        window.order_flow.show_latency,
        "Ctrl+Shift+J",
    )
    center = window.alert_center
    add("alerts", "program", lambda: translate("Commands", "Critical notices"), center.show_notices, "Ctrl+I")
    add("channels", "program", lambda: translate("Commands", "Alert channels"), center.show_channels)
    add("limits", "program", lambda: translate("Commands", "Limits and their use"), window.limits_dialog.show)
    add("mode", "program", lambda: translate("Commands", "Mode of the next start"), window.mode_dialog.show)
    add("promotion", "program", lambda: translate("Commands", "From paper to live"), window.promotion.open_fresh)
    add("key", "program", lambda: translate("Commands", "Key of the live account"), window.key_dialog.open_fresh)
    add("shortcuts", "program", lambda: translate("Commands", "Commands and shortcuts"), window.show_shortcuts, "F1")
    add("about", "program", lambda: translate("Commands", "About Gwanje"), window.about_dialog.show)
    add("welcome", "program", lambda: translate("Commands", "Show the welcome again"), window.first_run.show)
    add("quit", "program", lambda: translate("Commands", "Quit"), window.close, "Ctrl+Q")
