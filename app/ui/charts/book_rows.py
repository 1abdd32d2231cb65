"""Rows of the order book as they are painted: depth, own orders, spread. Plain arithmetic, no Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.domain.constraints import ExchangeConstraints
from app.domain.market_data import Book, BookLevel
from app.domain.money import HUNDRED, ZERO, is_usable
from app.domain.order import Order
from app.domain.values import Market, Side


@dataclass(frozen=True, slots=True)
class BookRow:
    """One price level. ``depth`` is 0..1 of the biggest level in sight, ``own`` our remaining volume there."""

    price: Decimal
    size: Decimal
    depth: float
    own: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """Distance between best ask and best bid; ``ticks`` is None while the step of the market is not known."""

    percent: Decimal
    ticks: int | None


def own_volumes(orders: Iterable[Order], market: Market) -> dict[tuple[Side, Decimal], Decimal]:
    """Remaining volume of our working limit orders in ``market`` by side and price."""
    found: dict[tuple[Side, Decimal], Decimal] = {}
    for order in orders:
        intent = order.intent
        left = order.remaining_volume
        if intent.market != market or not order.is_working or intent.price is None or left is None:
            continue
        key = (intent.side, intent.price)
        found[key] = found.get(key, ZERO) + left
    return found


def book_rows(
    book: Book, count: int, own: Mapping[tuple[Side, Decimal], Decimal]
) -> tuple[list[BookRow], list[BookRow]]:
    """The ``count`` best asks and bids, best first; our orders are shown even where the venue's level is not yet."""
    asks, bids = book.asks[:count], book.bids[:count]
    biggest = max((level.size for level in (*asks, *bids)), default=ZERO)

    def rows(levels: tuple[BookLevel, ...], side: Side) -> list[BookRow]:
        return [
            BookRow(
                level.price,
                level.size,
                float(level.size / biggest) if biggest else 0.0,
                own.get((side, level.price), ZERO),
            )
            for level in levels
        ]

    return rows(asks, Side.SELL), rows(bids, Side.BUY)


def spread_of(book: Book, rules: ExchangeConstraints | None = None) -> Spread | None:
    """Spread of a book with two sides. Without the market's rules the tick is the smallest step seen in the book."""
    ask, bid = book.best_ask, book.best_bid
    if ask is None or bid is None or not is_usable(bid):
        return None
    gap = ask - bid
    tick = _smallest_step(book) if rules is None else rules.tick_at(bid)
    whole = tick is not None and gap % tick == 0
    return Spread(gap / bid * HUNDRED, int(gap / tick) if whole and tick is not None else None)


def _smallest_step(book: Book) -> Decimal | None:
    steps = (abs(after.price - before.price) for side in (book.asks, book.bids) for before, after in pairwise(side))
    return min((step for step in steps if step > 0), default=None)


def size_decimals(price: Decimal) -> int:
    """Decimals for sizes at this price: the more a unit costs, the more matter. Fixed per market, nothing jumps."""
    for bound, decimals in ((10_000_000, 4), (100_000, 3), (1_000, 2), (100, 1)):
        if price >= bound:
            return decimals
    return 0
