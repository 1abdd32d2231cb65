"""F1 and About."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.info_dialogs import package_lines, program_version
from app.ui.languages import languages
from app.ui.main_window import MainWindow


def test_f1_lists_every_command(window: MainWindow, qtbot: QtBot) -> None:
    window.registry.action("shortcuts").trigger()
    table = window.shortcuts_dialog.table
    assert table.rowCount() == len(window.registry.commands)
    qtbot.keyClick(window.shortcuts_dialog, Qt.Key.Key_Escape)
    assert not window.shortcuts_dialog.isVisible()
    languages().set("ko")
    qtbot.waitUntil(lambda: window.shortcuts_dialog.windowTitle() == "명령과 단축키")


def test_about_names_versions_and_licences(window: MainWindow) -> None:
    text = window.about_dialog.text.toPlainText()
    assert program_version() in window.about_dialog.words.text()
    assert "PySide6" in text
    assert "Pretendard" in text
    assert "Lucide" in text
    assert all(not line.endswith(("UNKNOWN", ": –")) for line in package_lines())
