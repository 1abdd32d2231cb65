"""The gate from paper to live: what counts, what resets it, and that luck does not pass."""

import math
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.exit_plan import ExitRules
from app.domain.position import Position, PositionState
from app.domain.promotion import (
    PaperRecord,
    PromotionCard,
    PromotionRule,
    PromotionRules,
    mean_low,
    override_phrase,
    paper_records,
    promotion_cards,
    rules_problems,
    strategy_hash,
    student_t,
    win_rate_low,
    worst_fall,
)
from tests.unit.domain.samples import NOW, blueprint, position

STAKE = Decimal(1_000_000)
R = PromotionRule


def closed(number: int, result: float, at: datetime = NOW, **changes: object) -> Position:
    day = at + timedelta(hours=12 * number)
    figures = {"invested": STAKE, "realised": Decimal(round(result * 1e6)), "entered_at": day, "closed_at": day}
    return position(PositionState.CLOSED, position_id=f"p-{number}", **{**figures, **changes})


def card(positions: list[Position], drills: int = 1, **rules: float) -> PromotionCard:
    return promotion_cards([blueprint()], paper_records(positions), replace(PromotionRules(), **rules), drills)[0]


def skilled(count: int = 40) -> list[Position]:
    """Wins 2 % twice as often as it loses 1 %."""
    return [closed(number, 0.02 if number % 3 else -0.01) for number in range(count)]


def missing(one: PromotionCard) -> set[PromotionRule]:
    return {result.rule for result in one.missing}


def test_a_strategy_with_an_edge_passes() -> None:
    assert card(skilled()).passed


def test_one_that_never_ran_lacks_everything_that_has_to_be_shown() -> None:
    assert missing(card([], drills=0)) == set(R) - {R.OPEN_POSITIONS}
    assert {result.measured for result in card([]).results if result.rule in (R.EDGE, R.WIN_RATE, R.DRAWDOWN)} == {None}


@pytest.mark.parametrize(
    ("positions", "drills", "lacking"),
    [
        (skilled(29), 1, {R.TRADES}),
        ([closed(n, 0.02 if n % 3 else -0.01, closed_at=NOW) for n in range(40)], 1, {R.DAYS}),
        (skilled(), 0, {R.DRILLS}),
        ([*skilled(), position(PositionState.ACTIVE)], 1, {R.OPEN_POSITIONS}),
        ([*skilled(), position(PositionState.ERROR)], 1, {R.OPEN_POSITIONS}),
        ([closed(n, 0.004 if n % 3 else -0.008) for n in range(60)], 1, {R.EDGE}),
        ([closed(n, 0.05 if n % 5 == 0 else -0.005) for n in range(100)], 1, {R.WIN_RATE}),
    ],
)
def test_each_rule_binds_alone(positions: list[Position], drills: int, lacking: set[PromotionRule]) -> None:
    assert missing(card(positions, drills)) == lacking


def test_a_deep_fall_is_remembered_whatever_came_after() -> None:
    bad = [closed(n, 0.03) for n in range(40)]
    bad[10:14] = [closed(n, -0.05) for n in range(10, 14)]
    one = card(bad)
    assert missing(one) == {R.DRAWDOWN}


def test_few_of_a_thousand_strategies_without_an_edge_have_the_luck_to_pass() -> None:
    chance = random.Random(7)
    lucky = 0
    for _ in range(1000):
        results = [chance.choice((0.01, -0.01)) for _ in range(30)]
        low = mean_low(results, 0.95)
        lucky += low is not None and low > 0
    assert lucky <= 40, "2.5 % by the level of confidence"


@pytest.mark.parametrize(
    "changed",
    [
        blueprint(version=2),
        blueprint(entry_when="true "),
        blueprint(exits=ExitRules(stop_loss_percent=Decimal("1.01"))),
        blueprint(exits=ExitRules(stop_loss_percent=Decimal(1), max_hold_minutes=5)),
        blueprint(default_budget=Decimal(1_000_001)),
        blueprint(stop_loss_waived=True),
    ],
)
def test_any_change_is_another_strategy_with_nothing_to_show(changed: object) -> None:
    assert isinstance(changed, type(blueprint()))
    assert strategy_hash(changed) != strategy_hash(blueprint())
    assert override_phrase(changed) != override_phrase(blueprint())
    cards = promotion_cards([changed], paper_records(skilled()), PromotionRules(), 1)
    assert [one.passed for one in cards] == [False, True], "the one that ran keeps its own record"


def test_the_same_figures_written_otherwise_are_the_same_strategy() -> None:
    assert strategy_hash(blueprint(default_budget=Decimal("1000000.00"))) == strategy_hash(blueprint())


def test_what_a_person_did_by_hand_and_what_never_traded_is_no_evidence() -> None:
    by_hand = closed(1, 1.0, blueprint=blueprint(id="manual"))
    never = position(PositionState.CLOSED, closed_at=NOW)
    assert by_hand.blueprint.is_manual
    assert paper_records([by_hand]) == {}
    (record,) = paper_records([never]).values()
    assert record == PaperRecord(strategy_hash(blueprint()), "sample v1")


def test_the_fall_is_measured_from_the_peak() -> None:
    (record,) = paper_records([closed(1, 0.25), closed(2, -0.5), closed(3, 0.1)]).values()
    assert worst_fall(record.trades) == pytest.approx(0.5 / 1.25)
    assert worst_fall(()) is None


@pytest.mark.parametrize(("degrees", "quantile"), [(9, 2.26216), (14, 2.14479), (29, 2.04523), (99, 1.98422)])
def test_students_quantiles_agree_with_the_tables(degrees: int, quantile: float) -> None:
    assert student_t(0.975, degrees) == pytest.approx(quantile, rel=1e-3)


def test_intervals_of_known_samples() -> None:
    assert win_rate_low(8, 10, 0.95) == pytest.approx(0.4902, abs=1e-4), "Wilson's interval of 8 in 10"
    assert win_rate_low(0, 10, 0.95) == pytest.approx(0.0)
    assert win_rate_low(0, 0, 0.95) is None
    assert mean_low([0.01] * 12, 0.95) == pytest.approx(0.01)
    assert mean_low([0.01] * 9, 0.95) is None
    assert mean_low([0.01] * 20 + [math.nan], 0.95) is None


@pytest.mark.parametrize(
    "wrong", [{"min_trades": 9}, {"min_days": 0}, {"confidence": 1.0}, {"max_drawdown": 0.0}, {"min_edge": math.nan}]
)
def test_thresholds_that_make_no_sense_are_named(wrong: dict[str, float]) -> None:
    assert rules_problems(PromotionRules()) == []
    (problem,) = rules_problems(replace(PromotionRules(), **wrong))  # type: ignore[arg-type]
    assert problem.where == f"promotion.{next(iter(wrong))}"


def test_nothing_is_rounded_in_favour_of_a_strategy() -> None:
    assert card([closed(n, 0.0) for n in range(40)]).results[4].met is False
