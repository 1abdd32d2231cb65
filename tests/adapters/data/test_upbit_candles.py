"""The loader's results for recorded Upbit candles agree with the reference."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from app.adapters.replay.candle_series import candle_gaps, close_changes, longer_candles
from app.adapters.replay.recorded_files import read_candle_csv, read_rest_candles, read_upbit_day_csv
from app.domain.market_data import Candle
from app.domain.values import Market
from app.engine.candle_builder import CandleBuilder
from tests.adapters.data.recorded import DATA, expected, needs_data

pytestmark = needs_data

BTC = Market("upbit", "KRW-BTC")
MINUTES = "upbit/candles_1m_KRW-BTC_2024-08_2025-03.csv.gz"


@pytest.fixture(scope="module")
def minutes() -> list[Candle]:
    return list(read_candle_csv(DATA / MINUTES, BTC, 60))


def figures(candle: Candle) -> list[object]:
    prices = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    return [candle.opened_at.strftime("%Y-%m-%d %H:%M:%S"), *(float(price) for price in prices)]


def test_every_minute_is_read_and_every_gap_is_seen(minutes: list[Candle]) -> None:
    gaps = list(candle_gaps(minutes))
    assert len(minutes) == expected(MINUTES)["rows"]
    assert len(gaps) == expected(MINUTES)["gap_count(>60s)"]
    assert gaps[0].missing >= 800, "blocks of 200 minutes with holes of 801 between them"


def test_nothing_is_interpolated_across_a_gap(minutes: list[Candle]) -> None:
    span = int((minutes[-1].opened_at - minutes[0].opened_at).total_seconds()) // 60 + 1
    assert span == len(minutes) + sum(gap.missing for gap in candle_gaps(minutes))


def test_five_minute_bars_agree_and_incomplete_ones_are_marked(minutes: list[Candle]) -> None:
    bars = list(longer_candles(minutes, 300))
    complete = [bar.candle for bar in bars if bar.complete]
    assert len(bars) == expected(MINUTES)["5m_bars_total"]
    assert len(complete) == expected(MINUTES)["5m_bars_complete"]
    assert [figures(bar) for bar in complete[:3]] == expected(MINUTES)["first3_complete"]


def test_the_engine_builds_the_same_five_minute_bars_from_prices(minutes: list[Candle]) -> None:
    builder = CandleBuilder(BTC, 300)
    closed: list[Candle] = []
    for minute in minutes:
        path = (minute.open, minute.high, minute.low, minute.close)
        for price, volume in zip(path, (minute.volume, *[Decimal(0)] * 3), strict=True):
            bar = builder.add(price, volume, minute.opened_at)
            closed += [bar] if bar is not None else []
    last = builder.forming
    assert last is not None
    assert [*closed, last] == [bar.candle for bar in longer_candles(minutes, 300)]


def test_the_largest_minute_move_agrees(minutes: list[Candle]) -> None:
    largest = max(abs(change) for change in close_changes(minutes))
    assert round(largest * 10_000, 2) == Decimal(str(expected(MINUTES)["max_abs_1m_ret_bps"]))


@pytest.mark.parametrize(("name", "seconds", "last"), [("1m_20200220_170000", 60, 19), ("3m_20200220_000000", 180, 57)])
def test_rest_bodies_come_out_oldest_first_and_exact(name: str, seconds: int, last: int) -> None:
    (path,) = (DATA / "upbit").glob(f"rest_upbit_{name}*")
    candles = read_rest_candles(path)
    assert len(candles) == 200
    assert all(older.opened_at < newer.opened_at for older, newer in pairwise(candles))
    assert {(candle.market, candle.seconds) for candle in candles} == {(BTC, seconds)}
    assert candles[-1].opened_at.minute == last
    assert not list(candle_gaps(candles))


def test_a_rest_figure_keeps_every_digit() -> None:
    (path,) = (DATA / "upbit").glob("rest_upbit_1m*")
    newest = read_rest_candles(path)[-1]
    assert newest.opened_at == datetime(2020, 2, 20, 11, 19, tzinfo=UTC)
    assert str(newest.volume) == "2.63267824"
    assert newest.close == Decimal(11_498_000)


def test_day_candles_of_many_markets_stay_apart() -> None:
    single = list(read_upbit_day_csv(DATA / "upbit/candles_1d_KRW-BTC_2018_2022.csv.gz"))
    many = list(read_upbit_day_csv(DATA / "upbit/candles_1d_KRW-multi_2023.csv.gz"))
    assert (len(single), len(many)) == (1822, 18488)
    assert {candle.market for candle in single} == {BTC}
    assert not list(candle_gaps(many)), "no day is missing within a market"
    assert len({candle.market for candle in many}) > 40
