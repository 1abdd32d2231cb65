"""What is typed about execution becomes a plan; what is no figure becomes one that no plan may have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.slicing import ChasePolicy, SliceAlgorithm, plan_problems
from app.domain.values import Side
from app.ui.slice_form import Chase, SliceForm, read_plan
from tests.unit.engine.playbook import XRP, market_rules

A = SliceAlgorithm
TWAP = SliceForm(A.TWAP, minutes="1.5", slices="4", share="25 %")


def test_a_twap_has_seconds_slices_and_a_share() -> None:
    plan = read_plan(TWAP, Side.SELL, Decimal(100), None)
    assert (plan.side, plan.volume, plan.duration_s, plan.slices) == (Side.SELL, 100, 90, 4)
    assert (plan.participation_cap, plan.risk_aversion, plan.display_volume) == (Decimal("0.25"), None, None)
    assert plan_problems(plan, market_rules(XRP), Decimal(1000)) == []


def test_an_iceberg_counts_its_parts_and_urgency_is_lambda() -> None:
    iceberg = read_plan(replace(TWAP, algorithm=A.ICEBERG, visible="30"), Side.BUY, Decimal(100), Decimal(999))
    assert (iceberg.slices, iceberg.participation_cap, iceberg.display_volume) == (4, None, 30)
    urgent = read_plan(replace(TWAP, algorithm=A.IS, urgency="2"), Side.BUY, Decimal(100), None)
    assert urgent.risk_aversion == Decimal("2e-9")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"minutes": "soon"}, "plan.duration_s"),
        ({"minutes": "NaN"}, "plan.duration_s"),
        ({"slices": "2.5"}, "plan.slices"),
        ({"slices": "1e99"}, "plan.slices"),
        ({"share": ""}, "plan.participation_cap"),
        ({"share": "101"}, "plan.participation_cap"),
        ({"algorithm": A.ICEBERG, "visible": "x"}, "plan.display_volume"),
        ({"algorithm": A.IS, "urgency": "-1"}, "plan.risk_aversion"),
        ({"random": "51"}, "plan.randomisation"),
        ({"random": "some"}, "plan.randomisation"),
        ({"chase": Chase.CROSSES, "rest": ""}, "plan.chase.rest_s"),
        ({"chase": Chase.CROSSES, "reprices": "1.5"}, "plan.chase.reprices"),
        ({"chase": Chase.RESTS, "ticks": "1e99"}, "plan.chase.offset_ticks"),
        ({"chase": Chase.CROSSES, "rest": "20"}, "plan.duration_s"),
    ],
)
def test_what_is_no_figure_is_a_problem_of_its_field(changes: dict[str, object], where: str) -> None:
    plan = read_plan(replace(TWAP, **changes), Side.BUY, Decimal(100), Decimal(1000))  # type: ignore[arg-type]
    assert where in [problem.where for problem in plan_problems(plan, market_rules(XRP), Decimal(1000))]


def test_no_size_is_a_problem_too() -> None:
    plan = read_plan(TWAP, Side.BUY, None, None)
    assert plan_problems(plan, market_rules(XRP), Decimal(1000))[0].where == "plan.volume"


def test_a_slice_may_rest_before_it_takes_and_is_moved_at_random() -> None:
    typed = replace(TWAP, chase=Chase.CROSSES, rest="5", reprices="0", ticks="-2", random="30")
    plan = read_plan(typed, Side.SELL, Decimal(100), None)
    assert (plan.chase, plan.randomisation) == (ChasePolicy(-2, 5.0, 0), Decimal("0.3"))
    never = read_plan(replace(typed, chase=Chase.RESTS, reprices="often"), Side.SELL, Decimal(100), None)
    assert never.chase == ChasePolicy(-2, 5.0, None)
    for each in (plan, never):
        assert plan_problems(each, market_rules(XRP), Decimal(1000)) == []


def test_an_iceberg_that_chases_needs_no_limit() -> None:
    typed = replace(TWAP, algorithm=A.ICEBERG, visible="30", chase=Chase.CROSSES)
    assert plan_problems(read_plan(typed, Side.BUY, Decimal(100), None), market_rules(XRP), Decimal(1000)) == []
