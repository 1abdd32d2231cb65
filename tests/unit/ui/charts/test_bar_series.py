"""Bars are exact, aggregated by UTC-aligned buckets, and a forming candle replaces itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.market_data import Candle
from app.domain.values import Market
from app.ui.charts.bar_series import CLOSE, VOLUME, BarSeries, bucket_start

BTC = Market("upbit", "KRW-BTC")
START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def candle(minute: int, close: int = 100, high: int = 110, low: int = 90, volume: str = "0.1") -> Candle:
    opened = START + timedelta(minutes=minute)
    return Candle(BTC, 60, opened, Decimal(95), Decimal(high), Decimal(low), Decimal(close), Decimal(volume))


def test_bars_of_five_minutes_take_first_open_extremes_last_close_and_exact_volume() -> None:
    series = BarSeries(300)
    series.load([candle(0, high=130), candle(1, low=70), candle(4, close=104), candle(5)])
    assert len(series) == 2
    bar = series[0]
    assert (bar.open, bar.high, bar.low, bar.close) == (95, 130, 70, 104)
    assert bar.volume == Decimal("0.3")


def test_a_forming_candle_replaces_itself() -> None:
    series = BarSeries(60)
    series.load([candle(0), candle(1, close=100)])
    series.update(candle(1, close=107))
    assert len(series) == 2
    assert series[1].close == 107
    assert series.floats[1, CLOSE] == 107.0


def test_a_new_minute_grows_the_open_bucket_and_the_next_bucket_begins_a_bar() -> None:
    series = BarSeries(180)
    series.load([candle(0)])
    series.update(candle(2, high=140))
    assert len(series) == 1 and series[0].high == 140
    series.update(candle(3))
    assert len(series) == 2


def test_a_late_candle_is_put_in_its_place() -> None:
    series = BarSeries(60)
    series.load([candle(0), candle(3)])
    series.update(candle(1, close=101))
    assert [bar.opened_at.minute for bar in (series[i] for i in range(len(series)))] == [0, 1, 3]


def test_an_old_known_candle_corrects_its_bar() -> None:
    series = BarSeries(300)
    series.load([candle(0), candle(1), candle(7)])
    series.update(candle(0, high=200))
    assert series[0].high == 200
    assert len(series) == 2


def test_candles_longer_than_the_bars_are_left_out() -> None:
    series = BarSeries(60)
    hour = replace(candle(0), seconds=3600)
    series.load([hour])
    series.update(hour)
    assert len(series) == 0 and series.last is None


def test_index_at_finds_the_bar_that_holds_a_moment() -> None:
    series = BarSeries(60)
    series.load([candle(0), candle(1), candle(5)])
    assert series.index_at(START + timedelta(seconds=70)) == 1
    assert series.index_at(START + timedelta(minutes=3)) == 1
    assert series.index_at(START - timedelta(seconds=1)) is None


def test_the_float_table_grows_with_the_series() -> None:
    series = BarSeries(60)
    series.load([candle(number, volume="2") for number in range(700)])
    assert series.floats.shape == (700, 5)
    assert series.floats[699, VOLUME] == 2.0


def test_buckets_are_aligned() -> None:
    assert bucket_start(START + timedelta(minutes=44, seconds=3), 900) == START + timedelta(minutes=30)
