"""Spoils what the venue says: rows, words, names, types and prices of answers and frames, never the venue itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .faults import Faults
from .wire import Json

ACCOUNTS_PATH = "/v1/accounts"
NEW_STATE, NEW_SIDE, NEW_TYPE, NEW_FIELD = "reserved", "cross", "myOrderV2", "settlement_round"
_BOOK_PRICES = ("ask_price", "bid_price")
_SIDES = ("side", "ask_bid")
_ODD_PRICES: dict[str, Decimal | str] = {"price_zero": Decimal(0), "price_nan": "NaN", "price_tiny": Decimal("1e-9")}


def spoil_answer(payload: Any, faults: Faults, path: str) -> Any:
    """The answer of a REST call as the switched-on faults let it look."""
    if faults.quiet:
        return payload
    if path == ACCOUNTS_PATH and payload and faults.hits("balance_row_duplicated", path):
        payload = [*payload, faults.choose(payload)]
    rows = _copied(payload)
    _spoil_words(list(_orders(rows)), faults, path)
    targets = [rows] if isinstance(rows, dict) else [row for row in rows if isinstance(row, dict)]
    _spoil_fields(targets, faults, path)
    return rows


def spoil_frame(message: Json, faults: Faults, path: str) -> Json:
    """A WebSocket message as the switched-on faults let it look."""
    if faults.quiet:
        return message
    message = dict(message)
    _spoil_price(message, faults, path)
    if message["type"] == "myOrder":
        _spoil_words([message], faults, path)
    _spoil_fields([message], faults, path)
    if faults.hits("unknown_frame_type", path):
        message["type"] = NEW_TYPE
    return message


def _spoil_words(orders: list[Json], faults: Faults, path: str) -> None:
    if not orders:
        return
    if faults.hits("identifier_off", path):
        for order in orders:
            order.pop("identifier", None)
            order.pop("new_order_identifier", None)
    if any("state" in order for order in orders) and faults.hits("unknown_state", path):
        _replace(orders, "state", NEW_STATE)
    if any(name in order for order in orders for name in _SIDES) and faults.hits("unknown_side", path):
        for name in _SIDES:
            _replace(orders, name, NEW_SIDE)


def _spoil_fields(rows: list[Json], faults: Faults, path: str) -> None:
    """The same field of every row, as a new version of the venue would do it."""
    names = list(rows[0]) if rows else []
    if names and faults.hits("field_renamed", path):
        name = faults.choose(names)
        for row in rows:
            if name in row:
                row[f"{name}_v2"] = row.pop(name)
    if names and faults.hits("field_retyped", path):
        name, form = faults.choose(names), faults.choose(("null", "list", "true"))
        for row in rows:
            if name in row:
                row[name] = {"null": None, "list": [row[name]], "true": True}[form]
    if names and faults.hits("field_added", path):
        for row in rows:
            row[NEW_FIELD] = {"number": 1}


def _spoil_price(message: Json, faults: Faults, path: str) -> None:
    kind = message["type"]
    if kind not in ("ticker", "trade", "orderbook"):
        return
    for name, odd in _ODD_PRICES.items():
        if faults.hits(name, path):
            _set_price(message, odd, None)
    if (factor := faults.draw("price_spike", path)) is not None:
        _set_price(message, None, factor)


def _set_price(message: Json, odd: Decimal | str | None, factor: Decimal | None) -> None:
    """Of a book both best prices, of the others the trade price."""
    place: Json = message
    names: tuple[str, ...] = ("trade_price",)
    if message["type"] == "orderbook":
        units = message["orderbook_units"] = _copied(message["orderbook_units"])
        place, names = (units[0] if units else {}), _BOOK_PRICES
    for name in names:
        if name in place:
            place[name] = odd if factor is None or isinstance(place[name], str) else place[name] * factor


def _orders(value: Any) -> Iterator[Json]:
    """Everything in an answer that speaks of an order."""
    if isinstance(value, list):
        for item in value:
            yield from _orders(item)
    elif isinstance(value, dict):
        if "uuid" in value and "market" in value:
            yield value
        for item in value.values():
            yield from _orders(item)


def _replace(rows: list[Json], name: str, word: str) -> None:
    for row in rows:
        if name in row:
            row[name] = word


def _copied(value: Any) -> Any:
    """The same structure with dicts and lists of its own."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
