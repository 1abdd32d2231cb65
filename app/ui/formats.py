"""Numbers and times as the screen shows them: Decimal in, text out. Nothing here depends on the language."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from app.domain.money import MONEY_CONTEXT

KST = timezone(timedelta(hours=9), "KST")
MINUS = "\u2212"
NONE = "–"
_PRICE_DECIMALS = (
    (Decimal(1000), 0),
    (Decimal(100), 1),
    (Decimal(10), 2),
    (Decimal(1), 3),
    (Decimal("0.1"), 4),
)
_MOST_DECIMALS = 8
_MOST_DIGITS = 40


def krw(value: Decimal | None) -> str:
    """``1,234,567``: won have no decimals."""
    return NONE if value is None or not value.is_finite() else _minus(f"{_rounded(value, 0):,f}")


def signed_krw(value: Decimal | None) -> str:
    """``+71,420`` or ``−18,740``; zero carries no sign."""
    return NONE if value is None or not value.is_finite() else _signed(_rounded(value, 0), "")


def percent(ratio: Decimal | None, decimals: int = 2, *, signed: bool = True) -> str:
    """``+2.38%`` of a ratio of 0.0238."""
    if ratio is None or not ratio.is_finite():
        return NONE
    value = _rounded(ratio * 100, decimals)
    return _signed(value, "%") if signed else _minus(f"{value:,f}%")


def filled_percent(done: Decimal, wanted: Decimal | None) -> str:
    """``62%`` of what was wanted, at most all of it; nothing filled is 0 %."""
    return f"{min(Decimal(1), done / wanted) * 100:.0f}%" if wanted else NONE


def basis_points(ratio: Decimal | None) -> str:
    """``+12.5 bp`` of a ratio of 0.00125; zero carries no sign."""
    if ratio is None or not ratio.is_finite():
        return NONE
    return _signed(_rounded(ratio * 10_000, 1), " bp")


def price(value: Decimal | None) -> str:
    """Price per unit: no decimals from 1,000 up, more the smaller it is, without trailing zeros."""
    if value is None or not value.is_finite():
        return NONE
    size = abs(value)
    decimals = next((count for least, count in _PRICE_DECIMALS if size >= least), _MOST_DECIMALS)
    return _minus(_trimmed(f"{_rounded(value, decimals):,f}", 0))


def volume(value: Decimal | None) -> str:
    """Units with four to eight decimals, ``0.0300``; from 1,000 up only the decimals there are."""
    if value is None or not value.is_finite():
        return NONE
    least = 4 if abs(value) < 1000 else 0
    return _minus(_trimmed(f"{_rounded(value, _MOST_DECIMALS):,f}", least))


@lru_cache(maxsize=4096)
def clock(moment: datetime | None) -> str:
    """``10:42:11`` in Korean time."""
    return NONE if moment is None else f"{_korean(moment):%H:%M:%S}"


def clock_ms(moment: datetime | None) -> str:
    """``10:42:11.093`` in Korean time."""
    return NONE if moment is None else f"{_korean(moment):%H:%M:%S}.{_korean(moment).microsecond // 1000:03d}"


def day_clock(moment: datetime, now: datetime) -> str:
    """``10:42:11`` on the Korean day of ``now``, else ``11-19 10:42``; of another year the date alone."""
    korean, today = _korean(moment), _korean(now).date()
    if korean.date() == today:
        return clock(moment)
    return f"{korean:%m-%d %H:%M}" if korean.year == today.year else f"{korean:%Y-%m-%d}"


def date_clock(moment: datetime | None) -> str:
    """``2026-11-20 11:42:07 KST``."""
    return NONE if moment is None else f"{_korean(moment):%Y-%m-%d %H:%M:%S} KST"


def milliseconds(value: float) -> str:
    """``0.24 ms``, ``3.1 ms``, ``140 ms``: two figures below ten; from a second up as ``age``."""
    if value >= 1000:
        return age(value / 1000)
    return f"{value:.0f} ms" if value >= 10 else f"{value:.2g} ms"


def age(seconds: float | None) -> str:
    """How old something is: ``140 ms``, ``3.2 s``, ``45 s``, ``12 min``, ``5 h``."""
    if seconds is None:
        return NONE
    seconds = max(seconds, 0.0)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def arrow(value: Decimal | None) -> str:
    """``▲`` above zero, ``▼`` below, nothing at zero: colour is never the only sign."""
    if value is None or not value.is_finite() or not value:
        return ""
    return "▲" if value > 0 else "▼"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    if value.adjusted() >= _MOST_DIGITS:
        return value  # nobody's money, but somebody may have typed it
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, MONEY_CONTEXT)


def _trimmed(text: str, least_decimals: int) -> str:
    if "." not in text:
        return text + ("." + "0" * least_decimals if least_decimals else "")
    whole, fraction = text.split(".")
    fraction = fraction.rstrip("0").ljust(least_decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _signed(value: Decimal, unit: str) -> str:
    if not value:
        return f"{abs(value):,f}{unit}"
    return f"{'+' if value > 0 else MINUS}{abs(value):,f}{unit}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS) if text.strip("-0.,%") else text.replace("-", "")


def _korean(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(KST) if moment.tzinfo is None else moment.astimezone(KST)
