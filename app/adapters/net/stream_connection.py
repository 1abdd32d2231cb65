"""One WebSocket that stays alive: subscribes again, notices silence, reconnects with backoff. Knows no venue."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from app.adapters.net.backoff import Backoff
from app.domain.errors import VenueUnavailableError

log = logging.getLogger(__name__)


class UnreliableStreamError(Exception):
    """A frame shows that nothing more from this connection may be trusted; the text says why."""


class StreamHandler(Protocol):
    """What one venue stream says and understands."""

    name: str

    def is_wanted(self) -> bool:
        """False while there is nothing to subscribe to."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Headers of the opening handshake, made afresh for each connection."""
        ...

    def subscription(self) -> str:
        """One message that asks for everything wanted now."""
        ...

    def on_frame(self, frame: bytes | str) -> bool:
        """Take in one frame; True when it carried data. Raises UnreliableStreamError to give the connection up."""
        ...

    def on_state(self, up: bool, detail: str) -> None:
        """Called when the stream went up or down."""
        ...


@dataclass(frozen=True, slots=True)
class StreamTiming:
    """Seconds. ``silence_s`` None = the peer may be silent (keepalive pings still watch the line).

    ``settled_s``: a connection that lived this long starts the backoff afresh.
    """

    silence_s: float | None = 10.0
    ping_s: float = 20.0
    open_s: float = 5.0
    settled_s: float = 10.0


@dataclass(slots=True)
class _Watch:
    """Age of the last data of one connection."""

    connection: ClientConnection
    limit_s: float
    last_data: float
    asked_again: bool = False
    silent: bool = False
    timer: asyncio.TimerHandle | None = field(default=None)

    def arm(self, ask_again: Callable[[], None]) -> None:
        """Look again in a quarter of the limit; half-way ask for a snapshot, at the limit cut the line."""
        loop = asyncio.get_running_loop()
        age = loop.time() - self.last_data
        if age >= self.limit_s:
            self.silent = True
            # abort, not close: a half-open peer would never answer the closing handshake
            self.connection.transport.abort()
            return
        if age < self.limit_s / 2:
            self.asked_again = False
        elif not self.asked_again:
            self.asked_again = True
            ask_again()
        self.timer = loop.call_later(self.limit_s / 4, lambda: self.arm(ask_again))

    def stop(self) -> None:
        """No more looks."""
        if self.timer is not None:
            self.timer.cancel()


class StreamConnection:
    """Keeps one stream of a venue running until cancelled.

    ``before_connect`` and ``before_send`` wait for a place in the venue's limits; they may raise VenueUnavailableError.
    A quiet market and a dead feed look alike, so at half of the silence limit the subscription is sent again (venues
    answer with a snapshot); only when that brings nothing either is the connection cut.
    """

    #: After this many seconds of frames in one go the loop may draw the screen.
    TURN_S = 0.002
    #: Frames that wait here before the socket is paused, and down to which it stays paused.
    QUEUE = (2048, 512)
    #: An attempt to connect waits for the venue's limits, the handshake and the back-off.
    CONNECT_DUE_S = 120.0
    #: A stream that is read owes a sign of life once a second, and after twice its silence limit it is overdue.
    BEAT_S = 1.0
    MAX_FRAME_BYTES = 512 * 1024

    def __init__(
        self,
        url: str,
        handler: StreamHandler,
        *,
        timing: StreamTiming | None = None,
        backoff: Backoff | None = None,
        before_connect: Callable[[], Awaitable[object]] | None = None,
        before_send: Callable[[], Awaitable[object]] | None = None,
        beat: Callable[[str, float | None], None] = lambda name, due_s: None,
    ) -> None:
        self._url = url
        self._handler = handler
        self._timing = timing or StreamTiming()
        self._backoff = backoff or Backoff()
        self._before_connect = before_connect
        self._before_send = before_send
        self._beat = beat
        self._changed = asyncio.Event()
        self._wanted = asyncio.Event()
        self._connection: ClientConnection | None = None
        self._up: bool | None = None

    @property
    def name(self) -> str:
        """Name of the stream, for tasks and logs."""
        return self._handler.name

    def resubscribe(self) -> None:
        """The wanted set changed: say so at once, or at the next connection."""
        if self._handler.is_wanted():
            self._wanted.set()
        else:
            self._wanted.clear()
        self._changed.set()

    async def run(self) -> None:
        """Connect, read, reconnect, until cancelled."""
        self.resubscribe()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_connected(), name=f"{self._handler.name} stream")
            group.create_task(self._keep_subscribed(), name=f"{self._handler.name} subscriptions")

    async def _keep_connected(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            started = loop.time()
            self._beat(self.name, self.CONNECT_DUE_S)
            self._report(False, await self._connect_once())
            if loop.time() - started >= self._timing.settled_s:
                self._backoff.reset()
            await asyncio.sleep(self._backoff.next_delay())

    async def _keep_subscribed(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            connection = self._connection
            if connection is None:
                continue  # the next connection begins with its subscription
            try:
                await self._subscribe(connection)
            except ConnectionClosed:
                log.debug("%s: subscription not sent, the connection is gone", self._handler.name)
            except VenueUnavailableError as error:
                log.info("%s: subscription not sent yet (%s); trying again", self._handler.name, error)
                self._changed.set()

    async def _connect_once(self) -> str:
        """One connection from handshake to end; returns why it ended."""
        try:
            if self._before_connect is not None:
                await self._before_connect()
            async with connect(
                self._url,
                additional_headers=self._handler.headers(),
                compression=None,
                proxy=None,
                open_timeout=self._timing.open_s,
                ping_interval=self._timing.ping_s,
                ping_timeout=self._timing.ping_s,
                close_timeout=1,
                max_size=self.MAX_FRAME_BYTES,
                max_queue=self.QUEUE,
            ) as connection:
                return await self._serve(connection)
        except InvalidStatus as error:
            return f"handshake refused with status {error.response.status_code}"
        except VenueUnavailableError as error:
            return f"not tried: {error}"
        except ConnectionClosed as error:
            return f"closed: {error}"
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
            return f"cannot connect: {type(error).__name__}: {error}"
        finally:
            self._connection = None

    async def _serve(self, connection: ClientConnection) -> str:
        loop = asyncio.get_running_loop()
        watch = _Watch(connection, self._timing.silence_s or 0.0, loop.time())
        self._connection = connection
        try:
            await self._subscribe(connection)
            self._alive()
            if self._timing.silence_s is not None:
                watch.arm(self._changed.set)
            else:
                # the pong proves that the subscription sent before it has been read
                asyncio.ensure_future(await connection.ping()).add_done_callback(self._on_pong)
            await self._read(connection, watch)
        except UnreliableStreamError as error:
            return f"unreliable: {error}"
        except ConnectionClosed:
            if watch.silent:
                return f"silent for {self._timing.silence_s:g} s"
            raise
        finally:
            watch.stop()
        return "closed by the venue"

    async def _read(self, connection: ClientConnection, watch: _Watch) -> None:
        loop = asyncio.get_running_loop()
        began = ended = beaten = time.perf_counter()  # loop.time() is too coarse on Windows
        async for frame in connection:
            came = time.perf_counter()
            if came - ended >= self.TURN_S:
                began = came  # the frame was waited for, so the others had their turn
            if came - beaten >= self.BEAT_S:
                beaten = came
                self._alive()
            if self._handler.on_frame(frame):
                watch.last_data = loop.time()
                if self._up is not True:
                    self._report(True, "")
            ended = time.perf_counter()
            if ended - began >= self.TURN_S:
                await asyncio.sleep(0)
                began = ended = time.perf_counter()

    async def _subscribe(self, connection: ClientConnection) -> None:
        if not self._handler.is_wanted():
            await connection.close()
            return
        if self._before_send is not None:
            await self._before_send()
        # asked for after the wait, so that the last message sent is always the newest
        await connection.send(self._handler.subscription())

    def _alive(self) -> None:
        silence = self._timing.silence_s
        self._beat(self.name, None if silence is None else 2 * silence)

    def _on_pong(self, pong: "asyncio.Future[float]") -> None:
        if not pong.cancelled() and pong.exception() is None:
            self._report(True, "")

    def _report(self, up: bool, detail: str) -> None:
        if up is self._up:
            return
        self._up = up
        if not up:
            log.info("%s stream is down: %s", self._handler.name, detail)
        self._handler.on_state(up, detail)
