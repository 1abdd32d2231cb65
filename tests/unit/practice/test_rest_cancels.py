"""Cancels: asynchronous, listed, for all, and with a successor."""

from __future__ import annotations

from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC


async def test_the_answer_still_waits(desk: Desk) -> None:
    order = desk.venue.buy("90000000", "0.01", identifier="a")
    answer = await desk.call("DELETE", "/order", {"identifier": "a"})
    assert (answer.status, answer.body["state"]) == (200, "wait")
    await desk.wait(100)
    assert order.state == "cancel"
    again = await desk.call("DELETE", "/order", {"identifier": "a"})
    assert (again.status, again.body["error"]["name"]) == (404, "order_not_found")


async def test_listed_cancels_tell_success_and_failure(desk: Desk) -> None:
    order = desk.venue.buy("90000000", "0.01", identifier="a")
    answer = await desk.call("DELETE", "/orders/uuids", [("uuids[]", order.uuid), ("uuids[]", "gone")])
    assert answer.body == {
        "success": {"count": 1, "orders": [{"uuid": order.uuid, "market": BTC, "identifier": "a"}]},
        "failed": {"count": 1, "orders": [{"uuid": "gone"}]},
    }


async def test_listed_cancels_are_limited_to_twenty_of_one_kind(desk: Desk) -> None:
    many = [("uuids[]", str(number)) for number in range(21)]
    assert (await desk.call("DELETE", "/orders/uuids", many)).status == 400
    both = [("uuids[]", "a"), ("identifiers[]", "b")]
    assert (await desk.call("DELETE", "/orders/uuids", both)).status == 400


async def test_all_open_orders_of_a_side(desk: Desk) -> None:
    desk.venue.exchange.deposit("BTC", desk.venue.free() * 0 + 1)
    bids = [desk.venue.buy("90000000", "0.01") for _ in range(3)]
    ask = desk.venue.sell("110000000", "0.01")
    answer = await desk.call("DELETE", "/orders/open", {"cancel_side": "bid", "pairs": BTC, "count": "2"})
    await desk.wait(100)
    assert answer.body["success"]["count"] == 2
    assert [order.state for order in (*bids, ask)] == ["wait", "cancel", "cancel", "wait"]
    assert (await desk.call("DELETE", "/orders/open")).status == 429
    await desk.wait(2000)
    assert (await desk.call("DELETE", "/orders/open")).body["success"]["count"] == 2


async def test_cancel_and_new_names_both_orders(desk: Desk) -> None:
    old = desk.venue.buy("90000000", "0.01")
    await desk.wait()
    body = {
        "prev_order_uuid": old.uuid,
        "new_ord_type": "limit",
        "new_price": "91000000",
        "new_volume": "remain_only",
        "new_identifier": "next",
    }
    answer = await desk.call("POST", "/orders/cancel_and_new", body)
    assert (answer.status, answer.body["uuid"], answer.body["new_order_identifier"]) == (201, old.uuid, "next")
    assert answer.body["state"] == "wait"
    await desk.wait(100)
    new = await desk.call("GET", "/order", {"uuid": answer.body["new_order_uuid"]})
    assert (old.state, new.body["price"], new.body["volume"]) == ("cancel", "91000000", "0.01")


async def test_a_bulk_cancel_may_quietly_cover_only_half(desk: Desk) -> None:
    orders = [desk.venue.buy("90000000", "0.001") for _ in range(4)]
    desk.venue.exchange.faults.switch("bulk_cancel_partial", 1, count=1)
    answer = await desk.call("DELETE", "/orders/open", {"pairs": BTC})
    await desk.wait()
    assert (answer.body["success"]["count"], answer.body["failed"]["count"]) == (2, 0)
    assert sum(order.is_open for order in orders) == 2
