"""A minimal HTTP/1.1 server that knows when the first byte of a request arrived: that is the stamp the bench is about.

A web framework would call its handler only after parsing; here the stamp is taken as the first statement of
``data_received``, before anything is looked at.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

MAX_REQUEST = 65536


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``arrived_ns`` is time.monotonic_ns of its first byte."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    arrived_ns: int


Answerer = Callable[[Request], tuple[int, bytes]]


class HttpConnection(asyncio.Protocol):
    """One kept-alive connection; answers are written in the call stack that read the request."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._arrived_ns = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Stamp first, then read as many requests as are complete."""
        now = time.monotonic_ns()
        if not self._buffer:
            self._arrived_ns = now
        self._buffer += data
        while (request := self._next_request()) is not None:
            self._arrived_ns = now
            self._write(*self._answer(request))
        if len(self._buffer) > MAX_REQUEST and self._transport is not None:
            self._transport.abort()

    def _next_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        lines = bytes(self._buffer[:end]).split(b"\r\n")
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(self._buffer) < end + 4 + length:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        method, target, _ = lines[0].decode("ascii").split(" ")
        parts = urlsplit(target)
        return Request(method, parts.path, dict(parse_qsl(parts.query)), body, self._arrived_ns)

    def _write(self, status: int, body: bytes) -> None:
        if self._transport is None:
            return
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Remaining-Req: group=default; min=1800; sec=999\r\n\r\n"
        )
        self._transport.write(head.encode("ascii") + body)
