"""The venue itself: accepts, cancels and looks up orders. No I/O; time comes from the venue clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial

from .accounts import Accounts
from .clock import US_PER_MS, VenueClock
from .events import EventHub
from .faults import Faults
from .journal import CancelAsked, Claimed, Deposited, Journal
from .ledger import InsufficientFunds, Ledger
from .market import Market
from .market_faults import apply_standing
from .matching import MatchingEngine
from .money import ONE, ceil_price, floor_price, whole_volume
from .order import Order, OrderRequest, OrderType, Side, SmpType, State, TimeInForce
from .order_rules import check_against_market
from .order_store import OrderStore
from .settlement import IdSource, Settlement, hold_needed
from .venue_errors import VenueError, bad_request

MATCH_LATENCY_US = 3 * US_PER_MS
CANCEL_LATENCY_US = 25 * US_PER_MS
_EXTERNAL_REACH = Decimal("0.03")


class Exchange:
    """One account on one venue."""

    def __init__(self, clock: VenueClock, seed: int, markets: Iterable[Market], journal: Journal | None = None) -> None:
        self.clock = clock
        self.journal = Journal() if journal is None else journal
        clock.after_run = self.journal.commit
        self.hub = EventHub()
        self.faults = Faults(clock, seed)
        self.ids = IdSource(seed, clock.now_us())
        self.ledger = Ledger()
        self.accounts = Accounts(self.ledger)
        self.orders = OrderStore()
        self._hidden_until: dict[str, int] = {}
        self.markets: dict[str, Market] = {market.code: market for market in markets}
        self.settlement = Settlement(self.accounts, clock, self.ids, self.journal)
        self.engine = MatchingEngine(clock, self.settlement, self.hub, self.faults, self.journal)
        self.faults.standing_changed = lambda: apply_standing(self.faults, self.markets.values(), self.withdraw_all)

    def market(self, code: str) -> Market:
        market = self.markets.get(code)
        if market is None:
            raise VenueError(404, "notfoundmarket")
        return market

    def deposit(self, currency: str, amount: Decimal) -> None:
        """Money from outside the venue (negative: withdrawal)."""
        now = self.clock.now_us()
        with self.journal:
            self.accounts.deposit(now, currency, amount)
            self.journal.note(Deposited(now, currency, amount))
            self.hub.assets(currency)

    def visible(self, order: Order) -> bool:
        """False while a new order is not yet found by look-ups (a fault)."""
        return self._hidden_until.get(order.uuid, -1) <= self.clock.ticks_us

    def check(self, request: OrderRequest) -> None:
        """Everything that may refuse an order except a used identifier."""
        market = self._check_rules(request)
        currency = market.name.quote if request.side is Side.BID else market.name.coin
        if hold_needed(request)[0] > self.accounts.balance(currency).free:
            raise bad_request(f"insufficient_funds_{request.side}")

    def place(self, request: OrderRequest, source: str = "api") -> Order:
        """Accept an order; it meets the market a few milliseconds later."""
        with self.journal:
            self._claim(request.identifier)
            self.check(request)
            order = self._accept(request, source)
        self._send_to_market(order)
        return order

    def draft(self, request: OrderRequest) -> Order:
        """The answer of an order test: checked and priced, but neither stored nor locked."""
        self.check(request)
        return Order(self.ids.fresh(), request, self.clock.now_us(), hold_needed(request)[1], "test")

    def cancel(self, order: Order) -> None:
        """Accept a cancel; it is carried out later. Raises if the order has ended."""
        if not order.is_open:
            raise VenueError(404, "order_not_found")
        if self.faults.hits("cancel_refused"):
            raise bad_request("bad_request")
        if order.cancel_requested:
            return
        with self.journal:
            order.cancel_requested = True
            self.journal.note(CancelAsked(order.uuid))
        latency = self.faults.delay_us("cancel_slow") or CANCEL_LATENCY_US
        self.clock.call_later(latency, lambda: self._carry_out_cancel(order))

    def cancel_and_new(self, old: Order, request: OrderRequest, remain_only: bool) -> str:
        """Accept a cancel of `old` and `request` after it; returns the uuid that the new order will have.

        It is made once the cancel is done, and not at all when `old` was filled first, or when by then it is too small
        or the money is gone. A restart of the venue in between forgets it; the cancel is carried out.
        """
        if not old.is_open or old.cancel_requested:
            raise VenueError(404, "order_not_found")
        if self.faults.hits("cancel_refused"):
            raise bad_request("bad_request")
        if remain_only:
            request = replace(request, volume=old.remaining_volume)
        with self.journal:
            self._claim(request.identifier)
            self._check_rules(request)
            if hold_needed(request)[0] > self.accounts.balance(old.locked_currency).free + old.locked:
                raise bad_request(f"insufficient_funds_{request.side}")
            old.cancel_requested = True
            self.journal.note(CancelAsked(old.uuid))
        uuid = self.ids.fresh()
        latency = self.faults.delay_us("cancel_slow") or CANCEL_LATENCY_US
        self.clock.call_later(latency, partial(self._replace, old, request, remain_only, uuid))
        return uuid

    def external_trade(self, code: str, side: Side, volume: Decimal) -> Order:
        """The user trades in the phone app: same account, no identifier."""
        market = self.market(code)
        if side is Side.ASK:
            kind, price, tif = OrderType.MARKET, None, None
        else:
            kind, tif = OrderType.LIMIT, TimeInForce.IOC
            best = market.book.best_price(Side.ASK) or market.tape.last_price
            price = ceil_price(market.units, best * (1 + _EXTERNAL_REACH))
            free = self.accounts.balance(market.name.quote).free
            if price * volume * Decimal("1.0005") > free:
                price = floor_price(market.units, free / volume / Decimal("1.0005"))
        request = OrderRequest(code, side, kind, price, volume, tif, SmpType.CANCEL_MAKER, None)
        return self.place(request, "external")

    def withdraw_all(self, market: Market) -> None:
        """The venue itself cancels every open order of a market."""
        with self.journal:
            for order in self.orders.open(market.code):
                self.engine.withdraw(market, order)

    def split(self, market: Market, factor: Decimal) -> None:
        """One old coin becomes `factor` new ones; open orders are cancelled. The price is the driver's business."""
        self.withdraw_all(market)
        free = self.accounts.balance(market.name.coin).free
        if extra := whole_volume(free * (factor - ONE)):
            self.deposit(market.name.coin, extra)

    def resume(self, rested: Iterable[str]) -> None:
        """Let the open orders of an earlier run go on; `rested` are those that queued, first come first."""
        queued = [self.orders.known(uuid) for uuid in rested]
        waiting = [order for order in self.orders.open() if order not in queued]
        for order in queued + waiting:
            market = self.markets.get(order.market)
            if market is None:  # no longer listed
                self.engine.end(order, State.CANCEL)
            elif order in queued:
                self.engine.rest_again(market, order)
            else:
                self.clock.call_later(MATCH_LATENCY_US, partial(self._activate, order))
            if order.cancel_requested:
                self.clock.call_later(CANCEL_LATENCY_US, partial(self._carry_out_cancel, order))

    def _claim(self, identifier: str | None) -> None:
        """Use up an identifier, also if its order is then refused."""
        if identifier is not None:
            self.journal.note(Claimed(identifier))
        if not self.orders.claim(identifier):
            raise bad_request("duplicated_identifier")
        if identifier is not None and self.faults.hits("identifier_refused"):
            raise bad_request("duplicated_identifier")

    def _check_rules(self, request: OrderRequest) -> Market:
        """The market, if it takes such an order now, whatever the account holds."""
        market = self.markets.get(request.market)
        if market is None or market.delisted:
            raise bad_request("notfoundmarket")
        if market.closed or self.faults.hits("market_offline", market.code):
            raise VenueError(403, "market_offline")
        check_against_market(request, market)
        return market

    def _replace(self, old: Order, request: OrderRequest, remain_only: bool, uuid: str) -> None:
        if not old.is_open:
            return
        self._carry_out_cancel(old)
        if old.state is not State.CANCEL:
            return
        if remain_only:
            request = replace(request, volume=old.remaining_volume)
        try:
            with self.journal:
                self._check_rules(request)
                order = self._accept(request, "api", uuid)
        except VenueError:
            return
        self._send_to_market(order)

    def _send_to_market(self, order: Order) -> None:
        if lag := self.faults.delay_us("order_not_found"):
            self._hidden_until[order.uuid] = self.clock.ticks_us + lag
        latency = self.faults.delay_us("slow_fills") or MATCH_LATENCY_US
        self.clock.call_later(latency, lambda: self._activate(order))

    def _accept(self, request: OrderRequest, source: str, uuid: str | None = None) -> Order:
        try:
            order = self.settlement.open(request, source, uuid)
        except InsufficientFunds:
            raise bad_request(f"insufficient_funds_{request.side}") from None
        self.orders.add(order)
        if request.ord_type in (OrderType.LIMIT, OrderType.BEST):
            self.hub.order(order, "wait")
        self.hub.assets(order.locked_currency)
        return order

    def _activate(self, order: Order) -> None:
        if order.is_open:
            self.engine.activate(self.markets[order.market], order)

    def _carry_out_cancel(self, order: Order) -> None:
        if not order.is_open:
            return
        market = self.markets[order.market]
        remaining, price = order.remaining_volume, order.request.price
        limit_order = order.request.ord_type is OrderType.LIMIT
        if limit_order and remaining and price is not None and self.faults.hits("late_fill_after_cancel"):
            self._fill_late(market, order, price, remaining)
            return
        self.engine.withdraw(market, order)
        if not limit_order or not remaining or price is None:
            return
        if delay := self.faults.delay_us("late_fill_after_end", order.market):
            trend = market.tape.trend(price)
            self.clock.call_later(delay, lambda: self.engine.fill_ended(order, price, remaining, True, trend))

    def _fill_late(self, market: Market, order: Order, price: Decimal, volume: Decimal) -> None:
        """A simulated counterparty reaches the order just before the cancel."""
        self.engine.take_simulated(market, order.side.other, _through(market, order, price, volume), price)
        if order.is_open:
            self.engine.withdraw(market, order)


def _through(market: Market, order: Order, price: Decimal, volume: Decimal) -> Decimal:
    """Volume a taker needs to reach `order` in the queue and fill it."""
    side = market.book.of(order.side)
    ahead = Decimal(0)
    for level in side.levels():
        if level.price == price:
            for entry in level.queue:
                if entry.order is order:
                    return ahead + volume
                ahead += entry.volume
        if not side.better_or_equal(level.price, price):
            break
        ahead += level.total
    return ahead + volume
