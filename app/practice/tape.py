"""The public tape of one market: prints, the last price and the day's figures behind the ticker."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .candles import Candle, CandleSeries
from .money import ZERO
from .order import Side

KEPT_TRADES = 2000
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Trade:
    """One print; `side` is the taker's, prices in KRW."""

    price: Decimal
    volume: Decimal
    side: Side
    time_ms: int
    sequential_id: int
    previous_close: Decimal


class TradeTape:
    """Trades, newest last, and rolling totals."""

    def __init__(self, candles: CandleSeries, first_price: Decimal) -> None:
        self.trades: deque[Trade] = deque(maxlen=KEPT_TRADES)
        self.last_price = first_price
        self._candles = candles
        self._last_id = 0
        self._ask_volume = ZERO
        self._bid_volume = ZERO
        self._day_s = -1
        self._minute_s = -1
        self._older_value = ZERO
        self._older_volume = ZERO

    def print_trade(self, price: Decimal, volume: Decimal, side: Side, time_ms: int) -> Trade:
        self._candles.add_trade(price, volume, time_ms)
        self._roll_day(time_ms)
        if side is Side.BID:
            self._bid_volume += volume
        else:
            self._ask_volume += volume
        self._last_id = max(self._last_id + 1, time_ms * 10_000)
        trade = Trade(price, volume, side, time_ms, self._last_id, self.previous_close())
        self.trades.append(trade)
        self.last_price = price
        return trade

    def load(self, rows: Sequence[tuple[Decimal, Decimal, Side, int]]) -> None:
        """Prints (price, volume, taker side, epoch ms) from before the start; candles know them already."""
        for price, volume, side, time_ms in rows:
            self._last_id = max(self._last_id + 1, time_ms * 10_000)
            self.trades.append(Trade(price, volume, side, time_ms, self._last_id, self.previous_close()))
            self._candles.add_second(price, volume, time_ms)

    def resume(self, last: Trade) -> None:
        """Go on after the last print of an earlier run; the prints before it are not known."""
        self.trades.clear()
        self.trades.append(last)
        self.last_price = last.price
        self._last_id = last.sequential_id

    def trend(self, price: Decimal) -> str:
        """Direction word of a print at this price."""
        return "up" if price >= self.last_price else "down"

    def day(self) -> Candle | None:
        return self._candles.latest("1d")

    def previous_close(self) -> Decimal:
        day = self.day()
        return self._candles.previous_close("1d", day) if day is not None else self.last_price

    def taker_volumes(self) -> tuple[Decimal, Decimal]:
        """Coin sold and bought by takers today."""
        return self._ask_volume, self._bid_volume

    def last_24h(self, now_ms: int) -> tuple[Decimal, Decimal]:
        """KRW value and coin volume of the last 24 hours, to the minute."""
        minute = now_ms // 60_000 * 60
        if minute != self._minute_s:
            self._minute_s = minute
            candles = self._candles.newest_first("1m", 1440, minute)
            recent = [c for c in candles if c.start_s >= minute - _DAY_S]
            self._older_value = sum((c.value for c in recent), ZERO)
            self._older_volume = sum((c.volume for c in recent), ZERO)
        current = self._candles.current("1m", minute)
        if current is None:
            return self._older_value, self._older_volume
        return self._older_value + current.value, self._older_volume + current.volume

    def year_range(self) -> tuple[Candle, Candle] | None:
        """Day candles with the highest and the lowest price of 52 weeks."""
        days = self._candles.newest_first("1d", 364)
        return (max(days, key=lambda c: c.high), min(days, key=lambda c: c.low)) if days else None

    def _roll_day(self, time_ms: int) -> None:
        day_s = time_ms // 1000 // _DAY_S
        if day_s == self._day_s:
            return
        first = self._day_s < 0
        self._day_s = day_s
        day = self.day()
        # History knows only totals: split what was traded before the start evenly.
        self._ask_volume = self._bid_volume = day.volume / 2 if first and day is not None else ZERO
