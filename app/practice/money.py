"""Exact amounts: Decimal only, Upbit's KRW price units, eight-decimal coin volumes.

Sources: Upbit guide `krw-market-info` (price units in force since 2025-07-31), fee and minimum of KRW markets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from typing import Protocol

ZERO = Decimal(0)
ONE = Decimal(1)
FEE_RATE = Decimal("0.0005")
MIN_TOTAL_KRW = Decimal(5000)
MAX_TOTAL_KRW = Decimal(1_000_000_000)
VOLUME_STEP = Decimal("0.00000001")
# Exponent of the largest and smallest amount: far beyond any real one, and exact in Decimal's usual 28 digits.
MOST_PLACES = 18

# (lowest price of the band, price unit), highest band first
KRW_UNITS: tuple[tuple[Decimal, Decimal], ...] = (
    (Decimal(1_000_000), Decimal(1000)),
    (Decimal(500_000), Decimal(500)),
    (Decimal(100_000), Decimal(100)),
    (Decimal(50_000), Decimal(50)),
    (Decimal(10_000), Decimal(10)),
    (Decimal(5_000), Decimal(5)),
    (Decimal(100), Decimal(1)),
    (Decimal(10), Decimal("0.1")),
    (Decimal(1), Decimal("0.01")),
    (Decimal("0.1"), Decimal("0.001")),
    (Decimal("0.01"), Decimal("0.0001")),
    (Decimal("0.001"), Decimal("0.00001")),
    (Decimal("0.0001"), Decimal("0.000001")),
    (Decimal("0.00001"), Decimal("0.0000001")),
)
SMALLEST_UNIT = Decimal("0.00000001")


class PriceUnits(Protocol):
    """Which prices an order may carry."""

    def unit(self, price: Decimal) -> Decimal: ...


class KrwUnits:
    """Upbit's present KRW table."""

    def unit(self, price: Decimal) -> Decimal:
        for lowest, unit in KRW_UNITS:
            if price >= lowest:
                return unit
        return SMALLEST_UNIT


@dataclass(frozen=True, slots=True)
class FixedUnit:
    """One unit for all prices: used when a recording was made under another table."""

    size: Decimal

    def unit(self, price: Decimal) -> Decimal:
        return self.size


@dataclass(frozen=True, slots=True)
class ScaledUnits:
    """A table with every unit multiplied: the venue has changed its rules."""

    table: PriceUnits
    factor: Decimal

    def unit(self, price: Decimal) -> Decimal:
        return self.table.unit(price) * self.factor


def on_grid(units: PriceUnits, price: Decimal) -> bool:
    return price > 0 and price % units.unit(price) == 0


def floor_price(units: PriceUnits, price: Decimal) -> Decimal:
    unit = units.unit(price)
    return (price / unit).to_integral_value(ROUND_FLOOR) * unit


def ceil_price(units: PriceUnits, price: Decimal) -> Decimal:
    unit = units.unit(price)
    return (price / unit).to_integral_value(ROUND_CEILING) * unit


def units_of_recording(prices: Iterable[Decimal]) -> PriceUnits:
    """The present table if every recorded price fits it, else the largest 1/5 x 10^k all prices are on."""
    seen = set(prices)
    table = KrwUnits()
    if all(on_grid(table, price) for price in seen):
        return table
    for exponent in range(3, -9, -1):
        for mantissa in (5, 1):
            unit = Decimal(mantissa).scaleb(exponent)
            if all(price % unit == 0 for price in seen):
                return FixedUnit(unit)
    return FixedUnit(SMALLEST_UNIT)


def is_amount(amount: Decimal) -> bool:
    """Whether there can be so much of anything: zero, or above it and of a size that can be computed with."""
    return amount.is_finite() and amount >= 0 and abs(amount.adjusted()) <= MOST_PLACES


def whole_volume(volume: Decimal) -> Decimal:
    """Cut a coin volume to eight decimals, as the venue does."""
    return volume.quantize(VOLUME_STEP, ROUND_DOWN)


def plain(amount: Decimal) -> str:
    """Decimal text without exponent and without trailing zeros."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
