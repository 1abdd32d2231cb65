"""Checks an order request against Upbit's rules before any money is touched (upbit.md 5 and 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from .market import Market
from .money import MAX_TOTAL_KRW, is_amount, on_grid, whole_volume
from .order import OrderRequest, OrderType, Side, SmpType, TimeInForce
from .venue_errors import VenueError, bad_request

MAX_IDENTIFIER = 64
_Choice = TypeVar("_Choice", bound=StrEnum)


def parse_request(fields: Mapping[str, str | None]) -> OrderRequest:
    """Read the body of `POST /v1/orders`; raises the refusal Upbit would answer."""
    market = fields.get("market")
    if not market:
        raise bad_request("validation_error", "market is missing")
    side = _required(fields, "side", Side)
    ord_type = _required(fields, "ord_type", OrderType)
    tif = _choice(fields.get("time_in_force"), TimeInForce, "invalid_time_in_force")
    given_smp = _choice(fields.get("smp_type"), SmpType, "validation_error")
    _check_time_in_force(ord_type, tif, given_smp)
    default_smp = SmpType.NONE if tif is TimeInForce.POST_ONLY else SmpType.CANCEL_MAKER
    identifier = fields.get("identifier") or None
    if identifier is not None and len(identifier) > MAX_IDENTIFIER:
        raise bad_request("validation_error", f"identifier is longer than {MAX_IDENTIFIER} characters")
    price = _amount(fields.get("price"), side, "price")
    volume = _amount(fields.get("volume"), side, "volume")
    _check_shape(side, ord_type, price, volume)
    if volume is not None:
        volume = whole_volume(volume)
    return OrderRequest(market, side, ord_type, price, volume, tif, given_smp or default_smp, identifier)


def check_against_market(request: OrderRequest, market: Market) -> None:
    """Price unit, minimum and maximum total; a market sell is valued at the last price."""
    side, price = request.side.value, request.price
    if request.ord_type is OrderType.LIMIT and (price is None or not on_grid(market.units, price)):
        raise bad_request(f"invalid_price_{side}")
    if request.volume is None:
        total = price or Decimal(0)
    else:
        reference = price if request.ord_type is OrderType.LIMIT else market.tape.last_price
        total = request.volume * (reference or Decimal(0))
    if total < market.min_total:
        raise bad_request(f"under_min_total_{side}")
    if total > MAX_TOTAL_KRW:
        raise bad_request(f"over_krw_funds_{side}")


def _required(fields: Mapping[str, str | None], name: str, kind: type[_Choice]) -> _Choice:
    value = fields.get(name)
    if not value:
        raise bad_request("validation_error", f"{name} is missing, {name} does not have a valid value")
    choice = _choice(value, kind, "validation_error", f"{name} does not have a valid value")
    assert choice is not None
    return choice


def _choice(value: str | None, kind: type[_Choice], error: str, message: str | None = None) -> _Choice | None:
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise bad_request(error, message) from None


def _amount(text: str | None, side: Side, name: str) -> Decimal | None:
    if text is None or text == "":
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise bad_request("validation_error", f"{name} does not have a valid value") from None
    if not is_amount(amount) or amount == 0:
        raise bad_request(f"create_{side}_error", f"{name} must be above 0")
    return amount


def _check_time_in_force(ord_type: OrderType, tif: TimeInForce | None, smp: SmpType | None) -> None:
    if ord_type is OrderType.BEST and tif not in (TimeInForce.IOC, TimeInForce.FOK):
        raise bad_request("invalid_time_in_force")
    if ord_type in (OrderType.PRICE, OrderType.MARKET) and tif is not None:
        raise bad_request("invalid_time_in_force")
    if tif is TimeInForce.POST_ONLY and smp not in (None, SmpType.NONE):
        raise bad_request("invalid_post_only")


def _check_shape(side: Side, ord_type: OrderType, price: Decimal | None, volume: Decimal | None) -> None:
    needs_price = ord_type in (OrderType.LIMIT, OrderType.PRICE) or (ord_type is OrderType.BEST and side is Side.BID)
    needs_volume = ord_type in (OrderType.LIMIT, OrderType.MARKET) or (ord_type is OrderType.BEST and side is Side.ASK)
    wrong_side = (ord_type is OrderType.PRICE and side is Side.ASK) or (
        ord_type is OrderType.MARKET and side is Side.BID
    )
    if wrong_side or (price is not None) != needs_price or (volume is not None) != needs_volume:
        error: VenueError = bad_request(f"create_{side}_error", f"{ord_type} {side} has the wrong amounts")
        raise error
