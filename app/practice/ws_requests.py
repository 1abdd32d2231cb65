"""WebSocket requests: what a client asked for, checked as Upbit checks it (upbit.md 8.1)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from .candles import MINUTE_UNITS
from .money import is_amount

CANDLE_TYPES = frozenset({"candle.1s", *(f"candle.{unit}m" for unit in MINUTE_UNITS)})
PUBLIC_TYPES = frozenset({"ticker", "trade", "orderbook"}) | CANDLE_TYPES
PRIVATE_TYPES = frozenset({"myOrder", "myAsset", "announcement"})
DEPTHS = (1, 5, 15, 30)
LIST_METHOD = "LIST_SUBSCRIPTIONS"


class Format(StrEnum):
    DEFAULT = "DEFAULT"
    SIMPLE = "SIMPLE"
    JSON_LIST = "JSON_LIST"
    SIMPLE_LIST = "SIMPLE_LIST"

    @property
    def short(self) -> bool:
        return self in (Format.SIMPLE, Format.SIMPLE_LIST)

    @property
    def listed(self) -> bool:
        return self in (Format.JSON_LIST, Format.SIMPLE_LIST)


class WsRefusal(Exception):
    """An error frame; the connection is closed after it."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        self.message = message
        super().__init__(f"{name}: {message}")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One `type` object. `codes` maps a market to the book depth; empty means all (private types)."""

    kind: str
    codes: dict[str, int]
    level: Decimal = Decimal(0)
    snapshot: bool = True
    realtime: bool = True
    listed_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WsRequest:
    ticket: str
    format: Format | None
    subscriptions: tuple[Subscription, ...] = ()
    wants_list: bool = False
    parts: dict[str, Any] = field(default_factory=dict)


def parse(text: str, private: bool) -> WsRequest:
    """Read a request frame; raises WsRefusal."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        raise WsRefusal("WRONG_FORMAT", "Format is incorrect") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise WsRefusal("WRONG_FORMAT", "Format is incorrect")
    ticket = next((item["ticket"] for item in items if "ticket" in item), None)
    if not isinstance(ticket, str) or not ticket:
        raise WsRefusal("NO_TICKET", "Ticket is missing")
    form = _format(items)
    if any(item.get("method") == LIST_METHOD for item in items):
        return WsRequest(ticket, form, wants_list=True)
    typed = [item for item in items if "type" in item]
    if not typed:
        raise WsRefusal("NO_TYPE", "Type is missing")
    return WsRequest(ticket, form or Format.DEFAULT, tuple(_subscription(item, private) for item in typed))


def _format(items: list[dict[str, Any]]) -> Format | None:
    given = next((item["format"] for item in items if "format" in item), None)
    if given is None:
        return None
    try:
        return Format(given)
    except ValueError:
        raise WsRefusal("WRONG_FORMAT", "Format is incorrect") from None


def _subscription(item: dict[str, Any], private: bool) -> Subscription:
    kind = item["type"]
    if not isinstance(kind, str):
        raise WsRefusal("NO_TYPE", "Type is not supported")
    if kind in PRIVATE_TYPES:
        if not private:
            raise WsRefusal("INVALID_AUTH", "Authentication failed")
        if kind == "myAsset" and "codes" in item:
            raise WsRefusal("WRONG_FORMAT", "Format is incorrect")
    elif kind not in PUBLIC_TYPES:
        raise WsRefusal("NO_TYPE", "Type is not supported")
    codes = item.get("codes", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise WsRefusal("INVALID_PARAM", "Invalid parameter in codes")
    if kind in PUBLIC_TYPES and not codes:
        raise WsRefusal("NO_CODES", "Codes is missing")
    only_snapshot, only_realtime = _flag(item, "snapshot"), _flag(item, "realtime")
    if only_snapshot and only_realtime:
        raise WsRefusal("INVALID_PARAM", "is_only_snapshot and is_only_realtime exclude each other")
    level = _level(item)
    depths = dict(_code(code, kind) for code in codes)
    return Subscription(kind, depths, level, not only_realtime, not only_snapshot, tuple(codes))


def _level(item: dict[str, Any]) -> Decimal:
    try:
        level = Decimal(str(item.get("level", 0)))
    except InvalidOperation:
        level = Decimal("NaN")
    if not is_amount(level):
        raise WsRefusal("INVALID_PARAM", "Invalid parameter in level")
    return level


def _code(code: str, kind: str) -> tuple[str, int]:
    """`KRW-BTC.15` is a book of 15 levels; other types have no suffix."""
    name, dot, depth = code.partition(".")
    if not dot or kind != "orderbook":
        return code, DEPTHS[-1]
    if depth not in {str(value) for value in DEPTHS}:
        raise WsRefusal("INVALID_PARAM", f"Invalid order book depth in {code}")
    return name, int(depth)


def _flag(item: dict[str, Any], what: str) -> bool:
    return bool(item.get(f"is_only_{what}", item.get(f"isOnly{what.capitalize()}", False)))
