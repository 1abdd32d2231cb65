"""A network in memory: byte streams with delays, cuts and resets, for protocols that think they talk TCP."""

import asyncio
import errno
import hashlib
import random
import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

Address = tuple[str, int]
HIGH_WATER = 256 * 1024


class Network:
    """All connections of one simulated computer. Delays are drawn from ``seed``; ``digest`` is over every arrival."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seed: int) -> None:
        self.loop = loop
        self.random = random.Random(f"network-{seed}")
        self.digest = hashlib.sha256()
        self.listeners: dict[Address, Callable[[], asyncio.BaseProtocol]] = {}
        self.clients: dict[int, MemoryTransport] = {}
        #: Seconds one way: smallest and largest of a connection.
        self.delay_s = (0.0005, 0.02)
        #: Chance that a packet is held up for up to a third of a second.
        self.hiccups = 0.002
        self.client_is_dead = False
        self.connections = 0
        self._cut_until = 0.0
        self._next_port = 20_000

    def cut(self, seconds: float) -> None:
        """Nothing arrives and nothing connects for so long; then everything does, in order (a cable, not a reset)."""
        self._cut_until = max(self._cut_until, self.loop.time() + seconds)

    def mend(self) -> None:
        """End a cut."""
        self._cut_until = self.loop.time()

    def earliest(self) -> float:
        """Nothing arrives before this loop time."""
        return self._cut_until

    def note(self, words: str) -> None:
        """One line of the trace."""
        self.digest.update(f"{self.loop.time():.6f} {words}\n".encode())

    def kill_clients(self) -> None:
        """As the kernel does for a process killed with -9: what was written still travels, nobody listens any more."""
        self.client_is_dead = True
        for transport in list(self.clients.values()):
            transport.orphan()

    def revive_clients(self) -> None:
        """A new process may connect."""
        self.client_is_dead = False

    def listen(self, host: str, port: int, factory: Callable[[], asyncio.BaseProtocol]) -> "MemoryServer":
        """Accept connections at an address; port 0 takes a free one."""
        if port == 0:
            self._next_port += 1
            port = self._next_port
        self.listeners[host, port] = factory
        return MemoryServer(self, (host, port))

    async def handshake(self, address: Address) -> None:
        """The way to a listener and back. Raises ConnectionRefusedError."""
        way = 2 * self.random.uniform(*self.delay_s)
        await asyncio.sleep(max(way, self.earliest() - self.loop.time()))
        if address not in self.listeners or self.client_is_dead:
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"nobody listens at {address}")

    def join(self, address: Address, protocol: asyncio.BaseProtocol) -> "MemoryTransport":
        """Connect ``protocol`` with a new protocol of the listener."""
        self.connections += 1
        number, delay = self.connections, self.random.uniform(*self.delay_s)
        here = ("127.0.0.1", 40_000 + number % 20_000)
        client = MemoryTransport(self, f"{number}>", protocol, here, address)
        server = MemoryTransport(self, f"{number}<", self.listeners[address](), address, here)
        client.line, server.line = _Line(self, server, delay), _Line(self, client, delay)
        self.clients[number] = client
        client.on_close = lambda: self.clients.pop(number, None)
        server.protocol.connection_made(server)
        protocol.connection_made(client)
        return client


class _Line:
    """One direction: what is put in arrives in order, after drawn delays. None is the end, "reset" a reset."""

    def __init__(self, network: Network, receiver: "MemoryTransport", delay_s: float) -> None:
        self.receiver = receiver
        self.waiting = 0
        self._network = network
        self._delay_s = delay_s
        self._items: deque[tuple[float, bytes | str | None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def put(self, item: bytes | str | None) -> None:
        """Send a piece on its way."""
        network = self._network
        due = network.loop.time() + self._delay_s * (1 + network.random.random())
        if network.random.random() < network.hiccups:
            due += network.random.uniform(0, 0.3)
        if self._items:
            due = max(due, self._items[-1][0])
        self._items.append((due, item))
        if isinstance(item, bytes):
            self.waiting += len(item)
        if self._timer is None:
            self._timer = network.loop.call_at(due, self._arrive)

    def _arrive(self) -> None:
        self._timer = None
        loop = self._network.loop
        now, held = loop.time(), self._network.earliest()
        if held > now:
            self._timer = loop.call_at(held, self._arrive)
            return
        pieces: list[bytes] = []
        while self._items and self._items[0][0] <= now:
            _, item = self._items.popleft()
            if isinstance(item, bytes):
                pieces.append(item)
                continue
            self._hand_over(pieces)
            pieces = []
            self.receiver.arrive_end(reset=item == "reset")
        self._hand_over(pieces)
        if self._items:
            self._timer = loop.call_at(self._items[0][0], self._arrive)

    def _hand_over(self, pieces: list[bytes]) -> None:
        if pieces:
            data = b"".join(pieces)
            self.waiting -= len(data)
            self._network.note(f"{self.receiver.name} {len(data)}")
            self.receiver.arrive(data)


class _SocketWords:
    """What protocols ask of the socket: options are ignored, but for the one that turns a close into a reset."""

    family, type, proto = socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    resets = False

    def setsockopt(self, _level: int, option: int, _value: object) -> None:
        if option == socket.SO_LINGER:
            self.resets = True


class MemoryTransport(asyncio.Transport):
    """One end of a connection."""

    line: _Line

    def __init__(
        self, network: Network, name: str, protocol: asyncio.BaseProtocol, own: Address, peer: Address
    ) -> None:
        self._words = _SocketWords()
        super().__init__({"socket": self._words, "sockname": own, "peername": peer})
        self.name = name
        self.protocol: Any = protocol
        self.on_close: Callable[[], object] = lambda: None
        self._network = network
        self._closing = False
        self._eof_sent = False
        self._paused = False
        self._unread: deque[bytes | str | None] = deque()
        self._limits = (HIGH_WATER // 4, HIGH_WATER)
        self._writer_paused = False

    # ---- what arrives -------------------------------------------------------------------------------------------

    def arrive(self, data: bytes) -> None:
        """Bytes from the other end."""
        if self._closing:
            return
        if self._paused:
            self._unread.append(data)
            return
        self.protocol.data_received(data)
        self._relieve_sender()

    def arrive_end(self, *, reset: bool) -> None:
        """The other end closed, or broke off."""
        if self._closing:
            return
        if reset:
            self._lose(ConnectionResetError(errno.ECONNRESET, "connection reset by peer"))
        elif self._paused:
            self._unread.append(None)
        elif not self.protocol.eof_received():
            self.close()

    def _relieve_sender(self) -> None:
        sender = self._network.loop
        other = self.line.receiver
        if other._writer_paused and other.get_write_buffer_size() <= other._limits[0]:
            other._writer_paused = False
            sender.call_soon(other.protocol.resume_writing)

    # ---- asyncio.Transport --------------------------------------------------------------------------------------

    def write(self, data: Any) -> None:
        """Send bytes."""
        if self._closing or self._eof_sent or not data:
            return
        self.line.put(bytes(data))
        if not self._writer_paused and self.get_write_buffer_size() > self._limits[1]:
            self._writer_paused = True
            self.protocol.pause_writing()

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Send several pieces as one."""
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        """As TCP."""
        return True

    def write_eof(self) -> None:
        """Nothing more will be sent."""
        if not self._eof_sent and not self._closing:
            self._eof_sent = True
            self.line.put(None)

    def close(self) -> None:
        """What was written arrives, then the end."""
        if not self._closing:
            self.write_eof()
            self._lose(None)

    def abort(self) -> None:
        """At once; the other end sees a reset if the socket was told to linger for no time."""
        if not self._closing:
            if not self._eof_sent:
                self.line.put("reset" if self._words.resets else None)
            self._lose(None)

    def orphan(self) -> None:
        """The process of this end is gone."""
        if not self._closing:
            self.line.put("reset")
            self._lose(ConnectionAbortedError(errno.ECONNABORTED, "killed"))

    def is_closing(self) -> bool:
        """True from close or loss on."""
        return self._closing

    def pause_reading(self) -> None:
        """Keep what arrives."""
        self._paused = True

    def resume_reading(self) -> None:
        """Hand over what was kept."""
        self._paused = False
        self._network.loop.call_soon(self._read_on)

    def _read_on(self) -> None:
        while self._unread and not self._paused and not self._closing:
            item = self._unread.popleft()
            if isinstance(item, bytes):
                self.arrive(item)
            else:
                self.arrive_end(reset=False)

    def is_reading(self) -> bool:
        """False while paused or closed."""
        return not self._paused and not self._closing

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Bytes under way from which the protocol is paused."""
        top = HIGH_WATER if high is None else high
        self._limits = (top // 4 if low is None else low, top)

    def get_write_buffer_size(self) -> int:
        """Bytes under way or not yet read by the other end."""
        kept = self.line.receiver._unread
        return self.line.waiting + sum(len(item) for item in kept if isinstance(item, bytes))

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Low and high."""
        return self._limits

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol."""
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who owns the connection now."""
        return self.protocol  # type: ignore[no-any-return]

    def _lose(self, error: Exception | None) -> None:
        self._closing = True
        self._unread.clear()
        self.on_close()
        self._network.loop.call_soon(self.protocol.connection_lost, error)


class MemoryServer:
    """A listening address; what aiohttp uses of asyncio's Server."""

    def __init__(self, network: Network, address: Address) -> None:
        self._network = network
        self._address = address
        self.sockets = (self,)

    def getsockname(self) -> Address:
        """Where it listens."""
        return self._address

    def close(self) -> None:
        """Accept no more."""
        self._network.listeners.pop(self._address, None)

    async def wait_closed(self) -> None:
        """There is nothing to wait for."""
