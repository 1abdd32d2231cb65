"""Settings, windows and what an answer says about the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.errors import InvalidInputError
from app.domain.venue_health import HealthSettings, VenueReply, health_problems, parse_window

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_a_window_is_read_with_its_zone() -> None:
    window = parse_window("2026-12-01T02:00+09:00/2026-12-01T07:00+09:00")
    assert window.begins == datetime(2026, 11, 30, 17, 0, tzinfo=UTC) and window.ends - window.begins == timedelta(
        hours=5
    )


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-12-01T02:00/2026-12-01T07:00", "2026-12-01T02:00Z", "2026-12-01T07:00Z/2026-12-01T02:00Z",
     "2026-12-01T02:00Z/2026-12-09T02:00Z", "2026-13-01T02:00Z/2026-13-01T07:00Z"],
)  # fmt: skip
def test_other_words_are_no_window(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_window(text)
    assert [p.where for p in health_problems(HealthSettings(maintenance=(text,)))] == ["venue_health.maintenance"]


def test_windows_come_in_order() -> None:
    late, early = "2026-12-02T02:00Z/2026-12-02T07:00Z", "2026-12-01T02:00Z/2026-12-01T07:00Z"
    assert HealthSettings(maintenance=(late, early)).windows == (parse_window(early), parse_window(late))


@pytest.mark.parametrize(
    ("name", "value"),
    [("check_every_s", 0.5), ("slow_ms", 0.0), ("failures_in_a_row", 0), ("silent_feed_s", float("nan")),
     ("max_skew_s", 61.0), ("max_spread_percent", Decimal("NaN")), ("resume_gap_percent", Decimal(101))],
)  # fmt: skip
def test_a_figure_out_of_range_is_named(name: str, value: object) -> None:
    wrong = replace(HealthSettings(), **{name: value})  # type: ignore[arg-type]
    assert [problem.where for problem in health_problems(wrong)] == [f"venue_health.{name}"]


def test_the_defaults_are_sound() -> None:
    assert health_problems(HealthSettings()) == []


@pytest.mark.parametrize(
    ("date_s", "skew"),
    [(0, 0.0), (-1, 0.0), (-0.5, 0.0), (0.4, 0.0), (3.0, 2.6), (-4.0, -3.0), (-60, -59.0)],
)
def test_the_clock_gets_the_benefit_of_way_and_resolution(date_s: float, skew: float) -> None:
    """Sent at noon, received 0.4 s later; a Date has whole seconds."""
    reply = VenueReply(NOON + timedelta(seconds=date_s), NOON, NOON + timedelta(seconds=0.4))
    assert reply.skew_s == pytest.approx(skew) and reply.latency_ms == pytest.approx(400)


def test_without_a_date_nothing_is_known() -> None:
    assert VenueReply(None, NOON, NOON).skew_s is None
