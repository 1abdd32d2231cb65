"""Formats are told apart by content; bad files are refused with file, line and advice."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.practice.order import Side
from app.practice.recordings import BadRecording, BarFrame, BookFrame, TradeFrame, open_recording

BOOK = """time_kst,side,price,size
2024-04-27 17:39:35,ask,4612000,5.89731405
2024-04-27 17:39:35,ask,4613000,0
2024-04-27 17:39:35,bid,4610000,1.93380269
2024-04-27 17:39:41,ask,4614000,1.65784432
2024-04-27 17:39:41,bid,4613000,2.39205867
"""
BARS = """time_utc,open,high,low,close,volume
2024-08-24 22:28:00,85533000,85533000,85530000,85530000,1.69129818
2024-08-24 22:29:00,85533000,85545000,85530000,85530000,1.003897
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["book_KRW-ETH.csv", "book_KRW-ETH.csv.gz"])
def test_book_snapshots(tmp_path: Path, name: str) -> None:
    recording = open_recording(written(tmp_path, name, BOOK), None)
    first, second = recording.frames
    assert isinstance(first, BookFrame)
    assert first.asks == ((Decimal(4612000), Decimal("5.89731405")),)
    assert (second.at_us - first.at_us, first.market) == (6_000_000, "KRW-ETH")
    assert recording.markets()[0].units.unit(Decimal(4612000)) == 1000


def test_candles_of_both_kinds(tmp_path: Path) -> None:
    bars = open_recording(written(tmp_path, "x.csv", BARS), "KRW-BTC").frames
    row = {
        "market": "KRW-BTC", "candle_date_time_utc": "2020-02-20T11:19:00", "opening_price": 2.0, "unit": 3,
        "high_price": 3.0, "low_price": 1.0, "trade_price": 2.0, "candle_acc_trade_volume": 5.0,
    }  # fmt: skip
    older = row | {"candle_date_time_utc": "2020-02-20T11:16:00"}
    answer = open_recording(written(tmp_path, "x.json", json.dumps([row, older])), None).frames
    assert [frame.span_s for frame in answer if isinstance(frame, BarFrame)] == [180, 180]
    assert answer[0].at_us < answer[1].at_us
    assert len(bars) == 2


def test_raw_captures_keep_krw_markets_with_a_book(tmp_path: Path) -> None:
    book = '{"ty":"orderbook","cd":"KRW-A","tms":1,"obu":[{"ap":127.0,"bp":126.0,"as":2.0,"bs":3.0}]}'
    trade = '{"ty":"trade","cd":"KRW-A","tp":127.0,"tv":0.5,"ab":"ASK"}'
    other = trade.replace("KRW-A", "KRW-B")
    lines = ["wss://x <-> 1.0", *(f"{n}.5: b'{text}'" for n, text in enumerate((book, trade, other)))]
    frames = open_recording(written(tmp_path, "raw.txt", "\n".join(lines)), None).frames
    assert [type(frame) for frame in frames] == [BookFrame, TradeFrame]
    assert isinstance(frames[1], TradeFrame)
    assert frames[1].side is Side.ASK


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b,c\n", "line 1: not a format"),
        (BOOK.replace("5.89731405", "x"), "line 2: 'x' is not an amount"),
        (BOOK.replace("bid,4610000,1.93380269", "bid,4610000"), "line 4: expected"),
        (BOOK.replace("bid,4613000", "ask,4613000"), "only one side"),
        (BOOK.replace("bid,4613000", "bid,4615000"), "bid above ask"),
        (BOOK.replace("17:39:41", "17:39:29"), "time runs backwards"),
        (BARS.replace("85545000", "85000000"), "line 3: high and low"),
        ("[1, 2", "line 1"),
        ('{"symbol":"BTC/KRW"}\n', "line 1: needs"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadRecording, match=words) as refusal:
        open_recording(written(tmp_path, "bad_KRW-ETH.csv", text), None)
    assert "bad_KRW-ETH.csv" in str(refusal.value)


def test_a_truncated_archive_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, "KRW-ETH.csv.gz", BOOK * 50)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadRecording, match="breaks off"):
        open_recording(path, None)


def test_a_market_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(BadRecording, match="--replay-market"):
        open_recording(written(tmp_path, "book.csv", BOOK), None)
