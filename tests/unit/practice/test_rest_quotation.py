"""Quotation answers: exact numbers, integer error names, candles and prints."""

from __future__ import annotations

from decimal import Decimal

from app.practice.order import Side
from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import BTC


async def test_markets_with_their_warnings(desk: Desk) -> None:
    short = await desk.call("GET", "/market/all")
    full = await desk.call("GET", "/market/all", {"is_details": "true"})
    assert short.body == [{"market": BTC, "korean_name": "이름", "english_name": "Name"}]
    assert full.body[0]["market_event"]["warning"] is False


async def test_a_book_is_padded_with_zero_levels(desk: Desk) -> None:
    desk.venue.quote(asks={"100001000": "0.1", "100002000": "0.00000001"}, bids={"99999000": "0.3"})
    answer = await desk.call("GET", "/orderbook", {"markets": BTC})
    units = answer.body[0]["orderbook_units"]
    assert [(u["ask_price"], u["bid_price"]) for u in units] == [(100_001_000, 99_999_000), (100_002_000, 0)]
    assert answer.body[0]["total_ask_size"] == Decimal("0.10000001")


async def test_levels_group_the_book_and_unknown_levels_are_empty(desk: Desk) -> None:
    desk.venue.quote(asks={"100001000": "0.1", "100009000": "0.2"}, bids={"99999000": "0.3"})
    grouped = await desk.call("GET", "/orderbook", {"markets": BTC, "level": "10000"})
    unit = grouped.body[0]["orderbook_units"][0]
    assert (unit["ask_price"], unit["ask_size"], unit["bid_price"]) == (100_010_000, Decimal("0.3"), 99_990_000)
    assert (await desk.call("GET", "/orderbook", {"markets": BTC, "level": "7"})).body == []


async def test_instruments_tell_the_price_unit(desk: Desk) -> None:
    answer = await desk.call("GET", "/orderbook/instruments", {"markets": BTC})
    assert (answer.body[0]["tick_size"], answer.body[0]["supported_levels"][0]) == ("1000", "0")


async def test_prints_and_candles_follow_a_trade(desk: Desk) -> None:
    desk.venue.quote(asks={"100001000": "0.3"})
    desk.venue.hit(Side.BID, "0.00012345")
    prints = await desk.call("GET", "/trades/ticks", {"market": BTC, "count": "5"})
    minutes = await desk.call("GET", "/candles/minutes/5", {"market": BTC, "count": "5"})
    days = await desk.call("GET", "/candles/days", {"market": BTC})
    ticker = await desk.call("GET", "/ticker", {"markets": BTC})
    assert (prints.body[0]["trade_volume"], prints.body[0]["ask_bid"]) == (Decimal("0.00012345"), "BID")
    assert (minutes.body[0]["unit"], minutes.body[0]["candle_date_time_utc"]) == (5, "2026-11-20T14:00:00")
    assert days.body[0]["change_rate"] == 0
    assert ticker.body[0]["trade_price"] == 100_001_000
    empty = await desk.call("GET", "/candles/minutes/5", {"market": BTC, "to": "2026-11-20T14:00:00Z"})
    assert empty.body == []


async def test_errors_have_integer_names(desk: Desk) -> None:
    answers = [
        await desk.call("GET", "/ticker"),
        await desk.call("GET", "/ticker", {"markets": "KRW-X"}),
        await desk.call("GET", "/candles/minutes/7", {"market": BTC}),
        await desk.call("GET", "/candles/minutes/1", {"market": BTC, "count": "x"}),
    ]
    assert [(a.status, a.body["error"]["name"]) for a in answers] == [(400, 400), (404, 404), (400, 400), (400, 400)]
    assert answers[3].body["error"]["message"].startswith("Type mismatch")
