"""The HTTP door: strictness, headers and what switched-on faults do to an answer."""

from __future__ import annotations

from decimal import Decimal

import aiohttp
import pytest
from yarl import URL

from app.practice.server import PracticeServer
from app.practice.settings import Settings
from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC, QuietVenue, RestClient, StillDriver, bearer

BUY = {"market": BTC, "side": "bid", "ord_type": "limit", "price": "90000000", "volume": "0.01"}


async def test_encoded_arrays_are_hashed_decoded(desk: Desk) -> None:
    answer = await desk.call("GET", "/orders/open", [("states[]", "wait"), ("states[]", "watch")])
    assert (answer.status, answer.body) == (200, [])


async def test_a_wrong_hash_is_refused(desk: Desk) -> None:
    url = URL(desk.ends.rest + "/orders/chance?market=KRW-BTC")
    async with desk.rest.session.get(url, headers={"Authorization": bearer(desk.ends, "market=KRW-ETH")}) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"]["name"] == "invalid_query_payload"


async def test_unencoded_signs_are_refused(desk: Desk) -> None:
    url = URL(desk.ends.rest + "/candles/minutes/1?market=KRW-BTC&to=2026-11-20T00:00:00", encoded=True)
    async with desk.rest.session.get(url) as answer:
        assert (await answer.json())["error"] == {
            "name": 400,
            "message": "Invalid parameter. Check the given value!",
        }


async def test_a_body_on_delete_is_refused(desk: Desk) -> None:
    headers = {"Authorization": bearer(desk.ends)}
    async with desk.rest.session.delete(desk.ends.rest + "/order", data=b"{}", headers=headers) as answer:
        assert (await answer.json())["error"]["name"] == "QUERY_PARAMETER_NOT_SUPPORTED"


async def test_a_form_body_on_post_is_refused(desk: Desk) -> None:
    headers = {"Authorization": bearer(desk.ends)}
    async with desk.rest.session.post(desk.ends.rest + "/orders", data={"a": "1"}, headers=headers) as answer:
        assert answer.status == 400


async def test_the_remaining_quota_is_in_every_answer(desk: Desk) -> None:
    good = await desk.call("GET", "/accounts")
    bad = await desk.call("POST", "/orders", BUY | {"volume": "0.000001"})
    assert good.headers["Remaining-Req"] == "group=default; min=1800; sec=29"
    assert (bad.status, bad.headers["Remaining-Req"]) == (400, "group=order; min=1800; sec=11")


async def test_the_date_header_follows_the_skewed_clock(desk: Desk) -> None:
    await desk.admin("POST", "/clock", {"offset_ms": 86_400_000})
    assert (await desk.call("GET", "/accounts")).headers["Date"] == "Sat, 21 Nov 2026 14:00:00 GMT"


async def test_an_origin_is_limited(desk: Desk) -> None:
    origin = {"Origin": "https://example.com"}
    answers = [await desk.call("GET", "/accounts", headers=dict(origin)) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 429]


async def test_a_lost_answer_leaves_the_order_behind(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("order_answer_lost", 1, count=1)
    with pytest.raises(aiohttp.ClientError):
        await desk.call("POST", "/orders", BUY | {"identifier": "lost"})
    found = await desk.call("GET", "/order", {"identifier": "lost"})
    again = await desk.call("POST", "/orders", BUY | {"identifier": "lost"})
    assert (found.status, found.body["state"]) == (200, "wait")
    assert again.body["error"]["name"] == "duplicated_identifier"


@pytest.mark.parametrize(("fault", "accepted"), [("server_error_before", 0), ("server_error_after", 1)])
async def test_a_500_may_or_may_not_have_placed_the_order(desk: Desk, fault: str, accepted: int) -> None:
    desk.venue.exchange.faults.switch(fault, 1, count=1)
    answer = await desk.call("POST", "/orders", BUY)
    assert (answer.status, answer.body["error"]["name"]) == (500, "internal_server_error")
    assert len(desk.venue.exchange.orders.open()) == accepted


async def test_a_reset_comes_before_anything_happens(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("connection_reset", 1, count=1)
    with pytest.raises(aiohttp.ClientError):
        await desk.call("POST", "/orders", BUY)
    assert desk.venue.exchange.orders.open() == []


@pytest.mark.parametrize(("fault", "status"), [("rate_limit_storm", 429), ("ip_ban", 418), ("key_expired", 401)])
async def test_refusals_out_of_nowhere(desk: Desk, fault: str, status: int) -> None:
    desk.venue.exchange.faults.switch(fault, 1)
    assert (await desk.call("GET", "/accounts")).status == status


@pytest.mark.parametrize("fault", ["html_body", "truncated_body"])
async def test_unreadable_answers(desk: Desk, fault: str) -> None:
    desk.venue.exchange.faults.switch(fault, 1, path="/v1/accounts")
    with pytest.raises(ValueError):
        await desk.call("GET", "/accounts")


async def test_amounts_may_be_sent_as_json_numbers(desk: Desk) -> None:
    answer = await desk.call("POST", "/orders", BUY | {"price": 90000000, "volume": 0.01})
    assert (answer.status, answer.body["locked"]) == (201, "900450")


async def test_lenient_mode_reads_pyupbits_bodies(venue: QuietVenue) -> None:
    server = PracticeServer(Settings(lenient=True), venue.clock, (venue.exchange, StillDriver()))
    venue.exchange.deposit("BTC", Decimal(1))
    order = venue.buy("90000000", "0.01")
    async with server as ends, aiohttp.ClientSession() as session:
        rest = RestClient(session, ends)
        headers = {"Authorization": bearer(ends, f"uuid={order.uuid}")}
        url = rest.ends.rest + "/order"
        async with session.get(url, data={"uuid": order.uuid}, headers=headers) as got:
            assert (await got.json())["uuid"] == order.uuid
        headers = {"Authorization": bearer(ends, f"uuid={order.uuid}")}
        async with session.delete(url, json={"uuid": order.uuid}, headers=headers) as cancelled:
            assert cancelled.status == 200
