from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.replay.simple_frames import read_simple_frames
from app.domain.market_data import Book, BookLevel, Ticker, Trade
from app.domain.values import Market, Side
from tests.unit.adapters.replay.writing import complaint, written

D = Decimal
COIN = Market("upbit", "KRW-COIN")
OPENING = (
    "wss://venue/websocket <-> 1767225600.5\n"
    'wss://venue/websocket <- 1767225600.6: [{"ticket":"t"},{"format":"SIMPLE"}]\n'
)
TRADE = (
    '1767225601.000001: b\'{"ty":"trade","cd":"KRW-COIN","tms":1767225600990,"ttms":1767225600900,"tp":127.0,'
    '"tv":46.48838371,"ab":"ASK","pcp":123.0,"sid":1}\''
)
BOOK = (
    '1767225602: b\'{"ty":"orderbook","cd":"KRW-COIN","tms":1767225601000,"tas":3.0,"tbs":1.0,"obu":['
    '{"ap":101.0,"bp":100.0,"as":1.5,"bs":0.00000001},{"ap":102.0,"bp":0,"as":2,"bs":0}]}\''
)
TICKER = (
    '1767225603: {"ty":"ticker","cd":"KRW-COIN","tp":5.1,"pcp":5,"op":4.9,"hp":6,"lp":4,"atp24h":123456789.12345678,'
    '"tms":1767225602000}'
)


def capture(folder: Path, *lines: str) -> Path:
    return written(folder, "raw.txt.gz", OPENING + "\n".join(lines) + "\n\n")


def test_a_trade_is_exact_and_knows_both_times(tmp_path: Path) -> None:
    (trade,) = read_simple_frames(capture(tmp_path, TRADE))
    assert trade == Trade(
        market=COIN,
        price=D(127),
        volume=D("46.48838371"),
        taker_side=Side.SELL,
        traded_at=datetime(2026, 1, 1, 0, 0, 0, 900_000, tzinfo=UTC),
        received_at=datetime(2026, 1, 1, 0, 0, 1, 1, tzinfo=UTC),
    )


def test_a_book_with_fewer_levels_on_one_side_is_no_error(tmp_path: Path) -> None:
    (book,) = read_simple_frames(capture(tmp_path, BOOK))
    assert isinstance(book, Book)
    assert book.bids == (BookLevel(D(100), D("0.00000001")),)
    assert [level.price for level in book.asks] == [D(101), D(102)]


def test_a_ticker_may_come_as_text(tmp_path: Path) -> None:
    (ticker,) = read_simple_frames(capture(tmp_path, TICKER))
    assert isinstance(ticker, Ticker)
    assert (ticker.price, ticker.previous_close, ticker.turnover_24h) == (D("5.1"), D(5), D("123456789.12345678"))


def test_messages_keep_their_order_and_status_frames_are_passed_over(tmp_path: Path) -> None:
    path = capture(tmp_path, TRADE, '1767225601.5: b\'{"status":"UP"}\'', BOOK, TICKER)
    assert [type(message) for message in read_simple_frames(path)] == [Trade, Book, Ticker]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "line 3: is not '<receive time>: <frame>'"),
        ("soon: b'{}'", "line 3: receive time 'soon' is not a number"),
        (TRADE[:-20], "line 3: the frame is damaged or cut off"),
        (TICKER[:-1], "line 3: Input data was truncated"),
        (TRADE.replace("trade", "candle.1s", 1), "line 3: a frame of kind 'candle.1s' is not known"),
        ("1767225601: {}", "line 3: a frame of kind '' is not known"),
        (TRADE.replace('"tv":46.48838371,', ""), "line 3: Object missing required field `tv`"),
        (TRADE.replace("127.0", "0"), "line 3: tp 0 is no price"),
        (TRADE.replace('"ASK"', '"SELL"'), "line 3: side 'SELL' is neither ASK nor BID"),
        (TRADE.replace("1767225600900", "9" * 18), "line 3: ttms 999999999999999999 is no time"),
        (BOOK.replace('"ap":101.0', '"ap":99.0'), "line 3: the best bid 100.0 reaches the best ask 99.0"),
        ("9" * 25 + ": b'{}'", "line 3: receive time " + "9" * 25 + " is no time"),
        ("1767225601: b'' + b''", "line 3: "),
    ],
)
def test_a_damaged_capture_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    assert words in complaint(read_simple_frames, capture(tmp_path, line))
