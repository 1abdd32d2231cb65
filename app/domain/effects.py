"""What the deciders ask the outside to do. The core returns them; TradingEngine carries them out, in order."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.order import Order
from app.domain.values import Market, Priority


@dataclass(frozen=True, slots=True)
class ApprovedOrder:
    """An order the RiskGate let through. Only app.engine.risk_gate makes one, and only this type can be submitted."""

    order: Order
    priority: Priority


@dataclass(frozen=True, slots=True)
class SubmitOrder:
    """Write the order down, then send it."""

    approved: ApprovedOrder


@dataclass(frozen=True, slots=True)
class SendCancel:
    """Ask the venue to cancel the order with this identifier."""

    market: Market
    order_id: str
    venue_order_id: str | None
    priority: Priority


@dataclass(frozen=True, slots=True)
class LookUpOrder:
    """Ask the venue what became of the order."""

    market: Market
    order_id: str
    venue_order_id: str | None
    priority: Priority


@dataclass(frozen=True, slots=True)
class ReadAccount:
    """Read balances and open orders to the last page, and with ``ended_since`` the orders that ended since then."""

    venue: str
    ended_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoadCandles:
    """Load the history a strategy needs."""

    market: Market
    seconds: int
    count: int


@dataclass(frozen=True, slots=True)
class CheckVenue:
    """Ask the venue something cheap: does it answer, how fast, and what time does it have?"""

    venue: str


@dataclass(frozen=True, slots=True)
class LoadBook:
    """Ask for the order book by REST, because the stream says nothing about the market."""

    market: Market


Effect = SubmitOrder | SendCancel | LookUpOrder | ReadAccount | LoadCandles | CheckVenue | LoadBook

#: The same types as a tuple, for isinstance.
EFFECTS = (SubmitOrder, SendCancel, LookUpOrder, ReadAccount, LoadCandles, CheckVenue, LoadBook)
