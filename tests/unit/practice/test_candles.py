"""Buckets, gaps and the exclusive end."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.practice.candles import ALL_UNITS, Candle, CandleSeries, bucket_start


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("unit", "start"),
    [
        ("1s", "2026-11-20T13:47:31"), ("1m", "2026-11-20T13:47"), ("15m", "2026-11-20T13:45"),
        ("240m", "2026-11-20T12:00"), ("1d", "2026-11-20T00:00"), ("1w", "2026-11-16T00:00"),
        ("1M", "2026-11-01T00:00"), ("1y", "2026-01-01T00:00"),
    ],
)  # fmt: skip
def test_where_a_candle_opens(unit: str, start: str) -> None:
    assert bucket_start(unit, second("2026-11-20T13:47:31")) == second(start)


def test_trades_build_all_units_and_leave_gaps_empty() -> None:
    series = CandleSeries()
    at = second("2026-11-20T13:47:31") * 1000
    for offset, price in ((0, 100), (500, 90), (1_000, 120), (600_000, 110)):
        series.add_trade(Decimal(price), Decimal(2), at + offset)
    minutes = series.newest_first("1m", 10)
    assert [(c.opening, c.high, c.low, c.close) for c in minutes] == [(110,) * 4, (100, 120, 90, 120)]
    assert minutes[1].volume == 6
    assert minutes[1].value == 620
    assert len(series.newest_first("1s", 10)) == 3
    assert all(series.latest(unit) is not None for unit in ALL_UNITS)


def test_the_end_is_exclusive() -> None:
    series = CandleSeries()
    for minute in range(5):
        series.add_trade(Decimal(1), Decimal(1), minute * 60_000)
    assert [c.start_s for c in series.newest_first("1m", 2, before_s=180)] == [120, 60]


def test_previous_close_comes_from_the_candle_before() -> None:
    series = CandleSeries()
    series.add_trade(Decimal(7), Decimal(1), 1_000)
    series.add_trade(Decimal(9), Decimal(1), 86_400_000)
    latest = series.latest("1d")
    assert latest is not None
    assert series.previous_close("1d", latest) == 7
    assert series.current("1d", 86_401) is latest
    assert series.current("1d", 3 * 86_400) is None


def test_a_remembered_bar_counts_once_in_every_unit_long_enough() -> None:
    live, again = CandleSeries(), CandleSeries()
    at = second("2026-11-20T13:47:31") * 1000
    for offset, price in ((0, 100), (1_000, 90), (60_000, 120), (7_200_000, 110)):
        live.add_trade(Decimal(price), Decimal(2), at + offset)
    for bar in reversed(live.newest_first("1m", 10)):
        again.add_bar(bar, 60)
    assert all(again.newest_first(u, 10) == live.newest_first(u, 10) for u in ALL_UNITS[1:])
    assert again.latest("1s") is None
    again.add_bar(Candle(at // 1000 + 86_400, *[Decimal(1)] * 6, at), 3600)
    assert len(again.newest_first("30m", 10)) == 2
    assert again.newest_first("60m", 1)[0].close == 1


def test_a_later_part_of_an_interval_merges() -> None:
    candle = Candle(0, *map(Decimal, (5, 6, 4, 5, 2, 10)), 1_000)
    candle.merge(Candle(0, *map(Decimal, (5, 9, 5, 8, 1, 8)), 2_000))
    assert candle == Candle(0, *map(Decimal, (5, 9, 4, 8, 3, 18)), 2_000)
