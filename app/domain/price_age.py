"""How old a price is: the one rule by which the gate refuses and the screen colours."""

from datetime import datetime, timedelta
from enum import StrEnum

#: From this share of the bound on a price is ageing.
AGEING_FROM = 0.5


class PriceAge(StrEnum):
    """FRESH may be traded on; AGEING soon no more; STALE is refused by the gate."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def price_age(received_at: datetime | None, now: datetime, stale_s: float) -> PriceAge:
    """Age of a price that came in at ``received_at``; ``stale_s`` is the limit ``stale_price_s``. None is STALE."""
    if received_at is None or now - received_at > timedelta(seconds=stale_s):
        return PriceAge.STALE
    return PriceAge.AGEING if now - received_at > timedelta(seconds=stale_s * AGEING_FROM) else PriceAge.FRESH
