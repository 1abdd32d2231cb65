"""What a WebSocket client may ask, and the refusals."""

import json
from typing import Any

import pytest

from app.practice.ws_requests import Format, WsRefusal, parse

T = {"ticket": "t"}


def test_a_full_request() -> None:
    items = [T, {"type": "orderbook", "codes": ["KRW-BTC.5", "KRW-ETH"], "level": 10000}, {"format": "SIMPLE"}]
    request = parse(json.dumps(items), private=False)
    book = request.subscriptions[0]
    assert (request.format, book.codes, book.level) == (Format.SIMPLE, {"KRW-BTC": 5, "KRW-ETH": 30}, 10000)
    assert (book.snapshot, book.realtime) == (True, True)


@pytest.mark.parametrize("name", ["is_only_realtime", "isOnlyRealtime"])
def test_old_and_new_flags(name: str) -> None:
    request = parse(json.dumps([T, {"type": "trade", "codes": ["KRW-BTC"], name: True}]), private=False)
    assert not request.subscriptions[0].snapshot


@pytest.mark.parametrize(
    ("items", "name"),
    [
        ("nonsense", "WRONG_FORMAT"),
        ({"ticket": "t"}, "WRONG_FORMAT"),
        ([{"type": "ticker", "codes": ["KRW-BTC"]}], "NO_TICKET"),
        ([T], "NO_TYPE"),
        ([T, {"type": "nothing", "codes": ["KRW-BTC"]}], "NO_TYPE"),
        ([T, {"type": "ticker"}], "NO_CODES"),
        ([T, {"type": "orderbook", "codes": ["KRW-BTC.7"]}], "INVALID_PARAM"),
        ([T, {"type": "ticker", "codes": ["KRW-BTC"]}, {"format": "XML"}], "WRONG_FORMAT"),
        ([T, {"type": "myOrder"}], "INVALID_AUTH"),
    ],
)
def test_refusals(items: Any, name: str) -> None:
    text = items if isinstance(items, str) else json.dumps(items)
    with pytest.raises(WsRefusal) as refusal:
        parse(text, private=False)
    assert refusal.value.name == name


def test_my_asset_takes_no_codes() -> None:
    with pytest.raises(WsRefusal, match="WRONG_FORMAT"):
        parse(json.dumps([T, {"type": "myAsset", "codes": ["KRW"]}]), private=True)
