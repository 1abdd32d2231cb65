from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.replay.recorded_files import (
    KST,
    read_book_csv,
    read_book_jsonl,
    read_bot_fills,
    read_candle_csv,
    read_krx_day_csv,
    read_market_list,
    read_rest_candles,
    read_upbit_day_csv,
)
from app.domain.errors import InvalidInputError
from app.domain.market_data import BookLevel, Candle
from app.domain.values import Market, Side
from tests.unit.adapters.replay.writing import complaint, written

D = Decimal
COIN = Market("upbit", "KRW-COIN")
books = partial(read_book_csv, market=COIN, depth=2)
candles = partial(read_candle_csv, market=COIN, seconds=60)
fills = partial(read_bot_fills, market=COIN)

BOOK = """time_kst,side,price,size
2026-01-01 09:00:00,ask,101,1.5
2026-01-01 09:00:00,ask,102,2
2026-01-01 09:00:00,bid,100,0.00000001
2026-01-01 09:00:00,bid,99,3
2026-01-01 09:00:05.250,bid,100,0
2026-01-01 09:00:05.250,bid,98,3
2026-01-01 09:00:05.250,ask,103,2
2026-01-01 09:00:05.250,ask,102,2
"""
CANDLES = """time_utc,open,high,low,close,volume
2026-01-01 00:00:00,100,110,90,105,1.5
2026-01-01 00:01:00,105,105,105,105,0
2026-01-01 00:05:00,105,120,105,118.5,0.00000001
"""
REST = """[
 {"market":"KRW-COIN","candle_date_time_utc":"2026-01-01T00:06:00","opening_price":3,"high_price":4,"low_price":2,
  "trade_price":3.5,"candle_acc_trade_volume":0.12345678,"unit":3},
 {"market":"KRW-COIN","candle_date_time_utc":"2026-01-01T00:00:00","opening_price":1,"high_price":2,"low_price":1,
  "trade_price":2,"candle_acc_trade_volume":9,"unit":3}
]"""
DEEP = (
    '{"timestamp":"2026-01-01T00:00:01.5","exchange":"upbit","symbol":"COIN/KRW",'
    '"bids":[[100.0,1.5],[99,2]],"asks":[[101,0.1]],"mid_price":100.5}'
)
FILLS = """time_kst,quantity,price,fee,cash_flow,side
2026-01-01 09:00,0.5,1000,0.25,-501,buy
2026-01-01 09:00,0.1,1001,0.05,100,sell
"""


def change(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


# ---- books ------------------------------------------------------------------------------------------------------


def test_a_snapshot_is_sorted_best_first_in_exact_figures(tmp_path: Path) -> None:
    first, second = books(written(tmp_path, "b.csv.gz", BOOK))
    assert first.bids == (BookLevel(D(100), D("0.00000001")), BookLevel(D(99), D(3)))
    assert first.asks == (BookLevel(D(101), D("1.5")), BookLevel(D(102), D(2)))
    assert first.venue_time == first.received_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert [level.price for level in second.asks] == [D(102), D(103)], "whatever the order of the rows"
    assert second.venue_time.microsecond == 250_000


def test_an_empty_level_is_left_out(tmp_path: Path) -> None:
    second = list(books(written(tmp_path, "b.csv", BOOK)))[1]
    assert [level.price for level in second.bids] == [D(98)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("time_kst", "time", "line 2: has no column time_utc or time_kst or time_ny"),
        ("side", "direction", "line 1: has no column side"),
        ("ask,102,2\n", "sell,102,2\n", "line 3: side 'sell' is neither bid nor ask"),
        ("ask,102,2\n", "bid,98,2\n", "line 2: a snapshot needs 2 bids and 2 asks"),
        ("ask,102,2\n", "ask,101,2\n", "line 2: ask: a price stands twice"),
        ("ask,101,1.5", "ask,99.5,1.5", "line 2: the best bid 100 reaches the best ask 99.5"),
        ("ask,101,1.5", "ask,0,1.5", "line 2: ask price 0 is no price"),
        ("ask,101,1.5", "ask,101,-1.5", "line 2: ask size -1.5 is no quantity"),
        ("ask,101,1.5", "ask,101,much", "line 2: size 'much' is not a number"),
        ("2026-01-01 09:00:00,bid,99", "2026-01-01 09:00:01,bid,99", "line 5: a snapshot needs 2 bids and 2 asks"),
        ("2026-01-01 09:00:05.250,ask,102,2\n", "", "line 8: the last snapshot has 3 of 4 levels: the file is cut off"),
    ],
)
def test_a_damaged_book_file_is_told_with_line_and_what(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in complaint(books, written(tmp_path, "b.csv", change(BOOK, old, new)))


def test_time_does_not_go_back(tmp_path: Path) -> None:
    text = BOOK.replace("09:00:05.250", "08:59:59")
    assert "line 6: 2026-01-01 08:59:59 is earlier" in complaint(books, written(tmp_path, "b.csv", text))


def test_deep_snapshots_name_their_market_themselves(tmp_path: Path) -> None:
    (book,) = read_book_jsonl(written(tmp_path, "d.jsonl", DEEP + "\n\n"))
    assert book.market == COIN
    assert book.bids == (BookLevel(D(100), D("1.5")), BookLevel(D(99), D(2)))
    assert book.venue_time == datetime(2026, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)


def test_deep_snapshots_may_be_of_another_zone(tmp_path: Path) -> None:
    (book,) = read_book_jsonl(written(tmp_path, "d.jsonl", DEEP), KST)
    assert book.venue_time.hour == 15


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"asks"', '"offers"', "line 2: Object missing required field `asks`"),
        ("COIN/KRW", "KRW-COIN", "line 2: symbol 'KRW-COIN' is not BASE/QUOTE"),
        ("[99,2]", "[99]", "line 2: "),
        ("[99,2]", '[99,"NaN"]', "line 2: bid size NaN is no quantity"),
        ("}", "", "line 2: Input data was truncated"),
    ],
)
def test_a_damaged_deep_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = f"{DEEP}\n{change(DEEP, old, new)}\n"
    assert words in complaint(read_book_jsonl, written(tmp_path, "d.jsonl", text))


# ---- candles ----------------------------------------------------------------------------------------------------


def test_candles_are_exact_and_missing_minutes_stay_missing(tmp_path: Path) -> None:
    found = list(candles(written(tmp_path, "c.csv.gz", CANDLES)))
    assert [candle.opened_at.minute for candle in found] == [0, 1, 5]
    assert found[0] == Candle(COIN, 60, datetime(2026, 1, 1, tzinfo=UTC), D(100), D(110), D(90), D(105), D("1.5"))
    assert found[2].volume == D("0.00000001")


@pytest.mark.parametrize(("column", "hour"), [("time_utc", 12), ("time_kst", 3), ("time_ny", 17)])
def test_the_column_tells_the_zone(tmp_path: Path, column: str, hour: int) -> None:
    text = f"{column},open,high,low,close,volume\n2026-01-01 12:00:00,1,1,1,1,0\n"
    (candle,) = candles(written(tmp_path, "c.csv", text))
    assert (candle.opened_at.hour, candle.opened_at.tzinfo) == (hour, UTC)


def test_a_bare_date_is_midnight_of_the_given_zone(tmp_path: Path) -> None:
    text = "date,open,high,low,close,volume\n2026-01-02,1,1,1,1,0\n"
    (candle,) = read_candle_csv(written(tmp_path, "c.csv", text), COIN, 86_400, KST)
    assert candle.opened_at == datetime(2026, 1, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("time_utc", "when", "line 2: has no column"),
        (",volume", ",amount", "line 1: has no column volume"),
        ("00:01:00", "00:00:00", "line 3: 2026-01-01 00:00:00 is not later"),
        ("00:05:00", "00:00:30", "line 4: 2026-01-01 00:00:30 is not later"),
        ("110,90,105", "90,110,105", "line 2: open 100 and close 105 are not between low 110 and high 90"),
        ("118.5", "121", "line 4: open 105 and close 121 are not between"),
        ("100,110,90", "100,110,0", "line 2: low 0 is no price"),
        ("105,1.5", "105,-1", "line 2: volume -1 is no quantity"),
        ("105,1.5", "105", "line 2: has 5 fields"),
        ("118.5", "nan", "line 4: close 'nan' is not a number"),
    ],
)
def test_a_damaged_candle_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in complaint(candles, written(tmp_path, "c.csv", change(CANDLES, old, new)))


def test_a_candle_has_a_length(tmp_path: Path) -> None:
    path = written(tmp_path, "c.csv", CANDLES)
    assert "a candle of 0 seconds is none" in complaint(partial(read_candle_csv, market=COIN, seconds=0), path)


def test_a_rest_body_comes_out_oldest_first(tmp_path: Path) -> None:
    older, newer = read_rest_candles(written(tmp_path, "r.json.gz", REST))
    assert (older.opened_at.minute, newer.opened_at.minute) == (0, 6), "three minutes without trade stay missing"
    assert (newer.seconds, newer.close, newer.volume) == (180, D("3.5"), D("0.12345678"))


def test_day_candles_have_no_unit(tmp_path: Path) -> None:
    text = REST.replace('"unit":3', '"prev_closing_price":1')
    assert {candle.seconds for candle in read_rest_candles(written(tmp_path, "r.json", text))} == {86_400}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"unit":3', '"x":3', "candle 0: has no length"),
        ("00:06:00", "00:00:00", "candle 1: is not older"),
        ('"KRW-COIN"', '"KRW-ELSE"', "candle 1: is not older than the one before, or of another market"),
        ('"high_price":4', '"high_price":1', "candle 0: open 3 and close 3.5 are not between"),
        ('"trade_price":3.5', '"trade_price":null', "$[0].trade_price"),
        ('"high_price":4', '"high_price":1e40', "candle 0: high 1E+40 is no price"),
        ('"low_price":2', '"low_price":1e-99999999999999999999', "r.json: "),
        ('"trade_price":2', '"last":2', "Object missing required field `trade_price` - at `$[1]`"),
        ("]", "", "truncated"),
    ],
)
def test_a_damaged_rest_body_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in complaint(read_rest_candles, written(tmp_path, "r.json", change(REST, old, new)))


UPBIT_DAYS = """market,candle_date_time_utc,opening_price,high_price,low_price,trade_price,candle_acc_trade_volume,x
KRW-A,2026-01-01,1.0,2.0,1.0,2.0,5.0,
KRW-B,2026-01-01,1.0,2.0,1.0,2.0,5.0,
KRW-A,2026-01-02,2.0,2.0,2.0,2.0,0.0,
"""


def test_day_files_may_hold_several_markets(tmp_path: Path) -> None:
    found = list(read_upbit_day_csv(written(tmp_path, "d.csv", UPBIT_DAYS)))
    assert [candle.market.symbol for candle in found] == ["KRW-A", "KRW-B", "KRW-A"]
    assert {candle.seconds for candle in found} == {86_400}


def test_a_day_that_stands_twice_is_told(tmp_path: Path) -> None:
    text = UPBIT_DAYS.replace("2026-01-02", "2026-01-01")
    assert "line 4: 2026-01-01 is not later" in complaint(read_upbit_day_csv, written(tmp_path, "d.csv", text))


KRX_DAYS = """Date,Code,Name,Open,High,Low,Close,Volume
2026-01-02,000001,가,10.0,12.0,9.0,11.0,100.0
2026-01-02,000002,"나, 다",0.0,0.0,0.0,50.0,0.0
2026-01-05,000001,가,11.0,11.0,11.0,11.0,1.0
"""


def test_a_halted_stock_has_no_candle(tmp_path: Path) -> None:
    found = list(read_krx_day_csv(written(tmp_path, "k.csv", KRX_DAYS)))
    assert [(candle.market.symbol, candle.close) for candle in found] == [("000001", D(11)), ("000001", D(11))]
    assert found[0].opened_at == datetime(2026, 1, 2, tzinfo=KST)


def test_a_price_of_zero_with_volume_is_damage_not_a_halt(tmp_path: Path) -> None:
    text = KRX_DAYS.replace("50.0,0.0", "50.0,7.0")
    assert "line 3: open 0.0 is no price" in complaint(read_krx_day_csv, written(tmp_path, "k.csv", text))


# ---- markets and fills ------------------------------------------------------------------------------------------


def test_a_market_list_carries_names_and_warnings(tmp_path: Path) -> None:
    text = (
        '[{"market":"KRW-A","korean_name":"가","english_name":"A"},'
        '{"market":"KRW-B","korean_name":"나","english_name":"B","market_warning":"CAUTION"}]'
    )
    first, second = read_market_list(written(tmp_path, "m.json", text))
    assert (first.market, first.korean_name, first.warning) == (Market("upbit", "KRW-A"), "가", False)
    assert second.warning
    assert "m2.json: " in complaint(read_market_list, written(tmp_path, "m2.json", text[:-3]))


def test_recorded_fills_are_exact(tmp_path: Path) -> None:
    buy, sell = fills(written(tmp_path, "f.csv", FILLS))
    assert (buy.side, buy.volume, buy.price, buy.fee, buy.cash_flow) == (
        Side.BUY,
        D("0.5"),
        D(1000),
        D("0.25"),
        D(-501),
    )
    assert buy.traded_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (sell.side, sell.market) == (Side.SELL, COIN)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",sell", ",short", "line 3: side 'short' is neither buy nor sell"),
        ("0.5,1000", "0,1000", "line 2: quantity 0 is no price"),
        ("0.5,1000", "0.5,-1", "line 2: price -1 is no price"),
        ("0.25", "-0.25", "line 2: fee -0.25 is no quantity"),
        ("09:00,0.1", "08:59,0.1", "line 3: 2026-01-01 08:59 is earlier"),
        ("cash_flow", "flow", "line 1: has no column cash_flow"),
    ],
)
def test_damaged_fills_are_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in complaint(fills, written(tmp_path, "f.csv", change(FILLS, old, new)))


READERS = {
    "book": (books, BOOK),
    "deep": (read_book_jsonl, DEEP),
    "candles": (candles, CANDLES),
    "rest": (read_rest_candles, REST),
    "days": (read_upbit_day_csv, UPBIT_DAYS),
    "krx": (read_krx_day_csv, KRX_DAYS),
    "fills": (fills, FILLS),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
@given(st.sampled_from(list(READERS)), st.integers(0, 600), st.integers(0, 20), st.text(max_size=8))
def test_no_damage_of_the_text_raises_anything_else(
    tmp_path: Path, kind: str, at: int, length: int, noise: str
) -> None:
    read, text = READERS[kind]
    path = tmp_path / "x.csv"
    path.write_text(text[:at] + noise + text[at + length :], encoding="utf-8", errors="surrogatepass")
    try:
        list(read(path))  # type: ignore[operator]
    except InvalidInputError as error:
        assert str(error).startswith("x.csv")
