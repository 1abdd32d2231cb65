"""The health of a venue is what the engine told of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.domain.venue_health import HealthFigures, MaintenanceWindow, MarketTrouble, VenueState
from app.ui.flow.health_row import HealthRow, countdown
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW


def shown(qtbot: QtBot, **changes: object) -> HealthRow:
    row = HealthRow()
    qtbot.addWidget(row)
    health = replace(screen_story.health(NOW), **changes)  # type: ignore[arg-type]
    row.show_status(replace(screen_story.status(NOW), health=health), NOW)
    return row


def test_before_any_word_every_figure_is_a_dash(qtbot: QtBot) -> None:
    row = HealthRow()
    qtbot.addWidget(row)
    assert row.state.text() == row.latency.text() == row.skew.text() == "–"


def test_a_venue_that_is_well(qtbot: QtBot) -> None:
    row = shown(qtbot)
    assert (row.state.text(), row.latency.text()) == ("Answers", "31 ms / 118 ms")
    assert (row.check.text(), row.feed.text(), row.skew.text()) == ("12 s", "14 ms", "+0.0 s")
    assert row.state.property("role") == "good" and row.skew.property("role") == ""


@pytest.mark.parametrize(
    ("changes", "part", "role"),
    [
        ({"state": VenueState.DOWN}, "state", "danger"),
        ({"state": VenueState.RESUMING}, "state", "warning"),
        ({"is_slow": True}, "latency", "warning"),
        ({"feed_silent": True}, "feed", "danger"),
        ({"skew_s": 2.0}, "skew", "warning"),
        ({"skew_s": -6.0}, "skew", "danger"),
        ({"skew_s": None}, "skew", "danger"),
        ({"maintenance_blocks": True}, "maintenance", "warning"),
        ({"halted": ((BTC, MarketTrouble.WIDE_SPREAD),)}, "halted", "warning"),
    ],
)
def test_what_holds_entries_back_is_marked(qtbot: QtBot, changes: dict[str, object], part: str, role: str) -> None:
    assert getattr(shown(qtbot, **changes), part).property("role") == role


def window(begins_s: float, ends_s: float) -> HealthFigures:
    found = MaintenanceWindow(NOW + timedelta(seconds=begins_s), NOW + timedelta(seconds=ends_s))
    return replace(screen_story.health(NOW), maintenance=found)


def test_maintenance_is_counted_down(qtbot: QtBot) -> None:
    assert countdown(window(3 * 3600 + 61, 20_000), NOW) == "begins in 3:01:01"
    assert countdown(window(-60, 125), NOW) == "ends in 0:02:05"
    assert countdown(window(200_000, 210_000), NOW) == "–"
    assert countdown(replace(screen_story.health(NOW), maintenance=None), NOW) == "–"
