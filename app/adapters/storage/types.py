"""Column types that keep money exact and time in UTC, and refuse what a damaged file would hand us."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from app.domain.errors import StorageError

UTC_TEXT_LENGTH = len("2026-01-02T03:04:05.000006Z")


def utc_text(moment: datetime) -> str:
    """ISO-8601 in UTC with microseconds and Z, so that text order is time order.

    Raises:
        StorageError: ``moment`` is naive.
    """
    if moment.utcoffset() is None:
        raise StorageError(f"time {moment} has no zone; only aware times are stored")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_utc(text: object) -> datetime:
    """Inverse of ``utc_text``; any other spelling raises StorageError."""
    if isinstance(text, str) and len(text) == UTC_TEXT_LENGTH and text[-1] == "Z":
        try:
            moment = datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
        except ValueError:
            raise StorageError(f"stored time {text!r} is damaged") from None
        if utc_text(moment) == text:
            return moment
    raise StorageError(f"stored time {text!r} is damaged")


class ExactDecimal(TypeDecorator[Decimal]):
    """Decimal kept as text, digit for digit. Raises StorageError for float, NaN and infinities."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Text of a finite Decimal."""
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise StorageError(f"{value!r} is not an exact finite number and is not stored")
        return str(value)

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        """The Decimal that was stored."""
        if value is None:
            return None
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise StorageError(f"stored number {value!r} is damaged")
        return number


class UtcDateTime(TypeDecorator[datetime]):
    """Aware time kept as ISO-8601 text in UTC with microseconds. Raises StorageError for naive times."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Text in UTC."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        """Aware UTC time."""
        return None if value is None else parse_utc(value)


class PlainText(TypeDecorator[str]):
    """Text that is certainly text when it comes back: a flipped bit can turn a stored cell into a number."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """The text; StorageError for anything else."""
        if value is None or isinstance(value, str):
            return value
        raise StorageError(f"stored text {value!r} is damaged")


class WholeNumber(TypeDecorator[int]):
    """64-bit integer that is certainly an integer when it comes back."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """BIGINT on PostgreSQL; INTEGER on SQLite, where it is 64 bits wide and STRICT tables know no other name."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_result_value(self, value: object, dialect: Dialect) -> int | None:
        """The integer; StorageError for anything else."""
        if value is None or isinstance(value, int):
            return value
        raise StorageError(f"stored integer {value!r} is damaged")
