"""Candles of one market in every unit Upbit offers, updated by each trade.

No candle exists for an interval without trades; day candles start at 00:00 UTC (09:00 KST).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

MINUTE_UNITS = (1, 3, 5, 10, 15, 30, 60, 240)
FIXED_SECONDS: dict[str, int] = {"1s": 1, **{f"{unit}m": unit * 60 for unit in MINUTE_UNITS}, "1d": 86_400}
CALENDAR_UNITS = ("1w", "1M", "1y")
ALL_UNITS = (*FIXED_SECONDS, *CALENDAR_UNITS)
KEPT = {"1s": 1200, "1m": 3000}
KEPT_OTHERWISE = 800
_WEEK_S = 7 * 86_400
_FIRST_MONDAY_S = 4 * 86_400  # 1970-01-05


@dataclass(slots=True)
class Candle:
    """Prices and `value` in KRW, `volume` in coin; `start_s` is the epoch second (UTC) it opens at."""

    start_s: int
    opening: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal
    last_ms: int

    def absorb(self, price: Decimal, volume: Decimal, time_ms: int) -> None:
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        self.close = price
        self.volume += volume
        self.value += price * volume
        self.last_ms = time_ms

    def merge(self, later: Candle) -> None:
        """Take in a later part of the same interval."""
        self.high = max(self.high, later.high)
        self.low = min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.value += later.value
        self.last_ms = later.last_ms


def bucket_start(unit: str, second: int) -> int:
    """Epoch second at which the candle of `unit` containing `second` opens."""
    seconds = FIXED_SECONDS.get(unit)
    if seconds is not None:
        return second - second % seconds
    if unit == "1w":
        return second - (second - _FIRST_MONDAY_S) % _WEEK_S
    day = datetime.fromtimestamp(second, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int((day if unit == "1M" else day.replace(month=1)).timestamp())


class CandleSeries:
    """All units of one market; oldest first, bounded."""

    def __init__(self) -> None:
        self._series: dict[str, list[Candle]] = {unit: [] for unit in ALL_UNITS}

    def load(self, unit: str, candles: list[Candle]) -> None:
        """Put generated history (oldest first) in front of live trading."""
        self._series[unit] = candles[-KEPT.get(unit, KEPT_OTHERWISE) :]

    def add_trade(self, price: Decimal, volume: Decimal, time_ms: int) -> None:
        for unit, series in self._series.items():
            self._absorb(unit, series, price, volume, time_ms)

    def add_second(self, price: Decimal, volume: Decimal, time_ms: int) -> None:
        """Fill the one-second unit only: longer units of that time were loaded already."""
        self._absorb("1s", self._series["1s"], price, volume, time_ms)

    def add_bar(self, bar: Candle, span_s: int) -> None:
        """Take over an interval of `span_s` seconds from an earlier run into every unit at least that long."""
        for unit, series in self._series.items():
            if FIXED_SECONDS.get(unit, _WEEK_S) < span_s:
                continue
            if series and bar.start_s < self._end(unit, series[-1].start_s):
                series[-1].merge(bar)
            else:
                self._append(unit, series, replace(bar, start_s=bucket_start(unit, bar.start_s)))

    def latest(self, unit: str) -> Candle | None:
        series = self._series[unit]
        return series[-1] if series else None

    def current(self, unit: str, second: int) -> Candle | None:
        """The candle of this very interval, if it had a trade."""
        candle = self.latest(unit)
        return candle if candle is not None and candle.start_s == bucket_start(unit, second) else None

    def previous_close(self, unit: str, candle: Candle) -> Decimal:
        """Close of the candle before, or this candle's opening price if it is the first."""
        series = self._series[unit]
        index = bisect_left(series, candle.start_s, key=lambda c: c.start_s)
        return series[index - 1].close if index > 0 else candle.opening

    def newest_first(self, unit: str, count: int, before_s: int | None = None) -> list[Candle]:
        """Up to `count` candles that opened before `before_s` (exclusive)."""
        series = self._series[unit]
        end = len(series) if before_s is None else bisect_left(series, before_s, key=lambda c: c.start_s)
        return series[max(0, end - count) : end][::-1]

    def _absorb(self, unit: str, series: list[Candle], price: Decimal, volume: Decimal, time_ms: int) -> None:
        second = time_ms // 1000
        if series and second < self._end(unit, series[-1].start_s):
            series[-1].absorb(price, volume, time_ms)
            return
        start = bucket_start(unit, second)
        self._append(unit, series, Candle(start, price, price, price, price, volume, price * volume, time_ms))

    @staticmethod
    def _append(unit: str, series: list[Candle], candle: Candle) -> None:
        series.append(candle)
        limit = KEPT.get(unit, KEPT_OTHERWISE)
        if len(series) > limit + 100:
            del series[:-limit]

    @staticmethod
    def _end(unit: str, start_s: int) -> int:
        seconds = FIXED_SECONDS.get(unit)
        if seconds is not None:
            return start_s + seconds
        if unit == "1w":
            return start_s + _WEEK_S
        return bucket_start(unit, start_s + (32 if unit == "1M" else 367) * 86_400)
