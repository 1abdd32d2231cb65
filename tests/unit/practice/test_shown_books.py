"""Levels that come from outside: taken volume stays taken, crossed orders fill, nothing is known after a gap."""

from __future__ import annotations

from decimal import Decimal

from app.practice.clock import VenueClock
from app.practice.exchange import Exchange
from app.practice.market import Market, MarketName
from app.practice.money import KrwUnits
from app.practice.order import Order, Side
from app.practice.order_rules import parse_request
from app.practice.recordings import Levels
from app.practice.shown_books import ShownBooks
from tests.unit.practice.venue_kit import START_US

CODE = "KRW-ETH"


def levels(**sizes: str) -> Levels:
    return tuple((Decimal(price.removeprefix("at")), Decimal(size)) for price, size in sizes.items())


class Stage:
    def __init__(self) -> None:
        self.clock = VenueClock(START_US)
        self.market = Market(MarketName(CODE, "이더리움", "Ethereum"), KrwUnits(), Decimal(4_610_000))
        self.exchange = Exchange(self.clock, 1, [self.market])
        self.exchange.deposit("KRW", Decimal(100_000_000))
        self.books = ShownBooks(self.exchange)

    def show(self, bids: Levels, asks: Levels) -> None:
        self.books.show(self.market, bids, asks, 0, "t")

    def buy(self, price: int, volume: str) -> Order:
        fields = {"market": CODE, "side": "bid", "ord_type": "limit", "price": str(price), "volume": volume}
        order = self.exchange.place(parse_request(fields))
        self.clock.advance(10_000)
        return order

    def ask(self) -> tuple[Decimal, Decimal] | None:
        best = self.market.book.asks.best()
        return None if best is None else (best.price, best.total)


def test_taken_volume_stays_taken_while_the_size_outside_is_the_same() -> None:
    stage = Stage()
    stage.show(levels(at4610000="1"), levels(at4612000="2"))
    stage.buy(4_612_000, "1.5")
    stage.show(levels(at4609000="1"), levels(at4612000="2"))
    assert stage.ask() == (4_612_000, Decimal("0.5"))
    stage.show(levels(at4609000="1"), levels(at4612000="1.9"))
    assert stage.ask() == (4_612_000, Decimal("1.9"))


def test_a_crossed_resting_order_fills_as_maker() -> None:
    stage = Stage()
    stage.show(levels(at4610000="1"), levels(at4612000="2"))
    order = stage.buy(4_611_000, "1")
    assert not order.fills
    stage.show(levels(at4608000="1"), levels(at4610000="0.3"))
    assert [(fill.price, fill.volume, fill.is_maker) for fill in order.fills] == [(4_611_000, Decimal("0.3"), True)]


def test_after_a_gap_nothing_is_known() -> None:
    stage = Stage()
    stage.show(levels(at4610000="1"), levels(at4612000="2"))
    stage.books.withdraw_all()
    assert stage.ask() is None
    assert stage.books.sizes(CODE, Side.ASK) == {}
    stage.show(levels(at4610000="1"), levels(at4612000="2"))
    assert stage.ask() == (4_612_000, 2)


def test_a_print_reaches_the_tape() -> None:
    stage = Stage()
    stage.books.print(stage.market, Decimal(4_611_500), Decimal("0.1"), Side.ASK)
    last = stage.market.tape.trades[-1]
    assert (last.price, last.volume, last.side) == (4_611_500, Decimal("0.1"), Side.ASK)
