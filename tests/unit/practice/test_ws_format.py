"""Long and short keys, alone and in lists."""

import json

import pytest

from app.practice.ws_format import render, shorten
from app.practice.ws_requests import Format


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Format.DEFAULT, {"type": "trade", "trade_date": "d", "stream_type": "REALTIME"}),
        (Format.SIMPLE, {"ty": "trade", "td": "d", "st": "REALTIME"}),
        (Format.JSON_LIST, [{"type": "trade", "trade_date": "d", "stream_type": "REALTIME"}]),
        (Format.SIMPLE_LIST, [{"ty": "trade", "td": "d", "st": "REALTIME"}]),
    ],
)
def test_four_formats(form: Format, expected: object) -> None:
    assert json.loads(render({"type": "trade", "trade_date": "d"}, form, "REALTIME")) == expected


def test_nested_keys_and_the_ticker_date() -> None:
    book = shorten({"type": "orderbook", "orderbook_units": [{"ask_price": 1, "bid_size": 2}]})
    assert book == {"ty": "orderbook", "obu": [{"ap": 1, "bs": 2}]}
    assert shorten({"type": "ticker", "trade_date": "d"}) == {"ty": "ticker", "tdt": "d"}
    assert shorten({"type": "myAsset", "assets": [{"currency": "KRW", "balance": 1, "locked": 2}]}) == {
        "ty": "myAsset",
        "ast": [{"cu": "KRW", "b": 1, "l": 2}],
    }
