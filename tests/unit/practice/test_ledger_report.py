"""The oracle's answer."""

from decimal import Decimal

import pytest

from app.practice.ledger_report import report
from app.practice.order import Side
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import QuietVenue


def test_orders_fills_and_conservation(venue: QuietVenue) -> None:
    venue.quote(asks={"100000000": "1"})
    venue.buy("100000000", "0.1", identifier="a")
    resting = venue.buy("90000000", "0.1", identifier="b")
    venue.wait()
    found = report(venue.exchange)
    assert found["open_orders"] == [resting.uuid]
    assert found["orders"][0]["fills"][0] | {"trade_uuid": "", "time_ms": 0} == {
        "trade_uuid": "", "price": "100000000", "volume": "0.1", "funds": "10000000", "fee": "5000",
        "liquidity": "taker", "time_ms": 0,
    }  # fmt: skip
    assert found["conservation"]["ok"]
    assert found["conservation"]["sums"] == {"KRW": "0", "BTC": "0"}


def test_repeated_identifiers_are_counted(venue: QuietVenue) -> None:
    venue.buy("90000000", "0.1", identifier="a")
    with pytest.raises(VenueError):
        venue.buy("90000000", "0.1", identifier="a")
    assert report(venue.exchange)["repeated_identifiers"] == [{"identifier": "a", "submissions": 2, "accepted": 1}]


def test_a_lock_without_an_order_is_a_problem(venue: QuietVenue) -> None:
    venue.exchange.accounts.lock(0, "stray", "KRW", Decimal(1))
    assert not report(venue.exchange)["conservation"]["ok"]


def test_a_long_random_session_conserves_everything(venue: QuietVenue) -> None:
    for step in range(60):
        price = str(99_000_000 + step % 7 * 1000)
        venue.quote(asks={price: "0.03"})
        venue.buy("99004000", "0.005")
        venue.wait()
        venue.hit(Side.ASK, "0.004")
        if venue.free("BTC") > Decimal("0.001"):
            venue.place(side="ask", ord_type="market", volume="0.001")
        venue.wait()
    assert report(venue.exchange)["conservation"] == {
        "ok": True, "problems": [], "postings": len(venue.exchange.ledger.postings),
        "sums": {"KRW": "0", "BTC": "0"},
    }  # fmt: skip
