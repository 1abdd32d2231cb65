"""Candles and prints of the time before the start, so that charts are full at once.

Generated backwards-consistent: minutes for four days, hours before them, days before those; every longer
unit is built from the shorter ones, and the last close is where live trading begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .candles import ALL_UNITS, FIXED_SECONDS, Candle, bucket_start
from .market import Market
from .market_specs import HOUR_FACTOR, HOUR_VALUE, MarketSpec
from .money import PriceUnits
from .order import Side
from .price_process import BASE_SD_BPS

Floats: TypeAlias = npt.NDArray[np.float64]
_DAY_S = 86_400
_KEPT = {"1m": 1500}
_KEPT_OTHERWISE = 400
_PRINTS_PER_MINUTE = 40


@dataclass(frozen=True, slots=True)
class HistoryLength:
    """Days of minute candles, then days of hour candles before them, then days of day candles."""

    minute_days: int = 4
    hour_days: int = 34
    day_days: int = 700


MARKET_HISTORY = HistoryLength()


@dataclass(frozen=True, slots=True)
class _Bars:
    """The finest intervals, oldest first; prices and value in KRW."""

    start: npt.NDArray[np.int64]
    span: Floats
    opening: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    value: Floats

    def grouped(self, unit: str, units: PriceUnits) -> list[Candle]:
        """The latest candles of one unit; intervals longer than the unit are left out."""
        shortest = FIXED_SECONDS.get(unit, _DAY_S)
        first = int(np.argmax(self.span <= shortest))
        start = self.start[first:]
        seconds = FIXED_SECONDS.get(unit)
        if seconds is not None:
            buckets = start - start % seconds
        else:
            buckets = np.array([bucket_start(unit, second) for second in start.tolist()], dtype=np.int64)
        edges = np.flatnonzero(np.diff(buckets, prepend=-1))[-_KEPT.get(unit, _KEPT_OTHERWISE) :]
        offset, edges = int(edges[0]) + first, edges - edges[0]
        ends = np.append(edges[1:], len(self.start) - offset) - 1
        rows = zip(
            buckets[offset - first :][edges].tolist(),
            self.opening[offset:][edges].tolist(),
            np.maximum.reduceat(self.high[offset:], edges).tolist(),
            np.minimum.reduceat(self.low[offset:], edges).tolist(),
            self.close[offset:][ends].tolist(),
            np.add.reduceat(self.volume[offset:], edges).tolist(),
            np.add.reduceat(self.value[offset:], edges).tolist(),
            (self.start[offset:][ends] + self.span[offset:][ends].astype(np.int64)).tolist(),
            strict=True,
        )
        return [
            Candle(
                bucket,
                _rounded(units, o),
                _rounded(units, h),
                _rounded(units, lo),
                _rounded(units, c),
                Decimal(int(volume * 1e8)).scaleb(-8),
                Decimal(int(value * 1e5)).scaleb(-5),
                int(end) * 1000 - 137,
            )
            for bucket, o, h, lo, c, volume, value, end in rows
        ]


class HistoryWriter:
    """Random walks common to all markets, then one per market."""

    def __init__(self, specs: tuple[MarketSpec, ...], seed: int, now_s: int, length: HistoryLength) -> None:
        self._seed = seed
        self._specs = {spec.name.code: (index, spec) for index, spec in enumerate(specs)}
        self._now_s = now_s
        self._starts = self._interval_starts(now_s, length)
        self._spans = np.diff(np.append(self._starts, now_s - now_s % 60)).astype(np.float64)
        source = np.random.default_rng([seed, 0])
        self._scale = self._volatility(source)
        self._common = self._draws(source)

    def write(self, market: Market) -> None:
        """Load candles and the latest prints into a market."""
        index, spec = self._specs[market.code]
        source = np.random.default_rng([self._seed, index + 1])
        returns = self._scale * (spec.beta * BASE_SD_BPS * self._common + spec.own_sd_bps * self._draws(source))
        path = np.concatenate(([0.0], np.cumsum(returns)))
        prices = float(spec.price) * np.exp(path - path[-1])
        bars = self._bars(source, spec, prices, returns)
        for unit in ALL_UNITS[1:]:
            market.candles.load(unit, bars.grouped(unit, market.units))
        recent = market.candles.newest_first("1m", 3)[::-1]
        market.tape.last_price = recent[-1].close
        self._print_last_minutes(market, recent, source)

    @staticmethod
    def _interval_starts(now_s: int, length: HistoryLength) -> npt.NDArray[np.int64]:
        minutes_from = now_s - now_s % _DAY_S - length.minute_days * _DAY_S
        hours_from = minutes_from - length.hour_days * _DAY_S
        days_from = hours_from - length.day_days * _DAY_S
        return np.concatenate(
            (
                np.arange(days_from, hours_from, _DAY_S, dtype=np.int64),
                np.arange(hours_from, minutes_from, 3600, dtype=np.int64),
                np.arange(minutes_from, now_s - now_s % 60, 60, dtype=np.int64),
            )
        )

    def _volatility(self, source: np.random.Generator) -> Floats:
        """Scale of each interval: square root of time, slow regime, hour of the day."""
        blocks = np.exp(np.cumsum(source.normal(0, 0.12, len(self._starts) // 60 + 2)) * 0.5)
        regime = np.clip(np.repeat(blocks / np.median(blocks), 60)[: len(self._starts)], 0.4, 2.2)
        hours = ((self._starts // 3600 + 9) % 24).astype(np.int64)
        factor = np.where(self._spans < _DAY_S, np.asarray(HOUR_FACTOR)[hours], 1.0)
        result: Floats = 1e-4 * np.sqrt(self._spans / 60.0) * regime * factor
        return result

    def _draws(self, source: np.random.Generator) -> Floats:
        draws = source.standard_t(3.5, len(self._starts)) * math.sqrt(1.5 / 3.5)
        return np.clip(draws, -6.0, 6.0)

    def _bars(self, source: np.random.Generator, spec: MarketSpec, prices: Floats, returns: Floats) -> _Bars:
        opening, close = prices[:-1], prices[1:]
        reach = self._scale * BASE_SD_BPS * spec.beta * 0.5
        high = np.maximum(opening, close) * np.exp(np.abs(source.normal(0, 1, len(opening))) * reach)
        low = np.minimum(opening, close) * np.exp(-np.abs(source.normal(0, 1, len(opening))) * reach)
        hours = ((self._starts // 3600 + 9) % 24).astype(np.int64)
        busy = np.where(self._spans < _DAY_S, np.asarray(HOUR_VALUE)[hours], 1.1)
        shock = np.abs(returns) / (self._scale * BASE_SD_BPS)
        noise = source.normal(-0.5, 1.0, len(opening))
        value = spec.orders_per_s * 7.0e7 * busy * np.exp(noise + 0.4 * shock) * self._spans / 60.0
        return _Bars(self._starts, self._spans, opening, high, low, close, value / close, value)

    def _print_last_minutes(self, market: Market, candles: list[Candle], source: np.random.Generator) -> None:
        """Prints that run through open, low, high and close; candles already hold their volume."""
        rows: list[tuple[Decimal, Decimal, Side, int]] = []
        for candle in candles:
            corners = [candle.opening, candle.low, candle.high, candle.close]
            weights = source.dirichlet(np.ones(_PRINTS_PER_MINUTE))
            for index, weight in enumerate(weights.tolist()):
                share = index / (_PRINTS_PER_MINUTE - 1) * 3
                leg = min(2, int(share))
                raw = float(corners[leg]) + (share - leg) * float(corners[leg + 1] - corners[leg])
                volume = Decimal(max(1, int(float(candle.volume) * weight * 1e8))).scaleb(-8)
                side = Side.BID if corners[leg + 1] >= corners[leg] else Side.ASK
                time_ms = candle.start_s * 1000 + index * 60_000 // _PRINTS_PER_MINUTE
                rows.append((_rounded(market.units, raw), volume, side, time_ms))
        market.tape.load(rows)


def _rounded(units: PriceUnits, price: float) -> Decimal:
    unit = units.unit(Decimal(price))
    return Decimal(round(price / float(unit))) * unit
