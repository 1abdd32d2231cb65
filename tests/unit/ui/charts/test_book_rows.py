"""Rows of the order book: depth, own orders, spread in ticks and percent."""

from decimal import Decimal

import pytest

from app.domain.constraints import ExchangeConstraints, TickBand
from app.domain.market_data import Book, BookLevel
from app.domain.order import OrderState
from app.domain.values import Side
from app.ui.charts.book_rows import book_rows, own_volumes, size_decimals, spread_of
from tests.ui.charts import samples
from tests.ui.charts.samples import BTC, ETH, NOW


def book(bids: list[tuple[int, str]], asks: list[tuple[int, str]]) -> Book:
    return Book(
        BTC,
        tuple(BookLevel(Decimal(price), Decimal(size)) for price, size in bids),
        tuple(BookLevel(Decimal(price), Decimal(size)) for price, size in asks),
        NOW,
        NOW,
    )


def test_depth_is_measured_by_the_biggest_level_in_sight() -> None:
    asks, bids = book_rows(book([(99, "1"), (98, "9")], [(101, "4"), (102, "2")]), 1, {})
    assert [row.depth for row in asks] == [1.0]
    assert [row.depth for row in bids] == [0.25]


def test_own_working_orders_are_summed_by_price() -> None:
    price = Decimal(158_604_000)
    orders = [
        samples.order(1, OrderState.OPEN, price=price),
        samples.order(2, OrderState.PARTIAL, price=price, filled="0.005"),
        samples.order(3, OrderState.FILLED, price=price),
        samples.order(4, OrderState.OPEN, price=price, market=ETH),
        samples.order(5, OrderState.UNKNOWN, Side.BUY, None),
    ]
    assert own_volumes(orders, BTC) == {(Side.BUY, price): Decimal("0.035")}


def test_spread_in_ticks_of_the_rules_and_of_the_book() -> None:
    sides = book([(99, "1"), (98, "1")], [(101, "1"), (102, "1")])
    spread = spread_of(sides)
    assert spread is not None and spread.ticks == 2
    assert round(spread.percent, 2) == Decimal("2.02")
    half = (TickBand(Decimal(0), Decimal("0.5")),)
    zero = Decimal(0)
    rules = ExchangeConstraints(BTC, "BTC", "KRW", half, zero, zero, zero, zero, zero)
    fine = spread_of(sides, rules)
    assert fine is not None and fine.ticks == 4


def test_a_one_sided_book_has_no_spread_and_a_lone_level_no_ticks() -> None:
    assert spread_of(book([(99, "1")], [])) is None
    lone = spread_of(book([(99, "1")], [(100, "1")]))
    assert lone is not None and lone.ticks is None


@pytest.mark.parametrize(("price", "decimals"), [("159012000", 4), ("5213000", 3), ("3200", 2), ("812", 1), ("0.4", 0)])
def test_decimals_follow_the_price(price: str, decimals: int) -> None:
    assert size_decimals(Decimal(price)) == decimals
