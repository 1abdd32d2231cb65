"""The book of losses."""

from datetime import UTC, datetime
from decimal import Decimal

from app.domain.loss import LossBook, LossLimit


def test_a_new_book_waits_for_nobody() -> None:
    book = LossBook(datetime(2026, 11, 20, tzinfo=UTC), Decimal(1), Decimal(0), Decimal(0), Decimal(0))
    assert book.latched == () and [str(limit) for limit in LossLimit] == ["daily", "total", "guard"]
