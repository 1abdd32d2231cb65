"""The oracle's answer: balances, every order with its fills, used identifiers, and the conservation check."""

from __future__ import annotations

from .exchange import Exchange
from .money import plain
from .order import Fill, Order
from .wire import Json


def report(exchange: Exchange) -> Json:
    """Everything `GET /ledger` shows; amounts are decimal strings."""
    problems = exchange.ledger.problems() + _lock_problems(exchange)
    return {
        "venue": "upbit",
        "time_ms": exchange.clock.now_ms(),
        "balances": [
            {
                "currency": balance.currency,
                "free": plain(balance.free),
                "locked": plain(balance.locked),
                "avg_buy_price": plain(balance.average_buy_price),
            }
            for balance in exchange.accounts.all()
        ],
        "open_orders": [order.uuid for order in exchange.orders.open()],
        "orders": [_order(order) for order in exchange.orders.all()],
        "repeated_identifiers": [
            {"identifier": name, "submissions": count, "accepted": _accepted(exchange, name)}
            for name, count in exchange.orders.repeated()
        ],
        "conservation": {
            "ok": not problems,
            "problems": problems,
            "postings": len(exchange.ledger.postings),
            "sums": {currency: plain(total) for currency, total in exchange.ledger.totals().items()},
        },
    }


def _order(order: Order) -> Json:
    request, remaining = order.request, order.remaining_volume
    return {
        "uuid": order.uuid,
        "identifier": request.identifier,
        "source": order.source,
        "market": request.market,
        "side": request.side.value,
        "ord_type": request.ord_type.value,
        "time_in_force": request.time_in_force,
        "state": order.state.value,
        "price": None if request.price is None else plain(request.price),
        "volume": None if request.volume is None else plain(request.volume),
        "remaining_volume": None if remaining is None else plain(remaining),
        "executed_volume": plain(order.executed_volume),
        "executed_funds": plain(order.executed_funds),
        "paid_fee": plain(order.paid_fee),
        "created_ms": order.created_us // 1000,
        "ended_ms": None if order.ended_us is None else order.ended_us // 1000,
        "fills": [_fill(fill) for fill in order.fills],
        "busted": [_fill(fill) for fill in order.busted],
    }


def _fill(fill: Fill) -> Json:
    row: Json = {
        "trade_uuid": fill.trade_uuid,
        "price": plain(fill.price),
        "volume": plain(fill.volume),
        "funds": plain(fill.funds),
        "fee": plain(fill.fee),
        "liquidity": "maker" if fill.is_maker else "taker",
        "time_ms": fill.time_us // 1000,
    }
    if fill.coin_fee:
        row["coin_fee"] = plain(fill.coin_fee)
    if fill.recorded is not None:
        row |= {
            "snapshot": fill.recorded.snapshot,
            "book_time": fill.recorded.book_time,
            "level_price": plain(fill.recorded.level_price),
            "level_size": plain(fill.recorded.level_size),
        }
    return row


def _accepted(exchange: Exchange, identifier: str) -> int:
    return sum(order.request.identifier == identifier for order in exchange.orders.all())


def _lock_problems(exchange: Exchange) -> list[str]:
    """What is locked must be exactly what the open orders hold."""
    held: dict[str, object] = {}
    for currency in exchange.ledger.currencies():
        orders = [o for o in exchange.orders.open() if o.locked_currency == currency]
        expected = sum(order.locked for order in orders)
        locked = exchange.accounts.balance(currency).locked
        if expected != locked:
            held[currency] = f"{currency}: locked {locked}, open orders hold {expected}"
    return [str(text) for text in held.values()]
