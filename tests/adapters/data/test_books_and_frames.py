"""Recorded order books, raw frames and the market list come in whole."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from app.adapters.replay.recorded_files import read_book_csv, read_book_jsonl, read_market_list
from app.adapters.replay.simple_frames import read_simple_frames
from app.domain.market_data import Book, Trade
from app.domain.values import Market, Side
from tests.adapters.data.recorded import DATA, needs_data

pytestmark = needs_data

ETH = Market("upbit", "KRW-ETH")


def test_the_recorded_upbit_books_are_whole_sorted_and_in_order() -> None:
    books = list(read_book_csv(DATA / "upbit/orderbook_L5_KRW-ETH_20240427_1739_2130.csv.gz", ETH))
    assert len(books) == 2280
    assert books[0].venue_time == datetime(2024, 4, 27, 8, 39, 35, tzinfo=UTC), "KST is nine hours ahead"
    assert (books[0].best_bid, books[0].best_ask) == (Decimal(4_610_000), Decimal(4_612_000))
    assert books[0].bids[0].size == Decimal("1.93380269")
    assert all(older.venue_time <= newer.venue_time for older, newer in pairwise(books))
    assert {(len(book.bids), len(book.asks)) for book in books} == {(5, 5)}
    assert all(level.price % 1000 == 0 for book in books for level in (*book.bids, *book.asks))


@pytest.mark.parametrize(
    ("name", "snapshots", "empty_levels"),
    [("ETH_20240427", 4325, 221), ("ETC_20240428", 3838, 282), ("BTC_20240426", 5849, 745)],
)
def test_bithumbs_levels_of_size_zero_offer_nothing(name: str, snapshots: int, empty_levels: int) -> None:
    market = Market("bithumb", f"KRW-{name[:3]}")
    books = list(read_book_csv(DATA / f"bithumb/orderbook_L5_{name}.csv.gz", market))
    levels = [level for book in books for level in (*book.bids, *book.asks)]
    assert len(books) == snapshots
    assert len(levels) == 10 * snapshots - empty_levels
    assert all(level.size > 0 for level in levels)
    assert all(book.bids and book.asks for book in books)


def test_the_deep_books_are_exact() -> None:
    books = list(read_book_jsonl(DATA / "upbit/orderbook_L20_KRW-BTC_20250824.jsonl.gz"))
    assert len(books) == 8
    assert {(book.market, len(book.bids), len(book.asks)) for book in books} == {(Market("upbit", "KRW-BTC"), 20, 20)}
    assert books[0].bids[0].price == Decimal(159_508_000)
    assert str(books[0].bids[0].size) == "0.02069352"


def test_the_raw_capture_becomes_trades_and_books() -> None:
    messages = list(read_simple_frames(DATA / "upbit/rawws_simple_20210417_cryptofeed.txt.gz"))
    assert Counter(type(message) for message in messages) == {Trade: 304, Book: 145}
    first = messages[0]
    assert isinstance(first, Trade)
    assert (first.market.symbol, first.price, first.taker_side) == ("KRW-LAMB", Decimal(127), Side.BUY)
    assert str(first.volume) == "46.48838371"
    assert first.traded_at == datetime(2021, 4, 17, 16, 51, 2, tzinfo=UTC)
    assert timedelta(0) < first.received_at - first.traded_at < timedelta(seconds=5)
    assert all(older.received_at <= newer.received_at for older, newer in pairwise(messages))
    books = [message for message in messages if isinstance(message, Book)]
    assert all(len(book.bids) == len(book.asks) == 15 for book in books)


def test_the_market_list_is_read_in_both_languages() -> None:
    infos = read_market_list(DATA / "upbit/rest_market_all_20210417.json.gz")
    assert len(infos) == len({info.market for info in infos}) == 294
    assert infos[0].market == Market("upbit", "KRW-BTC")
    assert (infos[0].korean_name, infos[0].english_name) == ("비트코인", "Bitcoin")
