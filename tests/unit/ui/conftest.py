"""Real widgets without a display, fed by a made-up day; every test begins dark and English."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.theme import apply_theme, load_fonts, theme
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import Story


@pytest.fixture(scope="session")
def styled_app(qapp: QApplication) -> QApplication:
    qapp.setQuitOnLastWindowClosed(False)
    load_fonts()
    apply_theme(qapp)
    return qapp


@pytest.fixture(autouse=True)
def plain_look(styled_app: QApplication) -> Iterator[None]:
    yield
    # Without an event loop nothing else carries out deleteLater, and old windows would answer every change of theme.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    languages().set("en")
    theme().set("dark")
    theme().korean_colours = True


@pytest.fixture
def story(tmp_path: Path) -> Story:
    (tmp_path / "screen.ini").write_text("[General]\nlanguage=en\n", encoding="utf-8")
    return Story(tmp_path)


@pytest.fixture
def feed(story: Story, qtbot: QtBot) -> Iterator[UiFeed]:
    feed = UiFeed(story.bus, clock=story.clock)
    yield feed
    feed.close()


@pytest.fixture
def window(story: Story, feed: UiFeed, qtbot: QtBot) -> MainWindow:
    window = MainWindow(story.services(), feed=feed)
    qtbot.addWidget(window, before_close_func=lambda _: window.finish())
    window.start()
    return window


@pytest.fixture
def full_window(window: MainWindow, story: Story) -> MainWindow:
    """The window with six positions, the first one selected."""
    story.tell_all()
    window.feed.flush()
    first = window.feed.positions["p1"]
    window.feed.select(first.market, "p1")
    story.posted.clear()
    return window
