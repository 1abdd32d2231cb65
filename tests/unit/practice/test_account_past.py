"""An account shown as it was."""

from __future__ import annotations

from decimal import Decimal

from app.practice.account_past import balances_at, open_orders_at
from app.practice.clock import US_PER_S
from app.practice.order import Side
from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import QuietVenue


def shown(venue: QuietVenue, seconds_ago: int) -> dict[str, tuple[Decimal, Decimal]]:
    past = balances_at(venue.exchange, venue.clock.now_us() - seconds_ago * US_PER_S)
    return {balance.currency: (balance.free, balance.locked) for balance in past}


def test_balances_before_and_after_an_order_and_its_fill(venue: QuietVenue) -> None:
    venue.wait(1000)
    venue.buy("90000000", "0.1")
    venue.wait(10_000)
    venue.hit(Side.ASK, "0.1")
    venue.wait(10_000)
    cash, hold = Decimal(50_000_000), Decimal("9004500")
    assert shown(venue, 20) == {"KRW": (cash, 0)} | {"KRW": (cash - hold, hold)}
    assert shown(venue, 21) == {"KRW": (cash, 0)}
    assert shown(venue, 0) == {"KRW": (cash - hold, 0), "BTC": (Decimal("0.1"), 0)}


def test_an_ended_order_is_open_again_without_its_later_fills(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.1")
    venue.wait(10_000)
    venue.hit(Side.ASK, "0.04")
    venue.wait(10_000)
    venue.hit(Side.ASK, "0.06")
    venue.wait(1000)
    past = open_orders_at(venue.exchange, None, venue.clock.now_us() - 5 * US_PER_S)
    assert [(copy.uuid, copy.state, copy.executed_volume) for copy in past] == [(order.uuid, "wait", Decimal("0.04"))]
    assert (order.state, order.executed_volume) == ("done", Decimal("0.1"))
    assert open_orders_at(venue.exchange, None, venue.clock.now_us()) == []


async def test_a_stale_venue_does_not_know_the_new_order(desk: Desk) -> None:
    desk.venue.wait(20_000)
    order = desk.venue.buy("90000000", "0.1")
    desk.venue.exchange.faults.switch("account_stale", 1, value=Decimal(5))
    assert (await desk.call("GET", "/orders/open")).body == []
    assert [row["locked"] for row in (await desk.call("GET", "/accounts")).body] == ["0"]
    await desk.wait(6_000)
    assert [row["uuid"] for row in (await desk.call("GET", "/orders/open")).body] == [order.uuid]
