"""Numbers and times as text."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from app.ui import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234567.5", "1,234,568"), ("-0.2", "0"), ("-18740", "−18,740"), ("NaN", "–"), ("1E+12", "1,000,000,000,000")],
)
def test_won_have_no_decimals(value: str, text: str) -> None:
    assert formats.krw(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("71420", "+71,420"), ("-18740", "−18,740"), ("0", "0"), ("-0.3", "0")])
def test_profit_carries_its_sign(value: str, text: str) -> None:
    assert formats.signed_krw(Decimal(value)) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [("0.0238", "+2.38%"), ("-0.0094", "−0.94%"), ("-0.00001", "0.00%"), ("12.5", "+1,250.00%")]
)
def test_percent_of_a_ratio(ratio: str, text: str) -> None:
    assert formats.percent(Decimal(ratio)) == text


def test_percent_without_sign_keeps_the_minus() -> None:
    assert formats.percent(Decimal("0.308"), 1, signed=False) == "30.8%"
    assert formats.percent(Decimal("-0.1"), 0, signed=False) == "−10%"


@pytest.mark.parametrize(
    ("value", "text"),
    [("159012000", "159,012,000"), ("541.2", "541.2"), ("100", "100"), ("99.90", "99.9"), ("0.01230000", "0.0123")],
)
def test_price_has_the_decimals_of_its_size(value: str, text: str) -> None:
    assert formats.price(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.03", "0.0300"), ("0.01886790", "0.0188679"), ("1535.62653563", "1,535.62653563"), ("123456", "123,456")],
)
def test_volume(value: str, text: str) -> None:
    assert formats.volume(Decimal(value)) == text


def test_nothing_is_a_dash() -> None:
    makers = (formats.krw, formats.signed_krw, formats.percent, formats.price, formats.volume)
    assert {make(None) for make in makers} == {"–"}
    assert formats.clock(None) == formats.date_clock(None) == formats.age(None) == "–"
    assert formats.arrow(None) == ""


def test_times_are_korean() -> None:
    moment = datetime(2026, 11, 20, 2, 42, 7, tzinfo=UTC)
    assert formats.clock(moment) == "11:42:07"
    assert formats.clock(moment.astimezone(timezone(timedelta(hours=-5)))) == "11:42:07"
    assert formats.date_clock(moment) == "2026-11-20 11:42:07 KST"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 ms"), (0.236, "0.24 ms"), (3.14, "3.1 ms"), (9.99, "10 ms"), (140.4, "140 ms"), (1430.0, "1.4 s")],
)
def test_milliseconds(value: float, text: str) -> None:
    assert formats.milliseconds(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.014, "14 ms"), (3.24, "3.2 s"), (45, "45 s"), (600, "10 min"), (18_000, "5 h"), (-1, "0 ms")],
)
def test_age(seconds: float, text: str) -> None:
    assert formats.age(seconds) == text


def test_arrow() -> None:
    assert [formats.arrow(Decimal(n)) for n in (1, 0, -1)] == ["▲", "", "▼"]


@pytest.mark.parametrize(
    ("done", "wanted", "text"), [("0", "3", "0%"), ("1", "3", "33%"), ("4", "3", "100%"), ("1", "0", "–")]
)
def test_the_filled_part_is_at_most_all_of_it(done: str, wanted: str, text: str) -> None:
    assert formats.filled_percent(Decimal(done), Decimal(wanted)) == text
    assert formats.filled_percent(Decimal(done), None) == "–"


def test_a_number_nobody_has_is_still_a_text() -> None:
    assert formats.krw(Decimal("9" * 38)).replace(",", "") == "9" * 38
    assert formats.krw(Decimal("1e60")).count("0") == 60
    assert formats.percent(Decimal("1e50")).endswith("%")


def test_basis_points_carry_their_sign() -> None:
    assert [formats.basis_points(Decimal(ratio)) for ratio in ("0.00125", "-0.0005", "0", "NaN")] == [
        "+12.5 bp", f"{formats.MINUS}5.0 bp", "0.0 bp", "–",
    ]  # fmt: skip
    assert formats.basis_points(None) == "–"


def test_milliseconds_of_a_moment_in_korean_time() -> None:
    assert formats.clock_ms(datetime(2026, 11, 20, 1, 42, 11, 93_999, UTC)) == "10:42:11.093"
    assert formats.clock_ms(None) == "–"


def test_other_days_carry_their_date() -> None:
    now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    earlier = (timedelta(minutes=1), timedelta(hours=11), timedelta(days=400))
    assert [formats.day_clock(now - ago, now) for ago in earlier] == ["09:59:00", "11-19 23:00", "2025-10-16"]
