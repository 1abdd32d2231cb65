from datetime import UTC, datetime, timedelta, timezone

from app.domain.business_day import business_day_start, business_month_start

KST = timezone(timedelta(hours=9))


def test_the_business_day_begins_at_nine_in_seoul() -> None:
    assert business_day_start(datetime(2026, 11, 20, 8, 59, 59, tzinfo=KST)) == datetime(2026, 11, 19, tzinfo=UTC)
    assert business_day_start(datetime(2026, 11, 20, 9, 0, tzinfo=KST)) == datetime(2026, 11, 20, tzinfo=UTC)
    assert business_day_start(datetime(2026, 11, 20, 0, 0, tzinfo=UTC)) == datetime(2026, 11, 20, tzinfo=UTC)


def test_the_month_is_that_of_the_business_date() -> None:
    assert business_month_start(datetime(2026, 12, 1, 8, 59, 59, tzinfo=KST)) == datetime(2026, 11, 1, tzinfo=UTC)
    assert business_month_start(datetime(2026, 12, 1, 9, 0, tzinfo=KST)) == datetime(2026, 12, 1, tzinfo=UTC)
    assert business_month_start(datetime(2026, 2, 28, 23, 0, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)
