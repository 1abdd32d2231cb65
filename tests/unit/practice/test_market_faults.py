"""Rules that change during the day, and markets that stand still or disappear."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.practice.clock import US_PER_S
from app.practice.venue_errors import VenueError
from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC, QuietVenue

ETH = "KRW-ETH"


def test_the_price_unit_changes_and_changes_back(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("tick_change", 1, seconds=60)
    with pytest.raises(VenueError, match="invalid_price_bid"):
        venue.buy("90001000", "0.01")
    venue.buy("90010000", "0.01")
    venue.clock.advance(60 * US_PER_S)
    venue.buy("90001000", "0.01")


async def test_the_new_rules_are_published(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("tick_change", 1)
    desk.venue.exchange.faults.switch("min_total_change", 1, value=Decimal(7000))
    instruments = await desk.call("GET", "/orderbook/instruments", {"markets": BTC})
    chance = await desk.call("GET", "/orders/chance", {"market": BTC})
    assert instruments.body[0]["tick_size"] == "10000"
    assert chance.body["market"]["bid"]["min_total"] == "7000"


def test_the_minimum_changes_for_one_market_only() -> None:
    venue = QuietVenue(codes=(BTC, ETH))
    venue.exchange.faults.switch("min_total_change", 1, value=Decimal(20_000), path=ETH)
    assert venue.exchange.markets[ETH].min_total == 20_000
    assert venue.exchange.markets[BTC].min_total == 5_000


def test_a_suspended_market_refuses_orders_until_it_opens(venue: QuietVenue) -> None:
    venue.market.halted = True
    venue.exchange.faults.switch("market_suspended", 1, seconds=10)
    venue.market.halted = False
    assert venue.market.closed
    with pytest.raises(VenueError, match="market_offline"):
        venue.buy("90000000", "0.01")
    venue.clock.advance(10 * US_PER_S)
    assert venue.buy("90000000", "0.01").is_open


async def test_a_delisted_market_is_gone_and_its_orders_are_cancelled(desk: Desk) -> None:
    order = desk.venue.buy("90000000", "0.01")
    desk.venue.exchange.faults.switch("market_delisted", 1, path=BTC)
    assert order.state == "cancel"
    assert desk.venue.locked() == 0
    assert (await desk.call("GET", "/market/all")).body == []
    assert (await desk.call("GET", "/ticker", {"markets": BTC})).status == 404
    with pytest.raises(VenueError, match="notfoundmarket"):
        desk.venue.buy("90000000", "0.01")
    desk.venue.exchange.faults.switch("all", 0)
    assert (await desk.call("GET", "/ticker", {"markets": BTC})).status == 200


def test_nobody_offers_in_one_market() -> None:
    venue = QuietVenue(codes=(BTC, ETH))
    venue.exchange.faults.switch("book_one_sided", 1, seconds=60, path=ETH)
    assert venue.exchange.markets[ETH].one_sided and not venue.exchange.markets[BTC].one_sided
    venue.clock.advance(60 * US_PER_S)
    assert not venue.exchange.markets[ETH].one_sided


async def test_the_listing_warns(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("market_warned", 1, path=BTC)
    listed = (await desk.call("GET", "/market/all", {"is_details": "true"})).body
    assert {row["market"]: row["market_event"]["warning"] for row in listed}[BTC] is True
