"""Drives markets from a recording: the book the user trades against is the recorded one.

The venue's clock runs normally; only the pacing comes from the recording. Gaps are never filled in: the book is
withdrawn and trading goes on after it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from decimal import Decimal

from .clock import US_PER_MS, US_PER_S
from .exchange import Exchange
from .market import Market
from .money import ZERO, ceil_price, floor_price, whole_volume
from .order import Side
from .recordings import BarFrame, BookFrame, Frame, Levels, Recording, TradeFrame
from .shown_books import ShownBooks
from .venue_errors import bad_request
from .wire import Json

LONGEST_GAP_US = 300 * US_PER_S
_GAP_PAUSE_US = 3 * US_PER_S
_STEPS_PER_LEG = 7
STEPS_PER_BAR = 3 * _STEPS_PER_LEG + 1  # the corners of a candle fall exactly on steps
_BAR_LEVELS = 15


class ReplayDriver:
    """Plays the frames one after another on the exchange's clock."""

    def __init__(self, exchange: Exchange, recording: Recording, speed: float, skip_us: int, seed: int) -> None:
        self._exchange = exchange
        self._clock = exchange.clock
        self._recording = recording
        self._speed = speed
        self._skip_us = skip_us
        self._random = random.Random(f"replay-{seed}")
        self._books = ShownBooks(exchange)
        self._next = 0
        self.gaps = 0

    def start(self) -> None:
        """Turn the skipped part into history, then begin."""
        frames = self._recording.frames
        begin = frames[0].at_us + self._skip_us
        self._next = next((i for i, frame in enumerate(frames) if frame.at_us >= begin), len(frames) - 1)
        shift = self._clock.now_us() - frames[self._next].at_us
        for frame in frames[: self._next]:
            self._remember(frame, shift)
        self._books.forget()
        self._play()

    def shock(self, code: str, move_percent: float, over_ms: int) -> None:
        raise bad_request("bad_request", f"{code} is a recording and cannot be moved; use halt or a simulated run")

    def progress(self) -> Json:
        frames = self._recording.frames
        return {
            "kind": "replay",
            "file": self._recording.path.name,
            "content": self._recording.kind,
            "speed": self._speed,
            "frames": len(frames),
            "played": self._next,
            "gaps": self.gaps,
            "finished": self._next >= len(frames),
        }

    def _play(self) -> None:
        """Play one frame and schedule the one after it."""
        frames = self._recording.frames
        frame = frames[self._next]
        self._next += 1
        market = self._exchange.markets[frame.market]
        if not market.closed:
            self._apply(market, frame)
        if self._next == len(frames):
            return
        pause = frames[self._next].at_us - frame.at_us
        covered = frame.span_s * US_PER_S if isinstance(frame, BarFrame) else LONGEST_GAP_US
        if pause > covered:
            self._clock.call_later(self._paced(covered if isinstance(frame, BarFrame) else 0), self._books.withdraw_all)
            self.gaps += 1
            extra = min(_GAP_PAUSE_US, self._paced(pause - covered))
            delay = self._paced(covered if isinstance(frame, BarFrame) else 0) + extra
        else:
            delay = self._paced(pause)
        self._clock.call_later(delay, self._play)

    def _apply(self, market: Market, frame: Frame) -> None:
        if isinstance(frame, BookFrame):
            self._show_book(market, frame)
        elif isinstance(frame, TradeFrame):
            self._books.print(market, frame.price, frame.volume, frame.side)
        else:
            for step, (price, volume) in enumerate(self._path(frame)):
                delay = self._paced(frame.span_s * US_PER_S * step // STEPS_PER_BAR)
                self._clock.call_later(delay, self._bar_step(market, frame, price, volume))

    def _show_book(self, market: Market, frame: BookFrame) -> None:
        if self._recording.kind == "book snapshots":
            for side, price, volume in self._inferred(market.code, frame):
                self._books.print(market, price, volume, side)
        self._books.show(market, frame.bids, frame.asks, frame.index, frame.book_time)

    def _inferred(self, code: str, frame: BookFrame) -> Iterator[tuple[Side, Decimal, Decimal]]:
        """Snapshots hold no prints: a best level that shrank or vanished counts as one (tape only)."""
        for side, levels in ((Side.BID, frame.asks), (Side.ASK, frame.bids)):
            before = self._books.sizes(code, side.other)
            if not before:
                continue
            best = min(before) if side is Side.BID else max(before)
            now = dict(levels).get(best, ZERO)
            passed = not levels or (levels[0][0] > best if side is Side.BID else levels[0][0] < best)
            if (passed or levels[0][0] == best) and now < before[best]:
                yield side, best, before[best] - now

    def _bar_step(self, market: Market, frame: BarFrame, price: Decimal, volume: Decimal) -> Callable[[], None]:
        def step() -> None:
            if market.closed:
                return
            self._books.forget(market.code)
            bids, asks = (self._made_up_levels(market, side, price, frame.volume) for side in (Side.BID, Side.ASK))
            self._books.show(market, bids, asks, frame.index, frame.book_time)
            if volume > 0:
                side = Side.BID if price >= market.tape.last_price else Side.ASK
                self._books.print(market, price, volume, side)

        return step

    def _made_up_levels(self, market: Market, side: Side, price: Decimal, bar_volume: Decimal) -> Levels:
        """A candle knows no book: levels one unit apart around the path, sized by the bar's volume."""
        levels: list[tuple[Decimal, Decimal]] = []
        at = price
        for _ in range(_BAR_LEVELS):
            unit = market.units.unit(at)
            at = floor_price(market.units, at - unit) if side is Side.BID else ceil_price(market.units, at + unit)
            weight = Decimal(repr(round(0.1 * math.exp(self._random.gauss(0.0, 0.8)), 4)))
            size = whole_volume(bar_volume * weight)
            if at > 0 and size > 0:
                levels.append((at, size))
        return tuple(levels)

    def _path(self, frame: BarFrame) -> Iterator[tuple[Decimal, Decimal]]:
        """Prices through open, the nearer extreme, the other extreme and close, with their volumes."""
        units = self._exchange.markets[frame.market].units
        middle = (frame.low, frame.high) if frame.close >= frame.opening else (frame.high, frame.low)
        corners = (frame.opening, *middle, frame.close)
        part = whole_volume(frame.volume / STEPS_PER_BAR)
        for step in range(STEPS_PER_BAR):
            leg = min(2, step // _STEPS_PER_LEG)
            share = Decimal(step - leg * _STEPS_PER_LEG) / _STEPS_PER_LEG
            raw = corners[leg] + share * (corners[leg + 1] - corners[leg])
            price = raw if raw in corners else floor_price(units, raw)
            last = step == STEPS_PER_BAR - 1
            yield max(frame.low, price), (frame.volume - part * step if last else part)

    def _remember(self, frame: Frame, shift_us: int) -> None:
        """Feed a skipped frame to tape and candles at the time it would have had."""
        market = self._exchange.markets[frame.market]
        if isinstance(frame, TradeFrame):
            prints = [(frame.at_us, frame.side, frame.price, frame.volume)]
        elif isinstance(frame, BookFrame):
            prints = [(frame.at_us, *item) for item in self._inferred(market.code, frame)]
            for side, levels in ((Side.BID, frame.bids), (Side.ASK, frame.asks)):
                self._books.remember(market.code, side, levels)
        else:
            gap = frame.span_s * US_PER_S // STEPS_PER_BAR
            path = enumerate(self._path(frame))
            prints = [(frame.at_us + n * gap, Side.BID, price, volume) for n, (price, volume) in path]
        for at_us, side, price, volume in prints:
            if volume > 0:
                market.tape.print_trade(price, volume, side, (at_us + shift_us) // US_PER_MS)

    def _paced(self, recorded_us: int) -> int:
        return int(recorded_us / self._speed)
