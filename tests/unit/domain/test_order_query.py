"""A query says itself which orders it means, and what is wrong with it; the store is held against it elsewhere."""

from datetime import timedelta

import pytest

from app.domain.errors import InvalidInputError
from app.domain.order import OrderState
from app.domain.order_query import LARGEST_PAGE, WORKING, OrderQuery
from app.domain.values import Market
from tests.unit.adapters.storage.samples import BTC, NOW, order


@pytest.mark.parametrize(
    "query",
    [
        OrderQuery(),
        OrderQuery(text=" GW-1 "),
        OrderQuery(text="VENUE"),
        OrderQuery(market=BTC, state="open", strategy="breakout", since=NOW, until=NOW + timedelta(seconds=1)),
        OrderQuery(state=WORKING),
    ],
)
def test_what_is_meant(query: OrderQuery) -> None:
    query.check()
    assert query.matches(order(venue_order_id="venue-7"), "breakout")


@pytest.mark.parametrize(
    "query",
    [
        OrderQuery(text="gw-2"),
        OrderQuery(market=Market("upbit", "KRW-ETH")),
        OrderQuery(market=Market("binance", "KRW-BTC")),
        OrderQuery(state="filled"),
        OrderQuery(strategy="ladder"),
        OrderQuery(since=NOW + timedelta(microseconds=1)),
        OrderQuery(until=NOW),
    ],
)
def test_what_is_not_meant(query: OrderQuery) -> None:
    query.check()
    assert not query.matches(order(venue_order_id="venue-7"), "breakout")


def test_what_has_ended_does_not_work() -> None:
    assert not OrderQuery(state=WORKING).matches(order(state=OrderState.FILLED), "breakout")
    assert OrderQuery(state="filled").matches(order(state=OrderState.FILLED), "breakout")


def test_mistakes_are_named() -> None:
    with pytest.raises(InvalidInputError, match="state 'flled' is unknown"):
        OrderQuery(state="flled").check()
    with pytest.raises(InvalidInputError, match=f"1 to {LARGEST_PAGE} orders"):
        OrderQuery(limit=LARGEST_PAGE + 1).check()
