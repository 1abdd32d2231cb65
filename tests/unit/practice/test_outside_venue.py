"""The public side of the mirrored venue: what is read, and what is refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from app.practice.outside_venue import FOLLOWED, UPBIT, MirrorError, OutsideVenue, checked_origin

DAY = {
    "opening_price": 100, "high_price": 120.5, "low_price": 90, "trade_price": 110, "prev_closing_price": 99,
    "acc_trade_price": 1000.25, "acc_trade_volume": 9.5, "trade_timestamp": 1_795_300_000_000,
}  # fmt: skip


def named(codes: list[str]) -> list[dict[str, str]]:
    return [{"market": code, "korean_name": code, "english_name": code} for code in codes]


def rows(codes: list[str]) -> list[dict[str, Any]]:
    return [DAY | {"market": code, "acc_trade_price_24h": rank} for rank, code in enumerate(codes, 1)]


@asynccontextmanager
async def venue(names: object, days: object) -> AsyncIterator[OutsideVenue]:
    app = web.Application()

    async def markets(_: web.Request) -> web.Response:
        return web.json_response(names)

    async def tickers(_: web.Request) -> web.Response:
        return days if isinstance(days, web.Response) else web.json_response(days)

    app.router.add_get("/v1/market/all", markets)
    app.router.add_get("/v1/ticker/all", tickers)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    outside = OutsideVenue(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield outside
    finally:
        await outside.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    "origin", ["http://api.upbit.com", "https://evil.example", "http://127.0.0.1:1/x", "ftp://localhost", "", "upbit"]
)
def test_only_the_venue_or_this_computer_is_mirrored(origin: str) -> None:
    with pytest.raises(MirrorError, match="can be mirrored"):
        checked_origin(origin)


def test_the_venue_and_this_computer_are_fine() -> None:
    assert [checked_origin(UPBIT), checked_origin("http://127.0.0.1:99/")] == [UPBIT, "http://127.0.0.1:99"]


async def test_the_largest_turnover_comes_first_and_figures_keep_their_digits() -> None:
    codes = [f"KRW-C{number}" for number in range(FOLLOWED + 5)]
    async with venue(named(codes), rows(codes)) as outside:
        await outside.open()
        markets = outside.markets()
        assert [market.code for market in markets[:2]] == [codes[-1], codes[-2]]
        assert len(markets) == FOLLOWED
        today = markets[0].candles.latest("1d")
        assert today is not None
        assert (today.high, today.value, markets[0].tape.previous_close()) == (Decimal("120.5"), Decimal("1000.25"), 99)


async def test_markets_without_sound_figures_are_left_out() -> None:
    days = rows(["KRW-A", "KRW-B"])
    days[1]["trade_price"] = 0
    async with venue(named(["KRW-A", "KRW-B"]), days) as outside:
        await outside.open()
        assert [market.code for market in outside.markets()] == ["KRW-A"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "lists no KRW market"),
        ([{"market": "KRW-A"}], "missing required field"),
        (web.Response(text="<html>"), "did not answer with JSON"),
        (web.Response(status=429), "answered 429"),
    ],
)
async def test_an_unusable_answer_is_told(days: object, words: str) -> None:
    async with venue(named(["KRW-A"]), days) as outside:
        with pytest.raises(MirrorError, match=words):
            await outside.open()


async def test_a_venue_that_is_not_there_is_told() -> None:
    outside = OutsideVenue("http://127.0.0.1:9")
    with pytest.raises(MirrorError, match="cannot be reached"):
        await outside.open()
    await outside.close()
