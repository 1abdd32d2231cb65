"""Rules and states of markets that a standing fault changes for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .faults import Faults
from .market import Market
from .money import MIN_TOTAL_KRW, ONE


def apply_standing(faults: Faults, markets: Iterable[Market], withdraw_all: Callable[[Market], None]) -> None:
    """Bring every market into line with the standing faults; a delisting cancels its open orders."""
    for market in markets:
        code = market.code
        market.unit_factor = faults.standing("tick_change", code) or ONE
        market.min_total = faults.standing("min_total_change", code) or MIN_TOTAL_KRW
        market.one_sided = faults.standing("book_one_sided", code) is not None
        market.warned = faults.standing("market_warned", code) is not None
        market.suspended = faults.standing("market_suspended", code) is not None
        was_listed, market.delisted = not market.delisted, faults.standing("market_delisted", code) is not None
        if was_listed and market.delisted:
            withdraw_all(market)
