"""The double entry: balanced, append-only, never negative."""

from decimal import Decimal

import pytest

from app.practice.ledger import Book, InsufficientFunds, Ledger, Leg, UnbalancedPosting


def money(book: Book, amount: str, currency: str = "KRW") -> Leg:
    return Leg(book, currency, Decimal(amount))


def test_a_balanced_posting_moves_both_books() -> None:
    ledger = Ledger()
    ledger.post(0, "deposit", "x", [money(Book.OUTSIDE, "-10"), money(Book.FREE, "10")])
    assert ledger.balance(Book.FREE, "KRW") == 10
    assert ledger.totals() == {"KRW": 0}
    assert ledger.problems() == []


def test_an_unbalanced_posting_is_a_broken_rule() -> None:
    with pytest.raises(UnbalancedPosting):
        Ledger().post(0, "fill", "x", [money(Book.OUTSIDE, "-10"), money(Book.FREE, "9.999999999999")])


def test_a_swap_of_currencies_does_not_balance() -> None:
    with pytest.raises(UnbalancedPosting):
        Ledger().post(0, "fill", "x", [money(Book.OUTSIDE, "-1"), money(Book.FREE, "1", "BTC")])


def test_the_user_cannot_go_below_zero_and_nothing_is_half_posted() -> None:
    ledger = Ledger()
    with pytest.raises(InsufficientFunds):
        ledger.post(0, "lock", "x", [money(Book.FREE, "-1"), money(Book.LOCKED, "1")])
    assert ledger.balance(Book.LOCKED, "KRW") == 0
    assert ledger.postings == []


def test_tampering_is_noticed() -> None:
    ledger = Ledger()
    ledger.post(0, "deposit", "x", [money(Book.OUTSIDE, "-10"), money(Book.FREE, "10")])
    ledger.postings.pop()
    assert ledger.problems()
