"""Costs are recomputed from what was filled: worse is positive, for buys and sales alike."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.grounds import Grounds
from app.domain.order import Order, OrderState
from app.domain.order_chain import Difference, ExecutionCost, execution_cost
from app.domain.values import Side
from tests.unit.adapters.storage.samples import INTENT, WALK, order

D = Decimal


def filled(side: Side, average: str, fee: str = "50", decided: str | None = "100000") -> Order:
    """Two units at ``average``, decided at ``decided``, estimated at 100,050."""
    walk = replace(WALK, side=side, volume=D(2), funds=D(200_100))
    grounds = None if decided is None else Grounds(price=D(decided))
    return order(
        state=OrderState.FILLED, intent=replace(INTENT, side=side), filled_volume=D(2), filled_funds=2 * D(average),
        paid_fee=D(fee), estimate=walk, grounds=grounds,
    )  # fmt: skip


def cost(made: Order) -> ExecutionCost:
    found = execution_cost(made)
    assert found is not None
    return found


def test_nothing_filled_costs_nothing() -> None:
    assert execution_cost(order()) is None


@pytest.mark.parametrize(("side", "average"), [(Side.BUY, "100100"), (Side.SELL, "99900")])
def test_a_tenth_of_a_percent_worse_is_ten_basis_points(side: Side, average: str) -> None:
    found = cost(filled(side, average))
    assert found.against_decision == Difference(D(100_000), D(200), D("0.001"))
    assert (found.total, found.total_ratio) == (D(250), D("0.00125"))
    assert found.fee_ratio == (D(50) / (2 * D(average))).quantize(D("1e-12"))


def test_against_the_estimate_it_may_be_better() -> None:
    found = cost(filled(Side.BUY, "100000")).against_estimate
    assert found is not None
    assert (found.price, found.money, found.ratio.quantize(D("1e-9"))) == (D(100_050), D(-100), D("-0.000499750"))


def test_without_a_price_or_an_estimate_there_is_no_difference() -> None:
    found = cost(replace(filled(Side.BUY, "100000", decided=None), estimate=None))
    assert (found.against_decision, found.against_estimate, found.total, found.total_ratio) == (None, None, None, None)
    assert (found.average_price, found.fee) == (D(100_000), D(50))
