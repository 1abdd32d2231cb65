"""Bars out of prices, per market and length. Intervals without trades leave no bar; nothing is interpolated."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.market_data import Candle
from app.domain.money import ZERO
from app.domain.values import Market

KEPT_BARS = 400


class CandleBuilder:
    """One series: closed bars (oldest first) and the forming one."""

    def __init__(self, market: Market, seconds: int) -> None:
        self.market = market
        self.seconds = seconds
        self.closed: deque[Candle] = deque(maxlen=KEPT_BARS)
        self.forming: Candle | None = None
        self.loaded = False
        self._length = timedelta(seconds=seconds)

    def load(self, history: tuple[Candle, ...], now: datetime) -> None:
        """Take the venue's history, oldest first; the bar of the running interval becomes the forming one."""
        merged = {bar.opened_at: bar for bar in self.closed}
        merged.update({bar.opened_at: bar for bar in history})
        current = self._interval_start(now)
        self.closed = deque((merged[at] for at in sorted(merged) if at < current), maxlen=KEPT_BARS)
        running = merged.get(current)
        if running is not None and (self.forming is None or self.forming.opened_at != current):
            self.forming = running
        elif running is not None and self.forming is not None:
            self.forming = _joined(running, self.forming)
        self.loaded = True

    def add(self, price: Decimal, volume: Decimal, at: datetime) -> Candle | None:
        """Add a price; returns the bar it closed, if it began a new interval. Late prices change nothing."""
        bar = self.forming
        if bar is None or at >= bar.opened_at + self._length:
            start = self._interval_start(at)
            self.forming = Candle(self.market, self.seconds, start, price, price, price, price, volume)
            return self._close(bar)
        if at >= bar.opened_at:
            high = price if price > bar.high else bar.high
            low = price if price < bar.low else bar.low
            self.forming = Candle(
                self.market, self.seconds, bar.opened_at, bar.open, high, low, price, bar.volume + volume
            )
        return None

    def roll(self, now: datetime) -> Candle | None:
        """Close the forming bar when its interval is over, trade or no trade."""
        if self.forming is None or now < self.forming.opened_at + self._length:
            return None
        bar, self.forming = self.forming, None
        return self._close(bar)

    def _close(self, bar: Candle | None) -> Candle | None:
        if bar is None or (self.closed and bar.opened_at <= self.closed[-1].opened_at):
            return None
        self.closed.append(bar)
        return bar

    def _interval_start(self, at: datetime) -> datetime:
        stamp = int(at.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, tz=UTC)


def _joined(older: Candle, newer: Candle) -> Candle:
    """History of the running interval joined with what was seen live since."""
    return replace(
        newer,
        open=older.open,
        high=max(older.high, newer.high),
        low=min(older.low, newer.low),
        volume=max(older.volume, newer.volume, ZERO),
    )
