"""Exact money arithmetic. Decimal end to end; float is for drawing only."""

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
#: No price, volume or total of a real venue is outside; what is would overflow or fill the memory when printed.
LARGEST = Decimal("1e30")
SMALLEST = Decimal("1e-30")

P = ParamSpec("P")
R = TypeVar("R")

# 50 digits: a KRW total (13 digits) times a coin quantity (8 decimals) times a fee (4 decimals) stays exact.
MONEY_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
# LARGEST / SMALLEST has 61 digits: between these bounds steps are counted exactly.
_DOWNWARD = Context(prec=100, rounding=ROUND_FLOOR)
_UPWARD = Context(prec=100, rounding=ROUND_CEILING)


def in_money_context(function: Callable[P, R]) -> Callable[P, R]:
    """Let plain + - * / on Decimals inside ``function`` compute as MONEY_CONTEXT does (28 digits otherwise)."""

    @wraps(function)
    def computing(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(MONEY_CONTEXT):
            return function(*args, **kwargs)

    return computing


def is_usable(value: Decimal | None) -> bool:
    """True for a number from SMALLEST to LARGEST; None, NaN, infinities, zero and negatives are unusable."""
    return value is not None and value.is_finite() and SMALLEST <= value <= LARGEST


def is_exact(value: Decimal) -> bool:
    """True for a number that MONEY_CONTEXT computes with as it is: not more than its 50 digits."""
    return MONEY_CONTEXT.plus(value) == value


def floor_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Largest multiple of ``step`` that is not above ``value``, exactly.

    Raises:
        ValueError: ``step`` is not usable, or ``value`` is not finite or beyond LARGEST.
    """
    return _to_step(value, step, _DOWNWARD)


def ceil_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Smallest multiple of ``step`` that is not below ``value``, exactly.

    Raises:
        ValueError: ``step`` is not usable, or ``value`` is not finite or beyond LARGEST.
    """
    return _to_step(value, step, _UPWARD)


def _to_step(value: Decimal, step: Decimal, context: Context) -> Decimal:
    if not is_usable(step) or not value.is_finite() or not -LARGEST <= value <= LARGEST:
        raise ValueError(f"cannot round {value} to a step of {step}")
    units = context.divide(value, step).to_integral_value(rounding=context.rounding)
    return context.multiply(units, step)


def is_on_step(value: Decimal, step: Decimal) -> bool:
    """True when ``value`` is a whole multiple of ``step``."""
    return floor_to_step(value, step) == value


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """``part / whole`` as a ratio (0.01 = 1 %); 0 when ``whole`` is 0, so that an empty account draws as 0."""
    return MONEY_CONTEXT.divide(part, whole) if whole else ZERO


def total(values: Iterable[Decimal]) -> Decimal:
    """Sum in MONEY_CONTEXT; the empty sum is Decimal 0.

    Raises:
        ValueError: an amount is so far beyond LARGEST, or so little a number, that it cannot be added.
    """
    result = ZERO
    try:
        for value in values:
            result = MONEY_CONTEXT.add(result, value)
    except DecimalException as error:
        raise ValueError("an amount cannot be added") from error
    return result
