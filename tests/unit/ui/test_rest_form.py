"""How a limit purchase ends becomes a policy; what is no figure becomes one that no draft may have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy, RestPolicy, policy_problems
from app.domain.values import OrderType
from app.ui.rest_form import RestForm, read_policy

D = Decimal
BUYS = RestForm(RestPolicy.CANCEL_AND_MARKET, seconds="60", market_from="90 %", drift="0.5")


def test_to_wait_needs_no_policy_and_the_usual_figures_are_those_of_a_blueprint() -> None:
    assert read_policy(RestForm()) is None
    assert read_policy(RestForm(RestPolicy.CANCEL_AND_MARKET)) == EntryOrderPolicy(OrderType.LIMIT, timeout_s=300)
    assert read_policy(BUYS) == EntryOrderPolicy(
        OrderType.LIMIT, timeout_s=60, market_from_percent=D(90), max_drift_percent=D("0.5")
    )


def test_a_figure_that_is_not_asked_for_is_not_looked_at() -> None:
    policy = read_policy(replace(BUYS, rest=RestPolicy.CANCEL, market_from="much"))
    assert policy is not None and policy_problems(policy) == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"seconds": "soon"}, "timeout_s"),
        ({"seconds": "0"}, "timeout_s"),
        ({"seconds": "3601"}, "timeout_s"),
        ({"seconds": "1e99"}, "timeout_s"),
        ({"market_from": ""}, "market_from_percent"),
        ({"market_from": "NaN"}, "market_from_percent"),
        ({"market_from": "101"}, "market_from_percent"),
        ({"drift": "-1"}, "max_drift_percent"),
        ({"drift": "0"}, "max_drift_percent"),
    ],
)
def test_what_is_no_figure_is_a_problem_of_its_field(changes: dict[str, str], where: str) -> None:
    policy = read_policy(replace(BUYS, **changes))  # type: ignore[arg-type]
    assert policy is not None
    assert [problem.where for problem in policy_problems(policy)] == [f"entry_order.{where}"]
