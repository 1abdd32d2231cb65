from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exit_plan import ExitPlan, ExitReason, ExitRules, arm_exit_plan, trail_price
from tests.unit.domain.samples import NOW

D = Decimal
HUNDRED = D(100)
ALL = ExitRules(D(2), D(5), D(1), D(3), 60)
DEADLINE = NOW + timedelta(minutes=60)
percents = st.none() | st.decimals(min_value=D("0.1"), max_value=D(90), places=2)
prices = st.decimals(min_value=D("0.01"), max_value=D(200_000_000), places=2)
rules = st.builds(ExitRules, percents, percents, percents, percents, st.none() | st.integers(1, 1000))


def armed(settings: ExitRules = ALL, entry: Decimal = HUNDRED) -> ExitPlan:
    return arm_exit_plan(settings, entry, NOW, DEADLINE if settings.max_hold_minutes else None)


def test_the_levels_stand_at_their_distances_from_the_entry() -> None:
    plan = armed(ExitRules(stop_loss_percent=D(2), take_profit_percent=D(5), trailing_stop_percent=D(1)))
    assert (plan.stop_price, plan.target_price, plan.trail_price) == (D(98), D(105), D(99))
    assert plan.high_water == plan.entry_price == D(100)


def test_a_rule_that_is_off_has_no_level_and_never_fires() -> None:
    plan = armed(ExitRules())
    assert (plan.stop_price, plan.target_price, plan.trail_price, plan.deadline) == (None, None, None, None)
    assert plan.triggered_by_price(D("0.01")) is plan.triggered_by_price(D(10**9)) is None
    assert plan.triggered_by_time(NOW + timedelta(days=999)) is None
    assert plan.nearest(D(100)) is None


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("98", ExitReason.STOP_LOSS),
        ("97.99", ExitReason.STOP_LOSS),
        ("98.01", None),
        ("104.99", None),
        ("105", ExitReason.TAKE_PROFIT),
        ("106", ExitReason.TAKE_PROFIT),
    ],
)
def test_a_level_fires_when_it_is_touched_not_before(price: str, reason: ExitReason | None) -> None:
    plan = armed(ExitRules(stop_loss_percent=D(2), take_profit_percent=D(5)))
    assert plan.triggered_by_price(D(price)) is reason


def test_losses_are_looked_at_before_gains() -> None:
    plan = replace(armed(), stop_price=D(100), trail_price=D(100), target_price=D(100))
    assert plan.triggered_by_price(D(100)) is ExitReason.STOP_LOSS
    plan = replace(plan, stop_price=None)
    assert plan.triggered_by_price(D(100)) is ExitReason.TRAILING_STOP
    plan = replace(plan, trail_price=None)
    assert plan.triggered_by_price(D(100)) is ExitReason.TAKE_PROFIT


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "-Infinity"])
def test_what_is_no_price_fires_nothing_and_raises_nothing(price: str) -> None:
    plan = armed()
    assert plan.triggered_by_price(D(price)) is None
    assert plan.raised_to(D(price)) is plan
    assert plan.nearest(D(price)) is None


def test_the_trailing_stop_sleeps_until_its_gain_is_reached() -> None:
    plan = armed()
    assert plan.trail_price is None
    assert plan.raised_to(D("102.99")).trail_price is None
    assert plan.raised_to(D(103)).trail_price == D("101.97")


def test_the_trailing_stop_follows_the_high_and_fires_on_the_way_down() -> None:
    plan = armed().raised_to(D(104)).raised_to(D("103.5"))
    assert plan.high_water == D(104)
    assert plan.trail_price == D("102.96")
    assert plan.triggered_by_price(D("102.97")) is None
    assert plan.triggered_by_price(D("102.96")) is ExitReason.TRAILING_STOP


@given(rules, st.lists(prices, min_size=2, max_size=30))
def test_the_trailing_stop_never_loosens(settings: ExitRules, path: list[Decimal]) -> None:
    plan = armed(settings, path[0])
    for price in path[1:]:
        after = plan.raised_to(price)
        assert after.high_water == max(plan.high_water, price)
        if plan.trail_price is not None:
            assert after.trail_price is not None
            assert after.trail_price >= plan.trail_price
        assert (after.stop_price, after.target_price) == (plan.stop_price, plan.target_price)
        plan = after


@given(rules, prices, prices, prices)
def test_a_second_buy_never_loosens_the_trailing_stop(
    settings: ExitRules, first: Decimal, high: Decimal, average: Decimal
) -> None:
    before = armed(settings, first).raised_to(high)
    after = arm_exit_plan(settings, average, NOW + timedelta(minutes=5), None, before)
    assert after.high_water >= before.high_water
    if before.trail_price is not None:
        assert after.trail_price is not None
        assert after.trail_price >= before.trail_price


def test_rules_that_became_wider_do_not_loosen_a_trailing_stop_that_stands() -> None:
    tight = armed(ExitRules(trailing_stop_percent=D(1)))
    for wide in (ExitRules(trailing_stop_percent=D(5)), ExitRules()):
        assert arm_exit_plan(wide, HUNDRED, NOW, None, tight).trail_price == D(99)


def test_a_second_buy_moves_stop_and_target_with_the_average_but_not_the_deadline() -> None:
    after = arm_exit_plan(ALL, D(90), NOW + timedelta(minutes=5), NOW + timedelta(days=9), armed())
    assert (after.entry_price, after.stop_price, after.target_price) == (D(90), D("88.2"), D("94.5"))
    assert (after.entered_at, after.deadline) == (NOW, DEADLINE)


def test_the_time_exit_fires_at_its_deadline() -> None:
    plan = armed()
    assert plan.triggered_by_time(DEADLINE - timedelta(microseconds=1)) is None
    assert plan.triggered_by_time(DEADLINE) is ExitReason.TIME_EXIT


@given(rules, prices, prices, st.sampled_from(ExitReason), st.sampled_from(ExitReason))
def test_the_first_trigger_disarms_all_others(
    settings: ExitRules, entry: Decimal, price: Decimal, first: ExitReason, second: ExitReason
) -> None:
    fired = armed(settings, entry).fire(first)
    assert fired.fired is first
    assert fired.fire(second) is fired
    assert fired.triggered_by_price(price) is None
    assert fired.triggered_by_time(NOW + timedelta(days=999)) is None
    assert fired.nearest(price) is None


@given(rules, st.lists(prices, min_size=2, max_size=30))
def test_a_price_path_fires_at_most_once(settings: ExitRules, path: list[Decimal]) -> None:
    plan, fires = armed(settings, path[0]), 0
    for minute, price in enumerate(path):
        reason = plan.triggered_by_price(price) or plan.triggered_by_time(NOW + timedelta(minutes=30 * minute))
        fires += reason is not None
        plan = plan.fire(reason) if reason else plan.raised_to(price)
    assert fires <= 1


def test_a_later_fill_does_not_rearm_a_plan_that_fired() -> None:
    fired = armed().fire(ExitReason.STOP_LOSS)
    assert arm_exit_plan(ALL, D(50), NOW, None, fired).fired is ExitReason.STOP_LOSS


def test_the_nearest_level_tells_its_signed_distance() -> None:
    plan = armed(ExitRules(stop_loss_percent=D(2), take_profit_percent=D(5)))
    assert plan.nearest(D(100)) == (ExitReason.STOP_LOSS, D("-0.02"))
    assert plan.nearest(D(104)) == (ExitReason.TAKE_PROFIT, (D(105) - D(104)) / D(104))


@given(rules, prices, prices)
def test_no_level_is_nearer_than_the_nearest(settings: ExitRules, entry: Decimal, price: Decimal) -> None:
    plan = armed(settings, entry)
    levels = [level for level in (plan.stop_price, plan.trail_price, plan.target_price) if level is not None]
    nearest = plan.nearest(price)
    assert (nearest is None) == (not levels)
    if nearest is not None:
        assert abs(nearest[1]) == min(abs((level - price) / price) for level in levels)


def test_without_a_distance_there_is_no_trailing_level() -> None:
    assert trail_price(ExitRules(), D(100), D(200)) is None
