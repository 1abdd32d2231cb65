"""The account as it was a while ago: what a venue shows whose copy of it lags behind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from .accounts import Balance
from .exchange import Exchange
from .ledger import Book
from .money import ZERO
from .order import Order, State


def balances_at(exchange: Exchange, time_us: int) -> list[Balance]:
    """Balances before everything posted after `time_us` (venue stamp); the average prices are today's."""
    later: defaultdict[tuple[Book, str], Decimal] = defaultdict(Decimal)
    for posting in reversed(exchange.ledger.postings):
        if posting.time_us <= time_us:
            break
        for leg in posting.legs:
            later[leg.book, leg.currency] += leg.amount
    past: list[Balance] = []
    for currency in exchange.ledger.currencies():
        now = exchange.accounts.balance(currency)
        free, locked = now.free - later[Book.FREE, currency], now.locked - later[Book.LOCKED, currency]
        if free or locked or currency == "KRW":
            past.append(Balance(currency, free, locked, now.average_buy_price))
    return past


def open_orders_at(exchange: Exchange, market: str | None, time_us: int) -> list[Order]:
    """Copies of the orders that were open at `time_us`, oldest first, with the fills they had then."""
    return [
        _order_at(order, time_us)
        for order in exchange.orders.all()
        if market in (None, order.market)
        and order.created_us <= time_us
        and (order.ended_us is None or order.ended_us > time_us)
    ]


def _order_at(order: Order, time_us: int) -> Order:
    fills = [fill for fill in order.fills if fill.time_us <= time_us]
    return replace(
        order,
        state=State.WAIT,
        ended_us=None,
        fills=fills,
        executed_volume=sum((fill.volume for fill in fills), ZERO),
        executed_funds=sum((fill.funds for fill in fills), ZERO),
        paid_fee=sum((fill.fee for fill in fills), ZERO),
    )
