"""The four output formats of the WebSocket: long or short keys, alone or wrapped in a list."""

from __future__ import annotations

from .wire import Json, encode
from .ws_requests import Format

SHORT: dict[str, str] = {
    "type": "ty", "code": "cd", "timestamp": "tms", "stream_type": "st",
    "opening_price": "op", "high_price": "hp", "low_price": "lp", "trade_price": "tp",
    "prev_closing_price": "pcp", "change": "c", "change_price": "cp", "signed_change_price": "scp",
    "change_rate": "cr", "signed_change_rate": "scr", "trade_volume": "tv",
    "acc_trade_volume": "atv", "acc_trade_volume_24h": "atv24h",
    "acc_trade_price": "atp", "acc_trade_price_24h": "atp24h",
    "trade_time": "ttm", "trade_timestamp": "ttms", "ask_bid": "ab",
    "acc_ask_volume": "aav", "acc_bid_volume": "abv",
    "highest_52_week_price": "h52wp", "highest_52_week_date": "h52wdt",
    "lowest_52_week_price": "l52wp", "lowest_52_week_date": "l52wdt",
    "market_state": "ms", "is_trading_suspended": "its", "delisting_date": "dd", "market_warning": "mw",
    "sequential_id": "sid",
    "best_ask_price": "bap", "best_ask_size": "bas", "best_bid_price": "bbp", "best_bid_size": "bbs",
    "total_ask_size": "tas", "total_bid_size": "tbs", "orderbook_units": "obu", "level": "lv",
    "ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs",
    "candle_date_time_utc": "cdttmu", "candle_date_time_kst": "cdttmk",
    "candle_acc_trade_volume": "catv", "candle_acc_trade_price": "catp",
    "uuid": "uid", "order_type": "ot", "state": "s", "trade_uuid": "tuid", "price": "p", "avg_price": "ap",
    "volume": "v", "remaining_volume": "rv", "executed_volume": "ev", "trades_count": "tc",
    "reserved_fee": "rsf", "remaining_fee": "rmf", "paid_fee": "pf", "locked": "l", "executed_funds": "ef",
    "time_in_force": "tif", "trade_fee": "tf", "is_maker": "im", "identifier": "id", "smp_type": "smpt",
    "prevented_volume": "pv", "prevented_locked": "pl", "order_timestamp": "otms",
    "asset_uuid": "astuid", "assets": "ast", "asset_timestamp": "asttms",
    "currency": "cu", "balance": "b",
}  # fmt: skip
# The same long name has another short name in a trade message.
_TRADE_DATE = {"ticker": "tdt", "trade": "td"}


def render(message: Json, form: Format, stream_type: str) -> bytes:
    """One frame, as bytes: Upbit sends binary frames only."""
    complete = {**message, "stream_type": stream_type}
    shown: object = shorten(complete) if form.short else complete
    return encode([shown] if form.listed else shown)


def shorten(message: Json) -> Json:
    kind = str(message.get("type", ""))
    short: Json = {}
    for name, value in message.items():
        key = _TRADE_DATE.get(kind, "tdt") if name == "trade_date" else SHORT.get(name, name)
        if isinstance(value, list):
            value = [shorten(item) if isinstance(item, dict) else item for item in value]
        short[key] = value
    return short
