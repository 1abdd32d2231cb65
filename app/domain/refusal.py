"""Why the gate said no. A refusal is a value; the screen translates it through its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Problem


class RefusalReason(StrEnum):
    """Every reason for which an intent does not become an order."""

    TRADING_DISABLED = "trading_disabled"
    REDUCING_ONLY = "reducing_only"
    HALTED = "halted"
    LIQUIDATING = "liquidating"
    NOT_RECONCILED = "not_reconciled"
    NO_CONSTRAINTS = "no_constraints"
    MARKET_INACTIVE = "market_inactive"
    NO_PRICE = "no_price"
    STALE_PRICE = "stale_price"
    SPREAD_TOO_WIDE = "spread_too_wide"
    SLIPPAGE_TOO_HIGH = "slippage_too_high"
    PRICE_COLLAR = "price_collar"
    BAD_NUMBER = "bad_number"
    WRONG_CURRENCY = "wrong_currency"
    ALREADY_MET = "already_met"
    OFF_TICK = "off_tick"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    POSITION_TOO_LARGE = "position_too_large"
    TOO_MANY_POSITIONS = "too_many_positions"
    DUPLICATE_ORDER = "duplicate_order"
    UNRESOLVED_ORDER = "unresolved_order"
    TOO_MANY_ORDERS = "too_many_orders"
    COOL_DOWN = "cool_down"
    ORDER_TOO_LARGE = "order_too_large"
    MARKET_LIMIT = "market_limit"
    DAILY_ENTRIES_LIMIT = "daily_entries_limit"
    DAILY_VALUE_LIMIT = "daily_value_limit"
    MONTHLY_ENTRIES_LIMIT = "monthly_entries_limit"
    MONTHLY_VALUE_LIMIT = "monthly_value_limit"
    QUEUE_FULL = "queue_full"
    MARKET_TAKEN = "market_taken"
    NOTHING_TO_SELL = "nothing_to_sell"
    DAILY_LOSS_LIMIT = "daily_loss_limit"
    MONTHLY_LOSS_LIMIT = "monthly_loss_limit"
    LOSS_LATCHED = "loss_latched"
    LOSS_UNKNOWN = "loss_unknown"
    BREAKER_OPEN = "breaker_open"
    NO_PASSWORD = "no_password"
    UNLOCK_DELAYED = "unlock_delayed"
    WRONG_PHRASE = "wrong_phrase"
    VENUE_DOWN = "venue_down"
    MAINTENANCE = "maintenance"
    CLOCK_SKEW = "clock_skew"
    FEED_SILENT = "feed_silent"
    MARKET_HALTED = "market_halted"
    NOT_POSSIBLE_NOW = "not_possible_now"
    EXPIRED = "expired"
    NOT_PROMOTED = "not_promoted"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with its reason and the figures that led to it (plain English for the log).

    ``problems`` are the single faults of what was asked for, where there are such.
    """

    reason: RefusalReason
    detail: str = ""
    problems: tuple[Problem, ...] = ()


def unusable(problems: Sequence[Problem]) -> Refusal:
    """A no to something with these faults, all of them told."""
    return Refusal(RefusalReason.BAD_NUMBER, "; ".join(str(problem) for problem in problems), tuple(problems))
