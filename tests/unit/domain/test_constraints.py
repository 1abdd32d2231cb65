from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.constraints import MarketInfo, TickBand
from tests.unit.domain.samples import BTC, UPBIT_UNITS, upbit_constraints

rules = upbit_constraints()
prices = st.decimals(min_value=Decimal("0.00000001"), max_value=Decimal(3_000_000_000), places=8)


@pytest.mark.parametrize(("price", "tick"), UPBIT_UNITS[:-1])
def test_a_band_begins_at_its_own_price(price: str, tick: str) -> None:
    assert rules.tick_at(Decimal(price)) == Decimal(tick)


@pytest.mark.parametrize(("upper", "lower"), list(pairwise(UPBIT_UNITS)))
def test_just_below_a_band_the_next_lower_tick_holds(upper: tuple[str, str], lower: tuple[str, str]) -> None:
    assert rules.tick_at(Decimal(upper[0]) - Decimal("0.00000001")) == Decimal(lower[1])


@given(prices)
def test_rounding_down_lands_on_the_grid_and_never_above(price: Decimal) -> None:
    below = rules.floor_price(price)
    assert below <= price
    assert price - below < rules.tick_at(price)
    assert rules.is_on_tick(below)


@given(prices)
def test_rounding_up_lands_on_the_grid_and_never_below(price: Decimal) -> None:
    above = rules.ceil_price(price)
    assert above >= price
    assert above - price < rules.tick_at(price)
    assert rules.is_on_tick(above), "also when the price was rounded up into the next band"


@given(prices)
def test_a_price_is_on_tick_exactly_when_rounding_leaves_it_alone(price: Decimal) -> None:
    assert rules.is_on_tick(price) == (rules.floor_price(price) == price) == (rules.ceil_price(price) == price)


@given(prices, prices)
def test_rounding_keeps_the_order_of_prices(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert rules.floor_price(low) <= rules.floor_price(high)
    assert rules.ceil_price(low) <= rules.ceil_price(high)


def test_the_examples_of_the_venue_round_as_it_says() -> None:
    assert rules.floor_price(Decimal(89_886_999)) == Decimal(89_886_000)
    assert rules.ceil_price(Decimal(999_501)) == Decimal(1_000_000)
    assert rules.floor_price(Decimal("99.99")) == Decimal("99.9")
    assert not rules.is_on_tick(Decimal(1_000_500))


def test_below_the_last_band_its_tick_still_holds() -> None:
    odd = replace(rules, bands=(TickBand(Decimal(100), Decimal(1)), TickBand(Decimal(10), Decimal("0.1"))))
    assert odd.tick_at(Decimal(5)) == Decimal("0.1")


@given(st.decimals(min_value=0, max_value=10**6, places=12))
def test_a_volume_is_cut_to_eight_decimals_never_raised(volume: Decimal) -> None:
    cut = rules.floor_volume(volume)
    assert cut <= volume < cut + rules.volume_step


def test_the_fee_of_a_buy_comes_on_top() -> None:
    assert rules.cost_with_fee(Decimal(10_000)) == Decimal("10005.0000")
    assert rules.cost_with_fee(Decimal("6999.99997655")) == Decimal("7003.499976538275")


def test_a_listed_market_carries_no_warning_unless_told() -> None:
    assert not MarketInfo(BTC, "비트코인", "Bitcoin").warning
