"""The HTTP door: reads a call, checks key, quota and switched-on faults, and words the answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from inspect import isawaitable
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from .answer_faults import spoil_answer
from .auth import Authenticator, body_text, hashable_query
from .exchange import Exchange
from .rate_limits import RateLimits
from .rest_call import INVALID, Api, Call, Pairs, Route
from .rest_faults import HTML, BareRefusal, RestFaults, hang_up
from .venue_errors import VenueError, bad_request, quotation_error
from .wire import encode

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RestGateway:
    """Turns routes into aiohttp handlers."""

    def __init__(self, exchange: Exchange, keys: Authenticator, limits: RateLimits, lenient: bool) -> None:
        self._exchange = exchange
        self._keys = keys
        self._limits = limits
        self._lenient = lenient
        self._trouble = RestFaults(exchange.faults, exchange.clock)

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        for route in routes:
            app.router.add_route(route.method, route.path, self._serve(route))

    def _serve(self, route: Route) -> Serve:
        async def serve(request: web.Request) -> web.StreamResponse:
            self._exchange.clock.catch_up()
            trouble, path = self._trouble, request.path
            if (lost := await trouble.lose_request(request)) is not None:
                return lost
            try:
                payload, status = await self._handle(route, request), route.status
            except BareRefusal as refusal:
                return refusal.response()
            except VenueError as error:
                payload, status = {"error": {"name": error.name, "message": error.message}}, error.status
                accepted = False
            else:
                payload, accepted = spoil_answer(payload, self._exchange.faults, path), True
            await trouble.delay_answer(route, path)
            if accepted and trouble.hides_answer(route, path):
                return hang_up(request, reset=False)
            return await trouble.send(request, self._answer(route, path, encode(payload), status, accepted))

        return serve

    def _answer(self, route: Route, path: str, body: bytes, status: int, accepted: bool) -> web.Response:
        faults = self._exchange.faults
        if accepted and faults.hits("html_body", path):
            return web.Response(body=HTML, content_type="text/html")
        if accepted and faults.hits("truncated_body", path):
            body = body[: len(body) // 2]
        headers = {"Remaining-Req": self._limits.header(route.group), "Date": self._date()}
        return web.Response(body=body, status=status, headers=headers, content_type="application/json", charset="utf-8")

    async def _handle(self, route: Route, request: web.Request) -> object:
        faults, path = self._exchange.faults, request.path
        self._trouble.refuse_any(path)
        if "Origin" in request.headers:
            self._limits.take("origin")
        self._limits.take(route.group)
        call, hashable = await self._read(route, request)
        if route.api is Api.EXCHANGE:
            self._keys.check(request.headers.get("Authorization"), hashable, route.scope)
            self._trouble.refuse_private(path)
        if route.changes_orders and faults.hits("server_error_before", path):
            raise VenueError(500, "internal_server_error")
        answer = route.handler(call)
        if isawaitable(answer):
            answer = await answer
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
            extra, texts = self._lenient_pairs(request, body)
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

    def _lenient_pairs(self, request: web.Request, body: bytes) -> tuple[Pairs, list[str]]:
        """pyupbit sends form bodies with GET and JSON bodies with DELETE."""
        if request.content_type == "application/json":
            pairs = self._json_pairs(request, body)
            return _flatten(pairs), [body_text(pairs)]
        text = body.decode("utf-8", "replace")
        return [(_bare(k), v) for k, v in parse_qsl(text)], [unquote(text), text]

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
    """Pairs of a JSON object in order, numbers as the text they were sent in; raises ValueError.

    A value is a word, or a list of words: no call of the venue nests deeper.
    """
    try:
        pairs = json.loads(body, object_pairs_hook=list, parse_float=str, parse_int=str)
    except RecursionError:
        raise ValueError("nested without end") from None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise ValueError("not an object")
    lists = (value for _, value in pairs if isinstance(value, list))
    if any(isinstance(item, list | tuple) for items in lists for item in items):
        raise ValueError("nested too deeply")
    return pairs


def _flatten(pairs: list[tuple[str, object]]) -> Pairs:
    flat: Pairs = []
    for name, value in pairs:
        for item in value if isinstance(value, list) else [value]:
            flat.append((_bare(name), None if item is None else str(item)))
    return flat
