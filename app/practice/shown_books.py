"""Books that come from outside the exchange: from a recording, or from the venue that is mirrored.

A level is used up by what the user takes from it until the outside shows another size there. Resting orders fill when
the opposite side shown crosses them.
"""

from __future__ import annotations

from decimal import Decimal

from .exchange import Exchange
from .market import Market
from .money import ZERO
from .order import RecordedLevel, Side
from .recordings import Levels


class ShownBooks:
    """The levels last shown of every market, and the way they get into its book. Sizes in coin."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._sizes: dict[tuple[str, Side], dict[Decimal, Decimal]] = {}

    def sizes(self, code: str, side: Side) -> dict[Decimal, Decimal]:
        """Size by price as it was shown last; empty before the first book."""
        return self._sizes.get((code, side), {})

    def remember(self, code: str, side: Side, levels: Levels) -> None:
        """Take note of levels without showing them."""
        self._sizes[code, side] = dict(levels)

    def forget(self, code: str | None = None) -> None:
        """Let the next book (of one market, or of all) stand with its full sizes."""
        if code is None:
            self._sizes.clear()
            return
        for side in Side:
            self._sizes.pop((code, side), None)

    def show(self, market: Market, bids: Levels, asks: Levels, index: int, book_time: str) -> None:
        """Put both sides into the book and fill the user's orders they cross."""
        for side, levels in ((Side.BID, bids), (Side.ASK, asks)):
            self._replace(market, side, levels, index, book_time)
        for side in Side:
            self._exchange.engine.fill_crossed(market, side)
        self._exchange.hub.book(market)

    def print(self, market: Market, price: Decimal, volume: Decimal, side: Side) -> None:
        """A trade of others on the tape; ``side`` is the taker's."""
        trade = market.tape.print_trade(price, volume, side, self._exchange.clock.now_ms())
        self._exchange.hub.trade(market, trade)

    def withdraw_all(self) -> None:
        """Nothing is known any more: empty books, in which nothing fills."""
        self.forget()
        for market in self._exchange.markets.values():
            market.book.bids.clear_market()
            market.book.asks.clear_market()
            self._exchange.hub.book(market)

    def _replace(self, market: Market, side: Side, levels: Levels, index: int, book_time: str) -> None:
        """Show new levels; what was taken from a level stays taken while its size outside is the same."""
        book = market.book.of(side)
        before = self.sizes(market.code, side)
        left = {}
        for price in before:
            level = book.at(price)
            left[price] = level.market_volume() if level is not None else ZERO
        book.clear_market()
        for price, size in levels:
            available = left[price] if before.get(price) == size else size
            if available > 0:
                book.add_market(price, available, RecordedLevel(index, book_time, price, size))
        self.remember(market.code, side, levels)
