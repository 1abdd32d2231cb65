import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from app.adapters.net.backoff import Backoff
from app.adapters.net.stream_connection import StreamConnection, StreamTiming, UnreliableStreamError
from app.domain.errors import VenueUnavailableError

Talk = Callable[[ServerConnection], Awaitable[None]]


class Listener:
    """A handler that writes down what it was told."""

    name = "test"

    def __init__(self) -> None:
        self.wanted = "a"
        self.frames: list[bytes | str] = []
        self.states: list[tuple[bool, str]] = []
        self.handshakes = 0

    def is_wanted(self) -> bool:
        return bool(self.wanted)

    def headers(self) -> Mapping[str, str]:
        self.handshakes += 1
        return {"X-Handshake": str(self.handshakes)}

    def subscription(self) -> str:
        return f"want {self.wanted}"

    def on_frame(self, frame: bytes | str) -> bool:
        if frame == b"poison":
            raise UnreliableStreamError("poisoned")
        self.frames.append(frame)
        return frame != b"idle"

    def on_state(self, up: bool, detail: str) -> None:
        self.states.append((up, detail))


class Server:
    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.heard: list[str] = []
        self.sessions = 0

    async def handle(self, connection: ServerConnection) -> None:
        self.sessions += 1
        try:
            await self._talk(connection)
        except ConnectionClosed:
            return

    async def hear(self, connection: ServerConnection) -> str:
        self.heard.append(str(await connection.recv()))
        return self.heard[-1]


async def until(condition: Callable[[], object]) -> None:
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen within two seconds")


@asynccontextmanager
async def stream(
    talk: Callable[["Server"], Talk], *, silence_s: float | None = None, listener: Listener | None = None
) -> AsyncIterator[tuple[Listener, Server, StreamConnection]]:
    server: Server
    server = Server(lambda connection: talk(server)(connection))
    listener = listener or Listener()
    async with serve(server.handle, "127.0.0.1", 0, close_timeout=0.1) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        connection = StreamConnection(
            f"ws://127.0.0.1:{port}",
            listener,
            timing=StreamTiming(silence_s=silence_s, settled_s=0.0),
            backoff=Backoff(0.01, 0.05),
        )
        task = asyncio.create_task(connection.run())
        try:
            yield listener, server, connection
        finally:
            task.cancel()
            await asyncio.wait([task])


def chatty(*frames: bytes | str) -> Callable[[Server], Talk]:
    """Hear the subscription, send the frames, then wait."""

    def bound(server: Server) -> Talk:
        async def talk(connection: ServerConnection) -> None:
            await server.hear(connection)
            for frame in frames:
                await connection.send(frame)
            while True:
                await server.hear(connection)

        return talk

    return bound


async def test_it_subscribes_and_passes_frames_on() -> None:
    async with stream(chatty(b"one", "two")) as (listener, server, _):
        await until(lambda: len(listener.frames) == 2)
        assert listener.frames == [b"one", "two"]
        assert server.heard == ["want a"]
        assert listener.states == [(True, "")]


async def test_a_quiet_private_stream_is_up_once_its_subscription_was_read() -> None:
    async with stream(chatty()) as (listener, server, _):
        await until(lambda: listener.states)
        assert listener.states == [(True, "")]
        assert server.heard == ["want a"]


async def test_a_public_stream_is_up_with_its_first_data() -> None:
    async with stream(chatty(b"idle"), silence_s=5) as (listener, _, _):
        await until(lambda: listener.frames)
        assert listener.states == []
    async with stream(chatty(b"data"), silence_s=5) as (listener, _, _):
        await until(lambda: listener.frames)
        assert listener.states == [(True, "")]


async def test_a_change_is_sent_at_once_and_a_burst_of_changes_once() -> None:
    async with stream(chatty(b"data")) as (listener, server, connection):
        await until(lambda: listener.states)
        for wanted in ("b", "c", "d"):
            listener.wanted = wanted
            connection.resubscribe()
        await until(lambda: len(server.heard) == 2)
        await asyncio.sleep(0.05)
        assert server.heard == ["want a", "want d"]


async def test_nothing_wanted_means_no_connection() -> None:
    listener = Listener()
    listener.wanted = ""
    async with stream(chatty(b"data"), listener=listener) as (_, server, connection):
        await asyncio.sleep(0.05)
        assert server.sessions == 0
        listener.wanted = "a"
        connection.resubscribe()
        await until(lambda: listener.frames)
        listener.wanted = ""
        connection.resubscribe()
        await until(lambda: len(listener.states) == 2)
        assert server.sessions == 1
        assert not listener.states[-1][0]


async def test_a_dropped_line_comes_back_with_its_subscription_and_a_fresh_handshake() -> None:
    def talk(server: Server) -> Talk:
        async def once(connection: ServerConnection) -> None:
            await server.hear(connection)
            await connection.send(b"data")
            if server.sessions == 1:
                connection.transport.abort()
            await connection.wait_closed()

        return once

    async with stream(talk) as (listener, server, _):
        await until(lambda: len(listener.states) == 3)
        assert [up for up, _ in listener.states] == [True, False, True]
        assert "closed" in listener.states[1][1]
        assert server.heard == ["want a", "want a"]
        assert listener.handshakes == 2


async def test_a_silent_feed_is_asked_once_more_and_then_cut() -> None:
    async with stream(chatty(b"data"), silence_s=0.2) as (listener, server, _):
        await until(lambda: server.sessions == 2)
        assert listener.states[:2] == [(True, ""), (False, "silent for 0.2 s")]
        assert server.heard[:2] == ["want a", "want a"]


async def test_a_quiet_market_that_answers_is_left_alone() -> None:
    def talk(server: Server) -> Talk:
        async def snapshots_only(connection: ServerConnection) -> None:
            while await server.hear(connection):
                await connection.send(b"snapshot")

        return snapshots_only

    async with stream(talk, silence_s=0.2) as (listener, server, _):
        await asyncio.sleep(0.7)
        assert server.sessions == 1
        assert len(server.heard) > 3
        assert listener.states == [(True, "")]


async def test_pings_alone_are_no_data() -> None:
    async with stream(chatty(b"idle"), silence_s=0.15) as (listener, server, _):
        await until(lambda: server.sessions == 2)
        assert listener.states[0] == (False, "silent for 0.15 s")


async def test_a_frame_that_poisons_the_stream_restarts_it() -> None:
    async with stream(chatty(b"data", b"poison")) as (listener, server, _):
        await until(lambda: server.sessions == 2)
        assert (False, "unreliable: poisoned") in listener.states


async def test_a_frame_beyond_all_measure_ends_the_connection() -> None:
    async with stream(chatty(b"x" * (StreamConnection.MAX_FRAME_BYTES + 1))) as (listener, server, _):
        await until(lambda: server.sessions == 2)
        assert listener.frames == []


async def test_trouble_is_reported_once_while_it_lasts() -> None:
    listener = Listener()
    connection = StreamConnection("ws://127.0.0.1:9", listener, backoff=Backoff(0.001, 0.002))
    task = asyncio.create_task(connection.run())
    await until(lambda: listener.handshakes > 5)
    task.cancel()
    await asyncio.wait([task])
    assert len(listener.states) == 1
    assert listener.states[0][0] is False
    assert "cannot connect" in listener.states[0][1]


async def test_a_refused_handshake_names_its_status() -> None:
    async def refuse(connection: ServerConnection, _: object) -> object:
        return connection.respond(401, "no")

    async def nobody(_: ServerConnection) -> None: ...

    listener = Listener()
    async with serve(nobody, "127.0.0.1", 0, process_request=refuse) as running:  # type: ignore[arg-type]
        port = next(iter(running.sockets)).getsockname()[1]
        task = asyncio.create_task(StreamConnection(f"ws://127.0.0.1:{port}", listener).run())
        await until(lambda: listener.states)
        task.cancel()
        await asyncio.wait([task])
    assert listener.states == [(False, "handshake refused with status 401")]


async def test_no_place_in_the_limits_is_waited_for() -> None:
    refusals = 2

    async def no_place_twice() -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise VenueUnavailableError("no_free_place", "busy")

    listener = Listener()
    server = Server(lambda connection: chatty(b"data")(server)(connection))
    async with serve(server.handle, "127.0.0.1", 0, close_timeout=0.1) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        connection = StreamConnection(
            f"ws://127.0.0.1:{port}",
            listener,
            backoff=Backoff(0.01, 0.05),
            before_connect=no_place_twice,
            before_send=no_place_twice,
        )
        task = asyncio.create_task(connection.run())
        await until(lambda: listener.frames)
        assert listener.states == [(False, "not tried: no_free_place: busy"), (True, "")]
        refusals = 1
        listener.wanted = "b"
        connection.resubscribe()
        await until(lambda: server.heard[-1] == "want b")
        task.cancel()
        await asyncio.wait([task])


async def test_a_flood_lets_others_run() -> None:
    turns = 0
    seen: Counter[int] = Counter()
    frame_s = StreamConnection.TURN_S / 4

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    class Busy(Listener):
        def on_frame(self, frame: bytes | str) -> bool:
            until_then = time.perf_counter() + frame_s
            while time.perf_counter() < until_then:
                pass
            seen[turns] += 1
            return super().on_frame(frame)

    count = 400
    async with stream(chatty(*[b"tick"] * count), listener=Busy()) as (listener, _, _):
        task = asyncio.create_task(other())
        await until(lambda: len(listener.frames) == count)
        task.cancel()
    assert len(seen) >= count / 16  # 4 frames in a turn, more where the system took the processor away


async def test_a_burst_does_not_pause_the_socket() -> None:
    many = StreamConnection.QUEUE[0] // 2
    pauses: list[bool] = []

    class Held(Listener):
        def on_frame(self, frame: bytes | str) -> bool:
            assert connection._connection is not None
            pauses.append(connection._connection.transport.is_reading())  # type: ignore[attr-defined]
            return super().on_frame(frame)

    async with stream(chatty(*[b"tick"] * many), listener=Held()) as (listener, _, connection):
        await until(lambda: len(listener.frames) == many)
    assert all(pauses)


async def test_an_error_in_our_own_code_is_not_swallowed() -> None:
    class Broken(Listener):
        def on_frame(self, frame: bytes | str) -> bool:
            raise ZeroDivisionError

    listener = Broken()

    async def talk(connection: ServerConnection) -> None:
        await connection.send(b"data")
        await connection.wait_closed()

    async with serve(talk, "127.0.0.1", 0) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        with pytest.raises(ExceptionGroup) as caught:
            await StreamConnection(f"ws://127.0.0.1:{port}", listener).run()
    assert caught.group_contains(ZeroDivisionError)
