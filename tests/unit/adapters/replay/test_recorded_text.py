import gzip
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.replay import recorded_text
from app.adapters.replay.recorded_text import (
    Place,
    amount_at,
    csv_rows,
    json_at,
    numbered_lines,
    price_at,
    read_body,
    size_at,
    time_at,
    time_of_ms,
)
from app.domain.errors import InvalidInputError
from tests.unit.adapters.replay.writing import complaint, written

HERE = Place("x.csv", 7)
KST = timezone(timedelta(hours=9))


@pytest.mark.parametrize("name", ["x.txt", "x.txt.gz"])
def test_lines_come_numbered_and_without_their_ends(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, "하나\r\ntwo\n\nlast")
    assert [(place.line, line) for place, line in numbered_lines(path)] == [
        (1, "하나"),
        (2, "two"),
        (3, ""),
        (4, "last"),
    ]


def test_reading_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"good line\n" * 100_000)[:-30])
    lines = numbered_lines(path)
    assert next(lines)[1] == "good line", "the damage at the end is not reached yet"
    lines.close()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in complaint(numbered_lines, tmp_path / "gone.txt")
    assert "cannot be read" in complaint(numbered_lines, tmp_path)


def test_a_file_that_only_claims_to_be_compressed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(b"plain text")
    assert "cannot be read" in complaint(numbered_lines, path)


def test_a_file_that_was_cut_off_is_told_with_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, "x.gz", "a\nb\n")
    path.write_bytes(path.read_bytes()[:-6])
    assert complaint(numbered_lines, path) == "x.gz, line 3: the file is cut off here"


def test_damaged_compression_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "x.gz", "a\n" * 1000)
    data = bytearray(path.read_bytes())
    data[12] ^= 0xFF
    path.write_bytes(data)
    assert "damaged" in complaint(numbered_lines, path) or "cannot be read" in complaint(numbered_lines, path)


def test_what_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"fine\n\xff\xfe\n")
    assert "is not UTF-8 text" in complaint(numbered_lines, path)


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_text, "MAX_LINE", 10)
    assert "longer than 10" in complaint(numbered_lines, written(tmp_path, "x.gz", "short\n" + "x" * 1000))


def test_a_body_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_text, "MAX_BODY", 10)
    assert read_body(written(tmp_path, "x.json", "[1,\n2]"))[1] == "[1,\n2]"
    assert "larger than 10" in complaint(read_body, written(tmp_path, "y.json", "[\n" * 20))


# ---- rows -------------------------------------------------------------------------------------------------------


def test_rows_are_known_by_their_column_names(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", 'Time, Price\n1,2\n"a,b",3\n')
    rows = [(place.line, row) for place, row in csv_rows(path, ("price",))]
    assert rows == [(2, {"time": "1", "price": "2"}), (3, {"time": "a,b", "price": "3"})]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("time\n1\n", "line 1: has no column price"),
        ("time,price\n1\n", "line 2: has 1 fields, the header has 2"),
        ("time,price\n1,2\n1,2,3\n", "line 3: has 3 fields, the header has 2"),
        ('time,price\n1,"2\n', "line 2: is no CSV"),
        ("time,price\n\n", "line 2: has 0 fields"),
    ],
)
def test_rows_that_do_not_fit_are_told(tmp_path: Path, text: str, words: str) -> None:
    assert words in complaint(lambda path: csv_rows(path, ("price",)), written(tmp_path, "x.csv", text))


# ---- figures ----------------------------------------------------------------------------------------------------


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=8))
def test_an_amount_is_exactly_what_was_written(value: Decimal) -> None:
    assert amount_at(HERE, "price", f"{value:f}") == value


@pytest.mark.parametrize("text", ["1e-08", "1E5", "0", "-3", "007"])
def test_usual_ways_to_write_a_number_are_understood(text: str) -> None:
    assert amount_at(HERE, "price", text) == Decimal(text)


@pytest.mark.parametrize("text", ["", " 1", "1_000", "1,000", "NaN", "Infinity", "+1", "١٢", "0x10", "1e999", "9" * 99])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"x\.csv, line 7: price '.*' is not a number"):
        amount_at(HERE, "price", text)


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "sNaN", "Infinity", "1e31", "1e-31"])
def test_what_is_not_above_zero_is_no_price(value: str) -> None:
    with pytest.raises(InvalidInputError, match="is no price"):
        price_at(HERE, "price", Decimal(value))


@pytest.mark.parametrize("value", ["-1", "NaN", "sNaN", "Infinity", "1e31"])
def test_what_is_below_zero_is_no_quantity(value: str) -> None:
    assert size_at(HERE, "size", Decimal(0)) == 0
    with pytest.raises(InvalidInputError, match="is no quantity"):
        size_at(HERE, "size", Decimal(value))


@pytest.mark.parametrize("text", ["2026-01-01T09:30:00.5", "2026-01-01 09:30:00.500", "2026-01-01 09:30:00.500000"])
def test_a_local_time_becomes_utc(text: str) -> None:
    assert time_at(HERE, "time", text, KST) == datetime(2026, 1, 1, 0, 30, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-01-01T00:00:00Z", "0001-01-01"])
def test_what_is_no_local_time_is_told(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"x\.csv, line 7: time "):
        time_at(HERE, "time", text, KST)


def test_milliseconds_are_exact() -> None:
    assert time_of_ms(HERE, "t", 1_618_678_262_712) == datetime(2021, 4, 17, 16, 51, 2, 712_000, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match="is no time"):
        time_of_ms(HERE, "t", 10**30)


def test_json_numbers_keep_every_digit() -> None:
    assert json_at(HERE, list[Decimal], "[0.1, 30279009.54681, 1]") == [
        Decimal("0.1"),
        Decimal("30279009.54681"),
        Decimal(1),
    ]


@pytest.mark.parametrize("text", ["", "[1", "{}", '["x"]', "[" * 100_000, "[null]"])
def test_json_of_another_form_is_told(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"x\.csv, line 7: "):
        json_at(HERE, list[Decimal], text)


def test_a_place_without_line_is_the_whole_file() -> None:
    assert str(Place("x.csv", 0).error("is odd")) == "x.csv: is odd"
