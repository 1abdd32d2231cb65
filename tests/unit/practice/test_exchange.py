"""Accepting, cancelling and replacing orders; the phone app; faults of the order's life."""

from decimal import Decimal

import pytest

from app.practice.ledger_report import report
from app.practice.order import OrderRequest, Side
from app.practice.order_rules import parse_request
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import BTC, QuietVenue

HIGH = "100000000"


def test_a_cancel_is_carried_out_later(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.wait()
    venue.exchange.cancel(order)
    assert order.is_open
    venue.wait(25)
    assert order.state == "cancel"
    assert (venue.locked(), venue.free()) == (0, 50_000_000)


def test_an_order_may_still_fill_before_its_cancel(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.wait()
    venue.exchange.cancel(order)
    venue.hit(Side.ASK, "0.1")
    venue.wait(100)
    assert order.state == "done"


def test_an_ended_order_cannot_be_cancelled(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.exchange.cancel(order)
    venue.wait(100)
    with pytest.raises(VenueError) as refusal:
        venue.exchange.cancel(order)
    assert (refusal.value.status, refusal.value.name) == (404, "order_not_found")


def test_an_identifier_is_refused_for_ever(venue: QuietVenue) -> None:
    with pytest.raises(VenueError):
        venue.buy(HIGH, "99", identifier="a")
    with pytest.raises(VenueError) as refusal:
        venue.buy(HIGH, "0.1", identifier="a")
    assert refusal.value.name == "duplicated_identifier"


def test_a_halted_market_keeps_orders_but_takes_none(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.market.halted = True
    with pytest.raises(VenueError) as refusal:
        venue.buy(HIGH, "0.1")
    assert (refusal.value.status, refusal.value.name) == (403, "market_offline")
    venue.exchange.cancel(order)
    venue.wait(100)
    assert order.state == "cancel"


def test_cancel_and_new_takes_over_what_remains(venue: QuietVenue) -> None:
    old = venue.buy(HIGH, "0.3")
    venue.wait()
    venue.hit(Side.ASK, "0.1")
    uuid = venue.exchange.cancel_and_new(old, replacement(), remain_only=True)
    assert (old.state, venue.exchange.orders.find(uuid, None)) == ("wait", None)
    venue.hit(Side.ASK, "0.05")
    venue.wait(100)
    new = venue.exchange.orders.known(uuid)
    assert (old.state, new.state, new.request.volume) == ("cancel", "wait", Decimal("0.15"))
    assert venue.exchange.orders.find(None, "next") is new


def replacement(volume: str = "0.3", price: str = "99000000") -> OrderRequest:
    fields = {"market": BTC, "side": "bid", "ord_type": "limit", "price": price, "volume": volume}
    return parse_request({**fields, "identifier": "next"})


def test_an_order_filled_before_its_cancel_is_replaced_by_nothing(venue: QuietVenue) -> None:
    old = venue.buy(HIGH, "0.3")
    venue.wait()
    uuid = venue.exchange.cancel_and_new(old, replacement(), remain_only=True)
    venue.hit(Side.ASK, "0.3")
    venue.wait(100)
    assert (old.state, venue.exchange.orders.find(uuid, None)) == ("done", None)
    with pytest.raises(VenueError) as refusal:
        venue.exchange.cancel_and_new(old, replacement(), remain_only=True)
    assert (refusal.value.status, refusal.value.name) == (404, "order_not_found")


def test_what_remains_may_be_too_small_to_be_replaced(venue: QuietVenue) -> None:
    old = venue.buy(HIGH, "0.3")
    venue.wait()
    uuid = venue.exchange.cancel_and_new(old, replacement(), remain_only=True)
    venue.hit(Side.ASK, "0.29999")
    venue.wait(100)
    assert (old.state, venue.exchange.orders.find(uuid, None)) == ("cancel", None)


def test_a_refused_replacement_leaves_the_order_and_uses_up_its_identifier(venue: QuietVenue) -> None:
    old = venue.buy(HIGH, "0.1")
    venue.wait()
    for volume, name in (("9", "insufficient_funds_bid"), ("0.1", "duplicated_identifier")):
        with pytest.raises(VenueError) as refusal:
            venue.exchange.cancel_and_new(old, replacement(volume), remain_only=False)
        assert refusal.value.name == name
    venue.wait(100)
    assert old.is_open and not old.cancel_requested


def test_money_of_the_old_order_pays_for_the_new_one(venue: QuietVenue) -> None:
    old = venue.buy(HIGH, "0.3")
    venue.wait()
    locked, free = venue.exchange.accounts.balance("KRW").locked, venue.free()
    uuid = venue.exchange.cancel_and_new(old, replacement(price="101000000"), remain_only=True)
    assert (venue.exchange.accounts.balance("KRW").locked, venue.free()) == (locked, free)
    venue.wait(100)
    new = venue.exchange.orders.known(uuid)
    assert venue.exchange.accounts.balance("KRW").locked == new.locked > locked


def test_a_trade_in_the_phone_app_has_no_identifier(venue: QuietVenue) -> None:
    venue.quote(asks={HIGH: "1"}, bids={"99000000": "1"})
    bought = venue.exchange.external_trade(BTC, Side.BID, Decimal("0.2"))
    venue.wait()
    sold = venue.exchange.external_trade(BTC, Side.ASK, Decimal("0.2"))
    venue.wait()
    assert (bought.source, bought.state, bought.request.identifier) == ("external", "done", None)
    assert (sold.executed_volume, venue.free("BTC")) == (Decimal("0.2"), 0)


def test_a_new_order_may_be_invisible_for_a_while(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("order_not_found", 1, value=Decimal(2), count=1)
    order = venue.buy(HIGH, "0.1")
    assert not venue.exchange.visible(order)
    venue.wait(2000)
    assert venue.exchange.visible(order)


def test_slow_fills_and_slow_cancels(venue: QuietVenue) -> None:
    venue.quote(asks={HIGH: "1"})
    venue.exchange.faults.switch("slow_fills", 1, value=Decimal(1))
    order = venue.buy(HIGH, "0.1")
    venue.wait(900)
    assert order.is_open
    venue.wait(100)
    assert order.state == "done"


def test_a_rest_may_fill_just_before_its_cancel(venue: QuietVenue) -> None:
    venue.quote(bids={HIGH: "2"})
    order = venue.buy(HIGH, "0.1")
    venue.wait()
    venue.exchange.faults.switch("late_fill_after_cancel", 1)
    venue.exchange.cancel(order)
    venue.wait(100)
    assert order.state == "done"


def test_a_refused_cancel_changes_nothing(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.exchange.faults.switch("cancel_refused", 1, count=1)
    with pytest.raises(VenueError):
        venue.exchange.cancel(order)
    venue.wait(100)
    assert order.is_open


def test_the_same_requests_at_the_same_times_give_the_same_venue() -> None:
    def played() -> tuple[str, list[tuple[str, str]]]:
        venue = QuietVenue()
        venue.quote(asks={HIGH: "1"})
        order = venue.buy(HIGH, "0.1")
        venue.wait()
        return order.fills[0].trade_uuid, venue.diary.orders

    assert played() == played()


def test_open_orders_of_an_earlier_run_go_on(venue: QuietVenue) -> None:
    """Queued ones queue in their order, new ones meet the market, asked cancels are carried out."""
    venue.quote(asks={HIGH: "1"})
    first, second, gone = (venue.buy("90000000", "0.001", identifier=name) for name in ("1", "2", "3"))
    fresh = venue.buy(HIGH, "0.001")
    gone.cancel_requested = True
    venue.exchange.resume([second.uuid, first.uuid, gone.uuid])
    assert [entry.order for entry in venue.market.book.bids.user_entries()] == [second, first, gone]
    venue.wait(25)
    assert (first.state, gone.state, fresh.state) == ("wait", "cancel", "done")


def test_an_open_order_of_a_market_that_is_no_more_is_cancelled(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.001")
    del venue.exchange.markets[BTC]
    venue.exchange.resume([order.uuid])
    assert (order.state, venue.locked()) == ("cancel", 0)


def test_a_fresh_identifier_may_be_refused_as_used(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("identifier_refused", 1, count=1)
    with pytest.raises(VenueError) as refusal:
        venue.buy("90000000", "0.01", identifier="fresh")
    assert refusal.value.name == "duplicated_identifier"
    assert list(venue.exchange.orders.all()) == []


def test_a_cancelled_order_may_be_filled_after_its_end(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("late_fill_after_end", 1)
    order = venue.buy("90000000", "0.1", identifier="late")
    venue.wait()
    venue.exchange.cancel(order)
    venue.wait(1_000)
    assert (order.state, order.executed_volume, venue.locked()) == ("cancel", 0, 0)
    venue.wait(2_000)
    assert (order.state, order.executed_volume, venue.free("BTC")) == ("cancel", Decimal("0.1"), Decimal("0.1"))
    assert venue.diary.states("late") == ["wait", "cancel", "trade"]
    assert venue.free() == Decimal(50_000_000) - 9_004_500
    assert report(venue.exchange)["conservation"]["ok"]


def test_a_late_fill_takes_no_more_than_the_account_has(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("late_fill_after_end", 1)
    order = venue.buy("90000000", "0.1")
    venue.exchange.cancel(order)
    venue.wait(1_000)
    venue.exchange.deposit("KRW", -venue.free())
    venue.wait(5_000)
    assert (order.executed_volume, venue.free("BTC")) == (0, 0)
