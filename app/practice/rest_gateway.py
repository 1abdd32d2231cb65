"""The HTTP door: reads a call, checks key, quota and switched-on faults, and words the answer."""

from __future__ import annotations

import json
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from .auth import Authenticator, body_text, hashable_query
from .exchange import Exchange
from .rate_limits import RateLimits, banned, too_many
from .rest_call import INVALID, Api, Call, Pairs, Route
from .venue_errors import VenueError, bad_request, quotation_error
from .wire import encode

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body>upstream error</body></html>"
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RestGateway:
    """Turns routes into aiohttp handlers."""

    def __init__(self, exchange: Exchange, keys: Authenticator, limits: RateLimits, lenient: bool) -> None:
        self._exchange = exchange
        self._keys = keys
        self._limits = limits
        self._lenient = lenient

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        for route in routes:
            app.router.add_route(route.method, route.path, self._serve(route))

    def _serve(self, route: Route) -> Serve:
        async def serve(request: web.Request) -> web.StreamResponse:
            self._exchange.clock.catch_up()
            faults, path = self._exchange.faults, request.path
            if faults.hits("connection_reset", path):
                return _hang_up(request, reset=True)
            try:
                payload, status = await self._handle(route, request), route.status
            except VenueError as error:
                payload, status = {"error": {"name": error.name, "message": error.message}}, error.status
            body = encode(payload)
            if route.api is Api.EXCHANGE and (delay := faults.delay_us("answer_delayed")):
                await self._exchange.clock.sleep(delay)
            if status < 400 and route.creates_order and faults.hits("order_answer_lost", path):
                return _hang_up(request, reset=False)
            if status < 400 and faults.hits("html_body", path):
                return web.Response(body=_HTML, content_type="text/html")
            if status < 400 and faults.hits("truncated_body", path):
                body = body[: len(body) // 2]
            headers = {"Remaining-Req": self._limits.header(route.group), "Date": self._date()}
            return web.Response(
                body=body, status=status, headers=headers, content_type="application/json", charset="utf-8"
            )

        return serve

    async def _handle(self, route: Route, request: web.Request) -> object:
        faults, path = self._exchange.faults, request.path
        if faults.hits("ip_ban", path):
            raise banned(faults.value_us("ip_ban") // 1_000_000)
        if faults.hits("rate_limit_storm", path):
            raise too_many()
        if "Origin" in request.headers:
            self._limits.take("origin")
        self._limits.take(route.group)
        call, hashable = await self._read(route, request)
        if route.api is Api.EXCHANGE:
            self._keys.check(request.headers.get("Authorization"), hashable, route.scope)
            if faults.hits("key_expired", path):
                raise VenueError(401, "expired_access_key")
        if route.changes_orders and faults.hits("server_error_before", path):
            raise VenueError(500, "internal_server_error")
        answer = route.handler(call)
        if route.changes_orders and faults.hits("server_error_after", path):
            raise VenueError(500, "internal_server_error")
        return answer

    async def _read(self, route: Route, request: web.Request) -> tuple[Call, list[str]]:
        """The call and the strings its query hash may be of."""
        raw_query = request.raw_path.partition("?")[2]
        if not self._lenient and any(sign in raw_query for sign in ":+"):
            quotes = route.api is Api.QUOTATION
            raise quotation_error(400, INVALID) if quotes else bad_request("invalid_parameter", INVALID)
        body = await request.read()
        pairs: Pairs = [(_bare(k), v) for k, v in _split(raw_query)]
        hashable = hashable_query(raw_query, self._lenient)
        if body and request.method == "POST":
            from_body = self._json_pairs(request, body)
            pairs += _flatten(from_body)
            hashable = [body_text(from_body)]
        elif body and self._lenient:
            extra, texts = _lenient_pairs(request, body)
            pairs, hashable = pairs + extra, hashable + texts
        elif body:
            raise bad_request("QUERY_PARAMETER_NOT_SUPPORTED")
        return Call(route.api, pairs, request.match_info.get("value", "")), hashable

    def _json_pairs(self, request: web.Request, body: bytes) -> list[tuple[str, object]]:
        if request.content_type != "application/json" and not self._lenient:
            raise bad_request("bad_request", "Content-Type must be application/json")
        try:
            return _top_level(body)
        except ValueError:
            if self._lenient:
                return list(parse_qsl(body.decode("utf-8", "replace")))
            raise bad_request("bad_request", "the body is not a JSON object") from None

    def _date(self) -> str:
        return formatdate(self._exchange.clock.now_ms() / 1000, usegmt=True)


def _split(raw_query: str) -> list[tuple[str, str]]:
    pairs = []
    for part in raw_query.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((unquote(name), unquote(value)))
    return pairs


def _bare(name: str) -> str:
    return name.removesuffix("[]")


def _top_level(body: bytes) -> list[tuple[str, object]]:
    """Pairs of a JSON object in order, numbers as the text they were sent in."""
    pairs = json.loads(body, object_pairs_hook=list, parse_float=str, parse_int=str)
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise ValueError("not an object")
    return pairs


def _flatten(pairs: list[tuple[str, object]]) -> Pairs:
    flat: Pairs = []
    for name, value in pairs:
        for item in value if isinstance(value, list) else [value]:
            flat.append((_bare(name), None if item is None else str(item)))
    return flat


def _lenient_pairs(request: web.Request, body: bytes) -> tuple[Pairs, list[str]]:
    """pyupbit sends form bodies with GET and JSON bodies with DELETE."""
    text = body.decode("utf-8", "replace")
    if request.content_type == "application/json":
        pairs = _top_level(body)
        return _flatten(pairs), [body_text(pairs)]
    return [(_bare(k), v) for k, v in parse_qsl(text)], [unquote(text), text]


def _hang_up(request: web.Request, reset: bool) -> web.Response:
    """Close the connection without an answer, with a TCP reset if asked."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        if reset and sock is not None:
            layout = "hh" if sys.platform == "win32" else "ii"
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))
        transport.abort()
    return web.Response(status=500)
