"""The one rule of how old a price is."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.price_age import PriceAge, price_age

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(-3, PriceAge.FRESH), (0, PriceAge.FRESH), (2.5, PriceAge.FRESH), (2.6, PriceAge.AGEING), (5, PriceAge.AGEING),
     (5.01, PriceAge.STALE)],
)  # fmt: skip
def test_it_ages_from_half_of_the_bound_on(seconds: float, age: PriceAge) -> None:
    assert price_age(NOW - timedelta(seconds=seconds), NOW, 5.0) is age


def test_no_price_is_stale() -> None:
    assert price_age(None, NOW, 5.0) is PriceAge.STALE
