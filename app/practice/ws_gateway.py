"""The WebSocket door: connection quota, the key of the private door, and the session's life."""

from __future__ import annotations

from aiohttp import web

from .auth import Authenticator
from .exchange import Exchange
from .rate_limits import RateLimits, too_many
from .rest_faults import refuse_key
from .venue_errors import VenueError
from .wire import encode
from .ws_feed import WsFeed
from .ws_session import PRIVATE_PATH, PUBLIC_PATH, WsSession


class WsGateway:
    """Upgrades requests and runs sessions."""

    def __init__(self, exchange: Exchange, keys: Authenticator, limits: RateLimits, feed: WsFeed) -> None:
        self._exchange = exchange
        self._keys = keys
        self._limits = limits
        self._feed = feed

    def mount(self, app: web.Application) -> None:
        app.router.add_get(PUBLIC_PATH, self.connect)
        app.router.add_get(PRIVATE_PATH, self.connect)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        self._exchange.clock.catch_up()
        private = request.path == PRIVATE_PATH
        try:
            self._admit(request, private)
        except VenueError as error:
            body = encode({"error": {"name": error.name, "message": error.message}})
            return web.Response(body=body, status=error.status, content_type="application/json")
        socket = web.WebSocketResponse(autoping=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        session = WsSession(socket, request, self._exchange.clock, self._exchange.faults, private)
        self._feed.sessions.append(session)
        try:
            await session.run(self._feed.subscribed)
        finally:
            self._feed.sessions.remove(session)
        return socket

    def _admit(self, request: web.Request, private: bool) -> None:
        if self._exchange.faults.hits("ws_connect_refused", request.path):
            raise too_many()
        if "Origin" in request.headers:
            self._limits.take("origin")
        self._limits.take("websocket-connect")
        authorization = request.headers.get("Authorization")
        if private or authorization is not None:
            self._keys.check(authorization, (), None)
            refuse_key(self._exchange.faults, request.path)
