from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from sqlalchemy.dialects import postgresql, sqlite

from app.adapters.storage.types import ExactDecimal, PlainText, UtcDateTime, WholeNumber, parse_utc, utc_text
from app.domain.errors import StorageError
from tests.unit.adapters.storage.samples import decimals, moments

DIALECT = sqlite.dialect()
PG_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@given(decimals)
def test_decimals_keep_every_digit(value: Decimal) -> None:
    kind = ExactDecimal()
    back = kind.process_result_value(kind.process_bind_param(value, DIALECT), DIALECT)
    assert back is not None and back.as_tuple() == value.as_tuple()


@pytest.mark.parametrize("bad", [1.5, 1, "1", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")])
def test_what_is_no_exact_number_is_not_stored(bad: object) -> None:
    with pytest.raises(StorageError, match="not an exact finite number"):
        ExactDecimal().process_bind_param(bad, DIALECT)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["", "1,5", "NaN", 1.5, b"1"])
def test_damaged_numbers_are_refused(bad: object) -> None:
    with pytest.raises(StorageError, match="damaged"):
        ExactDecimal().process_result_value(bad, DIALECT)


@given(moments, moments)
def test_times_keep_microseconds_and_order(one: datetime, other: datetime) -> None:
    assert parse_utc(utc_text(one)) == one
    assert (utc_text(one) < utc_text(other)) == (one < other)


def test_other_zones_become_utc_and_naive_is_refused() -> None:
    seoul = datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert UtcDateTime().process_bind_param(seoul, DIALECT) == "2026-01-01T00:00:00.000000Z"
    with pytest.raises(StorageError, match="no zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), DIALECT)


@pytest.mark.parametrize("bad", ["2026-01-01", "2026-01-01 00:00:00.000000Z", "2026-13-01T00:00:00.000000Z", 5])
def test_damaged_times_are_refused(bad: object) -> None:
    with pytest.raises(StorageError, match="damaged"):
        UtcDateTime().process_result_value(bad, DIALECT)


def test_a_flipped_cell_type_is_refused() -> None:
    assert PlainText().process_result_value("a", DIALECT) == "a"
    assert WholeNumber().process_result_value(3, DIALECT) == 3
    with pytest.raises(StorageError, match="damaged"):
        PlainText().process_result_value(3, DIALECT)
    with pytest.raises(StorageError, match="damaged"):
        WholeNumber().process_result_value("3", DIALECT)


def test_empty_stays_empty() -> None:
    for kind in (ExactDecimal(), UtcDateTime(), PlainText(), WholeNumber()):
        assert kind.process_result_value(None, DIALECT) is None
    assert ExactDecimal().process_bind_param(None, DIALECT) is None
    assert UtcDateTime().process_bind_param(None, DIALECT) is None


def test_integers_are_wide_everywhere() -> None:
    assert str(WholeNumber().compile(DIALECT)) == "INTEGER"
    assert str(WholeNumber().compile(PG_DIALECT)) == "BIGINT"
    assert parse_utc(utc_text(datetime.max.replace(tzinfo=UTC))) == datetime.max.replace(tzinfo=UTC)
