"""The fire drill on the screen: the start, the stopwatch, the past."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.drill import DrillEnded, DrillMoved, DrillProgress, DrillStep, DrillVerdict
from app.domain.messages import PositionChanged
from app.ui.drill_dialog import DrillDialog
from app.ui.ui_feed import UiFeed
from tests.ui.drill_story import drill, drills
from tests.ui.screen_story import NOW, Story, positions


class Door:
    """Takes what is asked for; opens when it is told to."""

    def __init__(self) -> None:
        self.asked: list[bool] = []
        self.opens = True

    def __call__(self, sample: bool) -> bool:
        self.asked.append(sample)
        return self.opens


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def dialog(door: Door, story: Story, qtbot: QtBot) -> Iterator[DrillDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = DrillDialog(door, parent)
    made.bind(UiFeed(story.bus, parent, story.clock))
    yield made


def flush(dialog: DrillDialog) -> None:
    assert dialog._feed is not None
    dialog._feed.flush()


def test_nothing_held_offers_the_sample(dialog: DrillDialog, door: Door) -> None:
    assert not dialog.button.isEnabled() and dialog.sample_button.isEnabled()
    assert "sample" in dialog.state.text()
    dialog.sample_button.click()
    assert door.asked == [True]


def test_present_positions_can_be_drilled(dialog: DrillDialog, door: Door, story: Story) -> None:
    story.tell(*(PositionChanged(position, "story") for position in positions(NOW)))
    flush(dialog)
    dialog.button.click()
    assert door.asked == [False]


def test_a_refused_start_is_told(dialog: DrillDialog, door: Door) -> None:
    door.opens = False
    dialog.sample_button.click()
    assert "could not be started" in dialog.state.text()


def test_the_stopwatch_runs_and_both_buttons_wait(dialog: DrillDialog, story: Story) -> None:
    story.tell(DrillMoved(DrillProgress(DrillStep.PRESSED, 2.34, 4, 6)))
    flush(dialog)
    assert dialog.watch.text() == "2.3 s" and "4 of 6" in dialog.state.text()
    assert not dialog.button.isEnabled() and not dialog.sample_button.isEnabled()
    story.tell(DrillEnded(drill(3, NOW)))
    flush(dialog)
    assert dialog.sample_button.isEnabled() and "Passed" in dialog.state.text()


def test_the_newest_drill_comes_first(dialog: DrillDialog, story: Story) -> None:
    story.tell(*drills(NOW))
    flush(dialog)
    assert dialog.table.rowCount() == len(dialog.trend.drills) == 14
    cells = dialog.cells(drill(14, NOW))
    shown = tuple(item.text() for c in range(9) if (item := dialog.table.item(0, c)) is not None)
    assert shown == cells


def test_what_was_never_measured_is_a_dash(dialog: DrillDialog) -> None:
    broken = replace(drill(1, NOW), verdict=DrillVerdict.BROKEN, card=None, took_s=None, slippage=None)
    assert dialog.cells(broken)[1:8] == ("5*", "–", "–", "–", "–", "–", "Could not be run")
