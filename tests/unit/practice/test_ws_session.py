"""One connection: replacement, keepalive, idle close, refusals and faults."""

from __future__ import annotations

import json
from decimal import Decimal

import aiohttp

from app.practice.order import Side
from tests.unit.practice.conftest import Desk, read
from tests.unit.practice.venue_kit import BTC

TICKER = {"type": "ticker", "codes": [BTC]}


async def test_a_new_request_replaces_the_old_one(desk: Desk) -> None:
    socket = await desk.subscribe(TICKER)
    await socket.send_str(json.dumps([{"ticket": "t"}, {"type": "orderbook", "codes": [BTC]}]))
    await read(socket)
    desk.venue.quote(asks={"100000000": "1"})
    desk.venue.hit(Side.BID, "0.1")
    await desk.wait(200)
    assert {message["type"] for message in await read(socket)} == {"orderbook"}


async def test_the_subscription_list(desk: Desk) -> None:
    socket = await desk.subscribe(TICKER, is_only_realtime=True)
    await read(socket)
    await socket.send_str(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
    assert await read(socket) == [
        {"method": "LIST_SUBSCRIPTIONS", "result": [{"type": "ticker", "codes": [BTC]}], "ticket": "q"}
    ]


async def test_a_text_ping_is_answered_every_ten_seconds(desk: Desk) -> None:
    socket = await desk.connect()
    await socket.send_str("PING")
    assert await read(socket) == [{"status": "UP"}]
    await desk.wait(10_000)
    assert await read(socket) == [{"status": "UP"}]


async def test_an_idle_connection_is_closed_after_two_minutes(desk: Desk) -> None:
    socket = await desk.connect()
    await desk.wait(119_000)
    assert await read(socket) == []
    await desk.wait(2_000)
    assert await read(socket) == [aiohttp.WSMsgType.CLOSE]


async def test_a_ping_frame_keeps_it_open(desk: Desk) -> None:
    socket = await desk.connect()
    await desk.wait(119_000)
    await socket.ping()
    await read(socket)
    await desk.wait(100_000)
    assert await read(socket) == []


async def test_a_refusal_is_followed_by_a_close(desk: Desk) -> None:
    socket = await desk.connect()
    await socket.send_str(json.dumps([TICKER]))
    found = await read(socket)
    assert found[0]["error"]["name"] == "NO_TICKET"
    assert found[1] is aiohttp.WSMsgType.CLOSE


async def test_too_many_requests(desk: Desk) -> None:
    socket = await desk.connect()
    for _ in range(6):
        await socket.send_str(json.dumps([{"ticket": "t"}, {"type": "trade", "codes": [BTC]}]))
    assert (await read(socket))[0]["error"]["name"] == "TOO_MANY_REQUEST"


async def test_a_silent_connection_still_answers_pings(desk: Desk) -> None:
    socket = await desk.subscribe(TICKER)
    await read(socket)
    desk.venue.exchange.faults.switch("ws_silent", 1)
    desk.venue.quote(asks={"100000000": "1"})
    desk.venue.hit(Side.BID, "0.1")
    await socket.send_str("PING")
    assert await read(socket) == [{"status": "UP"}]


async def test_private_frames_are_lost_doubled_or_late(desk: Desk) -> None:
    faults = desk.venue.exchange.faults
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    faults.switch("private_frame_lost", 1, count=1)
    desk.venue.buy("90000000", "0.01", identifier="lost")
    faults.switch("private_frame_duplicated", 1, count=1)
    desk.venue.buy("90000000", "0.01", identifier="twice")
    faults.switch("private_frame_late", 1, value=Decimal(2), count=1)
    desk.venue.buy("90000000", "0.01", identifier="late")
    desk.venue.buy("90000000", "0.01", identifier="plain")
    assert [message["identifier"] for message in await read(socket)] == ["twice", "twice", "plain"]
    await desk.wait(2_000)
    assert [message["identifier"] for message in await read(socket)] == ["late"]


async def test_a_cut_connection_has_no_close_frame(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    desk.venue.exchange.faults.switch("ws_drop", 1)
    await desk.wait(1_000)
    assert await read(socket) == [aiohttp.WSMsgType.CLOSED]
    assert socket.close_code == 1006


async def test_garbage_is_not_json(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    desk.venue.exchange.faults.switch("garbage_frame", 1, count=1)
    await desk.wait(1_000)
    frame = await socket.receive()
    assert b"\xff" in frame.data


async def test_neighbouring_frames_change_places(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    desk.venue.exchange.faults.switch("private_frame_reordered", 1, count=1)
    for name in "abc":
        desk.venue.buy("90000000", "0.01", identifier=name)
    assert [message["identifier"] for message in await read(socket)] == ["b", "a", "c"]


async def test_a_frame_without_a_second_one_comes_at_the_next_second(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "trade", "codes": [BTC], "is_only_realtime": True})
    desk.venue.quote(asks={"100000000": "1"})
    desk.venue.exchange.faults.switch("public_frame_reordered", 1, count=1)
    desk.venue.hit(Side.BID, "0.1")
    assert await read(socket) == []
    await desk.wait(1_000)
    assert [message["type"] for message in await read(socket)] == ["trade"]


async def test_a_half_open_connection_is_dead_in_every_way(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    desk.venue.exchange.faults.switch("ws_half_open", 1, count=1)
    await desk.wait(1_000)
    desk.venue.buy("90000000", "0.01")
    await socket.ping()
    await socket.send_str("PING")
    assert await read(socket) == []
    alive = await desk.subscribe({"type": "myOrder"}, private=True)
    desk.venue.buy("90000000", "0.01")
    assert len(await read(alive)) == 1
    await alive.close()
    await desk.wait(121_000)
    assert await read(socket) == [aiohttp.WSMsgType.CLOSED]
