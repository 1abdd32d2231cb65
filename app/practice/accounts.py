"""The user's accounts as Upbit reports them, read from the ledger; keeps the average buy price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .ledger import Book, Ledger, Leg
from .money import ZERO

_AVERAGE_STEP = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Balance:
    """Free and locked amount of one currency; the average buy price is in KRW."""

    currency: str
    free: Decimal
    locked: Decimal
    average_buy_price: Decimal


class Accounts:
    """Locks, releases and deposits of the one practice user."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._average: dict[str, Decimal] = {}

    def balance(self, currency: str) -> Balance:
        return Balance(
            currency,
            self._ledger.balance(Book.FREE, currency),
            self._ledger.balance(Book.LOCKED, currency),
            self._average.get(currency, ZERO),
        )

    def all(self) -> list[Balance]:
        held = [self.balance(currency) for currency in self._ledger.currencies()]
        return [b for b in held if b.free or b.locked or b.currency == "KRW"]

    def deposit(self, time_us: int, currency: str, amount: Decimal) -> None:
        """Bring money in from outside (negative: take it out)."""
        legs = (Leg(Book.OUTSIDE, currency, -amount), Leg(Book.FREE, currency, amount))
        self._ledger.post(time_us, "deposit", currency, legs)

    def lock(self, time_us: int, reference: str, currency: str, amount: Decimal) -> None:
        legs = (Leg(Book.FREE, currency, -amount), Leg(Book.LOCKED, currency, amount))
        self._ledger.post(time_us, "lock", reference, legs)

    def release(self, time_us: int, reference: str, currency: str, amount: Decimal) -> None:
        legs = (Leg(Book.LOCKED, currency, -amount), Leg(Book.FREE, currency, amount))
        self._ledger.post(time_us, "release", reference, legs)

    def settle(self, time_us: int, reference: str, legs: Sequence[Leg]) -> None:
        self._ledger.post(time_us, "fill", reference, legs)

    def take_back(self, time_us: int, reference: str, legs: Sequence[Leg]) -> None:
        """Reverse a fill. Raises InsufficientFunds when what it brought has been spent."""
        self._ledger.post(time_us, "bust", reference, legs)

    def bought(self, currency: str, volume: Decimal, price: Decimal, held_before: Decimal) -> None:
        """Move the average buy price (fees are not part of it)."""
        held = held_before + volume
        if held > 0:
            worth = self._average.get(currency, ZERO) * held_before + price * volume
            self._average[currency] = (worth / held).quantize(_AVERAGE_STEP, ROUND_HALF_UP)
