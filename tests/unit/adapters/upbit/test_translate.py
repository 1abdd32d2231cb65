import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.upbit import translate
from app.adapters.upbit.wire import (
    AssetFrame,
    BookFrame,
    OrderFrame,
    TradeFrame,
    UnusableMessageError,
    WireAccount,
    WireBookUnit,
    WireCandle,
    WireMarket,
    WireOrder,
    decode,
    decode_private,
    decode_public,
)
from app.domain.market_data import Book
from app.domain.money import ZERO
from app.domain.values import Side
from app.domain.venue_reports import OrderReport, ReportedState
from tests.unit.adapters.upbit.stub_exchange import MARKET, NOW, wire_order
from tests.unit.adapters.upbit.test_wire import BOOK, MY_ORDER, TRADE


def report(**changes: object) -> OrderReport:
    return translate.to_report(decode(WireOrder, json.dumps(wire_order(**changes))), NOW)


def event(**changes: object) -> OrderReport:
    frame = decode_private(json.dumps({**json.loads(MY_ORDER), **changes}))
    assert isinstance(frame, OrderFrame)
    return translate.to_order_event(frame, NOW)


FILL = {
    "market": "KRW-BTC",
    "uuid": "t-1",
    "price": "155000000",
    "volume": "0.00004",
    "funds": "6200",
    "trend": "up",
    "created_at": "2026-11-20T20:00:01.123456+09:00",
    "side": "bid",
}


def test_a_resting_order() -> None:
    found = report()
    assert (found.order_id, found.venue_order_id, found.market, found.side) == ("gw-1", "u-1", MARKET, Side.BUY)
    assert found.state is ReportedState.OPEN
    assert found.remaining_volume == Decimal("0.0001")
    assert found.fills == () and found.fills_complete


def test_a_market_buy_ends_as_cancel_and_is_filled() -> None:
    found = report(
        ord_type="price",
        state="cancel",
        volume=None,
        remaining_volume=None,
        executed_volume="0.00004",
        paid_fee="3.1",
        trades_count=1,
        trades=[FILL],
    )
    assert found.state is ReportedState.ENDED
    assert found.executed_volume == Decimal("0.00004")
    assert found.remaining_volume is None
    assert found.paid_fee == Decimal("3.1")
    assert found.fills_complete


def test_fills_of_a_lookup_have_utc_times_and_no_fee() -> None:
    (fill,) = report(executed_volume="0.00004", trades=[FILL]).fills
    assert (fill.trade_id, fill.price, fill.volume, fill.fee) == ("t-1", Decimal(155000000), Decimal("0.00004"), None)
    assert fill.traded_at == datetime(2026, 11, 20, 11, 0, 1, 123456, tzinfo=UTC)


def test_fills_that_do_not_add_up_are_incomplete() -> None:
    assert not report(executed_volume="0.00009", trades=[FILL]).fills_complete
    assert not report(executed_volume="0.00009", trades=None).fills_complete


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("wait", ReportedState.OPEN),
        ("watch", ReportedState.OPEN),
        ("done", ReportedState.ENDED),
        ("cancel", ReportedState.ENDED),
        ("frozen_by_moon_phase", ReportedState.OPEN),
    ],
)
def test_only_two_words_are_an_end(word: str, state: ReportedState) -> None:
    assert report(state=word).state is state


def test_an_unknown_side_is_no_side() -> None:
    with pytest.raises(UnusableMessageError):
        report(side="long")


@pytest.mark.parametrize("field", ["executed_volume", "paid_fee", "remaining_volume"])
@pytest.mark.parametrize("bad", ["NaN", "-1", "Infinity"])
def test_amounts_that_are_none_are_refused(field: str, bad: str) -> None:
    with pytest.raises(UnusableMessageError):
        report(**{field: bad})


def test_an_identifier_left_out_is_the_one_asked_for() -> None:
    order = decode(WireOrder, json.dumps(wire_order(identifier=None)))
    assert translate.to_report(order, NOW).order_id is None
    assert translate.to_report(order, NOW, "gw-9").order_id == "gw-9"


def test_a_trade_event_is_one_fill_with_its_fee() -> None:
    found = event(identifier="gw-1")
    (fill,) = found.fills
    assert (fill.trade_id, fill.price, fill.volume, fill.fee) == (
        "75cddcab",
        Decimal("0.8"),
        Decimal(40),
        Decimal("0.016"),
    )
    assert fill.traded_at == datetime(2025, 8, 23, 12, 0, 1, 200000, tzinfo=UTC)
    assert (found.order_id, found.executed_volume, found.paid_fee) == ("gw-1", Decimal(40), Decimal("0.016"))
    assert not found.fills_complete
    assert found.state is ReportedState.OPEN


def test_other_events_carry_no_fill_and_foreign_orders_still_report() -> None:
    found = event(state="done", trade_uuid=None, trade_fee=None, remaining_volume=0, executed_volume=100)
    assert found.fills == ()
    assert found.order_id is None
    assert found.state is ReportedState.ENDED


def test_prevented_is_not_an_end() -> None:
    assert event(state="prevented").state is ReportedState.OPEN


@pytest.mark.parametrize("field", ["trade_uuid", "price", "volume"])
def test_a_trade_event_without_its_core_is_unusable(field: str) -> None:
    with pytest.raises(UnusableMessageError):
        event(**{field: None})


def test_balances_of_both_sources() -> None:
    account = decode(
        WireAccount,
        b'{"currency":"BTC","balance":"0.5","locked":"0.1","avg_buy_price":"140000000","unit_currency":"KRW"}',
    )
    balance = translate.to_balance(account)
    assert (balance.free, balance.total, balance.average_price) == (Decimal("0.5"), Decimal("0.6"), Decimal(140000000))
    frame = decode_private(
        b'{"type":"myAsset","asset_uuid":"a","assets":[{"currency":"KRW","balance":1386929.37,"locked":10329.67}],'
        b'"asset_timestamp":1,"timestamp":2,"stream_type":"REALTIME"}'
    )
    assert isinstance(frame, AssetFrame)
    (krw,) = translate.to_event_balances(frame)
    assert (krw.free, krw.locked) == (Decimal("1386929.37"), Decimal("10329.67"))


def test_trade_and_book() -> None:
    frame = decode_public(TRADE)
    assert isinstance(frame, TradeFrame)
    trade = translate.to_trade(frame, NOW)
    assert (trade.price, trade.taker_side, trade.received_at) == (Decimal(89888000), Side.BUY, NOW)
    book_frame = decode_public(BOOK.replace(b'"KRW-BTC"', b'"KRW-BTC.15"'))
    assert isinstance(book_frame, BookFrame)
    book = translate.to_event_book(book_frame, NOW)
    assert book.market == MARKET
    assert (book.best_bid, book.best_ask) == (Decimal(89886000), Decimal(89890000))


def test_an_empty_side_is_no_quote() -> None:
    frame = decode_public(BOOK.replace(b'"bid_price":89886000', b'"bid_price":0').replace(b"0.04721853", b"0"))
    assert isinstance(frame, BookFrame)
    book = translate.to_event_book(frame, NOW)
    assert book.best_bid is None
    assert book.best_ask == Decimal(89890000)


def test_a_book_with_something_that_is_no_number_is_unusable() -> None:
    frame = decode_public(BOOK.replace(b'"bid_price":89886000', b'"bid_price":"NaN"'))
    assert isinstance(frame, BookFrame)
    with pytest.raises(UnusableMessageError):
        translate.to_event_book(frame, NOW)


def test_candle_and_market() -> None:
    candle = decode(
        WireCandle,
        b'{"market":"KRW-BTC","candle_date_time_utc":"2026-11-20T11:00:00","candle_date_time_kst":"2026-11-20T20:00:00",'
        b'"opening_price":1,"high_price":4,"low_price":1,"trade_price":2.5,"timestamp":1,"candle_acc_trade_price":1,'
        b'"candle_acc_trade_volume":0.25,"unit":1}',
    )
    bar = translate.to_candle(candle, 60)
    assert bar.opened_at == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert [str(value) for value in (bar.open, bar.high, bar.low, bar.close)] == ["1", "4", "1", "2.5"]
    assert bar.volume == Decimal("0.25")


@pytest.mark.parametrize(
    ("extra", "warned"),
    [
        ("", False),
        (',"market_warning":"CAUTION"', True),
        (',"market_event":{"warning":true,"caution":{"PRICE_FLUCTUATIONS":false}}', True),
        (',"market_event":{"warning":false,"caution":{"PRICE_FLUCTUATIONS":true}},"market_warning":"CAUTION"', False),
    ],
)
def test_the_warning_flag(extra: str, warned: bool) -> None:
    text = '{"market":"KRW-BTC","korean_name":"비트코인","english_name":"Bitcoin"' + extra + "}"
    info = translate.to_market_info(decode(WireMarket, text))
    assert info.warning is warned
    assert info.korean_name == "비트코인"


def test_times_become_utc() -> None:
    expected = datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert translate.to_time("2026-11-20T20:00:00+09:00") == expected
    assert translate.to_time("2026-11-20T20:00:00") == expected
    assert translate.to_time("2026-11-20T11:00:00", UTC) == expected
    for bad in ("yesterday", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"):
        with pytest.raises(UnusableMessageError):
            translate.to_time(bad)


@given(st.integers())
def test_any_integer_is_a_time_or_unusable(millis: int) -> None:
    try:
        assert translate.from_millis(millis).tzinfo is UTC
    except UnusableMessageError:
        assert abs(millis) > 10**12


@pytest.mark.parametrize("field", ["executed_volume", "paid_fee"])
def test_an_order_that_does_not_say_what_was_filled_is_unusable(field: str) -> None:
    for state in ("wait", "done", "cancel"):
        with pytest.raises(UnusableMessageError, match=field):
            report(state=state, **{field: None})
    with pytest.raises(UnusableMessageError, match=field):
        event(state="done", **{field: None})


ROW = WireAccount("BTC", Decimal("0.5"), Decimal("0.1"))


def test_a_balance_that_comes_twice_counts_once() -> None:
    balances = translate.to_balances([ROW, WireAccount("KRW", Decimal(1), ZERO), ROW])
    assert [(balance.asset, balance.total) for balance in balances] == [("BTC", Decimal("0.6")), ("KRW", Decimal(1))]


def test_two_different_balances_of_one_asset_are_unusable() -> None:
    with pytest.raises(UnusableMessageError, match="BTC"):
        translate.to_balances([ROW, WireAccount("BTC", Decimal("0.4"), Decimal("0.1"))])


def book(bids: list[str], asks: list[str], size: str = "1") -> Book:
    units = [
        WireBookUnit(Decimal(ask), Decimal(bid), Decimal(size), Decimal(size))
        for bid, ask in zip_longest(bids, asks, fillvalue="0")
    ]
    return translate.to_book("KRW-BTC", 1, units, NOW)


def test_a_book_in_order_is_taken() -> None:
    assert book(["100", "99"], ["101", "102"]).best_ask == 101
    assert book([], ["101"]).best_bid is None


@pytest.mark.parametrize(
    ("bids", "asks"),
    [
        (["1E-9", "99"], ["101", "102"]),
        (["100", "99"], ["1E-9", "102"]),
        (["1000", "99"], ["101", "102"]),
        (["100", "99"], ["1010", "102"]),
        (["101"], ["101"]),
        (["100"], ["Infinity"]),
        (["100"], ["NaN"]),
    ],
)
def test_a_book_whose_best_price_is_out_of_line_is_unusable(bids: list[str], asks: list[str]) -> None:
    with pytest.raises(UnusableMessageError):
        book(bids, asks)


def test_a_size_without_end_is_unusable() -> None:
    with pytest.raises(UnusableMessageError):
        book(["100"], ["101"], size="Infinity")
