"""What the user allows the program to risk."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import Problem
from app.domain.money import ONE, is_usable


@dataclass(frozen=True, slots=True)
class TradingLimits:
    """Bounds on entries. Money in quote currency (KRW), ratios of total equity, times in seconds."""

    max_positions: int = 10
    max_position_value: Decimal = Decimal(20_000_000)
    max_exposure_ratio: Decimal = Decimal("0.9")
    max_orders_per_minute: int = 60
    max_queued_entries: int = 20
    price_collar_ratio: Decimal = Decimal("0.05")
    stale_price_s: float = 5.0
    daily_loss_ratio: Decimal = Decimal("0.02")
    total_loss_ratio: Decimal = Decimal("0.10")


def limits_problems(limits: TradingLimits) -> list[Problem]:
    """Everything wrong with the limits; empty when sound."""
    found: list[Problem] = []
    ratios = ("max_exposure_ratio", "price_collar_ratio", "daily_loss_ratio", "total_loss_ratio")
    for name in ("max_position_value", *ratios):
        if not is_usable(getattr(limits, name)):
            found.append(Problem(f"limits.{name}", "must be a number above 0"))
        elif name in ratios and getattr(limits, name) > ONE:
            found.append(Problem(f"limits.{name}", "must be at most 1; it is a ratio, 2 % is written 0.02"))
    for name in ("max_positions", "max_orders_per_minute", "max_queued_entries"):
        if getattr(limits, name) < 1:
            found.append(Problem(f"limits.{name}", "must be 1 or more"))
    if not 0.5 <= limits.stale_price_s <= 600:
        found.append(Problem("limits.stale_price_s", "must be 0.5 to 600 seconds"))
    return found
