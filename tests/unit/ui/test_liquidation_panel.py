"""The run on the screen, until the proof."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.emergency import LiquidationStage
from app.ui.liquidation_panel import LiquidationPanel
from app.ui.ui_feed import UiFeed
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story

S = LiquidationStage


@pytest.fixture
def panel(qtbot: QtBot, feed: UiFeed) -> LiquidationPanel:
    panel = LiquidationPanel()
    qtbot.addWidget(panel)
    panel.bind(feed)
    return panel


def tell(story: Story, feed: UiFeed, stage: LiquidationStage) -> None:
    story.tell(screen_story.run(NOW, stage))
    feed.flush()


def test_one_line_per_position(panel: LiquidationPanel, story: Story, feed: UiFeed) -> None:
    assert not panel.isVisible()
    tell(story, feed, S.SELLING)
    assert panel.isVisible()
    assert panel.stage.text() == "Selling"
    assert panel.line_texts()[0] == ("KRW-BTC", "0.01931552 / 0.01931552", "Sold, not confirmed yet")
    assert len(panel.line_texts()) == 5
    assert panel.times.text() == "foretold 2.9 s · 2.1 s so far · clean readings of the venue: 0 of 2"


def test_it_cannot_be_dismissed_while_the_run_is_under_way(
    panel: LiquidationPanel, story: Story, feed: UiFeed, qtbot: QtBot
) -> None:
    tell(story, feed, S.CONFIRMING)
    assert not panel.dismiss_button.isEnabled()
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.isVisible()
    assert "Flat" not in panel.stage.text()


def test_flat_comes_from_the_engine_and_stays_until_dismissed(
    panel: LiquidationPanel, story: Story, feed: UiFeed, qtbot: QtBot
) -> None:
    tell(story, feed, S.SELLING)
    tell(story, feed, S.FLAT)
    assert panel.stage.text() == "Flat: the venue confirmed it twice"
    assert panel.stage.property("role") == "good"
    assert panel.times.text() == "foretold 2.9 s · took 2.7 s · clean readings of the venue: 2 of 2"
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    tell(story, feed, S.FLAT)
    assert not panel.isVisible(), "a dismissed run stays away"


def test_attention_lists_what_is_left_and_comes_back_with_another_stage(
    panel: LiquidationPanel, story: Story, feed: UiFeed
) -> None:
    tell(story, feed, S.ATTENTION)
    assert panel.residues.text() == (
        "KRW-ETH 0.3648: the venue does not trade this market now — tried again every 10 s until the market opens"
    )
    assert panel.line_texts()[1][2] == "the venue does not trade this market now"
    panel.dismiss()
    tell(story, feed, S.FLAT)
    assert panel.isVisible()
    assert not panel.residues.isVisible()


def test_a_position_that_held_nothing_was_not_sold(panel: LiquidationPanel) -> None:
    run = screen_story.run(NOW, S.CONFIRMING).run
    waiting = replace(run.lines[0], wanted=Decimal(0), sold=Decimal(0))
    panel.show_run(replace(run, lines=(waiting, *run.lines[1:])))
    assert panel.line_texts()[0] == ("KRW-BTC", "–", "Nothing held, not confirmed yet")
