"""The simulated markets start on their own price grid."""

from app.practice.market_specs import HOUR_FACTOR, HOUR_VALUE, MARKETS, kst_hour
from app.practice.money import KrwUnits, on_grid


def test_prices_are_on_the_grid_and_codes_unique() -> None:
    assert all(on_grid(KrwUnits(), spec.price) for spec in MARKETS)
    assert len({spec.name.code for spec in MARKETS}) == len(MARKETS) >= 8


def test_the_day_has_24_korean_hours() -> None:
    assert len(HOUR_FACTOR) == len(HOUR_VALUE) == 24
    assert kst_hour(0) == 9
