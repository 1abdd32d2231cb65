from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.replay.binance_captures import (
    BestQuote,
    BookChange,
    BookSnapshot,
    DiffBook,
    Levels,
    read_binance_capture,
)
from app.adapters.replay.recorded_text import Place
from app.domain.errors import InvalidInputError
from app.domain.market_data import Trade
from app.domain.values import Market, Side
from tests.unit.adapters.replay.writing import complaint, written

D = Decimal
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE = Place("x", 1)
STAMP = "1767225600000000999 "
TRADE = '{"stream":"coinusdt@trade","data":{"s":"COINUSDT","t":1,"p":"1.50","q":"2","T":1767225601270,"m":true}}'
DEPTH = '{"stream":"coinusdt@depth@100ms","data":{"E":1767225601000,"U":5,"u":7,"b":[["1.4","0"]],"a":[["1.6","3"]]}}'
QUOTE = '{"stream":"coinusdt@bookTicker","data":{"u":7,"s":"COINUSDT","b":"1.4","B":"1","a":"1.6","A":"3"}}'
SNAPSHOT = '{"lastUpdateId":6,"bids":[["1.4","1"]],"asks":[["1.6","2"]]}'


def read_one(folder: Path, message: str) -> object:
    (found,) = read_binance_capture(written(folder, "raw.txt.gz", STAMP + message + "\n"))
    return found


def test_a_trade_tells_the_takers_side_and_may_be_received_before_it_was_sent(tmp_path: Path) -> None:
    trade = read_one(tmp_path, TRADE)
    assert isinstance(trade, Trade)
    assert (trade.market, trade.price, trade.taker_side) == (Market("binance", "COINUSDT"), D("1.50"), Side.SELL)
    assert trade.received_at == NOW < trade.traded_at


def test_a_change_a_quote_and_a_snapshot_are_exact(tmp_path: Path) -> None:
    change, quote, snapshot = (read_one(tmp_path, message) for message in (DEPTH, QUOTE, SNAPSHOT))
    assert isinstance(change, BookChange)
    assert (change.first_id, change.last_id, change.previous_id, change.asks) == (5, 7, None, ((D("1.6"), D(3)),))
    assert isinstance(quote, BestQuote)
    assert (quote.update_id, quote.bid.price, quote.ask.size) == (7, D("1.4"), D(3))
    assert isinstance(snapshot, BookSnapshot)
    assert snapshot.last_id == 6


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "is not '<receive time in ns> <message>'"),
        ("٣ {}", "is not '<receive time in ns> <message>'"),
        (STAMP + DEPTH[:-1], "truncated"),
        (STAMP + DEPTH.replace("@depth@100ms", "@kline_1m"), "the stream 'coinusdt@kline_1m' is not known"),
        (STAMP + DEPTH.replace('"U"', '"V"'), "missing required field `U`"),
        (STAMP + DEPTH.replace('"3"', '"-3"'), "size -3 is no quantity"),
        (STAMP + SNAPSHOT.replace('"1.4"', '"NaN"'), "price NaN is no price"),
        (STAMP + TRADE.replace('"1.50"', '"0"'), "p 0 is no price"),
        (STAMP + QUOTE.replace('"1.4"', '"x"'), "line 1: "),
        (STAMP + "{}", "missing required field `lastUpdateId`"),
    ],
)
def test_a_damaged_capture_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    said = complaint(read_binance_capture, written(tmp_path, "raw.txt.gz", line + "\n"))
    assert said.startswith("raw.txt.gz, line 1: ")
    assert words in said


# ---- the book of a stream of changes ----------------------------------------------------------------------------


def level(price: int, size: int) -> tuple[Decimal, Decimal]:
    return D(price), D(size)


def change(first: int, last: int, *bids: tuple[Decimal, Decimal], previous: int | None = None) -> BookChange:
    return BookChange(HERE, first, last, previous, bids, (), NOW, NOW)


def snapshot(last: int, *bids: tuple[Decimal, Decimal], asks: Levels = ()) -> BookSnapshot:
    return BookSnapshot(HERE, last, bids, asks, NOW)


def sizes(book: DiffBook) -> dict[int, int]:
    return {int(entry.price): int(entry.size) for entry in book.bids()}


def test_changes_before_the_snapshot_are_kept_and_those_it_contains_are_dropped() -> None:
    book = DiffBook()
    early = [change(1, 4, level(9, 9)), change(5, 6, level(10, 9)), change(6, 7, level(8, 2))]
    book.feed([*early, snapshot(6, level(10, 1), level(8, 1))])
    assert sizes(book) == {10: 1, 8: 2}
    assert book.last_id == 7


def test_size_zero_takes_a_level_away_also_one_that_was_never_there() -> None:
    book = DiffBook()
    book.feed([snapshot(6, level(10, 1)), change(7, 7, level(10, 0), level(3, 0))])
    assert sizes(book) == {}


def test_both_sides_are_sorted_best_first() -> None:
    book = DiffBook()
    book.start(snapshot(1, level(8, 1), level(10, 1), level(9, 1), asks=(level(13, 1), level(12, 1))))
    assert [int(entry.price) for entry in book.bids()] == [10, 9, 8]
    assert [int(entry.price) for entry in book.asks()] == [12, 13]


@pytest.mark.parametrize("missing", [change(8, 9), change(9, 12)])
def test_a_hole_after_the_snapshot_is_an_error(missing: BookChange) -> None:
    book = DiffBook()
    book.start(snapshot(6))
    with pytest.raises(InvalidInputError, match="updates are missing between 6 and"):
        book.change(missing)


@pytest.mark.parametrize("missing", [change(10, 11), change(8, 9)])
def test_a_hole_or_an_overlap_later_is_an_error(missing: BookChange) -> None:
    book = DiffBook()
    book.feed([snapshot(6), change(6, 8)])
    with pytest.raises(InvalidInputError, match="updates are missing between 8 and"):
        book.change(missing)


def test_futures_chain_by_the_previous_id() -> None:
    book = DiffBook()
    book.feed(
        [
            change(1, 5, level(1, 1), previous=0),
            snapshot(6, level(10, 1)),
            change(4, 8, level(9, 1), previous=3),
            change(20, 22, level(8, 1), previous=8),
        ]
    )
    assert sizes(book) == {10: 1, 9: 1, 8: 1}
    with pytest.raises(InvalidInputError, match="updates are missing"):
        book.change(change(23, 25, previous=21))


def test_a_new_snapshot_begins_anew() -> None:
    book = DiffBook()
    book.feed([snapshot(6, level(10, 1)), change(7, 8), replace(snapshot(50), bids=(level(3, 3),)), change(51, 52)])
    assert sizes(book) == {3: 3}
    assert book.last_id == 52


def test_before_the_snapshot_there_is_no_book() -> None:
    book = DiffBook()
    book.change(change(1, 2, level(1, 1)))
    assert book.last_id is None
    assert book.bids() == ()
