"""The markets' memory: the last print and the traded minutes of every market, so that prices go on after a restart.

What was generated before the first start is generated again from the same seed and second; what was traded since
is kept as bars: minutes first, merged into longer bars as they age. Times without the exchange stay empty.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import msgspec

from .candles import Candle
from .clock import US_PER_S, VenueClock
from .line_file import LineFile, StateFileError
from .market import Market
from .order import Side
from .tape import Trade

VERSION = 1
SAVE_EVERY_US = US_PER_S
GROWTH_LIMIT = 4_000_000
_MAGIC = b'{"t":"prices",'
_REMEDY = "move the file away to begin with fresh prices"
# (length of a bar, age up to which it is kept): 200 candles of each unit, as many as one request can ask for.
_TIERS = ((60, 36_000), (300, 187_200), (1800, 432_000), (3600, 34 * 86_400))
_DAY_S = 86_400
_ALIGNED_S = 14_400
_LOOK_BACK = 10


class Anchor(msgspec.Struct, frozen=True, tag_field="t", tag="prices"):
    """First line: where the generated history comes from."""

    version: int
    seed: int
    second: int


class Bar(msgspec.Struct, array_like=True):
    """What was traded in `span_s` seconds; fields as in `Candle`."""

    code: str
    span_s: int
    start_s: int
    opening: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal
    last_ms: int

    def candle(self) -> Candle:
        prices = (self.opening, self.high, self.low, self.close)
        return Candle(self.start_s, *prices, self.volume, self.value, self.last_ms)


class Print(msgspec.Struct, array_like=True):
    """The last print of a market; fields as in `Trade`."""

    code: str
    price: Decimal
    volume: Decimal
    side: Side
    time_ms: int
    sequential_id: int
    previous_close: Decimal

    def trade(self) -> Trade:
        return Trade(self.price, self.volume, self.side, self.time_ms, self.sequential_id, self.previous_close)


class Save(msgspec.Struct):
    """Every other line; a bar replaces an earlier one of the same start and span."""

    bars: list[Bar]
    prints: list[Print]


class PriceMemory:
    """Reads the file at once; writes from `start` on, once a second of venue time."""

    def __init__(self, path: Path) -> None:
        self._encoder = msgspec.json.Encoder()
        self._bars: dict[str, list[Bar]] = {}
        self._prints: dict[str, Print] = {}
        self._anchor: Anchor | None = None
        self._markets: list[Market] = []
        self._limit = GROWTH_LIMIT
        self._file = LineFile(path, _MAGIC, _REMEDY)
        try:
            self._read(self._file.read())
        except StateFileError:
            self._file.close()
            raise

    def anchor(self, seed: int, second: int) -> tuple[int, int]:
        """Seed and second of the first start; the given ones if this is it."""
        if self._anchor is None:
            self._anchor = Anchor(VERSION, seed, second)
        return self._anchor.seed, self._anchor.second

    def recall(self, market: Market) -> None:
        """Bring a market, as it was at the first start, to where it was last."""
        last = self._prints.get(market.code)
        if last is None:
            return
        market.candles.load("1s", [])
        for bar in self._bars[market.code]:
            market.candles.add_bar(bar.candle(), bar.span_s)
        market.tape.resume(last.trade())

    def start(self, clock: VenueClock, markets: Iterable[Market]) -> None:
        """Write the file anew, then keep it up to date."""
        self._markets = list(markets)
        self._tidy(clock.now_us() // US_PER_S)

        def each_second() -> None:
            clock.call_later(SAVE_EVERY_US, each_second)
            self.save()
            if self._file.size > self._limit:
                self._tidy(clock.now_us() // US_PER_S)

        clock.call_later(SAVE_EVERY_US, each_second)

    def save(self) -> None:
        """Write what was traded since the last time."""
        saved = Save([], [])
        for market in self._markets:
            trade, known = market.tape.trades[-1] if market.tape.trades else None, self._prints.get(market.code)
            if trade is None or (known is not None and known.sequential_id == trade.sequential_id):
                continue
            bars = self._traded_minutes(market)
            if bars:
                last = Print(
                    market.code,
                    trade.price,
                    trade.volume,
                    trade.side,
                    trade.time_ms,
                    trade.sequential_id,
                    trade.previous_close,
                )
                saved.bars.extend(bars)
                saved.prints.append(last)
        if saved.prints:
            self._take(saved)
            self._file.append(self._encoder.encode(saved))

    def close(self) -> None:
        """Save the rest and let go of the file; what cannot be saved any more costs a second of prices only."""
        try:
            if self._file.failure is None:
                self.save()
        except StateFileError as error:
            logging.getLogger("practice").error("%s", error)
        finally:
            self._file.close()

    def _traded_minutes(self, market: Market) -> list[Bar]:
        """The minutes since (and with) the last one saved; nothing of the generated history."""
        kept = self._bars.get(market.code)
        begin = kept[-1].start_s if kept else self._anchor.second // 60 * 60 if self._anchor else 0
        minutes = market.candles.newest_first("1m", _LOOK_BACK)
        return [_minute(market.code, candle) for candle in reversed(minutes) if candle.start_s >= begin]

    def _tidy(self, now_s: int) -> None:
        lines: list[Anchor | Save] = [] if self._anchor is None else [self._anchor]
        for code, bars in self._bars.items():
            self._bars[code] = thinned(bars, now_s)
            lines.append(Save(self._bars[code], [self._prints[code]]))
        self._file.rewrite([self._encoder.encode(line) for line in lines])
        self._limit = self._file.size + GROWTH_LIMIT

    def _take(self, saved: Save) -> None:
        for bar in saved.bars:
            kept = self._bars.setdefault(bar.code, [])
            if kept and (kept[-1].start_s, kept[-1].span_s) == (bar.start_s, bar.span_s):
                kept[-1] = bar
            else:
                kept.append(bar)
        for item in saved.prints:
            self._prints[item.code] = item

    def _read(self, lines: list[bytes]) -> None:
        for line in lines[:1]:
            self._anchor = self._file.decoded(msgspec.json.Decoder(Anchor), 1, line)
        decoder = msgspec.json.Decoder(Save)
        for number, line in enumerate(lines[1:], 2):
            self._take(self._file.decoded(decoder, number, line))
        if self._anchor is not None and self._anchor.version > VERSION:
            raise StateFileError(f"{self._file.path}: written by a newer version of this program; {_REMEDY}")


def thinned(bars: Iterable[Bar], now_s: int) -> list[Bar]:
    """Merge old bars into longer ones; oldest first, as given."""
    kept: list[Bar] = []
    for bar in bars:
        span = max(bar.span_s, _span(bar.start_s, now_s))
        start = bar.start_s - bar.start_s % span
        if kept and (kept[-1].start_s, kept[-1].span_s) == (start, span):
            merged = kept[-1].candle()
            merged.merge(bar.candle())
            kept[-1] = _bar(bar.code, span, merged)
        else:
            candle = bar.candle()
            candle.start_s = start
            kept.append(_bar(bar.code, span, candle))
    return kept


def _span(start_s: int, now_s: int) -> int:
    """How long the bar of that time is now; a day (or four hours) changes its length as a whole."""
    for span, age_s in _TIERS:
        whole = _DAY_S if age_s > _DAY_S * 5 else _ALIGNED_S
        edge = now_s - age_s
        if start_s >= edge - edge % whole:
            return span
    return _DAY_S


def _minute(code: str, candle: Candle) -> Bar:
    return _bar(code, 60, candle)


def _bar(code: str, span_s: int, candle: Candle) -> Bar:
    prices = (candle.opening, candle.high, candle.low, candle.close)
    return Bar(code, span_s, candle.start_s, *prices, candle.volume, candle.value, candle.last_ms)
