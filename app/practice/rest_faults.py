"""What switched-on faults do to a REST call on its way: lost, refused, hung up on, or answered drop by drop."""

from __future__ import annotations

import socket
import struct
import sys

from aiohttp import web

from .clock import US_PER_S, VenueClock
from .faults import Faults
from .rate_limits import banned, too_many
from .rest_call import Api, Route
from .venue_errors import VenueError

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>upstream error</body></html>"
_STORM = (500, 502, 503, 504)
_DROPS = 10
# fault -> status and error name of a private call
_KEY_REFUSALS = {
    "maintenance": (503, "market_offline"),
    "ip_refused": (401, "no_authorization_ip"),
    "key_revoked": (401, "invalid_access_key"),
    "key_expired": (401, "expired_access_key"),
}


class BareRefusal(Exception):
    """A refusal by something in front of the venue: a status, none of the venue's headers, perhaps a page."""

    def __init__(self, status: int, page: bytes = b"") -> None:
        super().__init__(status)
        self.status = status
        self.page = page

    def response(self) -> web.Response:
        return web.Response(status=self.status, body=self.page, content_type="text/html")


class RestFaults:
    """Each method is one moment of a call's life."""

    def __init__(self, faults: Faults, clock: VenueClock) -> None:
        self._faults = faults
        self._clock = clock

    async def lose_request(self, request: web.Request) -> web.Response | None:
        """Before anything is read: an answer means the request has not arrived."""
        if self._faults.hits("connection_reset", request.path):
            return hang_up(request, reset=True)
        if silence := self._faults.delay_us("request_dropped", request.path):
            await self._clock.sleep(silence)
            return hang_up(request, reset=False)
        return None

    def refuse_any(self, path: str) -> None:
        """Before key and quota are looked at. Raises BareRefusal or VenueError."""
        if self._faults.hits("server_error_storm", path):
            raise BareRefusal(self._faults.choose(_STORM), HTML)
        if self._faults.hits("ip_ban_bare", path):
            raise BareRefusal(418)
        if self._faults.hits("rate_limit_bare", path):
            raise BareRefusal(429)
        if (seconds := self._faults.draw("ip_ban", path)) is not None:
            raise banned(int(seconds))
        if self._faults.hits("rate_limit_storm", path):
            raise too_many()

    def refuse_private(self, path: str) -> None:
        """After the key was found good. Raises VenueError."""
        refuse_key(self._faults, path)
        if self._faults.hits("refusal_as_200", path):
            raise VenueError(200, "bad_request")

    def hides_answer(self, route: Route, path: str) -> bool:
        """Whether the answer to an accepted order or cancel is lost."""
        if not route.changes_orders:
            return False
        return self._faults.hits("order_answer_lost" if route.creates_order else "cancel_answer_lost", path)

    async def delay_answer(self, route: Route, path: str) -> None:
        if route.api is Api.EXCHANGE and (delay := self._faults.delay_us("answer_delayed", path)):
            await self._clock.sleep(delay)

    async def send(self, request: web.Request, answer: web.Response) -> web.StreamResponse:
        """The answer as it leaves: at once, or in small drops."""
        whole = self._faults.delay_us("slow_body", request.path)
        body = answer.body
        if not whole or not isinstance(body, bytes):
            return answer
        slow = web.StreamResponse(status=answer.status, headers=answer.headers)
        slow.content_length = len(body)
        await slow.prepare(request)
        size = max(1, -(-len(body) // _DROPS))
        for start in range(0, len(body), size):
            await self._clock.sleep(min(whole // _DROPS, 60 * US_PER_S))
            try:
                await slow.write(body[start : start + size])
            except ConnectionError:
                break  # the client has lost its patience
        return slow


def refuse_key(faults: Faults, path: str) -> None:
    """Refusals of REST calls and WebSocket handshakes that carry a key. Raises VenueError."""
    for fault, (status, name) in _KEY_REFUSALS.items():
        if faults.hits(fault, path):
            raise VenueError(status, name)


def hang_up(request: web.Request, reset: bool) -> web.Response:
    """Close the connection without an answer, with a TCP reset if asked."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        if reset and sock is not None:
            layout = "hh" if sys.platform == "win32" else "ii"
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))
        transport.abort()
    return web.Response(status=500)
