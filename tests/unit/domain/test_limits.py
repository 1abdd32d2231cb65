from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.limits import TradingLimits, limits_problems


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
