"""JSON with exact numbers; private messages of fills and of orders."""

import json
from decimal import Decimal

from app.practice import wire
from tests.unit.practice.venue_kit import QuietVenue


def test_decimals_become_numbers_with_all_their_digits() -> None:
    assert wire.encode({"a": Decimal("0.123456789012345678901"), "b": Decimal("89888000")}) == (
        b'{"a":0.123456789012345678901,"b":89888000}'
    )


def test_a_trade_event_shows_the_fill_and_others_the_order(venue: QuietVenue) -> None:
    venue.quote(asks={"99000000": "0.1"})
    order = venue.buy("100000000", "0.2")
    venue.wait()
    trade = wire.my_order(order, "trade", order.fills[0], 7)
    waiting = wire.my_order(order, "wait", None, 7)
    assert (trade["price"], trade["volume"], trade["trade_fee"]) == (99_000_000, Decimal("0.1"), 4950)
    assert (waiting["price"], waiting["volume"], waiting["trade_uuid"]) == (100_000_000, Decimal("0.2"), None)
    assert json.loads(wire.encode(waiting))["identifier"] is None
    assert b'"identifier"' not in wire.encode(wire.order(order))


def test_stamps_are_korean() -> None:
    assert wire.kst_seconds(1_795_183_200_000_000) == "2026-11-20T23:00:00+09:00"
    assert wire.kst_micros(1_795_183_200_000_042) == "2026-11-20T23:00:00.000042+09:00"
