"""Histories for spark lines."""

from datetime import UTC, datetime, timedelta

from app.ui.trails import Trail

START = datetime(2026, 11, 20, tzinfo=UTC)


def test_between_two_samples_the_last_value_is_replaced() -> None:
    trail = Trail(every_s=1.0)
    for tenth in range(25):
        trail.add(float(tenth), START + timedelta(milliseconds=100 * tenth))
    assert trail.values == [9.0, 19.0, 24.0]


def test_a_full_trail_halves_its_pace_and_keeps_the_beginning() -> None:
    trail = Trail(limit=8, every_s=1.0)
    for second in range(200):
        trail.add(float(second), START + timedelta(seconds=second))
    assert len(trail.values) <= 9
    assert trail.values[0] == 0.0
    assert trail.values[-1] >= 190
    assert trail.values == sorted(trail.values)
