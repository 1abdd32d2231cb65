"""What a venue says about our account, in our words. Adapters translate; nothing here trusts a status word alone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.money import ZERO
from app.domain.values import Market, Side


class ReportedState(StrEnum):
    """The venue's word for an order: still there, or ended (completely filled or not)."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ReportedFill:
    """One execution in a report. ``fee`` (quote currency) is None where the venue gives only a total per order."""

    trade_id: str
    price: Decimal
    volume: Decimal
    traded_at: datetime
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """State of one order at the venue. ``fills`` may be incomplete unless ``fills_complete``.

    ``executed_volume`` is cumulative and the truth about how much was filled: an Upbit market buy ends as "cancel".
    """

    order_id: str | None
    venue_order_id: str
    market: Market
    side: Side
    state: ReportedState
    executed_volume: Decimal
    paid_fee: Decimal
    reported_at: datetime
    remaining_volume: Decimal | None = None
    fills: tuple[ReportedFill, ...] = ()
    fills_complete: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """One asset in its own units; ``free`` excludes ``locked``. ``average_price`` is the venue's own figure."""

    asset: str
    free: Decimal
    locked: Decimal
    average_price: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Everything owned: free and locked."""
        return self.free + self.locked


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """One consistent REST reading: all balances and all open orders of the account, read to the last page.

    ``ended_orders`` were created at or after ``ended_since`` and have ended; not read (None) unless asked for.
    """

    venue: str
    balances: tuple[Balance, ...]
    open_orders: tuple[OrderReport, ...]
    started_at: datetime
    finished_at: datetime
    ended_orders: tuple[OrderReport, ...] = ()
    ended_since: datetime | None = None
