"""The first start."""

from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import Story


def first_window(story: Story, qtbot: QtBot) -> MainWindow:
    window = MainWindow(story.services(), feed=UiFeed(story.bus, clock=story.clock))
    qtbot.addWidget(window, before_close_func=lambda _: window.finish())
    window.start()
    return window


def test_the_language_is_asked_for_once(tmp_path: Path, qtbot: QtBot) -> None:
    window = first_window(Story(tmp_path), qtbot)
    assert window.first_run.isVisible()
    assert not window.first_run.isModal()
    for name, words in (("en", "Welcome to Gwanje"), ("ko", "관제에 오신 것을 환영합니다")):
        button = window.first_run.findChild(QPushButton, f"first_run_{name}")
        assert isinstance(button, QPushButton)
        button.click()
        qtbot.waitUntil(lambda words=words: window.first_run.heading.text() == words)
    window.first_run.done_button.click()
    assert not window.first_run.isVisible()
    assert languages().name == "ko"
    assert Preferences(tmp_path).language == "ko"
    assert not first_window(Story(tmp_path), qtbot).first_run.isVisible()
