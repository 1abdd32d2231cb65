"""What answers and frames look like while they are spoiled; the venue behind them stays right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.practice.answer_faults import NEW_FIELD, NEW_SIDE, NEW_STATE, NEW_TYPE, spoil_answer, spoil_frame
from app.practice.clock import VenueClock
from app.practice.faults import Faults
from app.practice.order import Side
from app.practice.wire import encode
from app.practice.ws_format import render
from app.practice.ws_requests import Format
from tests.unit.practice.conftest import Desk, read
from tests.unit.practice.venue_kit import BTC

ORDER = {"uuid": "u", "market": BTC, "side": "bid", "state": "wait", "identifier": "mine"}
ACCOUNTS = [{"currency": "KRW", "balance": "1"}, {"currency": "BTC", "balance": "2"}]
BOOK = {
    "type": "orderbook",
    "code": BTC,
    "orderbook_units": [{"ask_price": Decimal(11), "bid_price": Decimal(10)}, {"ask_price": Decimal(12)}],
}
TRADE = {"type": "trade", "code": BTC, "trade_price": Decimal(10)}
MY_ORDER = {"type": "myOrder", "code": BTC, "uuid": "u", "ask_bid": "BID", "state": "wait", "identifier": "mine"}


def faults(*names: str, value: Decimal | None = None) -> Faults:
    made = Faults(VenueClock(0), 1)
    for name in names:
        made.switch(name, 1, value=value)
    return made


def test_nothing_is_touched_while_nothing_is_on() -> None:
    assert spoil_answer(ORDER, faults(), "/v1/order") is ORDER
    assert spoil_frame(TRADE, faults(), "/") is TRADE


@pytest.mark.parametrize(
    ("fault", "field", "word"), [("unknown_state", "state", NEW_STATE), ("unknown_side", "side", NEW_SIDE)]
)
def test_words_nobody_knows(fault: str, field: str, word: str) -> None:
    assert spoil_answer([ORDER], faults(fault), "/v1/orders/open") == [ORDER | {field: word}]
    assert ORDER[field] != word


def test_identifiers_are_left_out_at_every_depth() -> None:
    bulk = {"success": {"count": 1, "orders": [{"uuid": "u", "market": BTC, "identifier": "mine"}]}}
    assert "mine" not in str(spoil_answer(bulk, faults("identifier_off"), "/"))
    assert "identifier" not in spoil_frame(MY_ORDER, faults("identifier_off"), "/")


def test_a_row_of_the_balances_comes_twice_and_only_there() -> None:
    doubled = spoil_answer(ACCOUNTS, faults("balance_row_duplicated"), "/v1/accounts")
    assert len(doubled) == 3
    assert doubled[2] in ACCOUNTS
    assert spoil_answer(ACCOUNTS, faults("balance_row_duplicated"), "/v1/orders") == ACCOUNTS


def test_a_field_gets_another_name_in_every_row() -> None:
    rows = spoil_answer(ACCOUNTS, faults("field_renamed"), "/v1/accounts")
    new = {frozenset(row) - {"currency", "balance"} for row in rows}
    assert len(new) == 1
    assert {name for names in new for name in names} <= {"currency_v2", "balance_v2"}


def test_a_field_more_and_a_field_of_another_type() -> None:
    assert NEW_FIELD in spoil_answer(ORDER, faults("field_added"), "/")
    retyped = spoil_answer(ORDER, faults("field_retyped"), "/")
    changed = [retyped[name] for name in ORDER if retyped[name] != ORDER[name]]
    assert len(changed) == 1
    assert changed[0] is None or changed[0] is True or isinstance(changed[0], list)


@pytest.mark.parametrize(
    ("fault", "price"),
    [("price_zero", Decimal(0)), ("price_nan", "NaN"), ("price_tiny", Decimal("1e-9")), ("price_spike", Decimal(100))],
)
def test_odd_prices(fault: str, price: Any) -> None:
    assert spoil_frame(TRADE, faults(fault), "/")["trade_price"] == price
    units = spoil_frame(BOOK, faults(fault), "/")["orderbook_units"]
    assert units[0]["bid_price"] == price
    assert units[1]["ask_price"] == 12
    assert BOOK["orderbook_units"][0]["bid_price"] == 10
    assert encode(units)


def test_a_frame_of_an_unknown_type() -> None:
    assert spoil_frame(MY_ORDER, faults("unknown_frame_type"), "/")["type"] == NEW_TYPE


def test_every_spoiled_form_can_be_sent_in_every_format() -> None:
    for seed in range(40):
        made = Faults(VenueClock(0), seed)
        for name in ("field_renamed", "field_retyped", "field_added", "price_nan", "unknown_frame_type"):
            made.switch(name, 1)
        for message in (BOOK, TRADE, MY_ORDER):
            for form in Format:
                assert render(spoil_frame(message, made, "/"), form, "REALTIME")


async def test_on_the_wire_the_frame_lies_and_the_market_does_not(desk: Desk) -> None:
    desk.venue.quote(asks={"100000000": "1"})
    socket = await desk.subscribe({"type": "trade", "codes": [BTC], "is_only_realtime": True})
    desk.venue.exchange.faults.switch("price_spike", 1)
    desk.venue.hit(Side.BID, "0.1")
    assert [message["trade_price"] for message in await read(socket)] == [1_000_000_000]
    assert desk.venue.market.tape.last_price == 100_000_000


async def test_an_answer_over_rest_is_spoiled(desk: Desk) -> None:
    desk.venue.buy("90000000", "0.01", identifier="mine")
    desk.venue.exchange.faults.switch("identifier_off", 1)
    open_orders = await desk.call("GET", "/orders/open")
    assert [order.get("identifier", "none") for order in open_orders.body] == ["none"]
    assert (await desk.call("GET", "/order", {"identifier": "mine"})).status == 404
    assert (await desk.call("GET", "/orders/uuids", [("identifiers[]", "mine")])).body == []
