"""Candles of other venues are read by the same strict reader; their oddities are kept, not repaired."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.adapters.replay.candle_series import candle_gaps
from app.adapters.replay.recorded_files import KST, read_candle_csv, read_krx_day_csv
from app.domain.values import Market
from tests.adapters.data.recorded import DATA, needs_data

pytestmark = needs_data


@pytest.mark.parametrize(
    ("name", "seconds", "count"),
    [
        ("binance/candles_1m_BTCBUSD_20221213", 60, 1440),
        ("binance/candles_5m_BTCUSDT_2025-05-25_2025-07-09", 300, 12966),
        ("us/candles_1m_trade_SPY_20131007", 60, 828),
        ("us/bars_1d_SPY", 86_400, 5849),
        ("krx/bars_1d_005930", 86_400, 8826),
    ],
)
def test_every_row_becomes_a_candle(name: str, seconds: int, count: int) -> None:
    candles = list(read_candle_csv(DATA / f"{name}.csv.gz", Market("any", "ANY"), seconds))
    assert len(candles) == count
    assert all(candle.seconds == seconds for candle in candles)


def test_minutes_without_a_trade_are_kept_where_the_venue_writes_them() -> None:
    path = DATA / "binance/candles_1m_binanceUS_BTCUSDT_20230301_0310.csv.gz"
    candles = list(read_candle_csv(path, Market("binanceus", "BTCUSDT"), 60))
    assert len(candles) == 14_400
    assert sum(candle.volume == 0 for candle in candles) == 485
    assert not list(candle_gaps(candles))


def test_half_tick_prices_of_mid_point_orders_are_no_error() -> None:
    path = DATA / "krx/candles_1m_005930_20250613_0616.csv.gz"
    candles = list(read_candle_csv(path, Market("krx", "005930"), 60))
    assert len(candles) == 720
    assert candles[0].opened_at == datetime(2025, 6, 13, 0, 0, tzinfo=UTC)
    assert any(candle.close % 100 == 50 for candle in candles)


def test_new_york_minutes_know_summer_time() -> None:
    path = DATA / "us/candles_1m_trade_AAPL_20140605.csv.gz"
    first = next(read_candle_csv(path, Market("us", "AAPL"), 60))
    assert first.opened_at == datetime(2014, 6, 5, 8, 15, tzinfo=UTC)
    assert first.open == Decimal("644.8")


def test_a_halted_korean_stock_has_no_candle_that_day() -> None:
    candles = list(read_krx_day_csv(DATA / "krx/market_daily_all_20250102_0212.csv.gz"))
    assert len(candles) == 71_708 - 3_127
    assert all(candle.open > 0 for candle in candles)
    assert candles[0].opened_at == datetime(2025, 1, 2, tzinfo=KST)
    assert candles[0].market == Market("krx", "000020")
