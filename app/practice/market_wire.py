"""Public market data on the wire: the same facts for quotation REST and for the WebSocket feed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import zip_longest

from .candles import Candle
from .market import Market
from .money import ZERO
from .order import Side
from .tape import Trade
from .wire import KST, Json, kst, utc

_RATE_STEP = Decimal("0.0000000001")


def change_fields(price: Decimal, previous_close: Decimal) -> Json:
    difference = price - previous_close
    word = "RISE" if difference > 0 else "FALL" if difference < 0 else "EVEN"
    return {"change": word, "change_price": abs(difference), "signed_change_price": difference}


def rate_fields(price: Decimal, previous_close: Decimal) -> Json:
    rate = ((price - previous_close) / previous_close).quantize(_RATE_STEP, ROUND_HALF_UP)
    return {"change_rate": abs(rate), "signed_change_rate": rate}


def book_units(market: Market, depth: int, level: Decimal) -> tuple[Decimal, Decimal, list[Json]]:
    """(total ask size, total bid size, units best first); a short side is padded with zero levels."""
    asks = [] if market.one_sided else _side(market, Side.ASK, depth, level)
    bids = _side(market, Side.BID, depth, level)
    units = [
        {"ask_price": ask[0], "bid_price": bid[0], "ask_size": ask[1], "bid_size": bid[1]}
        for ask, bid in zip_longest(asks, bids, fillvalue=(ZERO, ZERO))
    ]
    return sum((a[1] for a in asks), ZERO), sum((b[1] for b in bids), ZERO), units


def orderbook(market: Market, now_ms: int, depth: int, level: Decimal) -> Json:
    total_ask, total_bid, units = book_units(market, depth, level)
    return {
        "market": market.code,
        "timestamp": now_ms,
        "total_ask_size": total_ask,
        "total_bid_size": total_bid,
        "orderbook_units": units,
        "level": level,
    }


def supported_levels(market: Market) -> list[Decimal]:
    """Price steps an order book can be grouped by; 0 = not grouped."""
    unit = market.units.unit(market.tape.last_price)
    return [ZERO, unit * 10, unit * 100, unit * 1000]


def trade(market: Market, item: Trade) -> Json:
    """One row of `trades/ticks`."""
    moment = utc(item.time_ms)
    return {
        "market": market.code,
        "trade_date_utc": moment.strftime("%Y-%m-%d"),
        "trade_time_utc": moment.strftime("%H:%M:%S"),
        "timestamp": item.time_ms,
        "trade_price": item.price,
        "trade_volume": item.volume,
        "prev_closing_price": item.previous_close,
        "change_price": item.price - item.previous_close,
        "ask_bid": item.side.value.upper(),
        "sequential_id": item.sequential_id,
    }


def trade_event(market: Market, item: Trade, now_ms: int) -> Json:
    moment = utc(item.time_ms)
    ask, bid = market.book.asks.best(), market.book.bids.best()
    return {
        "type": "trade",
        "code": market.code,
        "timestamp": now_ms,
        "trade_date": moment.strftime("%Y-%m-%d"),
        "trade_time": moment.strftime("%H:%M:%S"),
        "trade_timestamp": item.time_ms,
        "trade_price": item.price,
        "trade_volume": item.volume,
        "ask_bid": item.side.value.upper(),
        "prev_closing_price": item.previous_close,
        **{k: v for k, v in change_fields(item.price, item.previous_close).items() if k[0] == "c"},
        "sequential_id": item.sequential_id,
        "best_ask_price": ask.price if ask else ZERO,
        "best_ask_size": ask.total if ask else ZERO,
        "best_bid_price": bid.price if bid else ZERO,
        "best_bid_size": bid.total if bid else ZERO,
    }


def ticker(market: Market, now_ms: int) -> Json:
    """One row of `GET /v1/ticker`."""
    tape, day = market.tape, market.tape.day()
    last = tape.trades[-1] if tape.trades else None
    time_ms = last.time_ms if last else now_ms
    price, close = tape.last_price, tape.previous_close()
    value_24h, volume_24h = tape.last_24h(now_ms)
    moment, local = utc(time_ms), kst(time_ms)
    return {
        "market": market.code,
        "trade_date": moment.strftime("%Y%m%d"),
        "trade_time": moment.strftime("%H%M%S"),
        "trade_date_kst": local.strftime("%Y%m%d"),
        "trade_time_kst": local.strftime("%H%M%S"),
        "trade_timestamp": time_ms,
        "opening_price": day.opening if day else price,
        "high_price": day.high if day else price,
        "low_price": day.low if day else price,
        "trade_price": price,
        "prev_closing_price": close,
        **change_fields(price, close),
        **rate_fields(price, close),
        "trade_volume": last.volume if last else ZERO,
        "acc_trade_price": day.value if day else ZERO,
        "acc_trade_price_24h": value_24h,
        "acc_trade_volume": day.volume if day else ZERO,
        "acc_trade_volume_24h": volume_24h,
        **_year_fields(market, now_ms),
        "timestamp": now_ms,
    }


def ticker_event(market: Market, now_ms: int) -> Json:
    row = ticker(market, now_ms)
    sold, bought = market.tape.taker_volumes()
    last = market.tape.trades[-1] if market.tape.trades else None
    for rest_only in ("market", "trade_date_kst", "trade_time_kst"):
        del row[rest_only]
    return {
        "type": "ticker",
        "code": market.code,
        **row,
        "ask_bid": last.side.value.upper() if last else "BID",
        "acc_ask_volume": sold,
        "acc_bid_volume": bought,
        "market_state": "DELISTED" if market.delisted else "ACTIVE",
        "is_trading_suspended": market.closed,
        "delisting_date": kst(now_ms).strftime("%Y-%m-%d") if market.delisted else None,
        "market_warning": "NONE",
    }


def orderbook_event(market: Market, now_ms: int, depth: int, level: Decimal) -> Json:
    row = orderbook(market, now_ms, depth, level)
    return {"type": "orderbook", "code": row.pop("market"), **row}


def candle(market: Market, unit: str, item: Candle) -> Json:
    """One candle of quotation REST; the unit decides about the extra fields."""
    row: Json = {"market": market.code, **_candle_core(item), "timestamp": item.last_ms}
    row |= {"candle_acc_trade_price": item.value, "candle_acc_trade_volume": item.volume}
    if unit.endswith("m"):
        row["unit"] = int(unit[:-1])
    elif unit == "1d":
        close = market.candles.previous_close("1d", item)
        row["prev_closing_price"] = close
        row["change_price"] = item.close - close
        row["change_rate"] = rate_fields(item.close, close)["signed_change_rate"]
    elif unit != "1s":
        row["first_day_of_period"] = datetime.fromtimestamp(item.start_s, UTC).strftime("%Y-%m-%d")
    return row


def candle_event(market: Market, unit: str, item: Candle, now_ms: int) -> Json:
    return {
        "type": f"candle.{unit}",
        "code": market.code,
        **_candle_core(item),
        "candle_acc_trade_volume": item.volume,
        "candle_acc_trade_price": item.value,
        "timestamp": now_ms,
    }


def _candle_core(item: Candle) -> Json:
    return {
        "candle_date_time_utc": datetime.fromtimestamp(item.start_s, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "candle_date_time_kst": datetime.fromtimestamp(item.start_s, KST).strftime("%Y-%m-%dT%H:%M:%S"),
        "opening_price": item.opening,
        "high_price": item.high,
        "low_price": item.low,
        "trade_price": item.close,
    }


def _year_fields(market: Market, now_ms: int) -> Json:
    found = market.tape.year_range()
    today = utc(now_ms).strftime("%Y-%m-%d")
    if found is None:
        price = market.tape.last_price
        high, high_day, low, low_day = price, today, price, today
    else:
        high, low = found[0].high, found[1].low
        high_day, low_day = (utc(c.start_s * 1000).strftime("%Y-%m-%d") for c in found)
    return {
        "highest_52_week_price": high,
        "highest_52_week_date": high_day,
        "lowest_52_week_price": low,
        "lowest_52_week_date": low_day,
    }


def _side(market: Market, side: Side, depth: int, level: Decimal) -> list[tuple[Decimal, Decimal]]:
    book = market.book.of(side)
    if not level:
        return [(item.price, item.total) for item in book.levels(depth)]
    grouped: dict[Decimal, Decimal] = {}
    with localcontext() as context:
        context.rounding = "ROUND_CEILING" if side is Side.ASK else "ROUND_FLOOR"
        for item in book.levels():
            price = (item.price / level).to_integral_value() * level
            grouped[price] = grouped.get(price, ZERO) + item.total
    return list(grouped.items())[:depth]
