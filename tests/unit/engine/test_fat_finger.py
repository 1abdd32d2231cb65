"""Guards against a figure nobody meant to type."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.order import OrderIntent
from app.domain.refusal import RefusalReason as R
from app.domain.values import OrderType
from app.engine.fat_finger import price_refusal, size_refusal, ticks_away
from tests.unit.engine.playbook import START, XRP, market_rules, money, order_of

RULES = market_rules(XRP)
LIMITS = TradingLimits()


def book(bid: str = "1000", ask: str = "1001", size: str = "10") -> Book:
    return Book(
        XRP,
        (BookLevel(Decimal(bid), Decimal(size)),),
        (BookLevel(Decimal(ask), Decimal(size)), BookLevel(Decimal(ask) + 1, Decimal(size))),
        START,
        START,
    )


def limit(price: str, volume: str = "1") -> OrderIntent:
    return order_of(price=price, volume=volume).intent


def market(funds: str) -> OrderIntent:
    return order_of(order_type=OrderType.MARKET, price=None, volume=None, funds=funds).intent


@pytest.mark.parametrize(
    ("price", "ticks"),
    [("1001", 0), ("1000", 0), ("1004", 3), ("998", 2)],
)
def test_ticks_are_counted_from_the_nearer_best_price(price: str, ticks: int) -> None:
    assert ticks_away(Decimal(price), book(), RULES) == ticks


def test_without_both_sides_there_is_no_distance() -> None:
    assert ticks_away(Decimal(1000), Book(XRP, (), book().asks, START, START), RULES) is None
    assert ticks_away(Decimal(1000), book(bid="NaN"), RULES) is None


@pytest.mark.parametrize(
    ("intent", "shown", "ticks", "refused"),
    [
        (limit("1050"), book(), 0, False),  # 5 % above the last trade
        (limit("1051"), book(), 0, True),
        (limit("950"), book(), 0, False),
        (limit("949"), book(), 0, True),
        (limit("NaN"), book(), 0, True),
        (market("5000"), book(ask="1050"), 0, False),  # nobody offers lower: that is what a market order pays
        (market("5000"), book(ask="1051"), 0, True),
        (market("5000"), book(ask="NaN"), 0, True),
        (market("5000"), Book(XRP, book().bids, (), START, START), 0, True),
        (limit("1004"), book(), 3, False),
        (limit("1005"), book(), 3, True),
        (limit("997"), book(), 3, False),
        (limit("996"), book(), 3, True),
        (limit("1004"), book(bid="NaN"), 3, True),
        (market("5000"), book(ask="1040"), 3, False),  # ticks are for prices somebody typed
    ],
)
def test_a_price_far_from_the_market_is_refused(intent: OrderIntent, shown: Book, ticks: int, refused: bool) -> None:
    refusal = price_refusal(intent, shown, Decimal(1000), RULES, replace(LIMITS, max_ticks_away=ticks))
    assert (refusal is not None and refusal.reason is R.PRICE_COLLAR) is refused


@pytest.mark.parametrize(
    ("intent", "most", "multiple", "refused"),
    [
        (limit("1000", "5"), "5000", "0", False),
        (limit("1000", "5"), "4999", "0", True),
        (market("5000"), "4999", "0", True),
        (market("500000"), "0", "0", False),
        (limit("900", "40"), "0", "2", False),  # 20 units are offered
        (limit("900", "40.1"), "0", "2", True),
        (market("40060"), "0", "2", False),  # 10 at 1001 and 10 at 1002
        (market("40061"), "0", "2", True),
    ],
)
def test_an_order_of_a_size_nobody_meant_is_refused(
    intent: OrderIntent, most: str, multiple: str, refused: bool
) -> None:
    limits = replace(LIMITS, max_order_value=money(most), max_book_multiple=money(multiple))
    refusal = size_refusal(intent, book(), limits)
    assert (refusal is not None and refusal.reason is R.ORDER_TOO_LARGE) is refused


@pytest.mark.parametrize("size", ["NaN", "0", "-1", "Infinity"])
def test_a_book_whose_sizes_are_no_numbers_lets_nothing_pass(size: str) -> None:
    refusal = size_refusal(market("5000"), book(size=size), LIMITS)
    assert refusal is not None and refusal.reason is R.NO_PRICE
