"""What a breaker lets through, what it counted, and which button makes sense."""

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup, CallRate
from app.ui.flow.breaker_rows import BreakerRow, BreakerRows
from tests.ui.screen_story import NOW

ORDER, CANCEL = CallGroup.ORDER, CallGroup.CANCEL


@pytest.fixture
def rows(qtbot: QtBot) -> BreakerRows:
    rows = BreakerRows()
    qtbot.addWidget(rows)
    return rows


def buttons(row: BreakerRow) -> tuple[bool, bool]:
    return row.trip_button.isEnabled(), row.reset_button.isEnabled()


def test_the_rates_are_those_of_the_engine(rows: BreakerRows) -> None:
    rows.show_breakers("upbit", {}, (CallRate(ORDER, 12, 6, 3), CallRate(CANCEL, 0, 0, 0)))
    assert rows.rows[ORDER].counted.words == "12 calls a minute · failed 6 (50%) · slow 3 (25%)"
    assert rows.rows[CANCEL].counted.words == "no call in the last minute"
    assert list(rows.rows) == list(CallGroup)


def test_each_state_says_what_it_allows_and_until_when(rows: BreakerRows) -> None:
    states = {
        ORDER: BreakerChanged("upbit", ORDER, BreakerState.OPEN, "x", NOW + timedelta(seconds=10), 10.0),
        CANCEL: BreakerChanged("upbit", CANCEL, BreakerState.OPEN, "by hand: x", None, 10.0),
        CallGroup.LOOKUP: BreakerChanged("upbit", CallGroup.LOOKUP, BreakerState.HALF_OPEN, "x", None, 10.0),
    }
    rows.show_breakers("upbit", {("upbit", group): event for group, event in states.items()}, ())
    assert [(row.state.words, buttons(row)) for row in rows.rows.values()] == [
        ("Open, no entry leaves · until 11:42:17", (True, True)),
        ("Open, no entry leaves · until it is reset by hand", (False, True)),
        ("Half-open, one entry at a time", (True, True)),
        ("Closed, entries may leave", (True, False)),
    ]
    assert "pass in every state" in rows.note.text()


def test_before_a_venue_is_known_nothing_can_be_pressed(rows: BreakerRows) -> None:
    other = BreakerChanged("other", ORDER, BreakerState.OPEN, "x", None, 10.0)
    rows.show_breakers("", {("other", ORDER): other}, ())
    assert {buttons(row) for row in rows.rows.values()} == {(False, False)}
    assert rows.rows[ORDER].state.words == "Closed, entries may leave", "another venue's breaker is not shown"


def test_a_click_names_its_group(rows: BreakerRows, qtbot: QtBot) -> None:
    event = BreakerChanged("upbit", CANCEL, BreakerState.HALF_OPEN, "x", None, 10.0)
    rows.show_breakers("upbit", {("upbit", CANCEL): event}, ())
    with qtbot.waitSignal(rows.trip_wanted) as tripped:
        rows.rows[ORDER].trip_button.click()
    with qtbot.waitSignal(rows.reset_wanted) as reset:
        rows.rows[CANCEL].reset_button.click()
    assert (tripped.args, reset.args) == ([ORDER], [CANCEL])
