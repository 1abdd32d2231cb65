"""A venue that is read and never written to: what would have been sent is refused here, and no byte of it leaves."""

from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.breaker import CallBudget
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.dead_letter import DRY_RUN
from app.domain.errors import VenueNotFoundError, VenueRefusedError, VenueUnavailableError
from app.domain.market_data import Book, Candle
from app.domain.order import Order
from app.domain.ports import VenueClient
from app.domain.values import Market, Priority
from app.domain.venue_health import VenueReply
from app.domain.venue_reports import AccountSnapshot, OrderReport


class DryRunVenue:
    """VenueClient whose reads are those of ``real``. It holds no way to place or cancel: ``real`` is asked to read."""

    def __init__(self, real: VenueClient) -> None:
        self.venue = real.venue
        self._real = real

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        """Never places.

        Raises:
            VenueUnavailableError: the last look says that it would not have left.
            VenueRefusedError: it would have been sent.
        """
        reason = last_look() if last_look is not None else None
        if reason is not None:
            raise VenueUnavailableError("withdrawn", reason)
        raise VenueRefusedError(DRY_RUN, "not sent, this is a dry run")

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        """Nothing works, so nothing can be cancelled. Raises VenueNotFoundError."""
        raise VenueNotFoundError(DRY_RUN, f"{order_id} was never sent")

    async def cancel_all(self, markets: Sequence[Market]) -> int:
        """Nothing works: 0."""
        return 0

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        """As the venue says."""
        return await self._real.look_up_order(order_id, venue_order_id, priority)

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        """As the venue says."""
        return await self._real.read_account(ended_since)

    async def list_markets(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        """As the venue says."""
        return await self._real.list_markets()

    async def load_candles(self, market: Market, seconds: int, count: int) -> tuple[Candle, ...]:
        """As the venue says."""
        return await self._real.load_candles(market, seconds, count)

    async def load_book(self, market: Market) -> Book:
        """As the venue says."""
        return await self._real.load_book(market)

    async def check(self) -> VenueReply:
        """As the venue says."""
        return await self._real.check()

    def next_slot_s(self, priority: Priority) -> float:
        """As the venue's rate limit says."""
        return self._real.next_slot_s(priority)

    def budgets(self) -> tuple[CallBudget, ...]:
        """As the venue's rate limit says."""
        return self._real.budgets()

    async def close(self) -> None:
        """Close the connections."""
        await self._real.close()
