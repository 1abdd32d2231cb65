"""Money of holds, fills and ends; the real 2022 market buy is played to the last digit."""

from decimal import Decimal

from app.practice.order import OrderType, Side, SmpType
from app.practice.order_rules import parse_request
from app.practice.settlement import IdSource, hold_needed
from tests.unit.practice.venue_kit import BTC, QuietVenue


def test_a_market_buy_locks_the_fee_on_top() -> None:
    request = parse_request({"market": BTC, "side": "bid", "ord_type": "price", "price": "10000"})
    assert hold_needed(request) == (Decimal("10005"), Decimal("5"))


def test_a_sell_locks_only_coin() -> None:
    request = parse_request({"market": BTC, "side": "ask", "ord_type": "market", "volume": "0.5"})
    assert (request.side, request.ord_type, request.smp_type) == (Side.ASK, OrderType.MARKET, SmpType.CANCEL_MAKER)
    assert hold_needed(request) == (Decimal("0.5"), Decimal(0))


def test_the_real_market_buy_of_2022() -> None:
    """price 7000 -> fill 6999.99997655, fee 3.499999988275, leftovers shown but given back (upbit.md 5.3)."""
    venue = QuietVenue(cash="7003.5", last_price="4295")
    venue.quote(asks={"4295": "100"})
    order = venue.place(side="bid", ord_type="price", price="7000")
    assert (venue.free(), venue.locked()) == (0, Decimal("7003.5"))
    venue.wait()
    assert (order.state, order.executed_funds) == ("cancel", Decimal("6999.99997655"))
    assert order.paid_fee == Decimal("3.499999988275")
    assert (order.remaining_fee, order.locked) == (Decimal("0.000000011725"), Decimal("0.000023461725"))
    assert (venue.free(), venue.locked()) == (Decimal("0.000023461725"), 0)


def test_a_market_buy_is_done_only_when_spent_exactly() -> None:
    venue = QuietVenue(cash="7003.5", last_price="35000")
    venue.quote(asks={"35000": "1"})
    order = venue.place(side="bid", ord_type="price", price="7000")
    venue.wait()
    assert (order.state, order.locked, venue.free()) == ("done", 0, 0)


def test_dust_of_a_market_buy_is_shown_and_given_back() -> None:
    venue = QuietVenue(cash="7003.5")
    venue.quote(asks={"30001000": "1"})
    order = venue.place(side="bid", ord_type="price", price="7000")
    venue.wait()
    assert order.state == "cancel"
    assert order.executed_volume == Decimal("0.00023332")
    assert order.executed_funds == Decimal("6999.83332")
    assert order.paid_fee == Decimal("3.49991666")
    assert order.locked == Decimal("0.16668") + order.remaining_fee
    assert venue.free() == Decimal("7003.5") - order.executed_funds - order.paid_fee
    assert venue.locked() == 0


def test_a_better_price_frees_the_difference_at_once(venue: QuietVenue) -> None:
    venue.quote(asks={"99000000": "0.4"})
    order = venue.buy("100000000", "0.49")
    venue.wait()
    assert order.executed_volume == Decimal("0.4")
    expected = Decimal("50000000") - Decimal("0.4") * 99_000_000 * Decimal("1.0005") - order.locked
    assert venue.free() == expected
    assert venue.locked() == order.locked
    assert order.locked == Decimal("0.09") * 100_000_000 + order.remaining_fee


def test_a_sale_pays_its_fee_out_of_the_proceeds(venue: QuietVenue) -> None:
    venue.exchange.deposit("BTC", Decimal(1))
    venue.quote(bids={"100000000": "1"})
    order = venue.place(side="ask", ord_type="market", volume="0.5")
    venue.wait()
    assert order.state == "done"
    assert (order.reserved_fee, order.remaining_fee, order.paid_fee) == (0, 0, 25_000)
    assert venue.free() == 50_000_000 + 50_000_000 - 25_000
    assert venue.free("BTC") == Decimal("0.5")


def test_ids_repeat_for_the_same_start_and_differ_otherwise() -> None:
    assert IdSource(1, 5).fresh() == IdSource(1, 5).fresh()
    assert IdSource(1, 5).fresh() != IdSource(1, 6).fresh()
