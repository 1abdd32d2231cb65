"""Bars of one market in one timeframe, aggregated from shorter candles. Exact values, plus floats to draw."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.domain.market_data import Candle

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart; ``opened_at`` is the UTC start of its interval."""

    opened_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


def bucket_start(moment: datetime, seconds: int) -> datetime:
    """Start of the interval of ``seconds`` that holds ``moment``, aligned to UTC midnight."""
    epoch = int(moment.timestamp())
    return datetime.fromtimestamp(epoch - epoch % seconds, UTC)


def aggregate(candles: Iterable[Candle], opened_at: datetime) -> Bar:
    """One bar of candles that are sorted, oldest first, and not empty."""
    parts = list(candles)
    return Bar(
        opened_at=opened_at,
        open=parts[0].open,
        high=max(part.high for part in parts),
        low=min(part.low for part in parts),
        close=parts[-1].close,
        volume=sum((part.volume for part in parts), Decimal(0)),
    )


class BarSeries:
    """Bars in order of time. A bar's place in the series is its x coordinate: intervals without trades leave no gap."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._sources: list[Candle] = []
        self._bars: list[Bar] = []
        self._floats: NDArray[np.float64] = np.empty((256, 5))

    def __len__(self) -> int:
        return len(self._bars)

    def __getitem__(self, index: int) -> Bar:
        return self._bars[index]

    @property
    def last(self) -> Bar | None:
        """The newest bar; None while there is none."""
        return self._bars[-1] if self._bars else None

    @property
    def floats(self) -> NDArray[np.float64]:
        """One row per bar (open, high, low, close, volume), for drawing only."""
        return self._floats[: len(self._bars)]

    def load(self, candles: Iterable[Candle]) -> None:
        """Replace everything; candles longer than this timeframe are left out."""
        by_start = {candle.opened_at: candle for candle in candles if candle.seconds <= self.seconds}
        self._sources = [by_start[start] for start in sorted(by_start)]
        self._rebuild()

    def update(self, candle: Candle) -> None:
        """Take the forming or just closed candle; an older one is put in its place."""
        if candle.seconds > self.seconds:
            return
        at = bisect_left(self._sources, candle.opened_at, key=lambda source: source.opened_at)
        known = at < len(self._sources) and self._sources[at].opened_at == candle.opened_at
        newest = at >= len(self._sources) - 1 if known else at == len(self._sources)
        if known:
            self._sources[at] = candle
        else:
            self._sources.insert(at, candle)
        if newest:
            self._refresh_last()
        else:
            self._rebuild()

    def index_at(self, moment: datetime) -> int | None:
        """Index of the bar in which ``moment`` lies, or of the last one before it; None before the first."""
        at = bisect_right(self._bars, moment, key=lambda bar: bar.opened_at) - 1
        return at if at >= 0 else None

    def _rebuild(self) -> None:
        self._bars = []
        start = 0
        while start < len(self._sources):
            opened_at = bucket_start(self._sources[start].opened_at, self.seconds)
            end = start
            while end < len(self._sources) and bucket_start(self._sources[end].opened_at, self.seconds) == opened_at:
                end += 1
            self._append(aggregate(self._sources[start:end], opened_at))
            start = end

    def _refresh_last(self) -> None:
        opened_at = bucket_start(self._sources[-1].opened_at, self.seconds)
        start = bisect_left(self._sources, opened_at, key=lambda source: source.opened_at)
        if self._bars and self._bars[-1].opened_at == opened_at:
            self._bars.pop()
        self._append(aggregate(self._sources[start:], opened_at))

    def _append(self, bar: Bar) -> None:
        size = len(self._bars)
        if size == len(self._floats):
            self._floats = np.concatenate([self._floats, np.empty_like(self._floats)])
        self._floats[size] = [float(value) for value in (bar.open, bar.high, bar.low, bar.close, bar.volume)]
        self._bars.append(bar)
