"""Plans of sliced orders: what is refused, what the progress remembers, and that it survives the journal."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.money import LARGEST, SMALLEST
from app.domain.slicing import (
    ChasePolicy,
    MarketFacts,
    ScheduledSlice,
    SliceAlgorithm,
    SlicePlan,
    SliceProgress,
    maximum_volume,
    minimum_volume,
    plan_problems,
)
from app.domain.values import Side
from tests.unit.domain.samples import NOW, upbit_constraints

RULES = upbit_constraints()
PRICE = Decimal(100_000_000)
NAN = Decimal("NaN")
TWAP = SlicePlan(SliceAlgorithm.TWAP, Side.BUY, Decimal("0.5"), 3600, 20)
IS = replace(TWAP, algorithm=SliceAlgorithm.IS, risk_aversion=Decimal("1e-9"))
ICEBERG = replace(
    TWAP, algorithm=SliceAlgorithm.ICEBERG, display_volume=Decimal("0.01"), price_limit=PRICE, participation_cap=None
)


def places(plan: SlicePlan, price: Decimal | None = PRICE) -> list[str]:
    return [problem.where for problem in plan_problems(plan, RULES, price)]


@pytest.mark.parametrize(
    "plan",
    [
        TWAP,
        IS,
        ICEBERG,
        replace(TWAP, algorithm=SliceAlgorithm.VWAP, participation_cap=Decimal(1)),
        replace(TWAP, algorithm=SliceAlgorithm.POV, randomisation=Decimal("0.5")),
        replace(TWAP, chase=ChasePolicy(offset_ticks=-3, rest_s=60, reprices=2)),
        replace(TWAP, chase=ChasePolicy(rest_s=3600, reprices=None)),
        replace(ICEBERG, price_limit=None, chase=ChasePolicy(reprices=None)),
    ],
)
def test_a_sound_plan_has_no_problem(plan: SlicePlan) -> None:
    assert places(plan) == []


@pytest.mark.parametrize("bad", [NAN, Decimal("sNaN"), Decimal("Infinity"), Decimal(0), Decimal(-1)])
@pytest.mark.parametrize("name", ["volume", "participation_cap", "price_limit"])
def test_what_is_no_number_above_nought_is_named(name: str, bad: Decimal) -> None:
    assert places(replace(TWAP, **{name: bad})) == [f"plan.{name}"]
    if name == "volume":
        assert places(replace(ICEBERG, display_volume=bad)) == ["plan.display_volume"]


@pytest.mark.parametrize("bad", [NAN, Decimal("-0.01"), Decimal("0.51"), Decimal("Infinity")])
def test_randomisation_moves_by_half_at_most(bad: Decimal) -> None:
    assert places(replace(TWAP, randomisation=bad)) == ["plan.randomisation"]
    assert "plan.randomisation" in places(replace(TWAP, randomisation=bad, chase=ChasePolicy()))


def test_counts_and_times_have_bounds() -> None:
    for slices in (0, -1, 201):
        assert "plan.slices" in places(replace(TWAP, slices=slices))
    for seconds in (0, 86_401):
        assert "plan.duration_s" in places(replace(TWAP, duration_s=seconds))
    assert places(replace(TWAP, duration_s=19)) == ["plan.duration_s"], "20 slices in 19 seconds"
    assert places(replace(TWAP, duration_s=20)) == []


def test_the_cap_is_a_share_that_only_an_iceberg_may_do_without() -> None:
    assert places(replace(TWAP, participation_cap=Decimal("1.01"))) == ["plan.participation_cap"]
    assert places(replace(TWAP, participation_cap=None)) == ["plan.participation_cap"]
    assert places(replace(ICEBERG, participation_cap=Decimal(2))) == ["plan.participation_cap"]


def test_what_an_algorithm_needs_is_there_and_nothing_else() -> None:
    assert places(replace(IS, risk_aversion=Decimal(0))) == []
    for bad in (None, NAN, Decimal(-1), Decimal(2)):
        assert places(replace(IS, risk_aversion=bad)) == ["plan.risk_aversion"]
    assert places(replace(TWAP, risk_aversion=Decimal(0))) == ["plan.risk_aversion"]
    assert places(replace(TWAP, display_volume=Decimal("0.1"))) == ["plan.display_volume"]
    assert places(replace(ICEBERG, display_volume=None)) == ["plan.display_volume"]
    assert places(replace(ICEBERG, price_limit=None)) == ["plan.price_limit"], "neither a limit nor a chase"


def test_a_chase_fits_between_two_slices() -> None:
    assert places(replace(TWAP, chase=ChasePolicy(rest_s=60.1, reprices=2))) == ["plan.duration_s"]
    randomised = replace(TWAP, randomisation=Decimal("0.5"))
    assert places(replace(randomised, chase=ChasePolicy(rest_s=30, reprices=2))) == []
    assert places(replace(randomised, chase=ChasePolicy(rest_s=31, reprices=2))) == ["plan.duration_s"]


@pytest.mark.parametrize(
    ("chase", "where"),
    [
        (ChasePolicy(offset_ticks=101), "offset_ticks"),
        (ChasePolicy(rest_s=0.5), "rest_s"),
        (ChasePolicy(rest_s=float("nan")), "rest_s"),
        (ChasePolicy(reprices=-1), "reprices"),
    ],
)
def test_a_chase_has_bounds(chase: ChasePolicy, where: str) -> None:
    assert places(replace(TWAP, chase=chase)) == [f"plan.chase.{where}"]


def test_slices_keep_to_the_venues_sizes() -> None:
    assert places(replace(TWAP, volume=Decimal("0.00001"))) == ["plan.volume"], "1,000 KRW in all"
    assert places(replace(TWAP, volume=Decimal("0.0009"))) == ["plan.slices"], "4,500 KRW each"
    assert places(replace(TWAP, volume=Decimal("0.001"))) == [], "5,000 KRW each, exactly"
    assert places(replace(TWAP, volume=Decimal(201))) == ["plan.slices"], "above a thousand million KRW each"
    assert places(replace(TWAP, volume=Decimal("0.500000001"))) == ["plan.volume"], "off the venue's step"
    assert places(replace(ICEBERG, display_volume=Decimal("0.00004"))) == ["plan.display_volume"]
    assert places(replace(ICEBERG, display_volume=Decimal("0.6"))) == ["plan.display_volume"], "more than all of it"


@pytest.mark.parametrize("price", [None, NAN, Decimal(0)])
def test_without_a_price_no_size_is_sound(price: Decimal | None) -> None:
    assert places(TWAP, price) == ["plan"]


def test_the_smallest_order_is_worth_the_minimum_and_not_a_step_less() -> None:
    for price in (Decimal(3), Decimal("0.07"), Decimal(159_508_000)):
        least, most = minimum_volume(RULES, price), maximum_volume(RULES, price)
        assert least * price >= RULES.min_total > (least - RULES.volume_step) * price
        assert most * price <= RULES.max_total < (most + RULES.volume_step) * price


def test_no_price_is_so_small_that_its_volumes_cannot_be_computed() -> None:
    assert minimum_volume(RULES, SMALLEST) == maximum_volume(RULES, SMALLEST) == LARGEST
    assert places(TWAP, SMALLEST) == ["plan.volume"]


def test_the_plans_clock_stands_still_while_paused() -> None:
    progress = SliceProgress(NOW, seed=1, seen_volume=Decimal(5))
    assert progress.elapsed_s(NOW + timedelta(seconds=30)) == 30
    paused = progress.paused(NOW + timedelta(seconds=30))
    assert paused.paused(NOW + timedelta(seconds=40)) is paused, "the first press counts"
    assert paused.elapsed_s(NOW + timedelta(seconds=99)) == 30
    resumed = paused.resumed(NOW + timedelta(seconds=100), Decimal(77))
    assert resumed.elapsed_s(NOW + timedelta(seconds=101)) == 31
    assert resumed.at(31) == NOW + timedelta(seconds=101)
    assert resumed.seen_volume == 77, "what was traded meanwhile earns nothing"
    assert resumed.resumed(NOW + timedelta(seconds=200), Decimal(99)) is resumed


def test_fills_use_up_the_working_volume_but_never_more() -> None:
    progress = replace(SliceProgress(NOW, seed=1), working_volume=Decimal(3), working_price=PRICE)
    progress = progress.filled(Decimal(2))
    assert (progress.filled_volume, progress.working_volume) == (2, 1)
    progress = progress.filled(Decimal(2))
    assert (progress.filled_volume, progress.working_volume) == (4, 0), "a venue may fill more than was asked for"
    progress = replace(progress, working_volume=Decimal(1), working_crosses=True).ended()
    assert (progress.working_volume, progress.working_price, progress.working_crosses) == (0, None, False)


def test_progress_and_plan_come_back_from_json_as_they_were() -> None:
    progress = SliceProgress(
        started_at=NOW,
        seed=(1 << 64) - 1,
        schedule=(ScheduledSlice(0.0, Decimal("0.1")), ScheduledSlice(12.345, Decimal("0.10000000"))),
        number=2,
        filled_volume=Decimal("0.05"),
        working_price=PRICE,
        paused_at=NOW,
        paused_s=1.5,
    )
    for value in (progress, replace(ICEBERG, chase=ChasePolicy())):
        assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


@pytest.mark.parametrize(
    ("bid", "ask", "traded"),
    [
        (None, 2, 0),
        (1, None, 0),
        (1, 2, None),
        (2, 2, 0),
        (3, 2, 0),
        (0, 2, 0),
        ("NaN", 2, 0),
        (1, "sNaN", 0),
        (1, 2, "NaN"),
        (1, 2, -1),
    ],
)
def test_a_market_that_is_not_known_well_is_no_market(bid: object, ask: object, traded: object) -> None:
    values = [None if value is None else Decimal(str(value)) for value in (bid, ask, traded)]
    assert not MarketFacts(*values).are_usable
    assert MarketFacts(Decimal(1), Decimal(2), Decimal(0)).are_usable
