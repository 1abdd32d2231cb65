"""Recomputes how much of the limits was used from the venue's ledger, and judges every entry that leaves by it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.limits import TradingLimits
from app.domain.market_data import Book, Trade
from app.domain.order import OrderIntent
from tests.simulation.venue_ledger import VenueLedger, VenueOrder

ZERO = Decimal(0)
#: Rounding of the clock.
HAIR_S = 1e-3
#: Prices of this age may still be what the engine went by (an old book refuses an entry after 5 s).
SHOWN_S = 12.0


@dataclass(frozen=True, slots=True)
class _Wired:
    market: str
    at: float
    #: Business date by the clock of the computer: from 09:00 KST, which is 00:00 UTC.
    day: str


class LimitJudge:
    """Watches one world through restarts: what left, and what the venue made of it."""

    def __init__(self, ledger: VenueLedger, limits: TradingLimits, broken: Callable[[str, str], None]) -> None:
        self._ledger = ledger
        self._limits = limits
        self._broken = broken
        self._wired: dict[str, _Wired] = {}
        self._books: dict[str, Book] = {}
        self._prices: dict[str, deque[tuple[float, Decimal]]] = {}
        #: False where the clock of the computer is set back and forth: nobody can say which day it is.
        self.days_are_known = True

    def shown(self, message: object, now: float) -> None:
        """A public frame reached the engine."""
        if isinstance(message, Book):
            self._books[message.market.symbol] = message
            prices = [level.price for level in (*message.bids[:1], *message.asks[:1])]
        elif isinstance(message, Trade):
            prices = [message.price]
        else:
            return
        seen = self._prices.setdefault(message.market.symbol, deque(maxlen=60))
        seen.extend((now, price) for price in prices if price.is_finite() and price > ZERO)

    def last_price(self, market: str) -> Decimal:
        """What the engine was last shown of a market; 0 when nothing."""
        seen = self._prices.get(market)
        return seen[-1][1] if seen else ZERO

    def on_entry(self, order_id: str, intent: OrderIntent, now: float, clock: datetime) -> None:
        """I15: bytes of an entry are leaving."""
        day = f"{clock:%Y-%m-%d}"
        worth = intent.funds or (intent.price or ZERO) * (intent.volume or ZERO)
        self._check_counts(order_id, worth, day)
        same = [wired.at for wired in self._wired.values() if wired.market == intent.market.symbol]
        if same and now - max(same) < self._limits.cooldown_s - HAIR_S:
            self._broken("I15", f"{order_id} leaves {now - max(same):.3f} s after the last entry in {intent.market}")
        self._check_size(order_id, intent, worth)
        self._check_price(order_id, intent, now)
        self._wired[order_id] = _Wired(intent.market.symbol, now, day)

    def settled(self) -> None:
        """I15: what was really bought stayed within the limits of every day and of the month."""
        days = {wired.day for wired in self._wired.values()} if self.days_are_known else set()
        for period in sorted(days | {day[:7] for day in days}):
            self._compare(f"in {period}", period, self._used(period, done_only=True))

    def _check_counts(self, order_id: str, worth: Decimal, day: str) -> None:
        for period in (day, day[:7]) if self.days_are_known else (day[:7],):
            number, value = self._used(period, done_only=False)
            self._compare(f"with {order_id}", period, (number + 1, value + worth))

    def _compare(self, words: str, period: str, used: tuple[int, Decimal]) -> None:
        limits, daily = self._limits, len(period) > len("2026-03")
        number = limits.max_daily_entries if daily else limits.max_monthly_entries
        value = limits.max_daily_value if daily else limits.max_monthly_value
        if number and used[0] > number:
            self._broken("I15", f"{used[0]} entries of {number} in {period} {words}")
        if value and used[1] > value:
            self._broken("I15", f"{used[1]} KRW of {value} in {period} {words}")

    def _used(self, period: str, done_only: bool) -> tuple[int, Decimal]:
        number, value = 0, ZERO
        for order_id, wired in self._wired.items():
            theirs = self._ledger.by_identifier.get(order_id)
            if theirs is None or not wired.day.startswith(period):
                continue  # not there, or not yet: the engine counts it all the same
            if theirs.is_open and not done_only:
                number, value = number + 1, value + _wanted(theirs)
            elif theirs.executed:
                number, value = number + 1, value + theirs.spent
        return number, value

    def _check_size(self, order_id: str, intent: OrderIntent, worth: Decimal) -> None:
        limits, book = self._limits, self._books.get(intent.market.symbol)
        if limits.max_order_value and worth > limits.max_order_value:
            self._broken("I15", f"{order_id} is worth {worth}, one order {limits.max_order_value}")
        if not limits.max_book_multiple or book is None:
            return
        offered = sum((level.size * (1 if intent.volume else level.price) for level in book.asks), ZERO)
        if (intent.volume or worth) > offered * limits.max_book_multiple:
            self._broken("I15", f"{order_id} wants {intent.volume or worth}, {offered} is offered")

    def _check_price(self, order_id: str, intent: OrderIntent, now: float) -> None:
        limits, market, name = self._limits, self._ledger.markets[intent.market.symbol], intent.market.symbol
        book = self._books.get(name)
        if book is None or not book.asks or not book.bids:
            self._broken("I15", f"{order_id} enters where nobody bids or nobody offers")
            return
        price = intent.price or book.asks[0].price
        known = [shown for at, shown in self._prices.get(name, ()) if now - at <= SHOWN_S]
        if all(abs(price - shown) > shown * limits.price_collar_ratio for shown in known):
            self._broken("I15", f"{order_id} at {price} is far from {sorted(set(known))}")
        beyond = max(price - book.asks[0].price, book.bids[0].price - price, ZERO)
        if intent.price is not None and limits.max_ticks_away and beyond > market.tick * limits.max_ticks_away:
            self._broken("I15", f"{order_id} at {price} is {beyond / market.tick} ticks from the best price")


def _wanted(theirs: VenueOrder) -> Decimal:
    return theirs.funds if theirs.funds is not None else (theirs.price or ZERO) * (theirs.volume or ZERO)
