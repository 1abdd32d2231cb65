"""Double-entry ledger: the oracle the terminal is compared with.

Every movement is a posting whose legs sum to zero in each currency. Nothing is ever deleted or changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from .money import ZERO


class Book(Enum):
    """Whose money a leg belongs to."""

    FREE = "user_free"
    LOCKED = "user_locked"
    MARKET = "market"
    FEES = "venue_fees"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Leg:
    book: Book
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    number: int
    time_us: int
    kind: str
    reference: str
    legs: tuple[Leg, ...]


class UnbalancedPosting(ValueError):
    """The legs of a posting do not sum to zero: a broken rule of the venue itself."""


class InsufficientFunds(ValueError):
    """A posting would make one of the user's balances negative."""


class Ledger:
    """Append-only postings and the balances they imply."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self._balances: defaultdict[tuple[Book, str], Decimal] = defaultdict(Decimal)

    def post(self, time_us: int, kind: str, reference: str, legs: Sequence[Leg]) -> None:
        kept = tuple(leg for leg in legs if leg.amount)
        if not kept:
            return
        totals: defaultdict[str, Decimal] = defaultdict(Decimal)
        for leg in kept:
            totals[leg.currency] += leg.amount
        if any(totals.values()):
            raise UnbalancedPosting(f"{kind} {reference}: {dict(totals)}")
        self._refuse_negative(kept)
        for leg in kept:
            self._balances[leg.book, leg.currency] += leg.amount
        self.postings.append(Posting(len(self.postings), time_us, kind, reference, kept))

    def balance(self, book: Book, currency: str) -> Decimal:
        return self._balances.get((book, currency), ZERO)

    def currencies(self) -> list[str]:
        """Currencies the user ever held, in order of first appearance."""
        seen: dict[str, None] = {}
        for book, currency in self._balances:
            if book in (Book.FREE, Book.LOCKED):
                seen.setdefault(currency)
        return list(seen)

    def problems(self) -> list[str]:
        """Recompute everything from the postings; an empty list means nothing was created or lost."""
        found: list[str] = []
        again: defaultdict[tuple[Book, str], Decimal] = defaultdict(Decimal)
        for posting in self.postings:
            totals: defaultdict[str, Decimal] = defaultdict(Decimal)
            for leg in posting.legs:
                totals[leg.currency] += leg.amount
                again[leg.book, leg.currency] += leg.amount
            found += [f"posting {posting.number} leaves {v} {c}" for c, v in totals.items() if v]
        for key in set(again) | set(self._balances):
            kept = self._balances.get(key, ZERO)
            if again.get(key, ZERO) != kept:
                found.append(f"{key[0].value} {key[1]}: kept {kept}, recomputed {again.get(key, ZERO)}")
            if key[0] in (Book.FREE, Book.LOCKED) and kept < 0:
                found.append(f"{key[0].value} {key[1]} is negative: {kept}")
        return found

    def totals(self) -> dict[str, Decimal]:
        """Sum over all books by currency; each must be zero."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for (_, currency), amount in self._balances.items():
            sums[currency] += amount
        return dict(sums)

    def _refuse_negative(self, legs: tuple[Leg, ...]) -> None:
        after: dict[tuple[Book, str], Decimal] = {}
        for leg in legs:
            if leg.book in (Book.FREE, Book.LOCKED):
                key = (leg.book, leg.currency)
                after[key] = after.get(key, self.balance(*key)) + leg.amount
        for (book, currency), amount in after.items():
            if amount < 0:
                raise InsufficientFunds(f"{book.value} {currency} would be {amount}")
