"""Price units, volumes and amount texts."""

from decimal import Decimal

import pytest

from app.practice.money import (
    FixedUnit,
    KrwUnits,
    ceil_price,
    floor_price,
    on_grid,
    plain,
    units_of_recording,
    whole_volume,
)


@pytest.mark.parametrize(
    ("price", "unit"),
    [
        ("89886000", "1000"), ("1000000", "1000"), ("999500", "500"), ("500000", "500"), ("121500", "100"),
        ("50000", "50"), ("13870", "10"), ("5000", "5"), ("4999", "1"), ("142", "1"), ("99.9", "0.1"),
        ("9.99", "0.01"), ("0.5", "0.001"), ("0.000001", "0.00000001"),
    ],
)  # fmt: skip
def test_the_price_unit_follows_the_table_of_july_2025(price: str, unit: str) -> None:
    assert KrwUnits().unit(Decimal(price)) == Decimal(unit)


def test_prices_are_moved_onto_the_grid() -> None:
    assert floor_price(KrwUnits(), Decimal("89886999")) == Decimal("89886000")
    assert ceil_price(KrwUnits(), Decimal("89886001")) == Decimal("89887000")
    assert not on_grid(KrwUnits(), Decimal("89886500"))
    assert not on_grid(KrwUnits(), Decimal(0))


def test_a_recording_of_another_table_gets_its_own_unit() -> None:
    assert isinstance(units_of_recording([Decimal(4612000), Decimal(4613000)]), KrwUnits)
    assert units_of_recording([Decimal("152.5"), Decimal("152.0")]) == FixedUnit(Decimal("0.5"))


def test_volume_is_cut_to_eight_decimals() -> None:
    assert whole_volume(Decimal("0.123456789")) == Decimal("0.12345678")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1E+3", "1000"), ("0.10000000", "0.1"), ("0E-12", "0"), ("-0.00", "0"), ("1E-8", "0.00000001")],
)
def test_amounts_are_written_plainly(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text
