"""Predicted against actual, run by run; what an earlier start knew is there too."""

from dataclasses import replace
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationStage
from app.domain.messages import LiquidationChanged
from app.ui.main_window import MainWindow
from app.ui.run_history_dialog import RunHistoryDialog
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story

S = LiquidationStage


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> RunHistoryDialog:
    return window.run_history


def texts(dialog: RunHistoryDialog, row: int) -> list[str]:
    items = [dialog.table.item(row, column) for column in range(dialog.table.columnCount())]
    return [item.text() if item is not None else "" for item in items]


def test_foretold_and_actual_stand_side_by_side(dialog: RunHistoryDialog, story: Story, window: MainWindow) -> None:
    run = screen_story.run(NOW, S.FLAT).run
    card = screen_story.preview(NOW).preview
    lines = tuple(replace(line, arrival=Decimal(100), proceeds=line.sold * 99) for line in run.lines)
    story.tell(LiquidationChanged(replace(run, forecast=card, lines=lines)))
    window.feed.flush()
    cells = texts(dialog, 0)
    assert cells[1:7] == [
        "Sell everything",
        "Flat: the venue confirmed it twice",
        "2.9 s",
        "2.7 s",
        "−0.31%",
        "−1.00%",
    ]


def test_the_newest_run_comes_first_and_names_what_is_left(
    dialog: RunHistoryDialog, story: Story, window: MainWindow
) -> None:
    first = screen_story.run(NOW, S.FLAT).run
    half = EmergencyScope(EmergencyAction.REDUCE, percent=50)
    second = replace(screen_story.run(NOW, S.ATTENTION).run, run_id="run-2", scopes=(half,))
    story.tell(LiquidationChanged(first), LiquidationChanged(second))
    window.feed.flush()
    assert texts(dialog, 0)[1] == "Reduce by 50 %" and "KRW-ETH 0.3648" in texts(dialog, 0)[7]
    assert texts(dialog, 1)[1] == "Sell everything"
