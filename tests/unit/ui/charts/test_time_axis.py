"""Time labels are Korean time at round steps."""

from datetime import UTC, datetime, timedelta

from app.ui.charts.time_axis import axis_times, round_step, time_label

START = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)  # 11:42 in Seoul


def test_steps_are_the_usual_ones() -> None:
    assert round_step(61) == 120
    assert round_step(1800) == 1800
    assert round_step(10**9) == 7 * 86400


def test_labels_are_korean_time_and_the_date_at_midnight() -> None:
    assert time_label(START, 600) == "11:42"
    assert time_label(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 3600) == "11-21"
    assert time_label(START, 86400) == "11-20"


def test_only_round_bars_get_a_label() -> None:
    moments = [START + timedelta(minutes=number) for number in range(30)]
    labels = axis_times(moments, 60, 8.0)
    assert labels == [(8, "11:50"), (18, "12:00"), (28, "12:10")]


def test_a_bar_that_skips_a_round_time_gets_the_label() -> None:
    moments = [START, START + timedelta(minutes=1), START + timedelta(minutes=11)]
    assert [index for index, _ in axis_times(moments, 60, 8.0)] == [2]
