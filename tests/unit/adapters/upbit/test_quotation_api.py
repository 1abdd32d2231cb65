from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.upbit.quotation_api import QuotationApi, candle_call
from app.adapters.upbit.rest_transport import RestTransport
from app.domain.errors import InvalidInputError
from tests.unit.adapters.upbit.stub_exchange import Reply, Request, StubExchange
from tests.unit.adapters.upbit.test_exchange_api import WIDE

START = datetime(2026, 11, 20, 0, 0)


@asynccontextmanager
async def api(answer: Callable[[Request], Reply]) -> AsyncIterator[tuple[QuotationApi, list[Request]]]:
    async with StubExchange(answer) as stub:
        transport = RestTransport(stub.endpoints, None, PriorityRateLimiter(WIDE))
        try:
            yield QuotationApi(transport), stub.requests
        finally:
            await transport.close()


def history(length: int) -> Callable[[Request], Reply]:
    """A venue with ``length`` one-minute candles; ``to`` is exclusive, newest first."""
    times = [(START + timedelta(minutes=n)).isoformat() for n in range(length)]

    def answer(request: Request) -> Reply:
        query = dict(request.query)
        before = [at for at in times if at + "Z" < query.get("to", "9")]
        newest_first = before[::-1][: int(query["count"])]
        prices = {name: 1 for name in ("opening_price", "high_price", "low_price", "trade_price")}
        row = {"market": query["market"], **prices, "candle_acc_trade_volume": 0.1}
        return Reply([{**row, "candle_date_time_utc": at} for at in newest_first])

    return answer


@pytest.mark.parametrize(
    ("length", "count", "got", "calls"), [(1000, 200, 200, 1), (1000, 450, 450, 3), (250, 450, 250, 2), (0, 10, 0, 1)]
)
async def test_candles_are_asked_in_portions_until_there_are_enough(
    length: int, count: int, got: int, calls: int
) -> None:
    async with api(history(length)) as (quotation, requests):
        candles = await quotation.candles("KRW-BTC", 60, count)
        times = [candle.candle_date_time_utc for candle in candles]
        assert len(times) == got == len(set(times))
        assert times == sorted(times, reverse=True)
        assert len(requests) == calls
        assert requests[0].path == "/v1/candles/minutes/1"


async def test_a_venue_that_repeats_itself_does_not_hold_us() -> None:
    same = history(200)

    def answer(request: Request) -> Reply:
        stuck = Request(request.method, request.target.split("&to=")[0], request.headers, request.body)
        return same(stuck)

    async with api(answer) as (quotation, requests):
        assert len(await quotation.candles("KRW-BTC", 60, 600)) == 200
        assert len(requests) == 2


@pytest.mark.parametrize(
    ("seconds", "path"),
    [
        (1, "/v1/candles/seconds"),
        (60, "/v1/candles/minutes/1"),
        (900, "/v1/candles/minutes/15"),
        (14400, "/v1/candles/minutes/240"),
        (86400, "/v1/candles/days"),
        (604800, "/v1/candles/weeks"),
        (30 * 86400, "/v1/candles/months"),
        (365 * 86400, "/v1/candles/years"),
    ],
)
def test_lengths_upbit_has(seconds: int, path: str) -> None:
    assert candle_call(seconds).path == path


@pytest.mark.parametrize("seconds", [0, 2, 61, 120, 7200, -60])
def test_lengths_upbit_does_not_have(seconds: int) -> None:
    with pytest.raises(InvalidInputError):
        candle_call(seconds)


async def test_many_markets_are_one_call() -> None:
    async with api(lambda _: Reply([])) as (quotation, requests):
        await quotation.instruments(["KRW-BTC", "KRW-ETH"])
        await quotation.tickers(["KRW-BTC", "KRW-ETH"])
        await quotation.books(["KRW-BTC"], 15)
        await quotation.trades("KRW-BTC", 900, cursor=17866130914490000)
        await quotation.markets()
        assert [(request.path, dict(request.query)) for request in requests] == [
            ("/v1/orderbook/instruments", {"markets": "KRW-BTC,KRW-ETH"}),
            ("/v1/ticker", {"markets": "KRW-BTC,KRW-ETH"}),
            ("/v1/orderbook", {"markets": "KRW-BTC", "count": "15"}),
            ("/v1/trades/ticks", {"market": "KRW-BTC", "count": "500", "cursor": "17866130914490000"}),
            ("/v1/market/all", {"is_details": "true"}),
        ]
