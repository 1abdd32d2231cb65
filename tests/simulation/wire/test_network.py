"""The network in memory keeps the promises of TCP, and breaks in the ways TCP breaks."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.simulation.wire.network import Network
from tests.simulation.wire.wire_loop import UPTIME_S, WireLoop, run, virtual_time


class Notes(asyncio.Protocol):
    """Writes down what happens to one end."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended: list[str] = []
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def eof_received(self) -> None:
        self.ended.append("eof")

    def connection_lost(self, error: Exception | None) -> None:
        self.ended.append(type(error).__name__ if error else "closed")


class Pair:
    """A connection with notes at both ends."""

    def __init__(self, loop: WireLoop) -> None:
        self.loop, self.network = loop, loop.network
        self.client, self.server = Notes(), Notes()

    async def connect(self) -> None:
        await self.loop.create_server(lambda: self.server, "127.0.0.1", 80)
        await self.loop.create_connection(lambda: self.client, "127.0.0.1", 80)


def live(story: Callable[[Pair], Coroutine[Any, Any, None]], seed: int = 1) -> None:
    """Tell a story on a fresh loop."""
    loop = WireLoop(seed)

    async def tell() -> None:
        pair = Pair(loop)
        await pair.connect()
        await story(pair)

    run(loop, tell())


@pytest.mark.parametrize("seed", range(5))
def test_bytes_arrive_late_and_in_order(seed: int) -> None:
    async def story(pair: Pair) -> None:
        sent = [bytes([number]) * number for number in range(1, 200)]
        for piece in sent:
            pair.client.transport.write(piece)
        assert pair.server.heard == b"", "nothing arrives at the instant it is sent"
        await asyncio.sleep(1)
        assert pair.server.heard == b"".join(sent)

    live(story, seed)


def test_a_close_comes_after_what_was_written() -> None:
    async def story(pair: Pair) -> None:
        pair.client.transport.write(b"last words")
        pair.client.transport.close()
        await asyncio.sleep(1)
        assert (pair.server.heard, pair.server.ended) == (b"last words", ["eof", "closed"])
        assert pair.client.ended == ["closed"]

    live(story)


def test_a_killed_process_leaves_a_reset_and_may_not_call_again() -> None:
    async def story(pair: Pair) -> None:
        pair.client.transport.write(b"sent before")
        pair.network.kill_clients()
        pair.client.transport.write(b"never sent")
        await asyncio.sleep(1)
        assert (pair.server.heard, pair.server.ended) == (b"sent before", ["ConnectionResetError"])
        with pytest.raises(ConnectionRefusedError):
            await pair.loop.create_connection(Notes, "127.0.0.1", 80)
        pair.network.revive_clients()
        await pair.loop.create_connection(Notes, "127.0.0.1", 80)

    live(story)


def test_a_cut_cable_delays_and_loses_nothing() -> None:
    async def story(pair: Pair) -> None:
        pair.client.transport.write(b"on its way ")
        pair.network.cut(30)
        pair.client.transport.write(b"into the cut")
        await asyncio.sleep(29)
        assert pair.server.heard == b""
        await asyncio.sleep(2)
        assert pair.server.heard == b"on its way into the cut"

    live(story)


def test_who_does_not_read_makes_the_sender_wait() -> None:
    class Sender(Notes):
        waits = False

        def pause_writing(self) -> None:
            self.waits = True

        def resume_writing(self) -> None:
            self.waits = False

    async def story(pair: Pair) -> None:
        sender = Sender()
        pair.client.transport.set_protocol(sender)
        pair.server.transport.pause_reading()
        pair.client.transport.set_write_buffer_limits(high=1000)
        pair.client.transport.write(b"x" * 2000)
        await asyncio.sleep(5)
        assert sender.waits and pair.server.heard == b""
        pair.server.transport.resume_reading()
        await asyncio.sleep(1)
        assert not sender.waits and len(pair.server.heard) == 2000

    live(story)


def test_nobody_listens() -> None:
    async def story(pair: Pair) -> None:
        with pytest.raises(ConnectionRefusedError):
            await pair.loop.create_connection(Notes, "127.0.0.1", 81)

    live(story)


def test_every_clock_is_the_loops_and_real_time_comes_back() -> None:
    loop, real = WireLoop(1), time.monotonic

    async def story() -> None:
        await asyncio.sleep(7200)
        assert time.monotonic() == time.perf_counter() == UPTIME_S + loop.time()
        assert time.time() == 5_000 + loop.time()

    with virtual_time(loop, 5_000, 1):
        run(loop, story())
    assert loop.time() >= 7200
    assert time.monotonic is real


def test_threads_are_not_used() -> None:
    loop = WireLoop(1)
    assert run(loop, asyncio.to_thread(lambda: 7)) == 7
    assert isinstance(loop.network, Network)
