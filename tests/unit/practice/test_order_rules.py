"""Refusals of order requests, by Upbit's error names."""

from typing import Any

import pytest

from app.practice.order import SmpType, TimeInForce
from app.practice.order_rules import parse_request
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import BTC, QuietVenue

LIMIT = {"market": BTC, "side": "bid", "ord_type": "limit", "price": "100000000", "volume": "0.01"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"side": None}, "validation_error"),
        ({"side": "buy"}, "validation_error"),
        ({"market": None}, "validation_error"),
        ({"ord_type": "stop"}, "validation_error"),
        ({"volume": None}, "create_bid_error"),
        ({"price": None}, "create_bid_error"),
        ({"price": "-1"}, "create_bid_error"),
        ({"price": "abc"}, "validation_error"),
        ({"volume": "NaN"}, "create_bid_error"),
        ({"time_in_force": "gtc"}, "invalid_time_in_force"),
        ({"ord_type": "best", "volume": None}, "invalid_time_in_force"),
        ({"ord_type": "price", "volume": None, "time_in_force": "ioc"}, "invalid_time_in_force"),
        ({"ord_type": "price"}, "create_bid_error"),
        ({"ord_type": "market", "price": None}, "create_bid_error"),
        ({"time_in_force": "post_only", "smp_type": "reduce"}, "invalid_post_only"),
        ({"identifier": "x" * 65}, "validation_error"),
    ],
)
def test_malformed_requests(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(VenueError) as refusal:
        parse_request(LIMIT | changes)
    assert (refusal.value.status, refusal.value.name) == (400, name)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"price": "100000500"}, "invalid_price_bid"),
        ({"price": "100000000", "volume": "0.00004999"}, "under_min_total_bid"),
        ({"price": "100000000", "volume": "10.1"}, "over_krw_funds_bid"),
        ({"volume": "0.5"}, "insufficient_funds_bid"),
        ({"side": "ask", "volume": "0.5"}, "insufficient_funds_ask"),
        ({"side": "ask", "price": "100000500"}, "invalid_price_ask"),
        ({"market": "KRW-NONE"}, "notfoundmarket"),
        ({"side": "ask", "ord_type": "market", "price": None, "volume": "0.00001"}, "under_min_total_ask"),
    ],
)
def test_requests_against_the_market(venue: QuietVenue, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(VenueError) as refusal:
        venue.exchange.place(parse_request(LIMIT | changes))
    assert refusal.value.name == name


def test_exactly_the_affordable_amount_is_accepted() -> None:
    """10,000 KRW buys at most 10000/1.0005 (upbit.md 0.3)."""
    venue = QuietVenue(cash="10000")
    with pytest.raises(VenueError):
        venue.place(side="bid", ord_type="price", price="9996")
    assert venue.place(side="bid", ord_type="price", price="9995").is_open


def test_defaults_of_self_match_prevention() -> None:
    assert parse_request(LIMIT).smp_type is SmpType.CANCEL_MAKER
    post_only = parse_request(LIMIT | {"time_in_force": "post_only"})
    assert (post_only.time_in_force, post_only.smp_type) == (TimeInForce.POST_ONLY, SmpType.NONE)
