"""A mirrored exchange: real prices of another venue (here a second exchange, over real sockets), our own matching."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import aiohttp

from app.practice.order import Side
from app.practice.outside_venue import OutsideBook, OutsideTicker, OutsideTrade, OutsideVenue, Unit
from app.practice.server import PracticeServer
from app.practice.settings import Endpoints, Settings
from tests.unit.practice.venue_kit import RestClient

BTC = "KRW-BTC"
CASH = Decimal(100_000_000)


class Pair:
    """The venue outside and the exchange that mirrors it."""

    def __init__(self, outside: PracticeServer, mirror: PracticeServer, ends: Endpoints) -> None:
        self.outside, self.mirror, self.ends = outside, mirror, ends

    def book(self, server: PracticeServer) -> list[tuple[Decimal, Decimal]]:
        return [(level.price, level.total) for level in server.exchange.markets[BTC].book.asks.levels(5)]


@asynccontextmanager
async def mirrored(state: Path | None = None) -> AsyncIterator[Pair]:
    outside = PracticeServer(Settings(seed=3))
    ends = await outside.start()
    venue = OutsideVenue(ends.rest.removesuffix("/v1"))
    await venue.open()
    mirror = PracticeServer(Settings(seed=5, cash=CASH, state=state), outside=venue)
    try:
        yield Pair(outside, mirror, await mirror.start())
    finally:
        await mirror.stop()
        await outside.stop()


async def until(true: Callable[[], bool], what: str) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came: {what}")


def has_book(pair: Pair) -> bool:
    return bool(pair.book(pair.mirror))


async def test_the_books_are_those_of_the_venue_outside() -> None:
    async with mirrored() as pair:
        await until(lambda: has_book(pair) and pair.book(pair.mirror) == pair.book(pair.outside), "the same book")
        progress = pair.mirror._driver.progress()
        assert (progress["kind"], progress["connected"], progress["gaps"]) == ("mirror", True, 0)


async def test_an_order_fills_here_at_the_price_outside_and_never_reaches_it() -> None:
    async with mirrored() as pair, aiohttp.ClientSession() as session:
        await until(lambda: has_book(pair), "a book")
        client = RestClient(session, pair.ends)
        fields = {"market": BTC, "side": "bid", "ord_type": "price", "price": "1000000", "identifier": "one"}
        assert (await client.call("POST", "/orders", fields)).status == 201
        orders = pair.mirror.exchange.orders
        await until(lambda: (order := orders.find(None, "one")) is not None and not order.is_open, "the fill")
        order = orders.find(None, "one")
        assert order is not None and order.fills
        recorded = order.fills[0].recorded
        assert recorded is not None and order.fills[0].price == recorded.level_price
        assert pair.mirror.exchange.accounts.balance("BTC").free > 0
        assert pair.outside.exchange.orders.find(None, "one") is None


async def test_what_was_before_is_asked_of_the_venue_outside() -> None:
    async with mirrored() as pair, aiohttp.ClientSession() as session:
        client = RestClient(session, pair.ends)
        bars = await client.call("GET", "/candles/minutes/15", {"market": BTC, "count": "200"})
        assert (bars.status, len(bars.body)) == (200, 200)
        refused = await client.call("GET", "/candles/minutes/7", {"market": BTC})
        assert (refused.status, refused.body["error"]["name"]) == (400, 400)
        await pair.outside.stop()
        assert (await client.call("GET", "/candles/days", {"market": BTC})).status == 503


async def test_a_lost_line_empties_the_books_and_nothing_fills_until_it_is_back() -> None:
    async with mirrored() as pair:
        await until(lambda: has_book(pair), "a book")
        for session in list(pair.outside._feed.sessions):
            session.abort()
        await until(lambda: not has_book(pair), "empty books")
        await until(lambda: has_book(pair), "the line back")
        assert pair.mirror._driver.progress()["gaps"] == 1


async def test_nonsense_of_the_venue_is_not_shown() -> None:
    async with mirrored() as pair:
        await until(lambda: has_book(pair), "a book")
        driver, market = pair.mirror._driver, pair.mirror.exchange.markets[BTC]
        one, two = Decimal(1), Decimal(2)
        last = market.tape.last_price
        driver._take(OutsideBook("KRW-NONE", 0, []))  # type: ignore[attr-defined]
        driver._take(OutsideTrade(BTC, Decimal(-5), one, "BID"))  # type: ignore[attr-defined]
        driver._take(OutsideBook(BTC, 0, [Unit(one, two, one, one)]))  # type: ignore[attr-defined]
        assert market.tape.last_price == last
        best = market.book.best_price(Side.BID)
        assert best is not None and best > two
        driver._take(OutsideTicker(BTC, "DELISTED"))  # type: ignore[attr-defined]
        assert market.suspended


async def test_a_coin_that_is_held_stays_tradable_after_a_restart(tmp_path: Path) -> None:
    async with mirrored(tmp_path / "account.json") as pair:
        pair.mirror.exchange.deposit("AVAX", Decimal(3))
    assert [path.name for path in tmp_path.iterdir()] == ["account.json"], "prices are the venue's to remember"
    outside = PracticeServer(Settings(seed=3))
    ends = await outside.start()
    venue = OutsideVenue(ends.rest.removesuffix("/v1"))
    await venue.open()
    full = venue.markets
    venue.markets = lambda: [market for market in full() if market.code == BTC]  # type: ignore[method-assign]
    mirror = PracticeServer(Settings(seed=5, state=tmp_path / "account.json"), outside=venue)
    try:
        assert set(mirror.exchange.markets) == {BTC, "KRW-AVAX"}
        assert mirror.exchange.accounts.balance("KRW").free == CASH
    finally:
        await mirror.start()
        await mirror.stop()
        await outside.stop()
