"""Simulated market makers: they keep a book of 20-34 levels a side around the fair price."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from .market import Market
from .market_specs import MarketSpec
from .money import ceil_price, floor_price
from .order import Side
from .order_book import BookSide

FEWEST_LEVELS, MOST_LEVELS = 24, 34
_INSERTS = 4
_TOUCHED = 10


class MarketMakers:
    """All randomness comes from one seeded source per market."""

    def __init__(self, market: Market, spec: MarketSpec, source: random.Random) -> None:
        self._market = market
        self._spec = spec
        self._random = source
        self._half_spread = spec.half_spread_bps

    def seed_book(self, fair: float) -> None:
        for side in Side:
            self._quote_top(side, fair)
            self._extend(side)

    def refresh(self, fair: float) -> None:
        """Withdraw what the fair price has passed, quote anew, and stir the sizes a little."""
        if self._random.random() < 0.15:
            self._half_spread = self._spec.half_spread_bps * self._random.choice((0.5, 0.8, 1.0, 1.0, 1.6, 2.4))
        for side in Side:
            self._withdraw_passed(side, fair)
            self._quote_top(side, fair)
            self._close_holes(side)
            self._extend(side)
            self._stir(side)
            self._trim(side)

    def size(self, price: Decimal, depth: int) -> Decimal:
        """A level's volume: log-normal, larger deeper in the book, some of it dust."""
        spec = self._spec
        if self._random.random() < 0.05:
            krw = self._random.uniform(5_000, 30_000)
        else:
            krw = spec.level_krw * (1 + 0.08 * depth) * math.exp(self._random.gauss(0.0, spec.size_log_sd))
        krw = min(max(krw, 5_200.0), spec.level_krw * 40)
        return Decimal(max(1, int(krw / float(price) * 1e8))).scaleb(-8)

    def _withdraw_passed(self, side: Side, fair: float) -> None:
        book, limit = self._market.book.of(side), Decimal(fair)
        while (best := book.best()) is not None:
            passed = best.price > limit if side is Side.BID else best.price < limit
            if not passed or not book.cut_market(best.price):
                return

    def _quote_top(self, side: Side, fair: float) -> None:
        """Improve the best price when it is farther from fair than makers like."""
        half = Decimal(fair) * Decimal(repr(self._half_spread * 1e-4))
        units = self._market.units
        if side is Side.BID:
            wanted = floor_price(units, Decimal(fair) - half)
        else:
            wanted = ceil_price(units, Decimal(fair) + half)
        book = self._market.book.of(side)
        best, opposite = book.best(), self._market.book.best_price(side.other)
        if best is not None and book.better_or_equal(best.price, wanted):
            return
        if opposite is None or not self._market.book.of(side.other).better_or_equal(opposite, wanted):
            book.add_market(wanted, self.size(wanted, 0))

    def _close_holes(self, side: Side) -> None:
        """After a jump the new best price stands alone: fill in between, a few levels at a time."""
        book, limit = self._market.book.of(side), 6 * self._spec.gap + 2
        prices = [level.price for level in book.levels(16)]
        inserted = 0
        for depth, (near, far) in enumerate(pairwise(prices)):
            if inserted < _INSERTS and abs(far - near) > self._market.units.unit(near) * Decimal(limit):
                price = self._step(near, side)
                book.add_market(price, self.size(price, depth + 1))
                inserted += 1

    def _extend(self, side: Side) -> None:
        book = self._market.book.of(side)
        while len(book) < FEWEST_LEVELS and (worst := book.worst()) is not None:
            price = self._step(worst.price, side)
            if price <= 0:
                return
            book.add_market(price, self.size(price, len(book)))

    def _trim(self, side: Side) -> None:
        book = self._market.book.of(side)
        for level in reversed(list(book.levels())[MOST_LEVELS:]):
            book.cut_market(level.price)

    def _stir(self, side: Side) -> None:
        levels = list(self._levels_near(self._market.book.of(side)))
        if not levels:
            return
        level = levels[int(self._random.random() ** 2 * len(levels))]
        if self._random.random() < 0.5 and level[1] > 0:
            share = Decimal(repr(round(self._random.uniform(0.1, 0.9), 3)))
            cut = (level[1] * share).quantize(Decimal("0.00000001"))
            if cut > 0:
                self._market.book.of(side).cut_market(level[0], cut)
        elif self._random.random() < 0.7:
            self._market.book.of(side).add_market(level[0], self.size(level[0], 1))
        else:
            price = self._step(level[0], side)
            self._market.book.of(side).add_market(price, self.size(price, 2))

    def _levels_near(self, book: BookSide) -> Iterator[tuple[Decimal, Decimal]]:
        typical = Decimal(int(self._spec.level_krw * 12))
        for level in book.levels(_TOUCHED):
            volume = level.market_volume()
            # A level that has grown far beyond the typical size is no place to add more.
            if volume * level.price < typical or self._random.random() < 0.5:
                yield level.price, volume

    def _step(self, price: Decimal, side: Side) -> Decimal:
        """One level farther out; the distance is geometric with the market's mean gap."""
        ticks = 1 + int(self._random.expovariate(1.0) * max(0.0, self._spec.gap - 1.0))
        unit = self._market.units.unit(price)
        if side is Side.BID:
            return floor_price(self._market.units, price - unit * ticks)
        return ceil_price(self._market.units, price + unit * ticks)
