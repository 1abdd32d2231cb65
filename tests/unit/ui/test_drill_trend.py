"""The trend of past drills."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.ui.drill_trend import SHOWN, DrillTrend, scale_top
from tests.ui.drill_story import drill
from tests.ui.screen_story import NOW


def test_the_scale_holds_the_largest_figure() -> None:
    late = replace(drill(1, NOW), took_s=40.0)
    assert scale_top([drill(2, NOW), late]) > 40.0
    assert scale_top([]) > 0


def test_only_the_newest_are_drawn_and_those_without_a_card_too(qtbot: QtBot) -> None:
    trend = DrillTrend()
    qtbot.addWidget(trend)
    many = [drill(number, NOW) for number in range(SHOWN + 5)]
    many[-1] = replace(many[-1], card=None, took_s=None)
    trend.show_drills(many)
    assert len(trend.drills) == SHOWN and trend.drills[-1] is many[-1]
    assert not trend.grab().isNull()
