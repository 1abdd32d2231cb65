"""Price-time priority book in which the user's orders queue together with the simulated market's."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .money import ZERO
from .order import Order, RecordedLevel, Side


@dataclass(slots=True, eq=False)
class Resting:
    """One queue entry; `order` is None for the simulated market's volume."""

    price: Decimal
    volume: Decimal
    order: Order | None = None
    recorded: RecordedLevel | None = None


class Level:
    """All entries at one price in arrival order."""

    __slots__ = ("price", "queue", "total")

    def __init__(self, price: Decimal) -> None:
        self.price = price
        self.queue: deque[Resting] = deque()
        self.total = ZERO

    def market_volume(self) -> Decimal:
        """Volume at this price that is not the user's."""
        return sum((entry.volume for entry in self.queue if entry.order is None), ZERO)


class BookSide:
    """One side, best price first."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._sign = -1 if side is Side.BID else 1
        self._keys: list[Decimal] = []
        self._levels: dict[Decimal, Level] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def best(self) -> Level | None:
        return self._levels[self._keys[0] * self._sign] if self._keys else None

    def worst(self) -> Level | None:
        return self._levels[self._keys[-1] * self._sign] if self._keys else None

    def at(self, price: Decimal) -> Level | None:
        return self._levels.get(price)

    def levels(self, limit: int | None = None) -> Iterator[Level]:
        keys = self._keys if limit is None else self._keys[:limit]
        return (self._levels[key * self._sign] for key in list(keys))

    def front(self) -> Resting | None:
        best = self.best()
        return best.queue[0] if best is not None else None

    def better_or_equal(self, price: Decimal, limit: Decimal) -> bool:
        """True when a maker at `price` of this side is acceptable to a taker with `limit`."""
        return price >= limit if self.side is Side.BID else price <= limit

    def add(self, entry: Resting) -> None:
        """Queue behind everything already at this price."""
        level = self._levels.get(entry.price)
        if level is None:
            level = self._levels[entry.price] = Level(entry.price)
            key = entry.price * self._sign
            self._keys.insert(bisect_left(self._keys, key), key)
        level.queue.append(entry)
        level.total += entry.volume

    def reduce(self, entry: Resting, volume: Decimal) -> None:
        """Take volume from an entry; an empty entry and an empty level disappear."""
        level = self._levels[entry.price]
        entry.volume -= volume
        level.total -= volume
        if entry.volume <= 0:
            level.queue.remove(entry)
            if not level.queue:
                self._drop(level)

    def add_market(self, price: Decimal, volume: Decimal, recorded: RecordedLevel | None = None) -> None:
        """Add simulated volume at the back of the queue."""
        level = self._levels.get(price)
        if level is not None and recorded is None and level.queue[-1].order is None:
            level.queue[-1].volume += volume
            level.total += volume
            return
        self.add(Resting(price, volume, None, recorded))

    def cut_market(self, price: Decimal, volume: Decimal | None = None) -> Decimal:
        """Withdraw simulated volume, youngest first (all of it if None); the user's entries stay."""
        level = self._levels.get(price)
        left = level.market_volume() if level is not None and volume is None else (volume or ZERO)
        cut = ZERO
        for entry in reversed(list(level.queue)) if level is not None else ():
            if entry.order is None and left > 0:
                part = min(entry.volume, left)
                self.reduce(entry, part)
                left -= part
                cut += part
        return cut

    def clear_market(self) -> None:
        for price in [level.price for level in self.levels()]:
            self.cut_market(price)

    def user_entries(self) -> list[Resting]:
        """The user's entries in price-time order."""
        return [entry for level in self.levels() for entry in level.queue if entry.order is not None]

    def _drop(self, level: Level) -> None:
        del self._levels[level.price]
        key = level.price * self._sign
        del self._keys[bisect_left(self._keys, key)]


class OrderBook:
    """Both sides of one market."""

    def __init__(self) -> None:
        self.bids = BookSide(Side.BID)
        self.asks = BookSide(Side.ASK)

    def of(self, side: Side) -> BookSide:
        return self.bids if side is Side.BID else self.asks

    def best_price(self, side: Side) -> Decimal | None:
        best = self.of(side).best()
        return best.price if best is not None else None

    def mid(self) -> Decimal | None:
        bid, ask = self.best_price(Side.BID), self.best_price(Side.ASK)
        return (bid + ask) / 2 if bid is not None and ask is not None else None
