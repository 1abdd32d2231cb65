"""The parts and their places."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import CancelOrder
from app.domain.values import Market
from app.ui.activity.row_table import ROW_HEIGHT
from app.ui.charts.order_book_widget import ROW, SPREAD_ROW
from app.ui.main_window import MainWindow
from tests.ui.screen_story import Story


def parts(window: MainWindow) -> dict[str, QWidget]:
    board = window.dashboard
    return {
        "account": board.account,
        "chart": board.chart,
        "book": board.book,
        "launcher": board.launcher,
        "positions": board.positions,
        "timeline": board.timeline,
        "tabs": board.tabs,
        "top": window.top,
        "status": window.status,
    }


def place(window: MainWindow, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


@pytest.mark.parametrize("size", [(1600, 960), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_overlaps_and_nothing_is_outside(
    full_window: MainWindow, size: tuple[int, int], language: str, qtbot: QtBot
) -> None:
    full_window.use_language(language)
    full_window.resize(*size)
    qtbot.wait(20)
    assert (full_window.width(), full_window.height()) == size
    places = {name: place(full_window, part) for name, part in parts(full_window).items()}
    for name, rect in places.items():
        assert full_window.rect().contains(rect), name
        for other, theirs in places.items():
            assert other <= name or not rect.intersects(theirs), f"{name} lies over {other}"


def test_a_moved_splitter_is_remembered_and_can_be_reset(full_window: MainWindow, qtbot: QtBot) -> None:
    board = full_window.dashboard
    before = board.left.sizes()
    with qtbot.waitSignal(board.layout_changed):
        board.left.moveSplitter(before[0] - 60, 1)
    moved = board.layouts()
    full_window.resize(1500, 950)
    assert board.left.sizes()[0] != before[0]
    board.reset_layout()
    board.restore_layouts(moved)
    assert board._moved
    full_window.resize(1600, 960)
    full_window.reset_layout()
    assert board.left.sizes() == before


def test_a_cancel_in_the_orders_is_posted(full_window: MainWindow, story: Story) -> None:
    full_window.dashboard.orders.cancel_requested.emit("gw-1-0010")
    assert story.posted == [CancelOrder("gw-1-0010")]


def test_looking_at_a_market_asks_for_its_data(full_window: MainWindow, story: Story) -> None:
    assert story.watched[0] == ("upbit", "KRW-BTC")
    assert full_window.dashboard.book_panel.note.text() == "KRW-BTC"


def test_a_low_window_keeps_three_rows_of_activity_and_the_inner_book(full_window: MainWindow, qtbot: QtBot) -> None:
    board = full_window.dashboard
    full_window.use_language("ko")
    full_window.feed.select(Market("upbit", "KRW-AVAX"))
    full_window.resize(1280, 720)
    qtbot.wait(20)
    board.tabs.setCurrentWidget(board.instructions)
    qtbot.wait(20)
    assert board.instructions.table.viewport().height() >= 3 * ROW_HEIGHT
    assert board.book.height() >= 3 * 2 * ROW + SPREAD_ROW
