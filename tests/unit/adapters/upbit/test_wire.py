import gzip
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.upbit.wire import (
    BookFrame,
    OrderFrame,
    TickerFrame,
    TradeFrame,
    UnusableMessageError,
    WireAccount,
    WireCandle,
    WireMarket,
    WireOrder,
    decode,
    decode_private,
    decode_public,
    finite,
    is_control,
)
from tests.unit.adapters.upbit.stub_exchange import wire_order

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "upbit"

TRADE = (
    b'{"type":"trade","code":"KRW-BTC","timestamp":1786613091500,"trade_date":"2026-08-13","trade_time":"09:24:51",'
    b'"trade_timestamp":1786613091449,"trade_price":89888000,"trade_volume":0.00005673,"ask_bid":"BID",'
    b'"prev_closing_price":89642000,"change":"RISE","change_price":246000,"sequential_id":17866130914490000,'
    b'"best_ask_price":89888000,"stream_type":"REALTIME"}'
)
BOOK = (
    b'{"type":"orderbook","code":"KRW-BTC","timestamp":1786613106166,"total_ask_size":2.27612679,'
    b'"total_bid_size":3.06301779,"orderbook_units":[{"ask_price":89890000,"bid_price":89886000,'
    b'"ask_size":0.00426302,"bid_size":0.04721853}],"stream_type":"REALTIME","level":0}'
)
MY_ORDER = (
    b'{"type":"myOrder","code":"SGD-XRP","uuid":"2dba2a51","ask_bid":"BID","order_type":"limit","state":"trade",'
    b'"trade_uuid":"75cddcab","price":0.8,"avg_price":0.8,"volume":40,"remaining_volume":60,"executed_volume":40,'
    b'"trades_count":1,"reserved_fee":0.04,"remaining_fee":0.024,"paid_fee":0.016,"locked":48.024,'
    b'"executed_funds":32,"time_in_force":null,"trade_fee":0.016,"is_maker":true,"identifier":null,"smp_type":null,'
    b'"prevented_volume":0,"prevented_locked":0,"trade_timestamp":1755950401200,"order_timestamp":1755950400000,'
    b'"timestamp":1755950401210,"stream_type":"REALTIME"}'
)


def recorded(name: str) -> bytes:
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"no recording {path}")
    return gzip.decompress(path.read_bytes())


def test_numbers_keep_every_digit() -> None:
    frame = decode_public(TRADE.replace(b"0.00005673", b"0.123456789012345678901"))
    assert isinstance(frame, TradeFrame)
    assert frame.trade_volume == Decimal("0.123456789012345678901")


def test_the_type_selects_the_message() -> None:
    assert isinstance(decode_public(BOOK), BookFrame)
    assert isinstance(decode_private(MY_ORDER), OrderFrame)
    assert isinstance(decode_public(TRADE.decode()), TradeFrame)


def test_orders_accept_missing_and_null_and_unknown_fields() -> None:
    text = json.dumps({k: v for k, v in wire_order(volume=None, newly="x").items() if k != "remaining_volume"})
    order = decode(WireOrder, text)
    assert order.volume is None and order.remaining_volume is None
    assert order.price == Decimal(155772000)


@pytest.mark.parametrize(
    "bad",
    [b"", b"{", b"<html></html>", b"\xff\xfe", b"[]", b'{"type":"trade"}', b'{"type":"newThing","code":"KRW-BTC"}'],
)
def test_what_cannot_be_read_has_one_name(bad: bytes) -> None:
    with pytest.raises(UnusableMessageError):
        decode_public(bad)


def test_the_error_names_the_place() -> None:
    with pytest.raises(UnusableMessageError, match=r"balance"):
        decode(tuple[WireAccount, ...], b'[{"currency":"KRW","balance":true,"locked":"0"}]')


def test_control_frames_are_no_garbage() -> None:
    assert is_control(b'{"status":"UP"}')
    assert is_control(b'{"method":"LIST_SUBSCRIPTIONS","result":[],"ticket":"t"}')
    assert not is_control(b'{"other":1}')
    assert not is_control(b"garbage")


@pytest.mark.parametrize("frame", ["\ud800", b'{"type":"trade","x":' + b"[" * 200_000], ids=["half", "deep"])
def test_half_characters_and_endless_depth_are_unusable(frame: bytes | str) -> None:
    with pytest.raises(UnusableMessageError):
        decode_public(frame)


def test_amounts_must_be_finite_and_not_negative() -> None:
    assert finite(None) == 0
    assert finite(Decimal("1.5")) == Decimal("1.5")
    assert str(finite(Decimal("0e999999999"))) == "0"
    for bad in ("NaN", "Infinity", "-0.1", "1e999999999", "1e-999999999"):
        with pytest.raises(UnusableMessageError):
            finite(Decimal(bad))


def test_recorded_candles() -> None:
    for name in (
        "rest_upbit_1m_20200220_170000-20200220_202000.json.gz",
        "rest_upbit_3m_20200220_000000-20200220_100000.json.gz",
    ):
        candles = decode(tuple[WireCandle, ...], recorded(name))
        assert len(candles) == 200
        times = [candle.candle_date_time_utc for candle in candles]
        assert times == sorted(times, reverse=True)
        assert all(candle.low_price <= candle.trade_price <= candle.high_price for candle in candles)


def test_recorded_market_list() -> None:
    markets = decode(tuple[WireMarket, ...], recorded("rest_market_all_20210417.json.gz"))
    assert markets[0].korean_name == "비트코인"
    assert sum(market.market.startswith("KRW-") for market in markets) > 100


SHORT = {
    "ty": "type", "cd": "code", "tms": "timestamp", "ttms": "trade_timestamp", "tp": "trade_price",
    "tv": "trade_volume", "ab": "ask_bid", "st": "stream_type", "obu": "orderbook_units", "ap": "ask_price",
    "bp": "bid_price", "as": "ask_size", "bs": "bid_size",
}  # fmt: skip


def test_recorded_stream_frames() -> None:
    """Captured in the SIMPLE format; only the key names are changed, the numbers stay text as they came."""
    frames = re.findall(rb": b'(\{.*\})'", recorded("rawws_simple_20210417_cryptofeed.txt.gz"))
    assert len(frames) > 30
    kinds = set()
    for frame in frames:
        spelled = re.sub(rb'"([a-z]+)":', lambda m: b'"%s":' % SHORT.get(m[1].decode(), m[1].decode()).encode(), frame)
        data = decode_public(spelled)
        kinds.add(type(data))
        if isinstance(data, BookFrame):
            assert len(data.orderbook_units) == 15
    assert kinds <= {TradeFrame, BookFrame, TickerFrame}
    assert len(kinds) >= 2
