"""Money: sums are exact, a sale is never rounded up, and what is no number is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import ceil_to_step, floor_to_step, is_on_step, is_usable, ratio, total
from tests.property.profile import examples
from tests.unit.domain.samples import upbit_constraints

RULES = upbit_constraints()
#: Up to 15 digits of KRW and 18 after the point: more than any account or coin has.
amounts = st.builds(lambda units, places: Decimal(units).scaleb(-places), st.integers(0, 10**30), st.integers(0, 18))
signed = st.builds(lambda amount, sign: amount * sign, amounts, st.sampled_from((1, -1)))
steps = st.builds(
    lambda mantissa, power: Decimal(mantissa).scaleb(power), st.sampled_from((1, 5, 25, 3)), st.integers(-8, 3)
)
no_numbers = st.sampled_from([Decimal(word) for word in ("NaN", "sNaN", "-NaN", "Infinity", "-Infinity")])


@given(signed, steps)
@examples(200)
def test_rounding_goes_to_the_nearest_step_on_its_side(value: Decimal, step: Decimal) -> None:
    low, high = floor_to_step(value, step), ceil_to_step(value, step)
    assert low <= value <= high
    assert Fraction(value) - Fraction(low) < Fraction(step) and Fraction(high) - Fraction(value) < Fraction(step)
    for rounded in (low, high):
        assert (Fraction(rounded) / Fraction(step)).denominator == 1, "not on the step"
        assert is_on_step(rounded, step) and floor_to_step(rounded, step) == rounded == ceil_to_step(rounded, step)
    assert is_on_step(value, step) == (low == high == value)


@given(signed, signed, steps)
@examples(100)
def test_more_never_rounds_to_less(one: Decimal, other: Decimal, step: Decimal) -> None:
    low, high = min(one, other), max(one, other)
    assert floor_to_step(low, step) <= floor_to_step(high, step)
    assert ceil_to_step(low, step) <= ceil_to_step(high, step)


@given(amounts.filter(lambda price: Decimal("1e-8") < price < Decimal(10) ** 12))
@examples(200)
def test_an_order_price_is_on_the_grid_of_its_band(price: Decimal) -> None:
    low, high = RULES.floor_price(price), RULES.ceil_price(price)
    assert low <= price <= high and high - low <= RULES.tick_at(price)
    if low > 0:
        assert RULES.is_on_tick(low), f"{low} was made out of {price} and no order may carry it"


@given(amounts)
@examples(100)
def test_a_volume_is_never_rounded_up(volume: Decimal) -> None:
    """X14, X16: selling a hundred-millionth more than is held is refused by every venue."""
    cut = RULES.floor_volume(volume)
    assert 0 <= volume - cut < RULES.volume_step


@given(st.lists(signed, max_size=60), st.randoms(use_true_random=False))
@examples(150)
def test_sums_are_exact_in_any_order(values: list[Decimal], chance: object) -> None:
    exact = sum((Fraction(value) for value in values), Fraction(0))
    assert Fraction(total(values)) == exact
    chance.shuffle(values)  # type: ignore[attr-defined]
    assert Fraction(total(values)) == exact


@given(signed, steps, no_numbers)
@examples(50)
def test_what_is_no_number_is_refused(value: Decimal, step: Decimal, none: Decimal) -> None:
    assert not is_usable(none) and not is_usable(None)
    for rounded in (floor_to_step, ceil_to_step):
        for bad in ((none, step), (value, none), (value, -step), (value, Decimal(0))):
            with pytest.raises(ValueError, match="cannot round"):
                rounded(*bad)


@given(signed)
@examples(50)
def test_only_what_is_above_zero_is_usable(value: Decimal) -> None:
    assert is_usable(value) == (value > 0)


@given(signed, signed)
@examples(50)
def test_a_ratio_of_nothing_is_nothing(part: Decimal, whole: Decimal) -> None:
    found = ratio(part, whole)
    assert found.is_finite()
    if whole:
        assert abs(Fraction(found) * Fraction(whole) - Fraction(part)) <= abs(Fraction(part)) / 10**40
    else:
        assert found == 0
