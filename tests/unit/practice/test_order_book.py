"""Price-time priority and the market's own volume."""

from decimal import Decimal

from app.practice.order import Side
from app.practice.order_book import BookSide, OrderBook, Resting
from tests.unit.practice.venue_kit import QuietVenue


def side(kind: Side, **levels: str) -> BookSide:
    book = BookSide(kind)
    for price, volume in levels.items():
        book.add_market(Decimal(price[1:]), Decimal(volume))
    return book


def test_best_first_on_both_sides() -> None:
    bids, asks = side(Side.BID, p9="1", p10="1", p8="1"), side(Side.ASK, p12="1", p11="1")
    assert [level.price for level in bids.levels()] == [10, 9, 8]
    assert [level.price for level in asks.levels()] == [11, 12]


def test_an_empty_level_disappears() -> None:
    asks = side(Side.ASK, p11="1", p12="2")
    front = asks.front()
    assert front is not None
    asks.reduce(front, Decimal(1))
    assert [level.price for level in asks.levels()] == [12]


def test_withdrawing_market_volume_leaves_the_user_in_the_queue(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.01")
    bids = BookSide(Side.BID)
    bids.add_market(Decimal(9), Decimal(1))
    bids.add(Resting(Decimal(9), Decimal(5), order))
    bids.add_market(Decimal(9), Decimal(2))
    assert bids.cut_market(Decimal(9)) == 3
    assert [entry.order for entry in bids.user_entries()] == [order]
    assert bids.best() is not None


def test_the_youngest_market_volume_is_withdrawn_first(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.01")
    bids = BookSide(Side.BID)
    bids.add_market(Decimal(9), Decimal(1))
    bids.add(Resting(Decimal(9), Decimal(5), order))
    bids.add_market(Decimal(9), Decimal(2))
    bids.cut_market(Decimal(9), Decimal(2))
    level = bids.best()
    assert level is not None
    assert [entry.volume for entry in level.queue] == [1, 5]


def test_mid_needs_both_sides() -> None:
    book = OrderBook()
    book.asks.add_market(Decimal(12), Decimal(1))
    assert book.mid() is None
    book.bids.add_market(Decimal(10), Decimal(1))
    assert book.mid() == 11
