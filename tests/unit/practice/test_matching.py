"""Order types against a hand-made book, self-match prevention, and faults of matching."""

from decimal import Decimal

import pytest

from app.practice.ledger_report import report
from app.practice.order import Order, Side
from tests.unit.practice.venue_kit import QuietVenue

HIGH, LOW = "100000000", "99000000"


def test_a_limit_buy_in_two_parts_reports_as_upbit_does(venue: QuietVenue) -> None:
    venue.buy(HIGH, "0.1", identifier="a")
    venue.wait()
    venue.hit(Side.ASK, "0.04", HIGH)
    venue.hit(Side.ASK, "0.06", HIGH)
    assert venue.diary.states("a") == ["wait", "trade", "trade", "done"]


def test_market_orders_start_with_their_trade(venue: QuietVenue) -> None:
    venue.quote(asks={HIGH: "1"})
    venue.place(side="bid", ord_type="price", price="10000", identifier="m")
    venue.wait()
    assert venue.diary.states("m") == ["trade", "done"]


def test_the_earlier_order_at_a_price_is_served_first(venue: QuietVenue) -> None:
    venue.quote(bids={LOW: "0.5"})
    order = venue.buy(LOW, "0.1")
    venue.wait()
    venue.quote(bids={LOW: "0.5"})
    assert venue.hit(Side.ASK, "0.5") == Decimal("0.5")
    assert order.executed_volume == 0
    venue.hit(Side.ASK, "0.05")
    assert order.executed_volume == Decimal("0.05")


def test_a_better_price_is_served_before_an_earlier_order(venue: QuietVenue) -> None:
    first, second = venue.buy(LOW, "0.1"), venue.buy(HIGH, "0.1")
    venue.wait()
    venue.hit(Side.ASK, "0.1")
    assert (first.executed_volume, second.state) == (0, "done")


@pytest.mark.parametrize(
    ("tif", "volume", "executed", "state"),
    [
        ("ioc", "0.3", "0.2", "cancel"),
        ("ioc", "0.2", "0.2", "done"),
        ("fok", "0.3", "0", "cancel"),
        ("fok", "0.2", "0.2", "done"),
    ],
)
def test_immediate_orders(venue: QuietVenue, tif: str, volume: str, executed: str, state: str) -> None:
    venue.quote(asks={LOW: "0.2", "101000000": "5"})
    order = venue.buy(HIGH, volume, time_in_force=tif)
    venue.wait()
    assert (order.executed_volume, order.state) == (Decimal(executed), state)
    assert venue.locked() == 0


def test_post_only_that_would_match_is_cancelled_unfilled(venue: QuietVenue) -> None:
    venue.quote(asks={HIGH: "1"})
    taking, making = (venue.buy(price, "0.1", time_in_force="post_only") for price in (HIGH, LOW))
    venue.wait()
    assert (taking.state, taking.executed_volume) == ("cancel", 0)
    assert making.state == "wait"


def test_best_takes_only_the_best_price(venue: QuietVenue) -> None:
    venue.quote(asks={LOW: "0.1", HIGH: "5"})
    order = venue.place(side="bid", ord_type="best", price="20000000", time_in_force="ioc")
    venue.wait()
    assert (order.executed_volume, order.state) == (Decimal("0.1"), "cancel")


def test_a_market_sell_into_a_thin_book_ends_cancelled(venue: QuietVenue) -> None:
    venue.exchange.deposit("BTC", Decimal(1))
    venue.quote(bids={HIGH: "0.3"})
    order = venue.place(side="ask", ord_type="market", volume="1")
    venue.wait()
    assert (order.state, order.executed_volume, venue.free("BTC")) == ("cancel", Decimal("0.3"), Decimal("0.7"))


def own_pair(venue: QuietVenue, smp: str) -> tuple[Order, Order]:
    venue.exchange.deposit("BTC", Decimal(1))
    maker = venue.sell(HIGH, "0.3", identifier="maker")
    venue.wait()
    taker = venue.buy(HIGH, "0.2", identifier="taker", smp_type=smp)
    venue.wait()
    return maker, taker


def test_the_default_cancels_the_resting_own_order(venue: QuietVenue) -> None:
    maker, taker = own_pair(venue, "")
    assert (maker.state, maker.prevented_volume, taker.state) == ("cancel", Decimal("0.3"), "wait")
    assert venue.diary.states("maker") == ["wait", "prevented", "cancel"]


def test_cancel_taker_ends_the_newcomer(venue: QuietVenue) -> None:
    maker, taker = own_pair(venue, "cancel_taker")
    assert (maker.state, taker.state) == ("wait", "cancel")
    assert taker.prevented_locked == Decimal("0.2") * 100_000_000 * Decimal("1.0005")


def test_reduce_cuts_both(venue: QuietVenue) -> None:
    maker, taker = own_pair(venue, "reduce")
    assert (maker.remaining_volume, taker.state) == (Decimal("0.1"), "cancel")
    assert venue.exchange.ledger.problems() == []


def test_none_lets_the_account_trade_with_itself(venue: QuietVenue) -> None:
    maker, taker = own_pair(venue, "none")
    assert (maker.executed_volume, taker.state) == (Decimal("0.2"), "done")
    assert venue.exchange.ledger.problems() == []


def test_partial_fills_only_leaves_a_rest(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("partial_fills_only", 1)
    venue.quote(asks={HIGH: "1"})
    order = venue.buy(HIGH, "0.1")
    venue.wait()
    assert (order.executed_volume, order.state) == (Decimal("0.04"), "wait")


def test_crossed_resting_orders_fill_at_their_own_price(venue: QuietVenue) -> None:
    order = venue.buy(HIGH, "0.1")
    venue.wait()
    venue.quote(asks={LOW: "0.06"})
    venue.exchange.engine.fill_crossed(venue.market, Side.BID)
    assert [(fill.price, fill.volume) for fill in order.fills] == [(Decimal(HIGH), Decimal("0.06"))]
    assert venue.market.book.best_price(Side.ASK) is None


def test_a_remembered_order_rests_again_and_never_takes(venue: QuietVenue) -> None:
    order = venue.buy("90000000", "0.1")
    venue.quote(asks={"89999000": "1", "90000000": "1", "90001000": "1"})
    venue.exchange.engine.rest_again(venue.market, order)
    assert (order.executed_volume, venue.market.book.best_price(Side.ASK)) == (0, Decimal("90001000"))
    assert venue.market.book.bids.front() is not None
    venue.hit(Side.ASK, "0.1")
    assert (order.state, order.fills[0].is_maker) == ("done", True)


def test_an_overfilled_order_gets_more_than_it_asked_for(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("overfill", 1)
    venue.quote(asks={"100000000": "1"})
    order = venue.buy("100000000", "0.1", identifier="over")
    venue.wait()
    assert (order.state, order.executed_volume, order.remaining_volume) == ("done", Decimal("0.11"), 0)
    assert (venue.free("BTC"), venue.locked()) == (Decimal("0.11"), 0)
    assert venue.free() == 50_000_000 - Decimal("11005500")
    assert venue.diary.states("over") == ["wait", "trade", "trade", "done"]
    assert report(venue.exchange)["conservation"]["ok"]


def test_an_oversold_order_sells_no_more_than_there_is(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("overfill", 1)
    venue.exchange.deposit("BTC", Decimal("0.105"))
    venue.quote(bids={"100000000": "1"})
    order = venue.place(side="ask", ord_type="market", volume="0.1")
    venue.wait()
    assert (order.executed_volume, venue.free("BTC")) == (Decimal("0.105"), 0)
    assert report(venue.exchange)["conservation"]["ok"]


@pytest.mark.parametrize("side", list(Side))
def test_a_bust_reverses_a_fill(venue: QuietVenue, side: Side) -> None:
    venue.exchange.deposit("BTC", Decimal(1))
    venue.quote(bids={"100000000": "1"}, asks={"100000000": "1"})
    venue.exchange.faults.switch("bust", 1, count=1)
    before = venue.free(), venue.free("BTC")
    order = venue.place(side=side.value, ord_type="limit", price="100000000", volume="0.1")
    venue.wait()
    assert (venue.free(), venue.free("BTC")) != before
    venue.wait(5_000)
    assert (venue.free(), venue.free("BTC")) == before
    assert (order.state, order.executed_volume, order.paid_fee, order.fills) == ("done", 0, 0, [])
    shown = report(venue.exchange)
    assert shown["conservation"]["ok"]
    assert [fill["volume"] for fill in shown["orders"][0]["busted"]] == ["0.1"]
    assert venue.exchange.ledger.postings[-1].kind == "bust"


def test_a_bust_of_an_open_order_leaves_its_rest_working(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("bust", 1, count=1)
    order = venue.buy("90000000", "0.1")
    venue.wait()
    venue.hit(Side.ASK, "0.04")
    venue.wait(6_000)
    assert (order.state, order.executed_volume, order.remaining_volume) == ("wait", 0, Decimal("0.06"))
    assert report(venue.exchange)["conservation"]["ok"]
    venue.hit(Side.ASK, "1")
    venue.wait(100)
    assert (order.state, order.executed_volume, venue.locked()) == ("done", Decimal("0.06"), 0)
    assert report(venue.exchange)["conservation"]["ok"]


def test_a_fill_whose_coin_is_spent_stands(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("bust", 1, count=1)
    venue.quote(asks={"100000000": "1"})
    order = venue.buy("100000000", "0.1")
    venue.wait()
    venue.exchange.deposit("BTC", Decimal("-0.1"))
    venue.wait(6_000)
    assert order.executed_volume == Decimal("0.1")


def test_the_fee_may_be_kept_from_the_coin(venue: QuietVenue) -> None:
    venue.exchange.faults.switch("fee_in_base", 1)
    venue.quote(asks={"100000000": "1"})
    order = venue.buy("100000000", "0.1")
    venue.wait()
    assert (order.executed_volume, order.paid_fee) == (Decimal("0.1"), 0)
    assert venue.free("BTC") == Decimal("0.1") - Decimal("0.00005")
    assert venue.free() == 40_000_000
    shown = report(venue.exchange)
    assert shown["orders"][0]["fills"][0]["coin_fee"] == "0.00005"
    assert shown["conservation"]["ok"]
