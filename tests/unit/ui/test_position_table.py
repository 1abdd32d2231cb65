"""The buttons ask; the engine decides; the table shows what it said."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.commands import ClosePosition, PausePosition, ResumePosition
from app.domain.messages import CommandRefused, OrderChanged, PositionChanged
from app.domain.position import PositionState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, Purpose
from app.ui.main_window import MainWindow
from app.ui.position_rows import PositionColumn
from tests.ui.screen_story import Story


def select(window: MainWindow, position_id: str) -> None:
    position = window.feed.positions[position_id]
    window.feed.select(position.market, position_id)


def test_buttons_follow_the_state(full_window: MainWindow) -> None:
    table = full_window.dashboard.positions
    running, paused, closing = (False, True, True), (True, False, True), (False, False, False)
    for ident, enabled in {"p1": running, "p4": closing, "p5": paused, "p6": running}.items():
        select(full_window, ident)
        buttons = (table.resume_button, table.pause_button, table.close_button)
        assert tuple(button.isEnabled() for button in buttons) == enabled, ident


def test_pausing_posts_once_and_waits_for_the_answer(full_window: MainWindow, story: Story, qtbot: QtBot) -> None:
    table = full_window.dashboard.positions
    qtbot.mouseClick(table.pause_button, Qt.MouseButton.LeftButton)
    table.pause_selected()
    assert story.posted == [PausePosition("p1")]
    assert table.model.rows[0].texts[2] == "Active", "nothing changes before the engine says so"
    paused = replace(full_window.feed.positions["p1"], state=PositionState.PAUSED)
    story.tell(PositionChanged(paused, "paused"))
    full_window.feed.flush()
    assert table.model.rows[0].texts[2] == "Paused"
    qtbot.mouseClick(table.resume_button, Qt.MouseButton.LeftButton)
    assert story.posted[1:] == [ResumePosition("p1")]
    story.tell(CommandRefused("ResumePosition", Refusal(RefusalReason.NOT_POSSIBLE_NOW), "p1"))
    full_window.feed.flush()
    assert table.resume_button.isEnabled()


def test_closing_asks_first(full_window: MainWindow, story: Story, qtbot: QtBot) -> None:
    table = full_window.dashboard.positions
    qtbot.mouseClick(table.close_button, Qt.MouseButton.LeftButton)
    assert story.posted == []
    assert table.confirm.question.words == "Sell 0.01931552 KRW-BTC at market now?"
    qtbot.mouseClick(table.confirm.cancel_button, Qt.MouseButton.LeftButton)
    assert story.posted == []
    assert table.close_button.isVisible()
    qtbot.mouseClick(table.close_button, Qt.MouseButton.LeftButton)
    select(full_window, "p2")
    qtbot.mouseClick(table.confirm.confirm_button, Qt.MouseButton.LeftButton)
    assert story.posted == [ClosePosition("p1")], "the answer is about the position that was asked about"


def test_selection_goes_both_ways(full_window: MainWindow, story: Story) -> None:
    table = full_window.dashboard.positions
    table.view.selectRow(1)
    assert full_window.feed.position_id == "p2"
    assert story.watched[-1] == ("upbit", "KRW-ETH")
    full_window.feed.select(Market("upbit", "KRW-AVAX"))
    assert table.selected() is None


def test_start_leads_to_the_launcher(full_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(full_window.dashboard.positions.start_button, Qt.MouseButton.LeftButton)
    assert full_window.focusWidget() is full_window.dashboard.launcher.blueprint_box


def test_a_selected_position_that_goes_leaves_nothing_selected(full_window: MainWindow, story: Story) -> None:
    table = full_window.dashboard.positions
    select(full_window, "p2")
    ended = replace(full_window.feed.positions["p2"], state=PositionState.CLOSED, closed_at=None)
    story.tell(PositionChanged(ended, "sold"))
    full_window.feed.flush()
    assert table.model.row_of("p2") is None
    assert table.selected() is None, "the buttons must not act on a neighbour"
    assert not table.close_button.isEnabled()
    assert full_window.feed.position_id == "p2"


def test_a_position_that_was_chosen_before_it_came_is_selected(full_window: MainWindow, story: Story) -> None:
    table = full_window.dashboard.positions
    fresh = replace(full_window.feed.positions["p1"], position_id="p9")
    full_window.feed.select(fresh.market, "p9")
    story.tell(PositionChanged(fresh, "started"))
    full_window.feed.flush()
    selected = table.selected()
    assert selected is not None and selected.position_id == "p9"


def test_a_fill_shows_in_the_row_of_its_position(full_window: MainWindow, story: Story) -> None:
    table = full_window.dashboard.positions
    told: list[int] = []
    table.model.cells_dirty.connect(lambda row, _columns: told.append(row))
    row = table.model.row_of("p4")
    order = next(o for o in full_window.feed.orders.values() if o.intent.purpose is Purpose.EXIT)
    closing = replace(full_window.feed.positions["p4"], state=PositionState.CLOSING, note="")
    story.tell(PositionChanged(closing, "sells"))
    full_window.feed.flush()
    told.clear()
    assert row is not None
    before = table.model.rows[row].texts[PositionColumn.EXIT]
    sold = replace(
        order,
        order_id="gw-9",
        intent=replace(order.intent, position_id="p4"),
        filled_volume=closing.quantity,
    )
    story.tell(OrderChanged(sold, "filled"))
    full_window.feed.flush()
    assert told == [row]
    assert before != table.model.rows[row].texts[PositionColumn.EXIT]
