from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.limits import MAY_BE_OFF, LimitName, LimitUse, TradingLimits, limits_problems


def test_the_limits_of_a_fresh_install_are_sound() -> None:
    assert limits_problems(TradingLimits()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_positions", 0),
        ("max_position_value", Decimal(0)),
        ("max_position_value", Decimal("Infinity")),
        ("max_exposure_ratio", Decimal("1.01")),
        ("max_exposure_ratio", Decimal("NaN")),
        ("max_orders_per_minute", -1),
        ("price_collar_ratio", Decimal(-1)),
        ("price_collar_ratio", Decimal(5)),
        ("stale_price_s", 0.4),
        ("stale_price_s", 601.0),
        ("stale_price_s", float("nan")),
        ("daily_loss_ratio", Decimal(0)),
        ("daily_loss_ratio", Decimal(2)),
        ("total_loss_ratio", Decimal("sNaN")),
        ("monthly_loss_ratio", Decimal("1.5")),
        ("monthly_loss_ratio", Decimal("-0.1")),
        ("max_daily_entries", -1),
        ("max_monthly_entries", -5),
        ("max_daily_value", Decimal(-1)),
        ("max_monthly_value", Decimal("NaN")),
        ("max_market_value", Decimal("-Infinity")),
        ("max_order_value", Decimal("1e99")),
        ("max_book_multiple", Decimal(-1)),
        ("max_ticks_away", -1),
        ("cooldown_s", -0.1),
        ("cooldown_s", 86_401.0),
        ("cooldown_s", float("nan")),
    ],
)
def test_a_limit_that_does_not_limit_is_told_by_name(name: str, value: object) -> None:
    problems = limits_problems(replace(TradingLimits(), **{name: value}))  # type: ignore[arg-type]
    assert [problem.where for problem in problems] == [f"limits.{name}"]


def test_a_percent_written_as_a_ratio_is_explained() -> None:
    (problem,) = limits_problems(replace(TradingLimits(), daily_loss_ratio=Decimal(2)))
    assert "0.02" in problem.what


def test_all_faults_are_told_at_once() -> None:
    bad = TradingLimits(max_positions=0, max_orders_per_minute=0, total_loss_ratio=Decimal(0))
    assert len(limits_problems(bad)) == 3


@pytest.mark.parametrize("name", sorted(MAY_BE_OFF))
def test_zero_switches_a_limit_off_and_the_words_say_so(name: str) -> None:
    kind = type(getattr(TradingLimits(), name))
    assert limits_problems(replace(TradingLimits(), **{name: kind(0)})) == []
    (problem,) = limits_problems(replace(TradingLimits(), **{name: kind(-1)}))
    assert "0 to switch the limit off" in problem.what


def test_every_other_limit_cannot_be_switched_off() -> None:
    for name in sorted(set(TradingLimits.__slots__) - MAY_BE_OFF):
        kind = type(getattr(TradingLimits(), name))
        assert limits_problems(replace(TradingLimits(), **{name: kind(0)})), name


def test_a_fresh_install_has_every_limit_on_but_the_pause_between_entries() -> None:
    off = [name for name in TradingLimits.__slots__ if not getattr(TradingLimits(), name) > 0]
    assert off == ["cooldown_s"]


def test_the_used_share_is_not_known_without_an_amount() -> None:
    assert LimitUse(LimitName.EXPOSURE, Decimal(3), Decimal(4)).ratio == Decimal("0.75")
    assert LimitUse(LimitName.EXPOSURE, Decimal(3), None).ratio is None
    assert LimitUse(LimitName.EXPOSURE, Decimal(3), Decimal(0)).ratio is None


def test_money_and_pieces_are_told_apart() -> None:
    assert LimitName.EXPOSURE.is_money and LimitName.DAILY_LOSS.is_money
    assert not LimitName.POSITIONS.is_money and not LimitName.DAILY_ENTRIES.is_money
