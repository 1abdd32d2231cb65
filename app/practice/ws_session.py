"""One WebSocket connection: requests in, binary frames out, keepalive and idle close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import WSMsgType, web

from .answer_faults import spoil_frame
from .clock import US_PER_S, Timer, VenueClock
from .faults import Faults
from .rate_limits import MessageLimit
from .wire import Json, encode
from .ws_format import render
from .ws_requests import LIST_METHOD, Format, Subscription, WsRefusal, WsRequest, parse

PUBLIC_PATH = "/websocket/v1"
PRIVATE_PATH = "/websocket/v1/private"
IDLE_US = 120 * US_PER_S
_STATUS_EVERY_US = 10 * US_PER_S
_UP = b'{"status":"UP"}'
_QUEUE_LIMIT = 20_000
_PRIVATE = frozenset({"myOrder", "myAsset"})


class WsSession:
    """`subscriptions` is what the latest request asked for; it replaces the one before."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        request: web.Request,
        clock: VenueClock,
        faults: Faults,
        private: bool,
    ) -> None:
        self.private = private
        self.path = request.path
        self.format = Format.DEFAULT
        self.subscriptions: tuple[Subscription, ...] = ()
        self._socket = socket
        self._transport = request.transport
        self._clock = clock
        self._faults = faults
        self._limit = MessageLimit(clock)
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._last_traffic_us = clock.ticks_us
        self._status: Timer | None = None
        self._held: bytes | None = None
        self._dead = False

    async def run(self, subscribed: Callable[[WsSession], None]) -> None:
        """Serve until the client leaves, goes idle or breaks a rule."""
        writer = asyncio.create_task(self._write(), name="ws-writer")
        try:
            await self._read(subscribed)
        finally:
            if self._status is not None:
                self._status.cancel()
            self._outbox.put_nowait(None)
            await writer

    def wanted(self, kind: str, code: str) -> Subscription | None:
        """The subscription that covers this message, if any."""
        for item in self.subscriptions:
            if item.kind == kind and (code in item.codes or not item.codes):
                return item
        return None

    def send(self, kind: str, frame: bytes) -> None:
        """Queue a data frame, unless a switched-on fault decides otherwise."""
        faults, path, private = self._faults, self.path, kind in _PRIVATE
        if faults.hits("ws_silent", path) or faults.hits(
            "private_frame_lost" if private else "public_frame_lost", path
        ):
            return
        if private and (delay := faults.delay_us("private_frame_late", path)):
            self._clock.call_later(delay, lambda: self._queue(frame))
            return
        swaps = "private_frame_reordered" if private else "public_frame_reordered"
        if self._held is None and faults.hits(swaps, path):
            self._held = frame
            return
        self._queue(frame)
        if private and faults.hits("private_frame_duplicated", path):
            self._queue(frame)
        self._release()

    def send_message(self, message: Json, stream_type: str) -> None:
        spoiled = spoil_frame(message, self._faults, self.path)
        self.send(str(message["type"]), render(spoiled, self.format, stream_type))

    def every_second(self) -> None:
        """Idle close and the faults that strike a connection rather than a frame."""
        self._release()  # no second frame came to change places with
        if self._clock.ticks_us - self._last_traffic_us >= IDLE_US:
            if self._dead:
                self.abort()
            else:
                self._outbox.put_nowait(None)
        if self._faults.hits("ws_half_open", self.path):
            self._die()
        if self._faults.hits("ws_drop", self.path):
            self.abort()
        if self._faults.hits("garbage_frame", self.path):
            self._queue(b'{"type":"ticker","code":"KRW-\xff\x00')

    def abort(self) -> None:
        """Cut the connection without a close frame."""
        if self._transport is not None:
            self._transport.abort()

    def _die(self) -> None:
        """The other side is gone without a word: nothing is read, answered or sent any more."""
        self._dead = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def _release(self) -> None:
        frame, self._held = self._held, None
        if frame is not None:
            self._queue(frame)

    async def _read(self, subscribed: Callable[[WsSession], None]) -> None:
        async for message in self._socket:
            self._clock.catch_up()
            if self._dead:
                continue
            self._last_traffic_us = self._clock.ticks_us
            if message.type is WSMsgType.PING:
                await self._socket.pong(message.data)
            elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                try:
                    self._handle(_text(message.data), subscribed)
                except WsRefusal as refusal:
                    await self._refuse(refusal)
                    return

    def _handle(self, text: str, subscribed: Callable[[WsSession], None]) -> None:
        if text == "PING":
            if self._status is None:
                self._say_up()
            return
        if self._limit.exceeded():
            raise WsRefusal("TOO_MANY_REQUEST", "Too many requests")
        request = parse(text, self.private)
        self.format = request.format or self.format
        if request.wants_list:
            self._queue(encode(self._list(request)))
            return
        self.subscriptions = request.subscriptions
        subscribed(self)

    def _list(self, request: WsRequest) -> Json:
        result: list[Json] = []
        for item in self.subscriptions:
            row: Json = {"type": item.kind, "codes": list(item.listed_codes)}
            if item.kind == "orderbook":
                row["level"] = item.level
            result.append(row)
        return {"method": LIST_METHOD, "result": result, "ticket": request.ticket}

    def _say_up(self) -> None:
        self._queue(_UP)
        self._status = self._clock.call_later(_STATUS_EVERY_US, self._say_up)

    def _queue(self, frame: bytes) -> None:
        if self._dead:
            return
        if self._outbox.qsize() >= _QUEUE_LIMIT:
            self.abort()  # a client that never reads must not fill our memory
            return
        self._last_traffic_us = self._clock.ticks_us
        self._outbox.put_nowait(frame)

    async def _refuse(self, refusal: WsRefusal) -> None:
        body = encode({"error": {"name": refusal.name, "message": refusal.message}})
        self._queue(body)
        self._outbox.put_nowait(None)
        await asyncio.sleep(0)

    async def _write(self) -> None:
        while (frame := await self._outbox.get()) is not None:
            try:
                await self._socket.send_bytes(frame)
            except ConnectionError:
                return
        await self._socket.close(code=1000)


def _text(data: object) -> str:
    if isinstance(data, bytes):
        return data.decode("utf-8", "replace").strip()
    return str(data).strip()
