from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.money import (
    MONEY_CONTEXT,
    ZERO,
    ceil_to_step,
    floor_to_step,
    in_money_context,
    is_exact,
    is_on_step,
    is_usable,
    ratio,
    total,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False)
steps = st.decimals(min_value=Decimal("0.00000001"), max_value=10**6, places=8)


@given(amounts, steps)
@example(Decimal("-1.5"), Decimal(1))
@example(Decimal("0." + "9" * 60), Decimal(1))
def test_the_floor_is_the_largest_multiple_not_above_the_value(value: Decimal, step: Decimal) -> None:
    below = floor_to_step(value, step)
    assert below <= value
    assert MONEY_CONTEXT.add(below, step) > value
    assert is_on_step(below, step)


@given(amounts, steps)
@example(Decimal("-1.5"), Decimal(1))
@example(Decimal("1." + "0" * 60 + "1"), Decimal(1))
def test_the_ceiling_is_the_smallest_multiple_not_below_the_value(value: Decimal, step: Decimal) -> None:
    above = ceil_to_step(value, step)
    assert above >= value
    assert MONEY_CONTEXT.subtract(above, step) < value
    assert is_on_step(above, step)


@given(amounts, steps)
def test_floor_and_ceiling_meet_exactly_on_the_grid(value: Decimal, step: Decimal) -> None:
    gap = MONEY_CONTEXT.subtract(ceil_to_step(value, step), floor_to_step(value, step))
    assert gap == (ZERO if is_on_step(value, step) else step)


@given(st.integers(-(10**10), 10**10), steps)
def test_every_whole_multiple_stays_where_it_is(count: int, step: Decimal) -> None:
    value = MONEY_CONTEXT.multiply(Decimal(count), step)
    assert floor_to_step(value, step) == value == ceil_to_step(value, step)


@given(amounts, steps)
def test_rounding_twice_changes_nothing_more(value: Decimal, step: Decimal) -> None:
    once = floor_to_step(value, step)
    assert floor_to_step(once, step) == once


def test_values_that_float_gets_wrong_are_right() -> None:
    assert floor_to_step(Decimal("0.3"), Decimal("0.1")) == Decimal("0.3")
    assert floor_to_step(Decimal("1.1"), Decimal("0.1")) == Decimal("1.1")
    assert ceil_to_step(Decimal("0.7"), Decimal("0.1")) == Decimal("0.7")
    assert floor_to_step(Decimal("0.123456789"), Decimal("0.00000001")) == Decimal("0.12345678")


@pytest.mark.parametrize("step", ["0", "-1", "NaN", "sNaN", "Infinity"])
@pytest.mark.parametrize("rounded", [floor_to_step, ceil_to_step, is_on_step])
def test_a_step_that_is_no_step_is_refused(rounded: object, step: str) -> None:
    assert callable(rounded)
    with pytest.raises(ValueError, match="cannot round"):
        rounded(Decimal(1), Decimal(step))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_value_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot round"):
        floor_to_step(Decimal(value), Decimal(1))


@pytest.mark.parametrize("value", [None, Decimal(0), Decimal("-0"), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_none_zero_negative_and_not_a_number_are_unusable(value: Decimal | None) -> None:
    assert not is_usable(value)


@given(st.decimals(min_value=Decimal("1e-30"), max_value=10**30))
def test_every_finite_number_above_zero_is_usable(value: Decimal) -> None:
    assert is_usable(value)


def test_a_ratio_of_nothing_is_zero() -> None:
    assert ratio(Decimal(5), ZERO) == ZERO
    assert ratio(Decimal(1), Decimal(4)) == Decimal("0.25")


@given(st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=8), max_size=50))
def test_a_total_is_exact_whatever_the_order(values: list[Decimal]) -> None:
    cents = sum(int(value.scaleb(8)) for value in values)
    assert total(values) == Decimal(cents).scaleb(-8) == total(reversed(values))


def test_the_total_of_nothing_is_a_decimal() -> None:
    assert isinstance(total([]), Decimal)


def test_a_large_sum_times_a_small_fee_loses_no_digit() -> None:
    funds = MONEY_CONTEXT.multiply(Decimal("9999999999999"), Decimal("0.12345678"))
    assert MONEY_CONTEXT.multiply(funds, Decimal("0.0005")) == Decimal("617283899.999938271610")


@pytest.mark.parametrize("value", ["1e999999999", "1e31", "1e-31", "1e-999999999"])
def test_amounts_no_venue_has_are_unusable(value: str) -> None:
    assert not is_usable(Decimal(value))


@pytest.mark.parametrize("value", ["1e999999999", "-1e999999999", "9" * 60])
def test_what_is_too_large_to_be_rounded_exactly_is_refused(value: str) -> None:
    for rounded in (floor_to_step, ceil_to_step):
        with pytest.raises(ValueError, match="cannot round"):
            rounded(Decimal(value), Decimal(1))


def test_the_largest_amount_is_rounded_exactly_to_the_smallest_step() -> None:
    value = Decimal("999999999999999999999999999999.999999999999999999999999999999")
    assert floor_to_step(value, Decimal("1e-30")) == value == ceil_to_step(value, Decimal("1e-30"))


@pytest.mark.parametrize("value", ["1e999999999", "sNaN"])
def test_what_cannot_be_added_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        total([Decimal(1), Decimal(value)])


def test_plain_signs_keep_the_digits_of_money_where_they_are_asked_to() -> None:
    third = MONEY_CONTEXT.divide(Decimal(1), Decimal(3))

    @in_money_context
    def twice(value: Decimal) -> Decimal:
        return value + value

    assert twice(third) == MONEY_CONTEXT.add(third, third) != third + third


def test_a_number_of_fifty_digits_is_computed_with_as_it_is() -> None:
    assert is_exact(Decimal("9" * 50)) and is_exact(Decimal("1e30")) and is_exact(Decimal("-0.00000001"))
    assert not is_exact(Decimal("9" * 51)) and not is_exact(Decimal("1." + "1" * 50))
