"""Look-ups and used-up identifiers."""

import pytest

from app.practice.order import State
from app.practice.order_store import ClosedWindow, OrderStore
from tests.unit.practice.venue_kit import START_US, QuietVenue


def test_an_identifier_is_used_up_even_by_a_refused_order() -> None:
    store = OrderStore()
    assert store.claim("a")
    assert not store.claim("a")
    assert store.claim(None)
    assert store.claim(None)
    assert store.repeated() == [("a", 2)]


def test_the_uuid_wins(venue: QuietVenue) -> None:
    first = venue.buy("90000000", "0.001", identifier="one")
    second = venue.buy("90000000", "0.001", identifier="two")
    orders = venue.exchange.orders
    assert orders.find(first.uuid, "two") is first
    assert orders.find(None, "two") is second
    assert orders.find(None, None) is None


def test_open_and_closed_lists(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.001")
    venue.wait()
    window = ClosedWindow(frozenset({State.CANCEL}), START_US, START_US + 1)
    assert venue.exchange.orders.open("KRW-BTC") == [order]
    assert venue.exchange.orders.closed(None, window) == []
    venue.exchange.cancel(order)
    venue.wait(100)
    assert venue.exchange.orders.open() == []
    assert venue.exchange.orders.closed(None, window) == [order]
    assert venue.exchange.orders.closed("KRW-ETH", window) == []


def test_an_unknown_uuid_is_an_error_when_it_must_be_known(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.001")
    assert venue.exchange.orders.known(order.uuid) is order
    with pytest.raises(KeyError):
        venue.exchange.orders.known("nobody")
