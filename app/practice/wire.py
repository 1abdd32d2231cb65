"""How things look on the wire: exact decimals as JSON numbers, exchange REST amounts as strings, KST stamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

from .accounts import Balance
from .market import Market
from .money import FEE_RATE, MAX_TOTAL_KRW, plain
from .order import Fill, Order

KST = timezone(timedelta(hours=9))
Json = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(payload: object) -> bytes:
    """JSON bytes; a Decimal becomes a number with exactly its digits."""
    return _ENCODER.encode(payload)


def kst_seconds(time_us: int) -> str:
    """`2026-11-20T20:00:00+09:00`."""
    return datetime.fromtimestamp(time_us // 1_000_000, KST).isoformat()


def kst_micros(time_us: int) -> str:
    moment = datetime.fromtimestamp(time_us // 1_000_000, KST).replace(microsecond=time_us % 1_000_000)
    return moment.isoformat(timespec="microseconds")


def utc(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms // 1000, UTC)


def kst(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms // 1000, KST)


def account(balance: Balance) -> Json:
    return {
        "currency": balance.currency,
        "balance": plain(balance.free),
        "locked": plain(balance.locked),
        "avg_buy_price": plain(balance.average_buy_price),
        "avg_buy_price_modified": False,
        "unit_currency": "KRW",
    }


def order(item: Order) -> Json:
    """The Order object of exchange REST; absent amounts are omitted, as Upbit does."""
    request, remaining = item.request, item.remaining_volume
    body: Json = {
        "market": request.market,
        "uuid": item.uuid,
        "side": request.side.value,
        "ord_type": request.ord_type.value,
        "price": None if request.price is None else plain(request.price),
        "state": item.state.value,
        "created_at": kst_seconds(item.created_us),
        "volume": None if request.volume is None else plain(request.volume),
        # The official SDK requires this field, also for a market buy, whose volume is open.
        "remaining_volume": "0" if remaining is None else plain(remaining),
        "executed_volume": plain(item.executed_volume),
        "reserved_fee": plain(item.reserved_fee),
        "remaining_fee": plain(item.remaining_fee),
        "paid_fee": plain(item.paid_fee),
        "locked": plain(item.locked),
        "trades_count": len(item.fills),
        "time_in_force": None if request.time_in_force is None else request.time_in_force.value,
        "identifier": request.identifier,
        "smp_type": request.smp_type.value,
        "prevented_volume": plain(item.prevented_volume),
        "prevented_locked": plain(item.prevented_locked),
    }
    return {key: value for key, value in body.items() if value is not None}


def order_with_trades(item: Order) -> Json:
    return order(item) | {"trades": [_trade_of(item, fill) for fill in item.fills]}


def _trade_of(item: Order, fill: Fill) -> Json:
    return {
        "market": item.market,
        "uuid": fill.trade_uuid,
        "price": plain(fill.price),
        "volume": plain(fill.volume),
        "funds": plain(fill.funds),
        "trend": fill.trend,
        "created_at": kst_micros(fill.time_us),
        "side": item.side.value,
    }


def chance(market: Market, bid: Balance, ask: Balance) -> Json:
    name, fee = market.name, plain(FEE_RATE)
    return {
        "bid_fee": fee,
        "ask_fee": fee,
        "maker_bid_fee": fee,
        "maker_ask_fee": fee,
        "market": {
            "id": name.code,
            "name": f"{name.coin}/{name.quote}",
            "order_types": ["limit"],
            "order_sides": ["ask", "bid"],
            "bid_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "price"],
            "ask_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "market"],
            "bid": {"currency": name.quote, "min_total": plain(market.min_total)},
            "ask": {"currency": name.coin, "min_total": plain(market.min_total)},
            "max_total": plain(MAX_TOTAL_KRW),
            "state": "active",
        },
        "bid_account": account(bid),
        "ask_account": account(ask),
    }


def my_order(item: Order, state: str, fill: Fill | None, now_ms: int) -> Json:
    """A myOrder event; in a `trade` event price and volume are those of the fill (upbit.md 8.3)."""
    request = item.request
    body: Json = {
        "type": "myOrder",
        "code": request.market,
        "uuid": item.uuid,
        "ask_bid": request.side.value.upper(),
        "order_type": request.ord_type.value,
        "state": state,
        "trade_uuid": fill.trade_uuid if fill else None,
        "price": fill.price if fill else request.price,
        "avg_price": _trim(item.average_price),
        "volume": fill.volume if fill else request.volume,
        "remaining_volume": item.remaining_volume,
        "executed_volume": item.executed_volume,
        "trades_count": len(item.fills),
        "reserved_fee": item.reserved_fee,
        "remaining_fee": item.remaining_fee,
        "paid_fee": item.paid_fee,
        "locked": item.locked,
        "executed_funds": item.executed_funds,
        "time_in_force": request.time_in_force.value if request.time_in_force else None,
        "trade_fee": fill.fee if fill else None,
        "is_maker": fill.is_maker if fill else None,
        "identifier": request.identifier,
        "smp_type": request.smp_type.value,
        "prevented_volume": item.prevented_volume,
        "prevented_locked": item.prevented_locked,
        "trade_timestamp": fill.time_us // 1000 if fill else None,
        "order_timestamp": item.created_us // 1000,
        "timestamp": now_ms,
    }
    return {name: _short(value) if isinstance(value, Decimal) else value for name, value in body.items()}


def my_asset(asset_uuid: str, balances: list[Balance], now_ms: int) -> Json:
    return {
        "type": "myAsset",
        "asset_uuid": asset_uuid,
        "assets": [{"currency": b.currency, "balance": _short(b.free), "locked": _short(b.locked)} for b in balances],
        "asset_timestamp": now_ms,
        "timestamp": now_ms,
    }


def _short(amount: Decimal) -> Decimal:
    """The same number without trailing zeros."""
    return Decimal(plain(amount))


def _trim(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.00000001")) if amount else amount
