"""The account and the orders of the rig: every order is accepted, waits ``FILL_AFTER_S`` and fills whole at the base.

A market buy ends as ``cancel`` and a market sell as ``done``, as at Upbit. No key is checked and nothing is persisted:
the rig exists to be fast and predictable; the practice exchange is the one that is strict.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

import msgspec

from tests.bench.rig_frames import MarketFrames, framed
from tests.bench.rig_http import Request

FILL_AFTER_S = 0.002
#: A stop is triggered only this long after its entry was reported filled, so that the terminal surely holds it.
SETTLE_S = 0.1
FEE = Decimal("0.0005")
STEP = Decimal("0.00000001")
CASH = Decimal(10) ** 12
KST = timezone(timedelta(hours=9))
KEPT_ORDERS = 2000
CANDLES = 200

_encode = msgspec.json.Encoder(decimal_format="number").encode
_encode_strings = msgspec.json.Encoder(decimal_format="string").encode


class Holding(StrEnum):
    """What the terminal holds in a market, as the rig sees it."""

    FLAT = "flat"
    HELD = "held"
    TRIGGERED = "triggered"


@dataclass(slots=True)
class Desk:
    """One market of the account; ``trigger_ns`` is the send stamp of the trade that broke the stop."""

    frames: MarketFrames
    volume: Decimal = Decimal(0)
    holding: Holding = Holding.FLAT
    held_since: float = 0.0
    trigger_ns: int = 0

    @property
    def base(self) -> str:
        """The coin."""
        return self.frames.code.partition("-")[2]


@dataclass(slots=True)
class Order:
    """One order; ``funds`` of a buy, ``volume`` of a sale or of what was bought."""

    uuid: str
    identifier: str
    code: str
    side: str
    ord_type: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    state: str = "wait"
    trade_uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


class Venue:
    """``on_exit`` is called with the desk and the arrival stamp of every sell order, before it is answered."""

    def __init__(
        self,
        markets: list[MarketFrames],
        push: Callable[[bytes], None],
        on_exit: Callable[[Desk, int], None],
    ) -> None:
        self.desks = {frames.code: Desk(frames) for frames in markets}
        self.cash = CASH
        self.orders_made = 0
        self.duplicates = 0
        self._push = push
        self._on_exit = on_exit
        self._orders: dict[str, Order] = {}
        self._identifiers: set[str] = set()
        self._routes: dict[tuple[str, str], Callable[[Request], tuple[int, bytes]]] = {
            ("GET", "/v1/accounts"): lambda r: (200, _encode_strings(self._accounts())),
            ("GET", "/v1/orders/chance"): self._chance,
            ("GET", "/v1/market/all"): lambda r: (200, _encode(self._markets())),
            ("GET", "/v1/orderbook/instruments"): lambda r: (200, _encode_strings(self._instruments())),
            ("GET", "/v1/ticker"): lambda r: (200, _encode(self._tickers())),
            ("GET", "/v1/orders/open"): lambda r: (200, _encode_strings(self._open())),
            ("GET", "/v1/orders/uuids"): lambda r: (200, b"[]"),
            ("GET", "/v1/order"): self._look_up,
            ("DELETE", "/v1/order"): self._cancel,
            ("POST", "/v1/orders"): self._place,
        }

    def answer(self, request: Request) -> tuple[int, bytes]:
        """Status and body for one request."""
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        if request.path.startswith("/v1/candles/minutes/"):
            return 200, _encode(self._candles(request))
        return 404, b'{"error":{"name":404,"message":"Code not found"}}'

    # ---- orders -------------------------------------------------------------------------------------------------

    def _place(self, request: Request) -> tuple[int, bytes]:
        wanted: dict[str, str] = msgspec.json.decode(request.body)
        desk = self.desks[wanted["market"]]
        if wanted["side"] == "ask":
            self._on_exit(desk, request.arrived_ns)
        if wanted["identifier"] in self._identifiers:
            self.duplicates += 1
            return 400, b'{"error":{"name":"duplicated_identifier","message":"used before"}}'
        self._identifiers.add(wanted["identifier"])
        price = desk.frames.base
        buys = wanted["side"] == "bid"
        volume = (Decimal(wanted["price"]) / price).quantize(STEP, ROUND_DOWN) if buys else Decimal(wanted["volume"])
        funds = volume * price
        made = Order(
            uuid=str(uuid.uuid4()),
            identifier=wanted["identifier"],
            code=wanted["market"],
            side=wanted["side"],
            ord_type=wanted["ord_type"],
            volume=volume,
            funds=funds,
            fee=funds * FEE,
        )
        self.orders_made += 1
        self._orders[made.uuid] = made
        if len(self._orders) > KEPT_ORDERS:
            del self._orders[next(iter(self._orders))]
        asyncio.get_running_loop().call_later(FILL_AFTER_S, self._fill, made)
        return 201, _encode_strings(self._report(made))

    def _fill(self, order: Order) -> None:
        desk = self.desks[order.code]
        buys = order.side == "bid"
        sign = 1 if buys else -1
        desk.volume += sign * order.volume
        self.cash -= sign * order.funds + order.fee
        order.state = "cancel" if buys else "done"
        self._push(framed(_encode(self._event(order, "trade"))))
        self._push(framed(_encode(self._event(order, order.state))))
        self._push(framed(_encode(self._assets(desk))))
        desk.holding = Holding.HELD if buys else Holding.FLAT
        desk.held_since = time.monotonic()

    def _look_up(self, request: Request) -> tuple[int, bytes]:
        found = self._find(request)
        if found is None:
            return 404, b'{"error":{"name":"order_not_found","message":"no such order"}}'
        return 200, _encode_strings(self._report(found))

    def _cancel(self, request: Request) -> tuple[int, bytes]:
        return 404, b'{"error":{"name":"order_not_found","message":"it has ended"}}'

    def _find(self, request: Request) -> Order | None:
        asked = request.query
        if "uuid" in asked:
            return self._orders.get(asked["uuid"])
        return next((o for o in self._orders.values() if o.identifier == asked.get("identifier")), None)

    def _report(self, order: Order) -> dict[str, Any]:
        ended = order.state != "wait"
        report: dict[str, Any] = {
            "market": order.code,
            "uuid": order.uuid,
            "side": order.side,
            "ord_type": order.ord_type,
            "state": order.state,
            "created_at": datetime.now(KST).isoformat(timespec="seconds"),
            "executed_volume": order.volume if ended else Decimal(0),
            "reserved_fee": order.fee,
            "remaining_fee": Decimal(0) if ended else order.fee,
            "paid_fee": order.fee if ended else Decimal(0),
            "locked": Decimal(0),
            "trades_count": 1 if ended else 0,
            "identifier": order.identifier,
        }
        if ended:
            fill = {"uuid": order.trade_uuid, "price": self.desks[order.code].frames.base, "volume": order.volume}
            report["trades"] = [{**fill, "funds": order.funds, "created_at": report["created_at"]}]
        return report

    def _event(self, order: Order, state: str) -> dict[str, Any]:
        trade = state == "trade"
        millis = time.time_ns() // 1_000_000
        return {
            "type": "myOrder",
            "code": order.code,
            "uuid": order.uuid,
            "ask_bid": "BID" if order.side == "bid" else "ASK",
            "order_type": order.ord_type,
            "state": state,
            "trade_uuid": order.trade_uuid if trade else None,
            "price": self.desks[order.code].frames.base if trade or order.side == "ask" else order.funds,
            "volume": order.volume,
            "remaining_volume": Decimal(0),
            "executed_volume": order.volume,
            "trades_count": 1,
            "paid_fee": order.fee,
            "executed_funds": order.funds,
            "trade_fee": order.fee if trade else None,
            "is_maker": False if trade else None,
            "identifier": order.identifier,
            "trade_timestamp": millis if trade else None,
            "order_timestamp": millis,
            "timestamp": millis,
            "stream_type": "REALTIME",
        }

    # ---- account and listing ------------------------------------------------------------------------------------

    def _accounts(self) -> list[dict[str, Any]]:
        rows = [("KRW", self.cash)] + [(desk.base, desk.volume) for desk in self.desks.values() if desk.volume]
        rest = {"locked": Decimal(0), "avg_buy_price": Decimal(0), "unit_currency": "KRW"}
        return [{"currency": name, "balance": amount, **rest} for name, amount in rows]

    def _assets(self, desk: Desk) -> dict[str, Any]:
        millis = time.time_ns() // 1_000_000
        assets = [
            {"currency": "KRW", "balance": self.cash, "locked": Decimal(0)},
            {"currency": desk.base, "balance": desk.volume, "locked": Decimal(0)},
        ]
        stamps = {"asset_timestamp": millis, "timestamp": millis}
        return {"type": "myAsset", "asset_uuid": "x", "assets": assets, **stamps, "stream_type": "REALTIME"}

    def _chance(self, request: Request) -> tuple[int, bytes]:
        code = request.query["market"]
        side = {"min_total": "5000"}
        market = {
            "id": code,
            "bid": {"currency": "KRW", **side},
            "ask": {"currency": code.partition("-")[2], **side},
            "max_total": "1000000000",
            "state": "active",
            "bid_types": ["limit", "price"],
            "ask_types": ["limit", "market"],
        }
        return 200, _encode({"bid_fee": str(FEE), "ask_fee": str(FEE), "market": market})

    def _markets(self) -> list[dict[str, Any]]:
        return [
            {"market": code, "korean_name": desk.base, "english_name": desk.base, "market_event": {"warning": False}}
            for code, desk in self.desks.items()
        ]

    def _instruments(self) -> list[dict[str, Any]]:
        return [
            {"market": code, "quote_currency": "KRW", "tick_size": desk.frames.tick, "supported_levels": ["0"]}
            for code, desk in self.desks.items()
        ]

    def _tickers(self) -> list[dict[str, Any]]:
        prices = ("trade_price", "prev_closing_price", "opening_price", "high_price", "low_price")
        rest = {"acc_trade_price_24h": Decimal(10) ** 10, "timestamp": time.time_ns() // 1_000_000}
        return [
            {"market": code, **dict.fromkeys(prices, desk.frames.base), **rest} for code, desk in self.desks.items()
        ]

    def _candles(self, request: Request) -> list[dict[str, Any]]:
        """Flat bars up to now, newest first; asking for older ones brings nothing."""
        if "to" in request.query:
            return []
        frames = self.desks[request.query["market"]].frames
        length = timedelta(minutes=int(request.path.rsplit("/", 1)[1]))
        now = datetime.now(UTC)
        newest = datetime.fromtimestamp(now.timestamp() // length.total_seconds() * length.total_seconds(), UTC)
        bar = {
            "market": frames.code,
            "opening_price": frames.base,
            "high_price": frames.base + frames.tick * 3,
            "low_price": frames.base - frames.tick * 3,
            "trade_price": frames.base + frames.tick,
            "candle_acc_trade_volume": Decimal("12.5"),
        }
        wanted = min(int(request.query.get("count", "1")), CANDLES)
        times = [(newest - length * back).strftime("%Y-%m-%dT%H:%M:%S") for back in range(wanted)]
        return [{**bar, "candle_date_time_utc": at} for at in times]

    def _open(self) -> list[dict[str, Any]]:
        return [self._report(order) for order in self._orders.values() if order.state == "wait"]
