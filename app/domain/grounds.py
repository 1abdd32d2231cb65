"""What an order was decided on: the price, the book and the bar at that moment, and what the gate measured."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class CheckName(StrEnum):
    """What the gate measured; the unit of the figures stands behind each."""

    BOOK_AGE = "book_age"  # seconds
    SPREAD = "spread"  # ratio of the best bid
    SLIPPAGE = "slippage"  # ratio of the best opposite price
    CASH = "cash"  # quote currency: needed with fee, and free
    POSITION_VALUE = "position_value"  # quote currency, this order included
    EXPOSURE = "exposure"  # quote currency, this order included
    DAY_LOSS = "day_loss"  # ratio of the loss that is allowed
    HOLDING = "holding"  # units: sold, and free to be sold
    MINIMUM = "minimum"  # quote currency: value at the highest price known, and the least the venue takes


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One figure and its bound: the most that is allowed, for MINIMUM the least; None when nothing bounds it."""

    name: CheckName
    found: Decimal
    bound: Decimal | None


@dataclass(frozen=True, slots=True)
class BarSeen:
    """The last closed bar of the position's strategy; ``close`` in quote currency."""

    opened_at: datetime
    seconds: int
    close: Decimal


@dataclass(frozen=True, slots=True)
class Grounds:
    """The market and the checks when an order was approved. Prices in quote currency, None where there was none.

    ``price`` is the last price, against which the cost of the decision is counted.
    """

    price: Decimal | None = None
    bid: Decimal | None = None
    ask: Decimal | None = None
    book_at: datetime | None = None
    bar: BarSeen | None = None
    checks: tuple[GateCheck, ...] = ()
