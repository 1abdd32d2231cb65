"""What happens to the account from outside."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.practice.clock import VenueClock
from app.practice.exchange import Exchange
from app.practice.incidents import Incidents
from app.practice.ledger_report import report
from app.practice.market import Market
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits
from tests.unit.practice.venue_kit import BTC, START_US, QuietVenue, StillDriver


@pytest.fixture
def prices(venue: QuietVenue) -> StillDriver:
    driver = StillDriver()
    Incidents(venue.exchange, driver).start()
    return driver


def test_money_comes_and_goes(venue: QuietVenue, prices: StillDriver) -> None:
    venue.exchange.faults.switch("deposit", 1, value=Decimal(7), count=2)
    venue.wait(5_000)
    venue.exchange.faults.switch("withdrawal", 1, value=Decimal(4), count=1)
    venue.wait(5_000)
    assert venue.free() == 50_000_000 + 14 - 4
    venue.exchange.faults.switch("withdrawal", 1, value=Decimal(10**12))
    venue.wait(2_000)
    assert venue.free() == 50_000_010


def test_the_user_trades_in_the_phone_app(venue: QuietVenue, prices: StillDriver) -> None:
    venue.quote(bids={"99000000": "1"}, asks={"100000000": "1"})
    venue.exchange.faults.switch("external_trade", 1, count=1)
    venue.wait(2_000)
    assert [order.source for order in venue.exchange.orders.all()] == ["external"]
    assert venue.free("BTC") == Decimal("0.0001")


def test_a_split_multiplies_the_holding_and_divides_the_price(venue: QuietVenue, prices: StillDriver) -> None:
    venue.exchange.deposit("BTC", Decimal("0.5"))
    order = venue.sell("110000000", "0.2")
    venue.exchange.faults.switch("split", 1, count=1, path=BTC)
    venue.wait(1_500)
    assert (order.state, venue.free("BTC"), venue.locked("BTC")) == ("cancel", 5, 0)
    assert prices.shocks == [(BTC, pytest.approx(-90))]
    assert report(venue.exchange)["conservation"]["ok"]


def test_a_split_needs_somebody_who_holds_the_coin(venue: QuietVenue, prices: StillDriver) -> None:
    venue.exchange.faults.switch("split", 1)
    venue.wait(3_000)
    assert prices.shocks == []
    assert venue.exchange.faults.active()[0].happened == 0


def test_the_simulated_market_follows_a_split() -> None:
    clock = VenueClock(START_US)
    exchange = Exchange(clock, 1, [Market(spec.name, KrwUnits(), spec.price) for spec in MARKETS[:1]])
    model = MarketModel(exchange, MARKETS[:1], 1)
    model.start()
    exchange.deposit("BTC", Decimal(1))
    before = exchange.markets[BTC].tape.last_price
    Incidents(exchange, model).split(exchange.markets[BTC], Decimal(10))
    clock.advance(2_000_000)
    assert exchange.accounts.balance("BTC").free == 10
    assert float(exchange.markets[BTC].tape.last_price) == pytest.approx(float(before) / 10, rel=0.05)
