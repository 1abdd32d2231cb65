"""Exact money arithmetic. Decimal end to end; float is for drawing only."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

# 50 digits: a KRW total (13 digits) times a coin quantity (8 decimals) times a fee (4 decimals) stays exact.
MONEY_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
_DOWNWARD = Context(prec=50, rounding=ROUND_FLOOR)
_UPWARD = Context(prec=50, rounding=ROUND_CEILING)


def is_usable(value: Decimal | None) -> bool:
    """True for a finite number above zero; None, NaN, infinities, zero and negatives are unusable."""
    return value is not None and value.is_finite() and value > ZERO


def floor_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Largest multiple of ``step`` that is not above ``value``; ``step`` must be positive.

    Raises:
        ValueError: ``step`` is not a positive finite number or ``value`` is not finite.
    """
    return _to_step(value, step, _DOWNWARD)


def ceil_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Smallest multiple of ``step`` that is not below ``value``; ``step`` must be positive.

    Raises:
        ValueError: ``step`` is not a positive finite number or ``value`` is not finite.
    """
    return _to_step(value, step, _UPWARD)


def _to_step(value: Decimal, step: Decimal, context: Context) -> Decimal:
    if not is_usable(step) or not value.is_finite():
        raise ValueError(f"cannot round {value} to a step of {step}")
    units = context.divide(value, step).to_integral_value(rounding=context.rounding)
    return MONEY_CONTEXT.multiply(units, step)


def is_on_step(value: Decimal, step: Decimal) -> bool:
    """True when ``value`` is a whole multiple of ``step``."""
    return floor_to_step(value, step) == value


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """``part / whole`` as a ratio (0.01 = 1 %); 0 when ``whole`` is 0, so that an empty account draws as 0."""
    return MONEY_CONTEXT.divide(part, whole) if whole else ZERO


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum; the empty sum is Decimal 0."""
    result = ZERO
    for value in values:
        result = MONEY_CONTEXT.add(result, value)
    return result
