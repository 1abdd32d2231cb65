"""What is published when: snapshots, the 100 ms grid, prints, candles and private events."""

from __future__ import annotations

from decimal import Decimal

from app.practice.order import Side
from tests.unit.practice.conftest import Desk, read
from tests.unit.practice.venue_kit import BTC


async def test_first_a_snapshot_then_changes_on_the_grid(desk: Desk) -> None:
    desk.venue.quote(asks={"100000000": "1"}, bids={"99000000": "1"})
    socket = await desk.subscribe({"type": "orderbook", "codes": [f"{BTC}.1"]})
    await desk.wait(300)
    assert [message["stream_type"] for message in await read(socket)] == ["SNAPSHOT"]
    for _ in range(5):
        desk.venue.hit(Side.BID, "0.1")
    await desk.wait(300)
    found = await read(socket)
    assert [message["stream_type"] for message in found] == ["REALTIME"]
    assert found[0]["orderbook_units"][0]["ask_size"] == Decimal("0.5")


async def test_prints_come_at_once_and_candles_once_a_second(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "trade", "codes": [BTC]}, {"type": "candle.1m", "codes": [BTC]})
    desk.venue.quote(asks={"100000000": "1"})
    for _ in range(3):
        desk.venue.hit(Side.BID, "0.1")
    await desk.wait(3_000)
    assert [message["type"] for message in await read(socket)] == ["trade"] * 3 + ["candle.1m"]


async def test_unknown_and_lower_case_codes_are_silently_ignored(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "ticker", "codes": ["KRW-NONE", "krw-btc", BTC]})
    assert [message["code"] for message in await read(socket)] == [BTC]


async def test_only_snapshot_and_only_realtime(desk: Desk) -> None:
    once = await desk.subscribe({"type": "ticker", "codes": [BTC], "is_only_snapshot": True})
    live = await desk.subscribe({"type": "ticker", "codes": [BTC], "is_only_realtime": True})
    desk.venue.quote(asks={"100000000": "1"})
    desk.venue.hit(Side.BID, "0.1")
    assert [message["stream_type"] for message in await read(once)] == ["SNAPSHOT"]
    assert [message["stream_type"] for message in await read(live)] == ["REALTIME"]


async def test_a_limit_buy_as_its_owner_sees_it(desk: Desk) -> None:
    socket = await desk.subscribe({"type": "myOrder", "codes": [BTC]}, {"type": "myAsset"}, private=True)
    desk.venue.buy("100000000", "0.1", identifier="a")
    await desk.wait(10)
    desk.venue.hit(Side.ASK, "0.1")
    await desk.wait(10)
    found = await read(socket)
    orders = [message for message in found if message["type"] == "myOrder"]
    assets = [message["assets"] for message in found if message["type"] == "myAsset"]
    assert [message["state"] for message in orders] == ["wait", "trade", "done"]
    assert (orders[1]["remaining_volume"], orders[1]["is_maker"], orders[1]["trade_fee"]) == (0, True, 5000)
    assert assets[0] == [{"currency": "KRW", "balance": 39_995_000, "locked": 10_005_000}]
    assert {"currency": "BTC", "balance": Decimal("0.1"), "locked": 0} in assets[-1]


async def test_old_order_frames_come_again_after_a_reconnect(desk: Desk) -> None:
    for name in "abc":
        desk.venue.buy("90000000", "0.01", identifier=name)
    quiet = await desk.subscribe({"type": "myOrder"}, private=True)
    assert await read(quiet) == []
    desk.venue.exchange.faults.switch("private_replay", 1, value=Decimal(2))
    socket = await desk.subscribe({"type": "myOrder"}, private=True)
    assert [message["identifier"] for message in await read(socket)] == ["b", "c"]
