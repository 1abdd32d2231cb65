"""Fresh prices keep their colour, old ones lose it."""

from app.domain.price_age import PriceAge
from app.ui.price_tone import price_tone


def test_each_age_has_its_tone() -> None:
    assert [price_tone(age, "up") for age in PriceAge] == ["up", "dim", "faint"]
