"""A server that answers on the wire exactly what a test tells it to, faults of the transport included."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from app.adapters.upbit.endpoints import Endpoints
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.values import Market, OrderType, Purpose, Side, TimeInForce

MARKET = Market("upbit", "KRW-BTC")
NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def fields(self) -> dict[str, str]:
        return dict(json.loads(self.body))


@dataclass(frozen=True, slots=True)
class Reply:
    """``fault``: hang, reset, close or cut (half of the body) instead of, or in the middle of, the answer."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def raw(self) -> bytes:
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(content)}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        return head + (content[: len(content) // 2] if self.fault == "cut" else content)


Answer = Callable[[Request], Reply]


class StubExchange:
    """Use as ``async with StubExchange(answer) as stub``; ``requests`` holds everything that reached the wire."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def endpoints(self) -> Endpoints:
        host = f"127.0.0.1:{self.port}"
        return Endpoints.practice(f"http://{host}", f"ws://{host}/websocket/v1", f"ws://{host}/websocket/v1/private")

    async def __aenter__(self) -> "StubExchange":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                request = await _read_request(reader)
                self.requests.append(request)
                reply = self.answer(request)
                if reply.fault == "hang":
                    await reader.read()
                if reply.fault in ("reset", "hang"):
                    writer.transport.abort()
                    return
                if reply.fault != "close":
                    writer.write(reply.raw())
                    await writer.drain()
                if reply.fault:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers.get("Content-Length", "0")))
    return Request(method, target, headers, body)


class SteppingClock:
    """A clock that moves a millisecond with every look."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now


def wire_order(**changes: object) -> dict[str, object]:
    """An order answer as Upbit sends it, with ``changes``."""
    return {
        "market": "KRW-BTC",
        "uuid": "u-1",
        "side": "bid",
        "ord_type": "limit",
        "price": "155772000",
        "state": "wait",
        "created_at": "2026-11-20T20:00:00+09:00",
        "volume": "0.0001",
        "remaining_volume": "0.0001",
        "executed_volume": "0",
        "reserved_fee": "7.7886",
        "remaining_fee": "7.7886",
        "paid_fee": "0",
        "locked": "15584.9886",
        "trades_count": 0,
        "identifier": "gw-1",
        "smp_type": "cancel_maker",
        **changes,
    }


def limit_order(
    order_id: str = "gw-1",
    side: Side = Side.BUY,
    price: str = "155772000",
    volume: str = "0.0001",
    time_in_force: TimeInForce = TimeInForce.GTC,
) -> Order:
    """A limit order of ours."""
    intent = OrderIntent(
        "pos-1",
        MARKET,
        side,
        OrderType.LIMIT,
        Purpose.ENTRY,
        "test",
        price=Decimal(price),
        volume=Decimal(volume),
        time_in_force=time_in_force,
    )
    return Order(order_id, intent, OrderState.SENT, NOW, NOW)
