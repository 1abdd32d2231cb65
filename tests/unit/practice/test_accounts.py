"""Locks and the average buy price."""

from decimal import Decimal

from app.practice.accounts import Accounts
from app.practice.ledger import Ledger


def test_a_lock_moves_money_aside_and_back() -> None:
    accounts = Accounts(Ledger())
    accounts.deposit(0, "KRW", Decimal(100))
    accounts.lock(0, "o", "KRW", Decimal(30))
    assert (accounts.balance("KRW").free, accounts.balance("KRW").locked) == (70, 30)
    accounts.release(0, "o", "KRW", Decimal(30))
    assert accounts.balance("KRW").locked == 0


def test_the_average_price_weighs_by_volume_and_ignores_fees() -> None:
    accounts = Accounts(Ledger())
    accounts.bought("BTC", Decimal(1), Decimal(100), Decimal(0))
    accounts.bought("BTC", Decimal(3), Decimal(200), Decimal(1))
    assert accounts.balance("BTC").average_buy_price == 175


def test_coins_never_held_are_not_listed() -> None:
    accounts = Accounts(Ledger())
    accounts.deposit(0, "KRW", Decimal(1))
    assert [balance.currency for balance in accounts.all()] == ["KRW"]
