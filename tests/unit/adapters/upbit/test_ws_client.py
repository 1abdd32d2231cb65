import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from app.adapters.net.backoff import Backoff
from app.adapters.net.stream_connection import StreamTiming, UnreliableStreamError
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import new_limiter
from app.adapters.upbit.ws_client import PrivateStream, PublicStream, UpbitWebSocketClient
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import BalancesReported, Message, OrderReported, StreamStateChanged
from app.domain.ports import MarketStream
from app.domain.values import Market
from tests.unit.adapters.upbit.stub_exchange import MARKET, SteppingClock
from tests.unit.adapters.upbit.test_wire import BOOK, MY_ORDER, TRADE

KEYS = Credentials("access", "s" * 40)
ETH = Market("upbit", "KRW-ETH")
TICKER = (
    b'{"type":"ticker","code":"KRW-BTC","opening_price":89642000,"high_price":90230000,"low_price":89338000,'
    b'"trade_price":89887000,"prev_closing_price":89642000,"acc_trade_price_24h":51158711929.01375,'
    b'"timestamp":1786613071943,"stream_type":"REALTIME"}'
)
ASSETS = (
    b'{"type":"myAsset","asset_uuid":"a","assets":[{"currency":"KRW","balance":1386929.37,"locked":10329.67}],'
    b'"asset_timestamp":1,"timestamp":2,"stream_type":"REALTIME"}'
)


class Exchange:
    """Serves public and private frames; ``script`` decides what follows a subscription."""

    def __init__(self) -> None:
        self.public: list[bytes] = [TICKER, TRADE, BOOK]
        self.private: list[bytes] = [MY_ORDER, ASSETS]
        self.heard: list[tuple[str, object]] = []
        self.tokens: list[str] = []

    async def handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        private = connection.request.path.endswith("/private")
        if private:
            self.tokens.append(connection.request.headers.get("Authorization", ""))
        try:
            async for message in connection:
                self.heard.append(("private" if private else "public", json.loads(message)))
                for frame in self.private if private else self.public:
                    await connection.send(frame)
        except ConnectionClosed:
            return


@asynccontextmanager
async def streaming(exchange: Exchange) -> AsyncIterator[tuple[UpbitWebSocketClient, list[Message]]]:
    posted: list[Message] = []
    async with serve(exchange.handle, "127.0.0.1", 0, close_timeout=0.1) as running:
        host = f"127.0.0.1:{next(iter(running.sockets)).getsockname()[1]}"
        endpoints = Endpoints.practice(
            f"http://{host}", f"ws://{host}/websocket/v1", f"ws://{host}/websocket/v1/private"
        )
        client = UpbitWebSocketClient(
            endpoints,
            KEYS,
            SteppingClock(),
            new_limiter(),
            public_timing=StreamTiming(silence_s=5.0),
            new_backoff=lambda: Backoff(0.01, 0.05),
        )
        client.subscribe([MARKET])
        task = asyncio.create_task(client.run(posted.append))
        try:
            yield client, posted
        finally:
            task.cancel()
            await asyncio.wait([task])


async def until(condition: Callable[[], object]) -> None:
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen within two seconds")


def kinds(posted: list[Message]) -> set[type]:
    return {type(message) for message in posted}


async def test_every_stream_arrives_translated() -> None:
    async with streaming(Exchange()) as (client, posted):
        stream: MarketStream = client
        assert stream is client
        await until(lambda: kinds(posted) >= {Trade, Book, Ticker, OrderReported, BalancesReported, StreamStateChanged})
        order = next(message for message in posted if isinstance(message, OrderReported))
        assert order.report.fills[0].fee == Decimal("0.016")
        balances = next(message for message in posted if isinstance(message, BalancesReported))
        assert balances.balances[0].locked == Decimal("10329.67")
        ups = {message.stream for message in posted if isinstance(message, StreamStateChanged) and message.up}
        assert ups == {"public", "private"}


async def test_subscriptions_name_the_union() -> None:
    exchange = Exchange()
    async with streaming(exchange) as (client, posted):
        await until(lambda: len(posted) >= 5)
        client.subscribe([MARKET, ETH, MARKET])
        await until(lambda: len(exchange.heard) >= 3)
        last = [message for side, message in exchange.heard if side == "public"][-1]
        assert isinstance(last, list)
        codes = {part["type"]: part["codes"] for part in last if "type" in part}
        assert codes == {
            "ticker": ["KRW-BTC", "KRW-ETH"],
            "trade": ["KRW-BTC", "KRW-ETH"],
            "orderbook": ["KRW-BTC.15", "KRW-ETH.15"],
        }
        private = next(message for side, message in exchange.heard if side == "private")
        assert private[1:3] == [{"type": "myOrder"}, {"type": "myAsset"}]  # type: ignore[index]
        assert exchange.tokens[0].startswith("Bearer ey")


async def test_an_unreadable_private_frame_takes_the_stream_down_and_up_again() -> None:
    exchange = Exchange()
    exchange.private = [b"garbage"]
    async with streaming(exchange) as (_, posted):
        await until(lambda: len(exchange.tokens) > 1)
        states = [m for m in posted if isinstance(m, StreamStateChanged) and m.stream == "private"]
        down = next(state for state in states if not state.up)
        assert "unreliable" in down.detail
        assert len(set(exchange.tokens)) == len(exchange.tokens)


async def test_public_garbage_is_counted_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    exchange = Exchange()
    exchange.public = [b"garbage", b'{"type":"trade"}', b"\xff", TRADE.replace(b"89888000,", b'"NaN",'), TRADE]
    async with streaming(exchange) as (client, posted):
        await until(lambda: any(isinstance(message, Trade) for message in posted))
        assert client.garbage_frames == 4
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


async def test_without_credentials_only_the_public_stream_runs() -> None:
    host = "127.0.0.1:9"
    client = UpbitWebSocketClient(
        Endpoints.practice(f"http://{host}", f"ws://{host}", f"ws://{host}"), None, SteppingClock(), new_limiter()
    )
    task = asyncio.create_task(client.run(lambda _: None))
    await asyncio.sleep(0.02)
    assert not task.done()  # nothing is subscribed, nothing is tried
    task.cancel()
    await asyncio.wait([task])


async def test_control_frames_are_not_data() -> None:
    public, private = PublicStream(SteppingClock()), PrivateStream(SteppingClock(), KEYS)
    for frame in (b'{"status":"UP"}', '{"method":"LIST_SUBSCRIPTIONS","result":[],"ticket":"t"}'):
        assert public.on_frame(frame) is False
        assert private.on_frame(frame) is False
    assert public.garbage_frames == 0


async def test_errors_named_by_upbit_end_the_connection() -> None:
    error = b'{"error":{"name":"INVALID_AUTH","message":"bad token"}}'
    for stream in (PublicStream(SteppingClock()), PrivateStream(SteppingClock(), KEYS)):
        with pytest.raises(UnreliableStreamError, match="INVALID_AUTH"):
            stream.on_frame(error)
