"""Switching troubles on and off."""

from decimal import Decimal

import pytest

from app.practice.clock import US_PER_S, VenueClock
from app.practice.faults import MEANINGS, Faults, UnknownFault


def test_an_unknown_name_is_told_the_valid_ones() -> None:
    with pytest.raises(UnknownFault, match="order_answer_lost"):
        Faults(VenueClock(0), 1).switch("nonsense", 1)


@pytest.mark.parametrize(("rate", "seconds", "count"), [(1.1, 1, None), (-0.1, 1, None), (1, 0, None), (1, 1, 0)])
def test_impossible_figures_are_refused(rate: float, seconds: float, count: int | None) -> None:
    with pytest.raises(UnknownFault):
        Faults(VenueClock(0), 1).switch("ws_drop", rate, seconds, count=count)


def test_a_fault_ends_after_its_time_or_count() -> None:
    clock = VenueClock(0)
    faults = Faults(clock, 1)
    faults.switch("ws_drop", 1, seconds=2)
    faults.switch("html_body", 1, count=1)
    assert faults.hits("html_body")
    assert not faults.hits("html_body")
    clock.advance(2 * US_PER_S)
    assert not faults.hits("ws_drop")
    assert faults.active() == []


def test_a_path_limits_where_it_strikes() -> None:
    faults = Faults(VenueClock(0), 1)
    faults.switch("ws_drop", 1, path="/websocket/v1/private")
    assert not faults.hits("ws_drop", "/websocket/v1")
    assert faults.hits("ws_drop", "/websocket/v1/private")


def test_the_rate_is_a_probability_and_repeats_for_a_seed() -> None:
    def draws(seed: int) -> list[bool]:
        faults = Faults(VenueClock(0), seed)
        faults.switch("ws_drop", 0.3)
        return [faults.hits("ws_drop") for _ in range(300)]

    assert draws(1) == draws(1) != draws(2)
    assert 60 < sum(draws(1)) < 120


def test_clock_skew_sets_and_clears_the_offset() -> None:
    clock = VenueClock(0)
    faults = Faults(clock, 1)
    faults.switch("clock_skew", 1, seconds=5, value=Decimal(-90))
    assert clock.offset_ms == -90_000
    clock.advance(5 * US_PER_S)
    assert clock.offset_ms == 0


def test_all_clears_everything() -> None:
    faults = Faults(VenueClock(0), 1)
    for name in MEANINGS:
        faults.switch(name, 1)
    faults.switch("all", 0)
    assert faults.active() == []
