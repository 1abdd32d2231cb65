"""The exchange's business day and month: what daily and monthly limits are counted by."""

from datetime import UTC, datetime, timedelta

#: Upbit's business day starts at 09:00 KST = 00:00 UTC (upbit.md section 10), so its date is the UTC date.
DAY_START_UTC_HOUR = 0


def business_day_start(now: datetime) -> datetime:
    """Start of the exchange's business day that contains ``now``, in UTC."""
    start = now.astimezone(UTC).replace(hour=DAY_START_UTC_HOUR, minute=0, second=0, microsecond=0)
    return start if start <= now else start - timedelta(days=1)


def business_month_start(now: datetime) -> datetime:
    """Start of the first business day of the calendar month of the business date, in UTC."""
    return business_day_start(now).replace(day=1)
