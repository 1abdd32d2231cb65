"""The virtual event loop with a network of its own: aiohttp and websockets run on it unchanged, and no thread does."""

import asyncio
import concurrent.futures
import contextlib
import random
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar
from unittest.mock import patch
from weakref import WeakKeyDictionary

import aiohttp.connector

from tests.simulation.virtual_loop import VirtualLoop
from tests.simulation.wire.network import Address, MemoryServer, Network

T = TypeVar("T")
#: Monotonic seconds at the start of every run: a system that has been up for a while.
UPTIME_S = 1_000.0


class CountedTask(asyncio.Task[Any]):
    """A task whose place in a set does not depend on its address, so that sets of tasks are walked in one order."""

    _made = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        CountedTask._made += 1
        self._number = CountedTask._made  # first: a new task registers itself in a set
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class WireLoop(VirtualLoop):
    """Connections stay inside; executors run their work at once."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.network = Network(self, seed)
        self._dialled: WeakKeyDictionary[socket.socket, Address] = WeakKeyDictionary()
        CountedTask._made = 0
        self.set_task_factory(lambda loop, coro, **options: CountedTask(coro, loop=loop, **options))

    async def create_connection(  # type: ignore[override,unused-ignore]
        self,
        protocol_factory: Callable[[], Any],
        host: str | None = None,
        port: int | None = None,
        *,
        sock: socket.socket | None = None,
        **_options: Any,
    ) -> tuple[asyncio.Transport, Any]:
        """Connect in memory, by address or by a socket that was dialled before."""
        if sock is not None:
            address = self._dialled.pop(sock)
            sock.close()
        else:
            address = (str(host), int(port or 0))
            await self.network.handshake(address)
        if address not in self.network.listeners or self.network.client_is_dead:
            raise ConnectionResetError("the listener closed meanwhile")
        protocol = protocol_factory()
        return self.network.join(address, protocol), protocol

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """Dial; the socket itself never leaves this computer, it only stands for the connection."""
        await self.network.handshake(address)
        self._dialled[sock] = address

    async def create_server(  # type: ignore[override]
        self, protocol_factory: Callable[[], Any], host: str | None = None, port: int | None = None, **_options: Any
    ) -> MemoryServer:
        """Listen in memory."""
        return self.network.listen(str(host), int(port or 0), protocol_factory)

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        """Run the work now: threads would run in a time of their own."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except (Exception, concurrent.futures.CancelledError) as error:
            done.set_exception(error)
        return done


@contextlib.contextmanager
def virtual_time(loop: WireLoop, epoch_s: float, seed: int) -> Iterator[None]:
    """Inside, every clock of the time module is the loop's, and ``random`` starts from the seed."""

    def running() -> float:
        return UPTIME_S + loop.time()

    def wall() -> float:
        return epoch_s + loop.time()

    clocks: dict[str, Callable[..., Any]] = {
        "time": wall,
        "time_ns": lambda: int(wall() * 1e9),
        "monotonic": running,
        "monotonic_ns": lambda: int(running() * 1e9),
        "perf_counter": running,
        "perf_counter_ns": lambda: int(running() * 1e9),
    }
    state = random.getstate()
    random.seed(f"global-{seed}")
    with contextlib.ExitStack() as stack:
        for name, clock in clocks.items():
            stack.enter_context(patch.object(time, name, clock))
        stack.enter_context(patch.object(aiohttp.connector, "monotonic", running))  # bound when it was imported
        try:
            yield
        finally:
            random.setstate(state)


def run(loop: WireLoop, main: Coroutine[Any, Any, T]) -> T:
    """Run ``main`` to its end and leave nothing behind."""
    try:
        return loop.run_until_complete(main)
    finally:
        left = sorted(asyncio.all_tasks(loop), key=hash)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
