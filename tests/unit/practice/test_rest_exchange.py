"""Accounts, chance, order creation and look-ups over the wire."""

from __future__ import annotations

from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC

BUY = {"market": BTC, "side": "bid", "ord_type": "limit", "price": "90000000", "volume": "0.01"}


async def test_accounts_show_free_and_locked_as_strings(desk: Desk) -> None:
    await desk.call("POST", "/orders", BUY)
    answer = await desk.call("GET", "/accounts")
    assert answer.body == [
        {
            "currency": "KRW",
            "balance": "49099550",
            "locked": "900450",
            "avg_buy_price": "0",
            "avg_buy_price_modified": False,
            "unit_currency": "KRW",
        }
    ]


async def test_chance_tells_fee_and_minimum(desk: Desk) -> None:
    answer = await desk.call("GET", "/orders/chance", {"market": BTC})
    assert (answer.body["bid_fee"], answer.body["market"]["bid"]["min_total"]) == ("0.0005", "5000")
    unknown = await desk.call("GET", "/orders/chance", {"market": "KRW-X"})
    assert (unknown.status, unknown.body["error"]["name"]) == (400, "notfoundmarket")


async def test_a_created_order_is_answered_as_waiting(desk: Desk) -> None:
    desk.venue.quote(asks={"90000000": "1"})
    answer = await desk.call("POST", "/orders", BUY | {"identifier": "my-1"})
    assert (answer.status, answer.body["state"], answer.body["identifier"]) == (201, "wait", "my-1")
    assert "trades" not in answer.body
    await desk.wait()
    found = await desk.call("GET", "/order", {"uuid": answer.body["uuid"]})
    trade = found.body["trades"][0]
    assert found.body["state"] == "done"
    assert (found.body["trades_count"], trade["funds"], trade["side"]) == (1, "900000", "bid")
    assert trade["created_at"].endswith(".003000+09:00")


async def test_a_market_buy_has_no_volume(desk: Desk) -> None:
    body = {"market": BTC, "side": "bid", "ord_type": "price", "price": "10000"}
    answer = await desk.call("POST", "/orders", body)
    assert {"volume", "identifier", "time_in_force"}.isdisjoint(answer.body)
    assert (answer.body["locked"], answer.body["reserved_fee"], answer.body["remaining_volume"]) == ("10005", "5", "0")


async def test_a_test_order_places_nothing(desk: Desk) -> None:
    answer = await desk.call("POST", "/orders/test", BUY | {"identifier": "t"})
    assert (answer.status, answer.body["state"]) == (201, "wait")
    assert (await desk.call("GET", "/order", {"identifier": "t"})).status == 404
    assert (await desk.call("POST", "/orders", BUY | {"identifier": "t"})).status == 201


async def test_lists_are_paged_and_ordered(desk: Desk) -> None:
    ids = []
    for number in range(3):
        answer = await desk.call("POST", "/orders", BUY | {"identifier": f"n{number}"})
        ids.append(answer.body["uuid"])
        await desk.wait(1)
    newest = await desk.call("GET", "/orders/open", {"limit": "2"})
    second = await desk.call("GET", "/orders/open", {"limit": "2", "page": "2"})
    oldest = await desk.call("GET", "/orders/open", {"order_by": "asc", "market": BTC})
    chosen = await desk.call("GET", "/orders/uuids", [("identifiers[]", "n0"), ("identifiers[]", "gone")])
    assert [row["uuid"] for row in newest.body + second.body] == ids[::-1]
    assert [row["uuid"] for row in oldest.body] == ids
    assert [row["uuid"] for row in chosen.body] == ids[:1]
    assert (await desk.call("GET", "/orders/open", {"limit": "101"})).status == 400


async def test_closed_lists_take_a_window_of_seven_days(desk: Desk) -> None:
    answer = await desk.call("POST", "/orders", BUY)
    await desk.call("DELETE", "/order", {"uuid": answer.body["uuid"]})
    await desk.wait(100)
    both = await desk.call("GET", "/orders/closed", [("states[]", "done"), ("states[]", "cancel")])
    later = await desk.call("GET", "/orders/closed", {"start_time": "2026-11-21T00:00:00+09:00"})
    wide = {"start_time": "2026-11-01T00:00:00+09:00", "end_time": "2026-11-20T00:00:00+09:00"}
    assert [row["state"] for row in both.body] == ["cancel"]
    assert later.body == []
    assert (await desk.call("GET", "/orders/closed", wide)).status == 400


async def test_a_key_tells_its_expiry(desk: Desk) -> None:
    answer = await desk.call("GET", "/api_keys")
    assert answer.body == [{"access_key": desk.ends.access_key, "expire_at": "2027-11-20T00:00:00+09:00"}]


async def test_an_unnamed_order_is_a_malformed_question(desk: Desk) -> None:
    assert (await desk.call("GET", "/order")).status == 400
    missing = await desk.call("GET", "/order", {"uuid": "none"})
    assert (missing.status, missing.body["error"]["name"]) == (404, "order_not_found")


async def test_pages_may_be_shorter_than_asked_and_still_lose_nothing(desk: Desk) -> None:
    orders = [desk.venue.buy("90000000", "0.001") for _ in range(5)]
    desk.venue.exchange.faults.switch("page_cut", 1)
    pages = [
        (await desk.call("GET", "/orders/open", {"page": str(page), "limit": "100", "order_by": "asc"})).body
        for page in (1, 2, 3, 4)
    ]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [row["uuid"] for page in pages for row in page] == [order.uuid for order in orders]
