"""How much of the limits is used: every entry counts from its approval until it is proven that it did not happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.business_day import business_day_start
from app.domain.limits import DayUse
from app.domain.money import MONEY_CONTEXT, ZERO, total
from app.domain.order import Order, OrderIntent
from app.domain.values import Market, OrderType, Purpose

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one entry uses: 1 and its money, or 0 and nothing once it ended without a fill."""

    left: datetime
    number: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Departure:
    market: Market
    at: datetime


class LimitLedger:
    """Entries per business day, and when each of the last ones left. A restart gives no new allowance."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        # Sums per business day (its start): every entry is checked against the whole month.
        self._days: dict[datetime, tuple[int, Decimal]] = {}
        #: When each entry left; one that has not left yet stands with its decision.
        self._departures: dict[str, _Departure] = {}

    def take(self, order: Order) -> None:
        """The newest version of an order: whatever may still be filled counts in full, what has ended as filled."""
        if order.intent.purpose is not Purpose.ENTRY:
            return
        known = self._entries.get(order.order_id)
        if known is None:
            self._departures[order.order_id] = _Departure(order.intent.market, order.created_at)
        self._book(order, order.created_at if known is None else known.left)

    def leaving(self, order: Order, now: datetime) -> None:
        """The bytes of an entry are about to leave: from now on it counts for this moment's business day."""
        self._departures.pop(order.order_id, None)
        self._departures[order.order_id] = _Departure(order.intent.market, now)
        self._book(order, now)

    def restore(self, orders: Iterable[Order], earlier: Iterable[DayUse], longest: timedelta, now: datetime) -> None:
        """Take over earlier runs: ``orders`` known one by one, ``earlier`` what is known per day beyond them.

        An entry left at most ``longest`` after its decision. Pauses are counted as if no time had passed since the
        last departure: the clock may have been set meanwhile.
        """
        for day in earlier:
            self._add(day.day, day.entries, day.value)
        left: dict[str, datetime] = {}
        markets: dict[str, Market] = {}
        for order in orders:
            if order.intent.purpose is Purpose.ENTRY:
                left[order.order_id] = min(order.updated_at, order.created_at + longest)
                markets[order.order_id] = order.intent.market
                self._book(order, left[order.order_id])
        last = max(left.values(), default=now)
        oldest_first = sorted(left, key=lambda order_id: (left[order_id], order_id))
        self._departures = {oid: _Departure(markets[oid], now - (last - left[oid])) for oid in oldest_first}

    def since(self, start: datetime, but: str | None = None) -> tuple[int, Decimal]:
        """Entries since the business day that begins at ``start``, and their money; without the order ``but``."""
        days = [use for day, use in self._days.items() if day >= start]
        number, value = sum(use[0] for use in days), total(use[1] for use in days)
        own = self._entries.get(but) if but is not None else None
        if own is not None and own.left >= start:
            return number - own.number, MONEY_CONTEXT.subtract(value, own.value)
        return number, value

    def last_minute(self, now: datetime, but: str | None = None) -> int:
        """Entries that left within the last minute, or have not left yet; without the order ``but``."""
        return sum(1 for oid, departure in self._departures.items() if oid != but and now - departure.at <= MINUTE)

    def last_in(self, market: Market, but: str | None = None) -> datetime | None:
        """When the last entry left in a market, that of the order ``but`` aside; None when none is known."""
        return max((d.at for oid, d in self._departures.items() if oid != but and d.market == market), default=None)

    def forget(self, before: datetime) -> None:
        """Departures before this moment matter to no limit any more."""
        self._departures = {oid: departure for oid, departure in self._departures.items() if departure.at >= before}

    # ---- inside -------------------------------------------------------------------------------------------------

    def _book(self, order: Order, left: datetime) -> None:
        before = self._entries.get(order.order_id)
        if before is not None:
            self._add(before.left, -before.number, -before.value)
        if order.is_working:
            entry = _Entry(left, 1, max(buy_funds(order.intent), order.filled_funds))
        else:
            entry = _Entry(left, 1 if order.filled_volume else 0, order.filled_funds)
        self._entries[order.order_id] = entry
        self._add(left, entry.number, entry.value)

    def _add(self, at: datetime, number: int, value: Decimal) -> None:
        day = business_day_start(at)
        before = self._days.get(day, (0, ZERO))
        self._days[day] = (before[0] + number, MONEY_CONTEXT.add(before[1], value))


def buy_funds(intent: OrderIntent) -> Decimal:
    """Money an entry wants to buy for, fee not included; 0 where it does not say."""
    if intent.order_type is OrderType.LIMIT:
        return MONEY_CONTEXT.multiply(intent.price or ZERO, intent.volume or ZERO)
    return intent.funds or ZERO
