"""The operator's door."""

from __future__ import annotations

import pytest

from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC


async def test_faults_are_listed_switched_and_cleared(desk: Desk) -> None:
    answer = await desk.admin("POST", "/faults", {"name": "ws_drop", "rate": 0.5, "seconds": 10})
    assert [fault["name"] for fault in answer.body["active"]] == ["ws_drop"]
    assert "order_answer_lost" in answer.body["faults"]
    cleared = await desk.admin("POST", "/faults", {"clear": True})
    assert cleared.body["active"] == []


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/faults", {"name": "nope", "rate": 1}, "valid names"),
        ("/faults", {"name": "ws_drop", "rate": 2}, "between 0 and 1"),
        ("/faults", {"name": "ws_drop"}, "must be a number"),
        ("/market", {"market": "KRW-X", "move_pct": 1}, "markets: KRW-BTC"),
        ("/market", {"market": BTC}, "move_pct"),
        ("/market", {"market": BTC, "move_pct": -99}, "between"),
        ("/market", {"market": BTC, "halt": 1}, "true or false"),
        ("/external_trade", {"market": BTC, "side": "buy", "volume": "1"}, "bid"),
        ("/external_trade", {"market": BTC, "side": "bid", "volume": "0"}, "above 0"),
        ("/deposit", {"currency": "KRW", "amount": "-99999999999"}, "would be"),
        ("/clock", [1], "object"),
    ],
)
async def test_wrong_requests_are_explained(desk: Desk, path: str, body: object, words: str) -> None:
    answer = await desk.admin("POST", path, body)
    assert answer.status == 400
    assert words in answer.body["error"]


async def test_halt_and_shock(desk: Desk) -> None:
    halted = await desk.admin("POST", "/market", {"market": BTC, "halt": True})
    assert halted.body["halted"] is True
    assert desk.venue.market.halted
    assert (await desk.admin("POST", "/market", {"market": BTC, "move_pct": -3})).status == 200


async def test_the_phone_app_and_deposits(desk: Desk) -> None:
    desk.venue.quote(asks={"100000000": "1"})
    answer = await desk.admin("POST", "/external_trade", {"market": BTC, "side": "bid", "volume": "0.1"})
    await desk.wait()
    ledger = (await desk.admin("GET", "/ledger")).body
    assert ledger["orders"][0]["uuid"] == answer.body["uuid"]
    assert ledger["orders"][0]["source"] == "external"
    assert (await desk.admin("POST", "/deposit", {"currency": "btc", "amount": "2"})).body["free"] == "2.1"


async def test_health_and_clock(desk: Desk) -> None:
    await desk.admin("POST", "/clock", {"offset_ms": 1500})
    health = (await desk.admin("GET", "/health")).body
    assert (health["ok"], health["time_ms"], health["driver"]) == (True, 1_795_183_201_500, {"kind": "still"})
