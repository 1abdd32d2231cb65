from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.adapters.host.system_clock import SystemClock

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=5)


def test_the_clock_begins_with_the_wall_clock_in_utc() -> None:
    with time_machine.travel(START, tick=False):
        now = SystemClock().now()
    assert now.tzinfo is UTC
    assert START <= now < START + MOMENT


@pytest.mark.parametrize("step_s", [3600, -3600, -86_400 * 365])
def test_a_stepped_wall_clock_does_not_move_it(step_s: int) -> None:
    with time_machine.travel(START, tick=False) as wall:
        clock = SystemClock()
        before = clock.now()
        wall.shift(step_s)
        after = clock.now()
    assert before <= after < before + MOMENT


def test_the_step_is_seen_as_drift() -> None:
    with time_machine.travel(START, tick=False) as wall:
        clock = SystemClock()
        assert abs(clock.drift_s()) < MOMENT.total_seconds()
        wall.shift(3600)
        assert abs(clock.drift_s() - 3600) < MOMENT.total_seconds()
        wall.shift(-7200)
        assert abs(clock.drift_s() + 3600) < MOMENT.total_seconds()


def test_it_never_steps_back() -> None:
    clock = SystemClock()
    readings = [clock.now() for _ in range(10_000)]
    assert readings == sorted(readings)
