"""Switching troubles on and off."""

from decimal import Decimal

import pytest

from app.practice.clock import US_PER_S, VenueClock
from app.practice.fault_names import DEFAULT_VALUES, MEANINGS, STANDING
from app.practice.faults import Faults, UnknownFault


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


@pytest.mark.parametrize("value", [Decimal(0), Decimal(-1)])
def test_a_figure_is_above_zero_unless_it_is_the_clock(value: Decimal) -> None:
    with pytest.raises(UnknownFault, match="value must be above 0"):
        Faults(VenueClock(0), 1).switch("slow_fills", 1, value=value)


def test_a_standing_fault_is_on_without_draws_and_tells_when_it_changes() -> None:
    clock, told = VenueClock(0), []
    faults = Faults(clock, 1)
    faults.standing_changed = lambda: told.append(faults.standing("tick_change", "KRW-BTC"))
    faults.switch("tick_change", 0.01, seconds=5, value=Decimal(2), path="KRW-BTC")
    assert faults.standing("tick_change", "KRW-ETH") is None
    assert faults.active()[0].happened == 1
    clock.advance(5 * US_PER_S)
    assert told == [Decimal(2), None]


def test_a_drawn_figure_is_the_given_one_or_the_default() -> None:
    faults = Faults(VenueClock(0), 1)
    assert faults.draw("overfill") is None
    faults.switch("overfill", 1, count=1)
    assert faults.draw("overfill") == Decimal("0.1")
    faults.switch("order_not_found", 1, value=Decimal("0.5"))
    assert faults.delay_us("order_not_found") == 500_000


def test_every_standing_fault_and_every_default_has_a_meaning() -> None:
    assert set(MEANINGS) >= STANDING | set(DEFAULT_VALUES)
    assert all("[standing]" in MEANINGS[name] for name in STANDING)
    assert all(name in DEFAULT_VALUES for name, words in MEANINGS.items() if "value =" in words)
