"""Exchange REST: single, listed and mass cancels, and cancel-and-new (upbit.md 6.10)."""

from __future__ import annotations

from typing import Any

from . import wire
from .exchange import Exchange
from .money import ZERO, plain
from .order import Order
from .order_rules import parse_request
from .rest_call import Api, Call, Route
from .rest_exchange import find_order, orders_by_ids
from .venue_errors import VenueError, bad_request

_MAX_LISTED = 20
_MAX_PAIRS = 20
_SIDES = ("all", "bid", "ask")


class CancelEndpoints:
    """Every answer shows orders still in `wait`: the cancel itself happens later."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        def route(method: str, path: str, group: str, handler: Any) -> Route:
            status = 201 if method == "POST" else 200
            return Route(method, path, Api.EXCHANGE, group, handler, "make_orders", status)

        return [
            route("DELETE", "/v1/order", "default", self.one),
            route("DELETE", "/v1/orders/uuids", "default", self.listed),
            route("DELETE", "/v1/orders/open", "order-cancel-all", self.all_open),
            route("POST", "/v1/orders/cancel_and_new", "order", self.cancel_and_new),
        ]

    def one(self, call: Call) -> wire.Json:
        order = find_order(self._exchange, call)
        self._exchange.cancel(order)
        return wire.order(order)

    def listed(self, call: Call) -> wire.Json:
        known = list(orders_by_ids(self._exchange, call, _MAX_LISTED))
        answer = self._cancel_each(known)
        failed = answer["failed"]["orders"]
        found = {order.uuid for order in known} | {order.request.identifier for order in known}
        failed += [{"uuid": item} for item in call.many("uuids") if item not in found]
        failed += [{"identifier": item} for item in call.many("identifiers") if item not in found]
        answer["failed"]["count"] = len(failed)
        return answer

    def all_open(self, call: Call) -> wire.Json:
        side = call.text("cancel_side") or "all"
        pairs, quotes = call.listed("pairs"), call.listed("quote_currencies")
        excluded = call.listed("excluded_pairs")
        if side not in _SIDES:
            raise call.refusal("invalid_parameter", "cancel_side does not have a valid value")
        if pairs and quotes:
            raise call.refusal("invalid_parameter", "give either pairs or quote_currencies")
        if len(pairs) > _MAX_PAIRS or len(excluded) > _MAX_PAIRS:
            raise call.refusal("invalid_parameter", f"at most {_MAX_PAIRS} pairs")
        chosen = [
            order
            for order in self._exchange.orders.open()
            if (side in ("all", order.side.value))
            and (not pairs or order.market in pairs)
            and (not quotes or order.quote in quotes)
            and order.market not in excluded
            and not order.cancel_requested
            and self._exchange.visible(order)
        ]
        if call.newest_first():
            chosen.reverse()
        return self._cancel_each(chosen[: call.number("count", 20, 300)])

    def cancel_and_new(self, call: Call) -> wire.Json:
        old = find_order(self._exchange, call, prefix="prev_order_")
        remain_only = call.text("new_volume") == "remain_only"
        if remain_only and old.remaining_volume is None:
            raise bad_request("validation_error", "remain_only needs an order with a volume")
        volume = plain(old.remaining_volume or ZERO) if remain_only else None
        request = parse_request(
            {
                "market": old.market,
                "side": old.side.value,
                "ord_type": call.required("new_ord_type"),
                "volume": volume or call.text("new_volume"),
                "price": call.text("new_price"),
                "identifier": call.text("new_identifier"),
                "time_in_force": call.text("new_time_in_force"),
                "smp_type": call.text("new_smp_type"),
            }
        )
        before = wire.order(old)
        answer = before | {"new_order_uuid": self._exchange.cancel_and_new(old, request, remain_only)}
        if request.identifier is not None:
            answer["new_order_identifier"] = request.identifier
        return answer

    def _cancel_each(self, orders: list[Order]) -> wire.Json:
        done: list[wire.Json] = []
        failed: list[wire.Json] = []
        if len(orders) > 1 and self._exchange.faults.hits("bulk_cancel_partial"):
            orders = orders[: len(orders) // 2]
        for order in orders:
            brief = {"uuid": order.uuid, "market": order.market}
            if order.request.identifier is not None:
                brief["identifier"] = order.request.identifier
            try:
                self._exchange.cancel(order)
            except VenueError:
                failed.append(brief)
            else:
                done.append(brief)
        return {
            "success": {"count": len(done), "orders": done},
            "failed": {"count": len(failed), "orders": failed},
        }
