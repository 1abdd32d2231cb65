from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.replay.candle_series import candle_gaps, close_changes, longer_candles
from app.domain.market_data import Candle
from app.domain.money import total
from app.domain.values import Market

COIN = Market("upbit", "KRW-COIN")
START = datetime(2026, 1, 1, tzinfo=UTC)


def minute(number: int, close: int = 100, market: Market = COIN) -> Candle:
    at = START + timedelta(minutes=number)
    return Candle(
        market, 60, at, Decimal(100), Decimal(max(close, 100)), Decimal(min(close, 100)), Decimal(close), Decimal(1)
    )


def minutes(numbers: Iterable[int]) -> list[Candle]:
    return [minute(number) for number in numbers]


def test_a_gap_tells_where_it_begins_and_how_much_is_missing() -> None:
    (gap,) = candle_gaps(minutes([0, 1, 4, 5]))
    assert (gap.begins_at, gap.missing) == (START + timedelta(minutes=2), 2)


def test_a_series_without_holes_has_no_gap_and_markets_are_told_apart() -> None:
    assert not list(candle_gaps(minutes(range(10))))
    assert not list(candle_gaps([minute(0), minute(9, market=Market("upbit", "KRW-ELSE"))]))


def test_a_longer_candle_is_complete_only_when_no_part_is_missing() -> None:
    bars = list(longer_candles(minutes([3, 4, 5, 6, 7, 8, 9]), 300))
    assert [(bar.candle.opened_at.minute, bar.parts, bar.complete) for bar in bars] == [(0, 2, False), (5, 5, True)]


def test_a_longer_candle_joins_its_parts() -> None:
    (bar,) = longer_candles([minute(0, 90), minute(1, 130), minute(2, 110)], 180)
    figures = (bar.candle.open, bar.candle.high, bar.candle.low, bar.candle.close, bar.candle.volume)
    assert figures == (Decimal(100), Decimal(130), Decimal(90), Decimal(110), Decimal(3))
    assert bar.candle.seconds == 180


def test_an_interval_without_any_part_has_no_candle() -> None:
    bars = list(longer_candles(minutes([0, 20]), 300))
    assert [bar.candle.opened_at.minute for bar in bars] == [0, 20]


def test_a_length_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="90 s cannot be made of candles of 60 s"):
        list(longer_candles(minutes([0]), 90))


@given(st.sets(st.integers(0, 500), max_size=200), st.sampled_from([60, 180, 300, 3600]))
def test_no_volume_is_lost_and_none_is_invented(present: set[int], seconds: int) -> None:
    series = minutes(sorted(present))
    bars = list(longer_candles(series, seconds))
    assert total(bar.candle.volume for bar in bars) == total(candle.volume for candle in series)
    assert sum(bar.parts for bar in bars) == len(series)
    assert all(bar.complete == (bar.parts == seconds // 60) for bar in bars)
    starts = [bar.candle.opened_at for bar in bars]
    assert starts == sorted(set(starts))


@given(st.sets(st.integers(0, 300), min_size=1, max_size=100))
def test_candles_and_gaps_together_fill_the_time(present: set[int]) -> None:
    missing = sum(gap.missing for gap in candle_gaps(minutes(sorted(present))))
    assert len(present) + missing == max(present) - min(present) + 1


def test_changes_are_never_taken_across_a_gap_or_between_markets() -> None:
    series = [minute(0, 100), minute(1, 110), minute(5, 220), minute(6, 110, Market("upbit", "KRW-ELSE"))]
    assert list(close_changes(series)) == [Decimal("0.1")]
