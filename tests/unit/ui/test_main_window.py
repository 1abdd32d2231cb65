"""The whole window."""

import re
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import LiquidateAll
from app.domain.emergency import LiquidationStage
from app.domain.messages import PositionChanged
from app.ui.languages import languages
from app.ui.main_window import MainWindow, icon_file
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story

TOUR = (
    "emergency_button",
    "launcher_blueprint",
    "launcher_market",
    "launcher_budget",
    "launcher_stop",
    "launcher_start",
    "enable_entries",
    "position_table",
    "position_pause",
    "position_resume",
    "position_close",
    "position_close_confirm",
    "liquidation_panel",
    "liquidation_stage",
    "theme_toggle",
    "language_toggle",
)


def test_every_control_a_tour_clicks_has_its_name(window: MainWindow) -> None:
    for name in TOUR:
        assert len(window.findChildren(QWidget, name)) == 1, name


def test_every_focusable_widget_has_an_accessible_name(full_window: MainWindow, story: Story) -> None:
    story.tell(screen_story.run(NOW, LiquidationStage.FLAT), screen_story.alert())
    full_window.feed.flush()
    dialogs = (full_window.first_run, full_window.about_dialog, full_window.shortcuts_dialog)
    full_window.palette_dialog.open_fresh()
    full_window.order_flow.show_flow()
    full_window.ticket.open_fresh()
    for dialog in dialogs:
        dialog.show()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for widget in full_window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not (isinstance(widget, QPushButton) and widget.text())
        and not widget.objectName().startswith("qt_")
        and widget.focusProxy() is None
        and isinstance(widget.parent(), QWidget | None) is not None
    ]
    assert nameless == []


def test_the_stop_button_posts_once_and_the_panel_lies_on_top(
    full_window: MainWindow, story: Story, qtbot: QtBot
) -> None:
    full_window.top.emergency.triggered.emit()
    assert story.posted == [LiquidateAll("click-1")]
    story.tell(screen_story.run(NOW, LiquidationStage.SELLING))
    full_window.feed.flush()
    panel = full_window.liquidation
    assert panel.isVisible()
    assert full_window.rect().contains(panel.geometry())
    button = full_window.top.emergency
    assert not panel.geometry().contains(button.mapTo(full_window, button.rect().center()))


def test_what_was_recovered_is_on_the_screen_at_once(tmp_path: Path, qtbot: QtBot) -> None:
    story = Story(tmp_path)
    events = tuple(PositionChanged(position, "recovered") for position in screen_story.positions(NOW))
    services = replace(story.services(), recovered=events)
    window = MainWindow(services, feed=UiFeed(story.bus, clock=story.clock))
    qtbot.addWidget(window, before_close_func=lambda _: window.finish())
    window.start()
    assert [row.position_id for row in window.dashboard.positions.model.rows] == ["p1", "p2", "p3", "p4", "p5", "p6"]
    assert window.feed.position_id == "p1"


def shares(window: MainWindow) -> list[float]:
    sizes = window.dashboard.left.sizes()
    return [round(size / sum(sizes), 1) for size in sizes]


def test_theme_language_and_layout_come_back(tmp_path: Path, qtbot: QtBot) -> None:
    story = Story(tmp_path)
    window = MainWindow(story.services(), feed=UiFeed(story.bus, clock=story.clock))
    qtbot.addWidget(window)
    window.show()
    window.use_language("ko")
    window.toggle_theme()
    window.toggle_colours()
    window.dashboard.left.moveSplitter(500, 1)
    before = shares(window)
    window.finish()
    languages().set("en")
    theme().set("dark")
    theme().korean_colours = True
    again = MainWindow(story.services(), feed=UiFeed(story.bus, clock=story.clock))
    qtbot.addWidget(again, before_close_func=lambda _: again.finish())
    again.start()
    assert (languages().name, theme().name, theme().korean_colours) == ("ko", "light", False)
    assert not again.first_run.isVisible()
    assert shares(again) == before, "the screen of a test is smaller, so the shares count"


def test_closing_asks_the_program_first(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.finish()
    assert not window.isVisible()


def test_no_english_is_left_on_a_korean_screen(full_window: MainWindow, qtbot: QtBot) -> None:
    full_window.use_language("ko")
    qtbot.waitUntil(lambda: full_window.dashboard.account.title.text() == "계좌 요약")
    visible = (widget for widget in full_window.findChildren(QWidget) if widget.isVisible())
    texts = {str(widget.text()) for widget in visible if callable(getattr(widget, "text", None))}
    words = {text for text in texts if re.search(r"[A-Za-z]{4,}", text) and not re.search(r"[가-힣]", text)}
    assert words <= {"Gwanje", "KRW-BTC", "₩"}, words


def test_the_picture_of_the_program_exists(qapp: QApplication) -> None:
    assert Path(icon_file()).is_file()
