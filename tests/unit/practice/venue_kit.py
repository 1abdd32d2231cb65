"""A quiet practice exchange for tests: one empty market, virtual time, and a client that signs."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlencode

import aiohttp
import jwt
from yarl import URL

from app.practice.clock import US_PER_MS, VenueClock
from app.practice.exchange import Exchange
from app.practice.journal import Journal
from app.practice.market import Market, MarketName
from app.practice.money import KrwUnits
from app.practice.order import Fill, Order, Side
from app.practice.order_rules import parse_request
from app.practice.settings import Endpoints
from app.practice.tape import Trade

START_US = 1_795_183_200_000_000  # 2026-11-20 14:00 UTC
BTC = "KRW-BTC"


@dataclass
class Diary:
    """Everything the hub reported, in order."""

    orders: list[tuple[str, str]] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    assets: list[tuple[str, ...]] = field(default_factory=list)

    def on_trade(self, market: Market, trade: Trade) -> None:
        self.trades.append(trade)

    def on_book(self, market: Market) -> None:
        return

    def on_order(self, order: Order, state: str, fill: Fill | None) -> None:
        self.orders.append((order.request.identifier or order.uuid, state))

    def on_assets(self, currencies: Sequence[str]) -> None:
        self.assets.append(tuple(currencies))

    def states(self, identifier: str) -> list[str]:
        return [state for name, state in self.orders if name == identifier]


class QuietVenue:
    """An exchange whose book holds exactly what the test put there; with a journal it is not given any cash."""

    def __init__(
        self,
        cash: str = "50000000",
        last_price: str = "100000000",
        codes: Sequence[str] = (BTC,),
        journal: Journal | None = None,
        seed: int = 1,
    ) -> None:
        self.clock = VenueClock(START_US)
        markets = [Market(MarketName(code, "이름", "Name"), KrwUnits(), Decimal(last_price)) for code in codes]
        self.exchange = Exchange(self.clock, seed, markets, journal)
        self.market = markets[0]
        self.diary = Diary()
        self.exchange.hub.listeners.append(self.diary)
        if journal is None:
            self.exchange.deposit("KRW", Decimal(cash))

    def quote(self, bids: dict[str, str] | None = None, asks: dict[str, str] | None = None) -> None:
        for side, levels in ((Side.BID, bids), (Side.ASK, asks)):
            for price, volume in (levels or {}).items():
                self.market.book.of(side).add_market(Decimal(price), Decimal(volume))

    def place(self, **fields: str) -> Order:
        return self.exchange.place(parse_request({"market": BTC, **fields}))

    def buy(self, price: str, volume: str, **more: str) -> Order:
        return self.place(side="bid", ord_type="limit", price=price, volume=volume, **more)

    def sell(self, price: str, volume: str, **more: str) -> Order:
        return self.place(side="ask", ord_type="limit", price=price, volume=volume, **more)

    def wait(self, milliseconds: int = 10) -> None:
        self.clock.advance(milliseconds * US_PER_MS)

    def hit(self, side: Side, volume: str, limit: str | None = None) -> Decimal:
        """A simulated taker."""
        bound = None if limit is None else Decimal(limit)
        return self.exchange.engine.take_simulated(self.market, side, Decimal(volume), bound)

    def free(self, currency: str = "KRW") -> Decimal:
        return self.exchange.accounts.balance(currency).free

    def locked(self, currency: str = "KRW") -> Decimal:
        return self.exchange.accounts.balance(currency).locked


def bearer(ends: Endpoints, hashed: str = "", algorithm: str = "HS256", **changes: Any) -> str:
    """An Authorization header as Upbit's clients make it."""
    claims: dict[str, Any] = {"access_key": ends.access_key, "nonce": str(uuid.uuid4())}
    if hashed:
        claims |= {"query_hash": hashlib.sha512(hashed.encode()).hexdigest(), "query_hash_alg": "SHA512"}
    return "Bearer " + jwt.encode(claims | changes, ends.secret_key, algorithm)


class StillDriver:
    """A market driver that never moves anything by itself."""

    def __init__(self) -> None:
        self.shocks: list[tuple[str, float]] = []

    def start(self) -> None:
        return

    def shock(self, code: str, move_percent: float, over_ms: int) -> None:
        self.shocks.append((code, move_percent))

    def progress(self) -> dict[str, Any]:
        return {"kind": "still"}


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


class RestClient:
    """Calls the practice exchange over a real socket."""

    def __init__(self, session: aiohttp.ClientSession, ends: Endpoints) -> None:
        self.session = session
        self.ends = ends

    async def call(self, method: str, path: str, fields: Any = None, **options: Any) -> Answer:
        """Query parameters for GET and DELETE, a JSON body for POST; `fields` may be pairs."""
        pairs = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
        query = urlencode(pairs) if method != "POST" else ""
        hashed = unquote(query) if method != "POST" else "&".join(f"{k}={v}" for k, v in pairs)
        headers = {"Authorization": bearer(self.ends, hashed)} | options.pop("headers", {})
        body = json.dumps(dict(pairs)) if method == "POST" else None
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        url = URL(self.ends.rest + path + ("?" + query if query else ""), encoded=True)
        async with self.session.request(method, url, data=body, headers=headers, **options) as answer:
            raw = await answer.read()
            return Answer(answer.status, json.loads(raw, parse_float=Decimal), dict(answer.headers))

    async def admin(self, method: str, path: str, body: Any = None) -> Answer:
        async with self.session.request(method, self.ends.admin + path, json=body) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))
