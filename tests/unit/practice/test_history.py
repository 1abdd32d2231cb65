"""Charts are full at the start and agree with each other."""

from decimal import Decimal
from itertools import pairwise

import pytest

from app.practice.history import HistoryLength, HistoryWriter
from app.practice.market import Market
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits, on_grid
from tests.unit.practice.venue_kit import START_US

NOW_S = START_US // 1_000_000 + 30


@pytest.fixture(scope="module")
def market() -> Market:
    spec = MARKETS[0]
    market = Market(spec.name, KrwUnits(), spec.price)
    HistoryWriter(MARKETS[:1], 1, NOW_S, HistoryLength(4, 34, 400)).write(market)
    return market


def test_200_minutes_without_gaps_end_at_the_present_price(market: Market) -> None:
    minutes = market.candles.newest_first("1m", 200)
    assert [c.start_s for c in minutes] == [NOW_S - 90 - 60 * n for n in range(200)]
    assert minutes[0].close == market.tape.last_price == MARKETS[0].price
    assert all(older.close == newer.opening for newer, older in pairwise(minutes))


def test_candles_are_possible(market: Market) -> None:
    for unit in ("1m", "15m", "240m", "1d", "1w", "1M"):
        for candle in market.candles.newest_first(unit, 200):
            assert candle.low <= min(candle.opening, candle.close) <= max(candle.opening, candle.close) <= candle.high
            assert on_grid(market.units, candle.high)
            assert candle.volume > 0


@pytest.mark.parametrize("unit", ["3m", "5m", "15m", "60m", "240m", "1d", "1w"])
def test_every_unit_has_enough(market: Market, unit: str) -> None:
    assert len(market.candles.newest_first(unit, 200)) >= (50 if unit == "1w" else 200)


def test_longer_candles_are_made_of_shorter_ones(market: Market) -> None:
    hour = market.candles.newest_first("60m", 1, NOW_S - NOW_S % 3600)[0]
    minutes = [c for c in market.candles.newest_first("1m", 200) if hour.start_s <= c.start_s < hour.start_s + 3600]
    assert len(minutes) == 60
    assert (hour.high, hour.low) == (max(c.high for c in minutes), min(c.low for c in minutes))
    assert abs(hour.volume - sum((c.volume for c in minutes), Decimal(0))) < Decimal("0.00001")


def test_prints_stay_inside_their_candle(market: Market) -> None:
    last = market.candles.newest_first("1m", 1)[0]
    prints = [t for t in market.tape.trades if t.time_ms >= last.start_s * 1000]
    assert prints
    assert all(last.low <= trade.price <= last.high for trade in prints)
    assert prints[-1].price == last.close
