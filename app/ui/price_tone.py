"""The colour of a price by its age; the bounds are the gate's (app/domain/price_age.py)."""

from app.domain.price_age import PriceAge

_TONES = {PriceAge.AGEING: "dim", PriceAge.STALE: "faint"}


def price_tone(age: PriceAge, fresh: str) -> str:
    """Token for a price: ``fresh`` while it may be traded on, dim while it ages, faint once the gate refuses it."""
    return _TONES.get(age, fresh)
