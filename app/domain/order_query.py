"""What can be asked of the order history, and what comes back: one page after another, newest first."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.blueprint import LocalText
from app.domain.errors import InvalidInputError
from app.domain.order import Order, OrderState
from app.domain.position import Position
from app.domain.values import Market

#: ``OrderQuery.state`` for every order that has not ended.
WORKING = "working"
LARGEST_PAGE = 500
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Orders that fulfil everything that is set. Times in UTC: created from ``since`` on and before ``until``.

    ``text`` is a part of our identifier or the venue's, in any case. ``state`` is a value of OrderState, WORKING, or ""
    for any. ``strategy`` is the id of a blueprint. ``cursor`` comes from the page before.
    """

    text: str = ""
    market: Market | None = None
    state: str = ""
    strategy: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100
    cursor: str = ""

    def matches(self, order: Order, strategy: str) -> bool:
        """True when ``order`` of a position run by ``strategy`` (blueprint id) is one of those asked for."""
        words = self.text.strip().lower()
        names = (order.order_id.lower(), (order.venue_order_id or "").lower())
        return (
            (not words or any(words in name for name in names))
            and self.market in (None, order.intent.market)
            and self.state in ("", order.state, WORKING if order.is_working else order.state)
            and self.strategy in ("", strategy)
            and (self.since is None or order.created_at >= self.since)
            and (self.until is None or order.created_at < self.until)
        )

    def check(self) -> None:
        """Look for mistakes.

        Raises:
            InvalidInputError: names the field and what it may be.
        """
        states = (WORKING, *(state.value for state in OrderState))
        if self.state not in ("", *states):
            raise InvalidInputError(f"state {self.state!r} is unknown; it is one of {', '.join(states)}")
        for name, moment in (("since", self.since), ("until", self.until)):
            if moment is not None and moment.utcoffset() is None:
                raise InvalidInputError(f"{name} {moment} has no time zone")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidInputError(f"the time range ends ({self.until}) before it begins ({self.since})")
        if not 1 <= self.limit <= LARGEST_PAGE:
            raise InvalidInputError(f"a page has 1 to {LARGEST_PAGE} orders, not {self.limit}")
        if len(self.text) > LONGEST_TEXT or not all(words.isprintable() for words in (self.text, self.strategy)):
            raise InvalidInputError(f"a text to look for has at most {LONGEST_TEXT} printable characters")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders of one page, newest first, and the positions they belong to.

    ``cursor`` asks for the page after it; "" when there is none. ``reaches`` is the time of the oldest order of the
    page; None on the last one, which reaches back to the beginning.
    """

    orders: tuple[Order, ...] = ()
    positions: tuple[Position, ...] = ()
    cursor: str = ""
    reaches: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderChoices:
    """What occurs in the history: markets by name, strategies as (blueprint id, newest name) by id."""

    markets: tuple[Market, ...] = ()
    strategies: tuple[tuple[str, LocalText], ...] = ()
