"""Schedules of sliced orders: exact sums, the venue's sizes, the papers' formulas, and the same slices every time."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.market_data import Candle
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import ScheduledSlice, SliceAlgorithm, SlicePlan, minimum_volume
from app.domain.values import Side
from app.engine.slice_schedule import (
    DAY_S,
    MINIMUM_MARGIN,
    SliceBasis,
    VolumeProfile,
    chance,
    schedule,
    seed_of,
    shortfall_weights,
    slice_basis,
    urgency,
    varied,
    volume_profile,
    vwap_weights,
)
from tests.property.profile import examples
from tests.unit.engine.playbook import BTC, STEP, market_rules

RULES = market_rules(BTC)
PRICE = Decimal(100_000_000)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
TWAP = SlicePlan(SliceAlgorithm.TWAP, Side.BUY, Decimal(1), 3600, 7)
VWAP = replace(TWAP, algorithm=SliceAlgorithm.VWAP)
IS = replace(TWAP, algorithm=SliceAlgorithm.IS, risk_aversion=Decimal("1e-6"))
FLAT = VolumeProfile(3600, (Decimal("0.5"),) * 24)
BASIS = SliceBasis(FLAT, spread=Decimal(1000), volatility=Decimal(5000), day_volume=Decimal(3000))


def hour(number: int, volume: object, close: object = 100, seconds: int = 3600) -> Candle:
    price = Decimal(str(close))
    at = MIDNIGHT + timedelta(hours=number)
    return Candle(BTC, seconds, at, price, price, price, price, Decimal(str(volume)))


def slices(plan: SlicePlan, basis: SliceBasis = BASIS, seed: int = 1) -> tuple[ScheduledSlice, ...]:
    made = schedule(plan, RULES, PRICE, basis, seed, MIDNIGHT)
    assert not isinstance(made, Refusal), made
    return made


# ---- chance -----------------------------------------------------------------------------------------------------


def test_chance_is_splitmix64() -> None:
    """First outputs of the published generator for seed 1234567."""
    outputs = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    assert [float(chance(1234567, k)) for k in range(3)] == [(z >> 11) / (1 << 53) for z in outputs]


def test_an_id_is_a_seed_and_draws_are_spread_evenly() -> None:
    assert seed_of("run-1") == seed_of("run-1") != seed_of("run-2")
    draws = [chance(seed_of("run-1"), k) for k in range(4000)]
    assert all(0 <= draw < 1 for draw in draws)
    tenths = [sum(1 for draw in draws if draw * 10 // 1 == tenth) for tenth in range(10)]
    assert min(tenths) > 320 and max(tenths) < 480
    assert {varied(Decimal(100), Decimal("0.2"), 7, k) // 10 for k in range(500)} == {8, 9, 10, 11}


# ---- every schedule ---------------------------------------------------------------------------------------------

PLANS = st.builds(
    SlicePlan,
    algorithm=st.sampled_from([SliceAlgorithm.TWAP, SliceAlgorithm.VWAP, SliceAlgorithm.IS]),
    side=st.sampled_from(Side),
    volume=st.integers(5_000, 10**10).map(lambda steps: steps * STEP),
    duration_s=st.integers(200, DAY_S),
    slices=st.integers(1, 200),
    randomisation=st.decimals(0, "0.5", places=3),
    risk_aversion=st.sampled_from([Decimal(0), Decimal("1e-12"), Decimal("1e-7"), Decimal(1)]),
)
RATES = st.lists(st.decimals(0, 10, places=4), min_size=24, max_size=24).map(tuple)


@given(PLANS, RATES, st.integers(0, 2**64 - 1), st.integers(0, DAY_S - 1))
@examples(150)
def test_a_schedule_is_exact_sendable_ordered_and_repeatable(
    plan: SlicePlan, rates: tuple[Decimal, ...], seed: int, second: int
) -> None:
    basis = replace(BASIS, profile=VolumeProfile(3600, rates))
    start = MIDNIGHT + timedelta(seconds=second)
    made = schedule(plan, RULES, PRICE, basis, seed, start)
    assert not isinstance(made, Refusal)
    assert sum(Fraction(piece.volume) for piece in made) == Fraction(plan.volume)
    assert all(piece.volume % STEP == 0 for piece in made)
    least = min(plan.volume, minimum_volume(RULES, PRICE) * MINIMUM_MARGIN)
    assert all(piece.volume >= least for piece in made)
    assert 1 <= len(made) <= plan.slices
    times = [piece.due_s for piece in made]
    assert times == sorted(times) and times[0] >= 0 and times[-1] < plan.duration_s
    assert schedule(plan, RULES, PRICE, basis, seed, start) == made


def test_twap_is_equal_slices_at_equal_times() -> None:
    made = slices(replace(TWAP, slices=4))
    assert [(piece.due_s, piece.volume) for piece in made] == [(0, 0.25), (900, 0.25), (1800, 0.25), (2700, 0.25)]
    assert [piece.volume for piece in slices(replace(TWAP, slices=3))] == [
        Decimal("0.33333333"),
        Decimal("0.33333333"),
        Decimal("0.33333334"),
    ]


def test_randomised_slices_differ_by_seed_and_stay_within_the_ratio() -> None:
    plan = replace(TWAP, slices=10, randomisation=Decimal("0.3"))
    first, second = slices(plan, seed=1), slices(plan, seed=2)
    assert first != second
    for made in (first, second):
        sizes = [piece.volume for piece in made]
        assert len(set(sizes)) == 10 and max(sizes) / min(sizes) < Decimal("1.3") / Decimal("0.7") + 1
        late = [piece.due_s - 360 * k for k, piece in enumerate(made)]
        assert all(0 <= seconds <= 108 for seconds in late)
        by_size, by_time = (sorted(range(10), key=values.__getitem__) for values in (sizes, late))
        assert by_size != by_time, "a late slice is not a large one"


def test_slices_below_the_minimum_are_merged_with_their_neighbours() -> None:
    """At 100 million KRW a slice is at least 5,000 x 1.25 KRW = 0.0000625 units."""
    made = slices(replace(TWAP, slices=10, volume=Decimal("0.0003")))
    assert [piece.volume for piece in made] == [Decimal("0.00009")] * 2 + [Decimal("0.00012")]
    assert [piece.due_s for piece in made] == [720, 1800, 2880]
    whole = slices(replace(TWAP, slices=10, volume=Decimal("0.00006")))
    assert whole == (ScheduledSlice(0.0, Decimal("0.00006")),)


@pytest.mark.parametrize("algorithm", [SliceAlgorithm.POV, SliceAlgorithm.ICEBERG])
def test_what_follows_the_market_has_no_schedule(algorithm: SliceAlgorithm) -> None:
    assert slices(replace(TWAP, algorithm=algorithm), SliceBasis()) == ()


@pytest.mark.parametrize(
    ("plan", "basis"),
    [
        (VWAP, replace(BASIS, profile=None)),
        (IS, replace(BASIS, spread=None)),
        (IS, replace(BASIS, spread=Decimal(0))),
        (IS, replace(BASIS, volatility=Decimal("NaN"))),
        (IS, replace(BASIS, day_volume=Decimal(0))),
        (replace(IS, risk_aversion=None), BASIS),
    ],
)
def test_what_cannot_be_computed_is_refused(plan: SlicePlan, basis: SliceBasis) -> None:
    refused = schedule(plan, RULES, PRICE, basis, 1, MIDNIGHT)
    assert isinstance(refused, Refusal) and refused.reason is RefusalReason.NOT_POSSIBLE_NOW


# ---- VWAP -------------------------------------------------------------------------------------------------------


def test_a_profile_is_the_mean_of_what_the_candles_cover() -> None:
    candles = [hour(k, 3600) for k in range(24)] + [hour(24, 7200), hour(48, 10_800)]
    profile = volume_profile(candles)
    assert profile is not None
    assert profile.rates == (Decimal(2),) + (Decimal(1),) * 23, "two further days were seen at midnight only"


def test_no_profile_from_half_a_day_or_a_dead_market_or_longer_candles() -> None:
    whole = [hour(k, 1) for k in range(24)]
    assert volume_profile(whole) is not None
    assert volume_profile(whole[:23]) is None
    assert volume_profile([hour(k, 0) for k in range(24)]) is None
    assert volume_profile([*whole[:23], hour(23, "NaN")]) is None
    assert volume_profile([*whole[:23], hour(23, -1)]) is None
    assert volume_profile([*whole, hour(24, 1, seconds=7200)]) is None
    assert volume_profile([]) is None
    for bad in (0, -60, 7000):
        with pytest.raises(ValueError, match="do not divide a day"):
            volume_profile(whole, bad)


def test_vwap_follows_the_hours_and_wraps_at_midnight() -> None:
    """From 23:30: half an hour at 4/s, an hour at 1/s, half an hour at 2/s, in parts of half an hour."""
    rates = [Decimal(9)] * 24
    rates[23], rates[0], rates[1] = Decimal(4), Decimal(1), Decimal(2)
    start = MIDNIGHT + timedelta(hours=23, minutes=30)
    weights = vwap_weights(VolumeProfile(3600, tuple(rates)), start, 7200, 4)
    assert weights == [7200, 1800, 1800, 3600]
    assert vwap_weights(VolumeProfile(3600, tuple(rates)), start, 7200, 1) == [14_400]
    in_korea = start.astimezone(timezone(timedelta(hours=9)))
    assert vwap_weights(VolumeProfile(3600, tuple(rates)), in_korea, 7200, 4) == weights
    made = slices(replace(VWAP, slices=2), replace(BASIS, profile=VolumeProfile(1800, (Decimal(1), Decimal(3)) * 24)))
    assert [piece.volume for piece in made] == [Decimal("0.25"), Decimal("0.75")]


def test_buckets_may_be_shorter_than_an_hour() -> None:
    halves = VolumeProfile(1800, (Decimal(1),) * 24 + (Decimal(5),) * 24)
    assert vwap_weights(halves, MIDNIGHT + timedelta(hours=11, minutes=30), 3600, 2) == [1800, 9000]


def test_where_nothing_usually_trades_parts_are_equal() -> None:
    quiet = VolumeProfile(3600, (Decimal(0),) * 23 + (Decimal(1),))
    assert vwap_weights(quiet, MIDNIGHT, 3600, 4) == [1, 1, 1, 1]


# ---- implementation shortfall -----------------------------------------------------------------------------------


def test_the_papers_example_has_the_papers_urgency() -> None:
    """Almgren and Chriss (2000), table 1: spread 1/8, 5 million shares a day, 0.95 $ per root day, lambda 1e-6 per $.

    They give kappa = 0.61 per day.
    """
    sigma = Decimal("0.95") / Decimal(DAY_S).sqrt()
    basis = SliceBasis(spread=Decimal("0.125"), volatility=sigma, day_volume=Decimal(5_000_000))
    plan = replace(IS, volume=Decimal(1_000_000), duration_s=5 * DAY_S, slices=5)
    kappa = urgency(plan, basis)
    assert kappa is not None
    assert round(kappa * DAY_S, 2) == Decimal("0.61")
    eta, gamma = 2.5e-6, 2.5e-7
    expected = math.acosh(1 + 1e-6 * 0.95**2 / (eta * (1 - gamma / (2 * eta))) / 2)
    assert float(kappa * DAY_S) == pytest.approx(expected, rel=1e-12)


def test_the_path_is_the_papers_path() -> None:
    weights = shortfall_weights(Decimal("0.001"), 3600, 6)
    left = [math.sinh(0.001 * (3600 - 600 * j)) / math.sinh(3.6) for j in range(7)]
    assert [float(weight) for weight in weights] == pytest.approx([left[j] - left[j + 1] for j in range(6)], rel=1e-12)
    assert weights == sorted(weights, reverse=True)
    assert abs(sum(weights) - 1) < Decimal("1e-45")


def cost(weights: Sequence[float], aversion: float, sigma: float, eta: float, tau: float) -> float:
    """What the paper minimises, for one unit: temporary impact and lambda times the variance of the cost."""
    left, value = 1.0, 0.0
    for weight in weights:
        left -= weight
        value += eta * weight**2 / tau + aversion * sigma**2 * tau * left**2
    return value


@given(st.integers(0, 7), st.integers(0, 7), st.sampled_from([-1e-4, 1e-4, 0.01, -0.01]))
@examples(60)
def test_no_other_path_costs_less(source: int, target: int, moved: float) -> None:
    """The optimum by definition: moving volume between any two slices costs more, never less."""
    plan = replace(IS, duration_s=4000, slices=8, risk_aversion=Decimal("1e-6"))
    kappa = urgency(plan, BASIS)
    assert kappa is not None
    weights = [float(weight) for weight in shortfall_weights(kappa, 4000, 8)]
    eta, gamma = 1000 * 100 * DAY_S / 3000, 1000 * 10 / 3000
    inputs = (1e-6, 5000.0, eta - gamma * 500 / 2, 500.0)
    other = list(weights)
    other[source] -= moved
    other[target] += moved
    assert cost(other, *inputs) >= cost(weights, *inputs) * (1 - 1e-12)
    assert source == target or cost(other, *inputs) > cost(weights, *inputs)


def test_no_fear_is_a_twap_and_much_fear_is_at_once() -> None:
    calm = replace(IS, slices=8, risk_aversion=Decimal(0))
    assert slices(calm) == slices(replace(TWAP, slices=8))
    assert slices(replace(calm, risk_aversion=Decimal("1e-40"))) == slices(replace(TWAP, slices=8))
    assert slices(replace(IS, risk_aversion=Decimal(1)))[0].volume > Decimal("0.9")
    assert slices(IS, replace(BASIS, volatility=Decimal(0))) == slices(TWAP)
    fears = [slices(replace(IS, risk_aversion=Decimal(f"1e-{k}")))[0].volume for k in (9, 8, 7, 6)]
    assert fears == sorted(fears) and len(set(fears)) == 4


def test_the_basis_is_read_from_candles_and_book() -> None:
    candles = [hour(k, 10, close=100 + 60 * (k % 2)) for k in range(24)]
    basis = slice_basis(candles, Decimal(99), Decimal(101))
    assert basis.profile is not None
    assert (basis.spread, basis.day_volume) == (2, 240)
    assert basis.volatility == 1, "60 per root of 3,600 seconds"
    assert slice_basis([hour(0, 10), hour(2, 10, close=500)], None, Decimal(1)) == SliceBasis(day_volume=Decimal(240))
    assert slice_basis([], Decimal("NaN"), Decimal(1)) == SliceBasis()
