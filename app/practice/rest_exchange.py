"""Exchange REST: accounts, chance, order creation and look-ups (upbit.md section 6)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from . import wire
from .account_past import balances_at, open_orders_at
from .answer_faults import ACCOUNTS_PATH
from .auth import ApiKey
from .clock import US_PER_S
from .exchange import Exchange
from .order import Order, State
from .order_rules import parse_request
from .order_store import ClosedWindow
from .rest_call import Api, Call, Route
from .venue_errors import VenueError, bad_request

_WEEK_US = 7 * 86_400 * US_PER_S
_OPEN_PATH = "/v1/orders/open"
_ENDED = {State.DONE.value: State.DONE, State.CANCEL.value: State.CANCEL}


class ExchangeEndpoints:
    """Handlers of everything that needs a key, except the cancels."""

    def __init__(self, exchange: Exchange, key: ApiKey) -> None:
        self._exchange = exchange
        self._key = key

    def routes(self) -> list[Route]:
        def route(method: str, path: str, handler: Any, scope: str | None, group: str = "default") -> Route:
            status = 201 if method == "POST" else 200
            return Route(method, path, Api.EXCHANGE, group, handler, scope, status)

        return [
            route("GET", ACCOUNTS_PATH, self.accounts, "view_account"),
            route("GET", "/v1/api_keys", self.api_keys, None),
            route("GET", "/v1/orders/chance", self.chance, "view_orders"),
            route("GET", "/v1/withdraws/chance", self.withdraw_chance, "withdraw"),
            route("POST", "/v1/orders", self.create, "make_orders", "order"),
            route("POST", "/v1/orders/test", self.test, "make_orders", "order-test"),
            route("GET", "/v1/order", self.order, "view_orders"),
            route("GET", "/v1/orders/uuids", self.by_ids, "view_orders"),
            route("GET", _OPEN_PATH, self.open, "view_orders"),
            route("GET", "/v1/orders/closed", self.closed, "view_orders"),
            route("GET", "/v1/orders", self.deprecated_list, "view_orders"),
        ]

    def accounts(self, call: Call) -> list[wire.Json]:
        age = self._exchange.faults.delay_us("account_stale", ACCOUNTS_PATH)
        now = self._exchange.accounts.all
        balances = balances_at(self._exchange, self._exchange.clock.now_us() - age) if age else now()
        return [wire.account(balance) for balance in balances]

    def api_keys(self, call: Call) -> list[wire.Json]:
        return [{"access_key": self._key.access_key, "expire_at": self._key.expire_at}]

    def chance(self, call: Call) -> wire.Json:
        market = self._exchange.markets.get(call.required("market"))
        if market is None:
            raise bad_request("notfoundmarket")
        accounts = self._exchange.accounts
        name = market.name
        return wire.chance(market, accounts.balance(name.quote), accounts.balance(name.coin))

    def withdraw_chance(self, call: Call) -> wire.Json:
        """Play money stays here: nothing may be withdrawn."""
        return {"currency": {"code": call.required("currency"), "wallet_state": "paused"}}

    def create(self, call: Call) -> wire.Json:
        return wire.order(self._exchange.place(parse_request(dict(call.pairs))))

    def test(self, call: Call) -> wire.Json:
        return wire.order(self._exchange.draft(parse_request(dict(call.pairs))))

    def order(self, call: Call) -> wire.Json:
        return wire.order_with_trades(find_order(self._exchange, call))

    def by_ids(self, call: Call) -> list[wire.Json]:
        found = list(orders_by_ids(self._exchange, call, highest=100))
        market = call.text("market")
        kept = [order for order in found if market in (None, order.market)]
        return self._listed(kept, call, 100, page=1)

    def open(self, call: Call) -> list[wire.Json]:
        states = call.many("states") + call.many("state") or ["wait"]
        if not set(states) <= {"wait", "watch"}:
            raise call.refusal("invalid_parameter", "state does not have a valid value")
        found = self._open_orders(call.text("market")) if "wait" in states else []
        return self._listed(found, call, call.number("limit", 100, 100), call.number("page", 1, 10**6))

    def closed(self, call: Call) -> list[wire.Json]:
        states = call.many("states") + call.many("state") or list(_ENDED)
        if not set(states) <= set(_ENDED):
            raise call.refusal("invalid_parameter", "state does not have a valid value")
        window = self._window(call, frozenset(_ENDED[state] for state in states))
        found = self._exchange.orders.closed(call.text("market"), window)
        return self._listed(found, call, call.number("limit", 100, 1000), page=1)

    def deprecated_list(self, call: Call) -> list[wire.Json]:
        """Withdrawn in 2024; pyupbit still calls it."""
        states = call.many("states") + call.many("state") or ["wait"]
        market = call.text("market")
        found = [
            order
            for order in self._exchange.orders.all()
            if order.state.value in states and market in (None, order.market)
        ]
        return self._listed(found, call, call.number("limit", 100, 100), call.number("page", 1, 10**6))

    def _open_orders(self, market: str | None) -> list[Order]:
        age = self._exchange.faults.delay_us("account_stale", _OPEN_PATH)
        if age:
            return open_orders_at(self._exchange, market, self._exchange.clock.now_us() - age)
        return self._exchange.orders.open(market)

    def _window(self, call: Call, states: frozenset[State]) -> ClosedWindow:
        start, end = call.moment_us("start_time"), call.moment_us("end_time")
        if end is None:
            end = start + _WEEK_US if start is not None else self._exchange.clock.now_us() + 1
        if start is None:
            start = end - _WEEK_US
        if not 0 <= end - start <= _WEEK_US + US_PER_S:
            raise call.refusal("invalid_parameter", "the time window must be at most 7 days")
        return ClosedWindow(states, start, end)

    def _listed(self, orders: list[Order], call: Call, limit: int, page: int) -> list[wire.Json]:
        shown = [order for order in orders if self._exchange.visible(order)]
        if call.newest_first():
            shown.reverse()
        if (cut := self._exchange.faults.standing("page_cut")) is not None:
            limit = max(1, min(limit, int(cut)))
        return [wire.order(order) for order in islice(shown, (page - 1) * limit, page * limit)]


def find_order(exchange: Exchange, call: Call, prefix: str = "") -> Order:
    """The order named by uuid or identifier; 404 if there is none."""
    uuid, identifier = call.text(f"{prefix}uuid"), call.text(f"{prefix}identifier")
    if uuid is None and identifier is None:
        raise call.refusal("validation_error", "uuid or identifier is missing")
    order = exchange.orders.find(uuid, identifier)
    if uuid is None and exchange.faults.hits("identifier_off"):
        order = None
    if order is None or not exchange.visible(order):
        raise VenueError(404, "order_not_found")
    return order


def orders_by_ids(exchange: Exchange, call: Call, highest: int) -> Iterable[Order]:
    """Orders of `uuids[]` or `identifiers[]`, not both; unknown ones are left out."""
    uuids, identifiers = call.many("uuids"), call.many("identifiers")
    if bool(uuids) == bool(identifiers):
        raise call.refusal("validation_error", "give either uuids or identifiers")
    if len(uuids) + len(identifiers) > highest:
        raise call.refusal("validation_error", f"at most {highest} orders at once")
    found = [exchange.orders.find(uuid, None) for uuid in uuids]
    if identifiers and not exchange.faults.hits("identifier_off"):
        found += [exchange.orders.find(None, identifier) for identifier in identifiers]
    return sorted((order for order in found if order is not None), key=lambda order: order.created_us)
