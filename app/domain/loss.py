"""The loss limits that liquidate: what they count from, what a person must acknowledge, and the messages about them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.limits import LimitUse

#: Reason of a LossBookChanged with which a person ended the latch; what the person said follows.
ACKNOWLEDGED = "acknowledged"


class LossLimit(StrEnum):
    """Why entries wait for a person: a limit that was reached, or the guard itself failed."""

    DAILY = "daily"
    TOTAL = "total"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class LossBook:
    """What the losses count from, in quote currency. All that is needed to count on after a restart.

    Profit is that of the program alone, realised and open, so that money which comes or goes is never a loss.
    ``capital`` is what the account is worth without it. A loss of the day counts from the profit at the begin of the
    business day ``day``, the total one from the highest profit with which a day began. ``realised`` sums up every sale.
    """

    day: datetime
    capital: Decimal
    realised: Decimal
    day_from: Decimal
    total_from: Decimal
    latched: tuple[LossLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class LossBookChanged:
    """The book in its new state; ``reason`` is plain English for the log."""

    book: LossBook
    reason: str


@dataclass(frozen=True, slots=True)
class LossMarked:
    """How much of both limits is used, about once a second. ``unknown`` says why it cannot be computed; empty if it
    can. While ``latched`` is not empty no entry leaves until a person acknowledges."""

    day: LimitUse
    total: LimitUse
    latched: tuple[LossLimit, ...]
    unknown: str
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class AcknowledgeLoss:
    """A person has seen the loss: the latch ends, and both limits count from now on. ``reason`` is for the journal."""

    reason: str
