"""The test operator's door, on its own loopback port: ledger, faults, shocks, clock, the phone app, and the computer.

GET /health, /ledger, /faults, /host; POST /faults, /market, /clock, /external_trade, /deposit, /host.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from aiohttp import web

from .exchange import Exchange
from .fault_names import MEANINGS
from .faults import UnknownFault
from .host_faults import CLOCK_STEP, HostFault, HostFaultRefused, HostFaults, refuse_nonsense
from .host_faults import MEANINGS as HOST_MEANINGS
from .ledger import InsufficientFunds
from .ledger_report import report
from .market import Market
from .money import plain
from .order import Side
from .venue_errors import VenueError
from .wire import Json, encode

_HIGHEST_MOVE_PERCENT = 90


class MarketDriver(Protocol):
    """What moves the prices: the simulation or a replay."""

    def start(self) -> None: ...

    def shock(self, code: str, move_percent: float, over_ms: int) -> None: ...

    def progress(self) -> Json: ...


class AdminError(ValueError):
    """A request the operator should correct; the text says how."""


class AdminDoor:
    """Plain JSON over HTTP."""

    def __init__(self, exchange: Exchange, driver: MarketDriver, host: HostFaults) -> None:
        self._host = host
        self._exchange = exchange
        self._driver = driver

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/health", self._answer(self.health))
        app.router.add_get("/ledger", self._answer(lambda _: report(self._exchange)))
        app.router.add_get("/faults", self._answer(self.list_faults))
        app.router.add_post("/faults", self._answer(self.switch_fault))
        app.router.add_post("/market", self._answer(self.change_market))
        app.router.add_post("/clock", self._answer(self.set_clock))
        app.router.add_post("/external_trade", self._answer(self.external_trade))
        app.router.add_post("/deposit", self._answer(self.deposit))
        app.router.add_get("/host", self._answer(self.list_host_faults))
        app.router.add_post("/host", self._answer(self.start_host_fault))
        return app

    def health(self, body: Json) -> Json:
        last = {code: plain(market.tape.last_price) for code, market in self._exchange.markets.items()}
        return {
            "ok": True,
            "time_ms": self._exchange.clock.now_ms(),
            "uptime_ms": self._exchange.clock.ticks_us // 1000,
            "markets": last,
            "open_orders": len(self._exchange.orders.open()),
            "driver": self._driver.progress(),
        }

    def list_faults(self, body: Json) -> Json:
        return {"faults": MEANINGS, "active": self._active_faults()}

    def _active_faults(self) -> list[Json]:
        now = self._exchange.clock.ticks_us
        return [
            {
                "name": fault.name,
                "rate": fault.rate,
                "seconds_left": round((fault.until_us - now) / 1e6, 3),
                "value": plain(fault.value),
                "count": fault.count,
                "path": fault.path,
                "happened": fault.happened,
            }
            for fault in self._exchange.faults.active()
        ]

    def switch_fault(self, body: Json) -> Json:
        if body.get("clear"):
            body = {"name": body.get("name", "all"), "rate": 0}
        value = body.get("value")
        count = body.get("count")
        self._exchange.faults.switch(
            str(body.get("name")),
            _number(body, "rate"),
            _number(body, "seconds", 3600.0),
            None if value is None else _decimal(body, "value"),
            None if count is None else int(_number(body, "count")),
            str(body.get("path", "")),
        )
        return self.list_faults({})

    def list_host_faults(self, body: Json) -> Json:
        """The clock step is a fault of the venue clock and shown there too."""
        active: list[Json] = [
            {"name": fault.name, "pid": fault.pid, "path": fault.path, "seconds_left": round(left, 3)}
            for fault, left in self._host.active()
        ]
        active += [row | {"name": CLOCK_STEP} for row in self._active_faults() if row["name"] == "clock_skew"]
        return {"faults": HOST_MEANINGS, "active": active}

    async def start_host_fault(self, body: Json) -> Json:
        if body.get("clear"):
            await self._host.clear()
            self._exchange.faults.switch("clock_skew", 0)
            return self.list_host_faults({})
        fault = HostFault(
            str(body.get("name")),
            _number(body, "seconds", 10.0),
            int(_number(body, "pid", 0)),
            str(body.get("path", "")),
        )
        if fault.name == CLOCK_STEP:
            refuse_nonsense(fault)
            self._exchange.faults.switch("clock_skew", 1, fault.seconds, -_decimal(body, "value"))
        else:
            await self._host.start(fault)
        return self.list_host_faults({})

    def change_market(self, body: Json) -> Json:
        market = self._market(body)
        if "halt" not in body and "move_pct" not in body:
            raise AdminError('give "move_pct" (percent, e.g. -3) or "halt" (true or false)')
        if "halt" in body:
            if not isinstance(body["halt"], bool):
                raise AdminError('"halt" must be true or false')
            market.halted = body["halt"]
        if "move_pct" in body:
            move = _number(body, "move_pct")
            if not -_HIGHEST_MOVE_PERCENT <= move <= _HIGHEST_MOVE_PERCENT:
                raise AdminError(f"move_pct must be between -{_HIGHEST_MOVE_PERCENT} and {_HIGHEST_MOVE_PERCENT}")
            self._driver.shock(market.code, move, int(_number(body, "over_ms", 1000)))
        return {"market": market.code, "halted": market.halted, "last_price": plain(market.tape.last_price)}

    def set_clock(self, body: Json) -> Json:
        self._exchange.clock.offset_ms = int(_number(body, "offset_ms"))
        return {"offset_ms": self._exchange.clock.offset_ms, "time_ms": self._exchange.clock.now_ms()}

    def external_trade(self, body: Json) -> Json:
        market = self._market(body)
        side = str(body.get("side"))
        if side not in ("bid", "ask"):
            raise AdminError('"side" must be "bid" or "ask"')
        volume = _decimal(body, "volume")
        if volume <= 0:
            raise AdminError('"volume" must be above 0 (coin amount)')
        order = self._exchange.external_trade(market.code, Side(side), volume)
        return {"uuid": order.uuid, "market": order.market, "side": side, "volume": plain(volume)}

    def deposit(self, body: Json) -> Json:
        currency = str(body.get("currency", "")).upper()
        if not currency:
            raise AdminError('"currency" is missing')
        self._exchange.deposit(currency, _decimal(body, "amount"))
        return {"currency": currency, "free": plain(self._exchange.accounts.balance(currency).free)}

    def _market(self, body: Json) -> Market:
        code = str(body.get("market"))
        market = self._exchange.markets.get(code)
        if market is None:
            raise AdminError(f"unknown market {code!r}; markets: {', '.join(self._exchange.markets)}")
        return market

    def _answer(
        self, handler: Callable[[Json], Json | Awaitable[Json]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            self._exchange.clock.catch_up()
            try:
                answer = handler(await _body(request))
                result, status = answer if isinstance(answer, dict) else await answer, 200
            except (AdminError, HostFaultRefused, UnknownFault, InsufficientFunds) as error:
                result, status = {"error": str(error)}, 400
            except VenueError as error:
                result, status = {"error": str(error)}, error.status
            return web.Response(body=encode(result), status=status, content_type="application/json")

        return serve


async def _body(request: web.Request) -> Json:
    if request.method == "GET":
        return {}
    try:
        body: Any = json.loads(await request.read() or b"{}", parse_float=Decimal)
    except ValueError:
        raise AdminError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise AdminError("the body must be a JSON object")
    return body


def _number(body: Json, name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise AdminError(f'"{name}" must be a number')
    return float(value)


def _decimal(body: Json, name: str) -> Decimal:
    try:
        amount = Decimal(str(body.get(name)))
    except InvalidOperation:
        raise AdminError(f'"{name}" must be a number or a decimal string') from None
    if not amount.is_finite():
        raise AdminError(f'"{name}" must be finite')
    return amount
