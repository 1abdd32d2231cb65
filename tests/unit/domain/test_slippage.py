"""Estimates as values: what is derived from a walk, and what bounds a bias."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.slippage import (
    IMPACT_STEPS,
    LARGEST_BIAS,
    AboveTolerance,
    ExecutionBias,
    ImpactClass,
    SlippageEstimate,
    SlippagePolicy,
    short_ratio,
    slippage_ratio,
)
from app.domain.values import Side

D = Decimal
WALK = SlippageEstimate(
    side=Side.BUY,
    volume=D(3),
    funds=D(3010),
    best=D(1000),
    mid=D("999.5"),
    worst_price=D(1010),
    filled_share=D(1),
    depth_share=D("0.2"),
    impact=ImpactClass.HIGH,
)


def test_the_average_is_money_over_volume_and_the_ratios_follow() -> None:
    assert abs(WALK.average_price * 3 - 3010) < D("1e-20")
    assert WALK.against_best == D("0.003333333333")
    assert WALK.against_mid == D("0.003835250959")
    assert replace(WALK, bias=D("0.001")).expected == D("0.004333333333")


def test_a_seller_loses_by_a_lower_price() -> None:
    assert slippage_ratio(Side.SELL, D(990), D(1000)) == D("0.01")
    assert slippage_ratio(Side.SELL, D(1010), D(1000)) == D("-0.01")
    assert slippage_ratio(Side.BUY, D(1010), D(1000)) == D("0.01")


def test_the_volatility_grows_with_the_root_of_time() -> None:
    assert WALK.volatility_adjusted() is None
    moving = replace(WALK, volatility=D("0.0001"))
    assert moving.volatility_adjusted() == WALK.against_mid + D("0.0001")
    assert moving.volatility_adjusted(D(4)) == WALK.against_mid + D("0.0002")


@pytest.mark.parametrize(
    ("number", "mean", "wanted"),
    [
        (9, "0.001", "0"),  # too few to say anything
        (10, "0.001", "0.001"),
        (10, "-0.001", "0"),  # good luck makes no book better
        (100, "0.5", str(LARGEST_BIAS)),
    ],
)
def test_a_bias_is_bounded(number: int, mean: str, wanted: str) -> None:
    assert ExecutionBias(number, D(mean), D(1)).decisive == D(wanted)


def test_a_ratio_is_a_short_number() -> None:
    assert str(short_ratio(D(1) / D(3))) == "0.333333333333"
    assert short_ratio(D("1e40")) == D("1e40")


def test_the_tolerance_is_a_ratio_and_refuses_unless_told_otherwise() -> None:
    policy = SlippagePolicy()
    assert policy.max_ratio == D("0.005") and policy.when_above is AboveTolerance.REFUSE


def test_impact_steps_rise() -> None:
    slippages, shares = [step[1] for step in IMPACT_STEPS], [step[2] for step in IMPACT_STEPS]
    assert slippages == sorted(slippages) and shares == sorted(shares)
