"""Calls that are lost, refused or answered drop by drop."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC, bearer

BUY = {"market": BTC, "side": "bid", "ord_type": "limit", "price": "90000000", "volume": "0.01"}


async def test_a_dropped_request_hangs_and_never_arrives(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("request_dropped", 1, count=1)
    call = asyncio.create_task(desk.call("POST", "/orders", BUY))
    await asyncio.sleep(0.05)
    await desk.wait(9_900)
    assert not call.done()
    await desk.wait(200)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call
    assert desk.venue.exchange.orders.open() == []


async def test_a_cancel_may_be_accepted_without_an_answer(desk: Desk) -> None:
    order = desk.venue.buy("90000000", "0.01")
    desk.rest.session._retry_connection = False  # aiohttp would send the DELETE a second time
    desk.venue.exchange.faults.switch("cancel_answer_lost", 1, count=1)
    with pytest.raises(aiohttp.ClientError):
        await desk.call("DELETE", "/order", {"uuid": order.uuid})
    await desk.wait()
    assert order.state == "cancel"


async def test_a_slow_body_is_complete_in_the_end(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("slow_body", 1, count=1)
    call = asyncio.create_task(desk.call("GET", "/accounts"))
    for step in range(10):
        await asyncio.sleep(0.01)
        assert not call.done(), step
        await desk.wait(500)
    answer = await call
    assert (answer.status, answer.body[0]["currency"]) == (200, "KRW")
    assert answer.headers["Remaining-Req"]


@pytest.mark.parametrize(("fault", "status"), [("rate_limit_bare", 429), ("ip_ban_bare", 418)])
async def test_a_bare_refusal_has_neither_words_nor_quota(desk: Desk, fault: str, status: int) -> None:
    desk.venue.exchange.faults.switch(fault, 1)
    headers = {"Authorization": bearer(desk.ends)}
    async with desk.rest.session.get(desk.ends.rest + "/accounts", headers=headers) as answer:
        assert (answer.status, await answer.read()) == (status, b"")
        assert "Remaining-Req" not in answer.headers


async def test_a_storm_of_server_errors_handles_nothing(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("server_error_storm", 1)
    seen = set()
    for _ in range(20):
        headers = {"Authorization": bearer(desk.ends)}
        async with desk.rest.session.post(desk.ends.rest + "/orders", json=BUY, headers=headers) as answer:
            seen.add(answer.status)
            assert answer.content_type == "text/html"
    assert seen == {500, 502, 503, 504}
    assert desk.venue.exchange.orders.open() == []


async def test_a_refusal_may_come_with_status_200(desk: Desk) -> None:
    desk.venue.exchange.faults.switch("refusal_as_200", 1, count=1)
    answer = await desk.call("POST", "/orders", BUY)
    assert (answer.status, answer.body["error"]["name"]) == (200, "bad_request")
    assert desk.venue.exchange.orders.open() == []


@pytest.mark.parametrize(
    ("fault", "status", "name"),
    [
        ("maintenance", 503, "market_offline"),
        ("ip_refused", 401, "no_authorization_ip"),
        ("key_revoked", 401, "invalid_access_key"),
    ],
)
async def test_the_key_is_refused_everywhere_and_the_public_door_stays_open(
    desk: Desk, fault: str, status: int, name: str
) -> None:
    desk.venue.exchange.faults.switch(fault, 1)
    answer = await desk.call("GET", "/accounts")
    assert (answer.status, answer.body["error"]["name"]) == (status, name)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desk.connect(private=True)
    assert refused.value.status == status
    await (await desk.connect()).close()
    assert (await desk.call("GET", "/market/all")).status == 200
