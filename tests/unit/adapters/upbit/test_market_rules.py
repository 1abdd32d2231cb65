from decimal import Decimal

import pytest

from app.adapters.upbit.market_rules import KRW_TICKS, constraints_of, table_tick, tick_bands
from app.adapters.upbit.wire import UnusableMessageError, WireChance, decode

CHANCE = b"""{"bid_fee":"0.0005","ask_fee":"0.0005","maker_bid_fee":"0.0005","maker_ask_fee":"0.0005",
 "market":{"id":"KRW-BTC","name":"BTC/KRW","order_types":["limit"],"order_sides":["ask","bid"],
  "bid":{"currency":"KRW","min_total":"5000"},"ask":{"currency":"BTC","min_total":"5000"},
  "max_total":"1000000000","state":"active"}}"""


def chance(text: bytes = CHANCE) -> WireChance:
    return decode(WireChance, text)


@pytest.mark.parametrize(
    ("price", "tick"),
    [
        ("155772000", "1000"),
        ("2000000", "1000"),
        ("999999", "500"),
        ("499999", "100"),
        ("50000", "50"),
        ("49999", "10"),
        ("5000", "5"),
        ("4999", "1"),
        ("100", "1"),
        ("99.9", "0.1"),
        ("9.99", "0.01"),
        ("0.5", "0.001"),
        ("0.05", "0.0001"),
        ("0.005", "0.00001"),
        ("0.0005", "0.000001"),
        ("0.00005", "0.0000001"),
        ("0.000005", "0.00000001"),
    ],
)
def test_table_of_price_units(price: str, tick: str) -> None:
    assert table_tick(Decimal(price)) == Decimal(tick)


def test_table_is_descending_and_ends_at_zero() -> None:
    starts = [band.from_price for band in KRW_TICKS]
    assert starts == sorted(starts, reverse=True)
    assert starts[-1] == 0


def test_the_table_holds_where_the_venue_agrees() -> None:
    assert tick_bands("KRW", Decimal("1000"), Decimal("155772000")) == KRW_TICKS


def test_a_price_just_across_a_border_is_no_exception() -> None:
    assert tick_bands("KRW", Decimal("5"), Decimal("4990")) == KRW_TICKS


@pytest.mark.parametrize(
    ("quote", "tick", "price"),
    [("KRW", "0.5", "1400"), ("KRW", "1000", None), ("USDT", "0.01", "97000"), ("KRW", "500", "4612000")],
)
def test_an_exception_gets_the_venues_own_step(quote: str, tick: str, price: str | None) -> None:
    bands = tick_bands(quote, Decimal(tick), None if price is None else Decimal(price))
    assert [(band.from_price, band.tick) for band in bands] == [(Decimal(0), Decimal(tick))]


@pytest.mark.parametrize("tick", ["0", "-1", "NaN"])
def test_a_step_that_is_none_is_refused(tick: str) -> None:
    with pytest.raises(UnusableMessageError):
        tick_bands("KRW", Decimal(tick), Decimal(1))


def test_constraints_carry_fee_totals_and_step() -> None:
    rules = constraints_of("KRW-ETH", chance(), KRW_TICKS)
    assert (rules.market.symbol, rules.base, rules.quote) == ("KRW-ETH", "ETH", "KRW")
    assert (rules.buy_fee, rules.sell_fee) == (Decimal("0.0005"), Decimal("0.0005"))
    assert (rules.min_total, rules.max_total) == (Decimal(5000), Decimal(1000000000))
    assert rules.volume_step == Decimal("1E-8")
    assert rules.active


def test_a_market_that_is_not_active_says_so() -> None:
    assert not constraints_of("KRW-BTC", chance(CHANCE.replace(b"active", b"preview")), KRW_TICKS).active


@pytest.mark.parametrize(
    ("was", "now"), [(b'"bid_fee":"0.0005"', b'"bid_fee":"NaN"'), (b'"max_total":"1000000000"', b'"max_total":"0"')]
)
def test_rules_without_sound_numbers_are_refused(was: bytes, now: bytes) -> None:
    with pytest.raises(UnusableMessageError):
        constraints_of("KRW-BTC", chance(CHANCE.replace(was, now)), KRW_TICKS)
