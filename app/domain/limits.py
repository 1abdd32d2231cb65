"""What the user allows the program to risk, and how much of it is used."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import Problem
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, is_usable

#: From this share of a limit on a person is told.
NEAR = Decimal("0.8")
#: Key of the alert about a limit that is nearly used up; the name of the limit follows.
LIMIT_ALERT = "limit_near_"
#: The longest wait between two entries in a market that anybody can have meant, in seconds.
LONGEST_COOL_DOWN_S = 86_400.0


@dataclass(frozen=True, slots=True)
class TradingLimits:
    """Bounds on entries. Money in quote currency (KRW), ratios of total equity, times in seconds.

    Daily and monthly figures are those of the exchange's business date. In the fields of MAY_BE_OFF 0 switches the
    limit off; the others cannot be switched off.
    """

    max_positions: int = 10
    max_position_value: Decimal = Decimal(20_000_000)
    max_exposure_ratio: Decimal = Decimal("0.9")
    max_orders_per_minute: int = 60
    max_queued_entries: int = 20
    price_collar_ratio: Decimal = Decimal("0.05")
    stale_price_s: float = 5.0
    daily_loss_ratio: Decimal = Decimal("0.02")
    total_loss_ratio: Decimal = Decimal("0.10")
    #: Loss of the month, realised and open, as a ratio of the equity the month began with.
    monthly_loss_ratio: Decimal = Decimal("0.06")
    #: Entries that were filled, or may still be, and the money they bought for.
    max_daily_entries: int = 200
    max_monthly_entries: int = 3_000
    max_daily_value: Decimal = Decimal(200_000_000)
    max_monthly_value: Decimal = Decimal(2_000_000_000)
    #: Held, and bound in working entries, in one market.
    max_market_value: Decimal = Decimal(30_000_000)
    #: Pause between two entries in one market, from when the last one left. Off at first: an entry it refuses comes
    #: again with the next bar only.
    cooldown_s: float = 0.0
    #: One order.
    max_order_value: Decimal = Decimal(20_000_000)
    #: One order against everything the book shows on the side it buys from (1 = all of it).
    max_book_multiple: Decimal = Decimal(3)
    #: Ticks a limit price may be above the best ask or below the best bid.
    max_ticks_away: int = 500


_RATIOS = ("max_exposure_ratio", "price_collar_ratio", "daily_loss_ratio", "total_loss_ratio", "monthly_loss_ratio")
_AMOUNTS = (
    "max_position_value", "max_daily_value", "max_monthly_value", "max_market_value", "max_order_value",
    "max_book_multiple",
)  # fmt: skip
_COUNTS = (
    "max_positions", "max_orders_per_minute", "max_queued_entries", "max_daily_entries", "max_monthly_entries",
    "max_ticks_away",
)  # fmt: skip
#: Limits for which 0 means that there is no such limit.
MAY_BE_OFF = frozenset(
    {
        "monthly_loss_ratio", "max_daily_entries", "max_monthly_entries", "max_daily_value", "max_monthly_value",
        "max_market_value", "cooldown_s", "max_order_value", "max_book_multiple", "max_ticks_away",
    }
)  # fmt: skip


def limits_problems(limits: TradingLimits) -> list[Problem]:
    """Everything wrong with the limits; empty when sound."""
    found: list[Problem] = []
    for name in (*_AMOUNTS, *_RATIOS):
        value, off = getattr(limits, name), name in MAY_BE_OFF
        if not is_usable(value) and not (off and value == ZERO):
            words = "must be a number above 0, or 0 to switch the limit off" if off else "must be a number above 0"
            found.append(Problem(f"limits.{name}", words))
        elif name in _RATIOS and value > ONE:
            found.append(Problem(f"limits.{name}", "must be at most 1; it is a ratio, 2 % is written 0.02"))
    for name in _COUNTS:
        value, off = getattr(limits, name), name in MAY_BE_OFF
        if value < (0 if off else 1):
            words = "must be 1 or more, or 0 to switch the limit off" if off else "must be 1 or more"
            found.append(Problem(f"limits.{name}", words))
    if not 0.5 <= limits.stale_price_s <= 600:
        found.append(Problem("limits.stale_price_s", "must be 0.5 to 600 seconds"))
    if not 0 <= limits.cooldown_s <= LONGEST_COOL_DOWN_S:
        words = "must be at most {0} seconds (a day), or 0 to switch the limit off"
        found.append(Problem("limits.cooldown_s", words, (f"{LONGEST_COOL_DOWN_S:.0f}",)))
    return found


class LimitName(StrEnum):
    """Limits whose use is counted."""

    DAILY_ENTRIES = "daily_entries"
    MONTHLY_ENTRIES = "monthly_entries"
    DAILY_VALUE = "daily_value"
    MONTHLY_VALUE = "monthly_value"
    DAILY_LOSS = "daily_loss"
    MONTHLY_LOSS = "monthly_loss"
    ORDERS_PER_MINUTE = "orders_per_minute"
    POSITIONS = "positions"
    POSITION_VALUE = "position_value"
    MARKET_VALUE = "market_value"
    EXPOSURE = "exposure"

    @property
    def is_money(self) -> bool:
        """True when it is counted in quote currency, False when in pieces."""
        return self not in _COUNTED


_COUNTED = frozenset(
    {LimitName.DAILY_ENTRIES, LimitName.MONTHLY_ENTRIES, LimitName.ORDERS_PER_MINUTE, LimitName.POSITIONS}
)


@dataclass(frozen=True, slots=True)
class LimitUse:
    """How much of one limit is used: pieces, or quote currency. ``allowed`` is None while it cannot be computed."""

    name: LimitName
    used: Decimal
    allowed: Decimal | None

    @property
    def ratio(self) -> Decimal | None:
        """Used share (1 = at the limit); None while the limit is not known."""
        if self.allowed is None or self.allowed <= ZERO:
            return None
        return MONEY_CONTEXT.divide(self.used, self.allowed)


@dataclass(frozen=True, slots=True)
class DayUse:
    """What orders and positions that are no longer known one by one did on one business day (its start, UTC).

    ``entries`` that were filled, what they bought for, and the profit of the positions that were closed.
    """

    day: datetime
    entries: int = 0
    value: Decimal = ZERO
    realised: Decimal = ZERO
