"""Hand-written stand-ins for the async shell: a venue, a journal with a gate, a clock that stands still."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.domain.breaker import CallBudget, CallGroup
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.errors import StorageError, VenueError
from app.domain.market_data import Book, Candle
from app.domain.messages import StateEvent
from app.domain.order import Order
from app.domain.values import Market, Priority, Side
from app.domain.venue_health import VenueReply
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedState
from tests.unit.engine.playbook import START, VENUE


@dataclass
class StillClock:
    """Time moves when the test says so."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class GatedJournal:
    """Takes everything; what is written survives only once the gate is open, and nothing once it is broken."""

    events: list[StateEvent] = field(default_factory=list)
    broken: bool = False
    waits: int = 0

    def __post_init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        if self.broken:
            raise StorageError("disk full")
        self.events.append(event)

    async def durable(self) -> None:
        self.waits += 1
        await self.gate.wait()
        if self.broken:
            raise StorageError("disk full")


@dataclass
class FakeVenue:
    """Does what the test wants and remembers every call in order. ``slow`` holds back the calls it names."""

    venue: str = VENUE
    calls: list[tuple[str, str]] = field(default_factory=list)
    trouble: dict[str, VenueError | Exception] = field(default_factory=dict)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    seen: Callable[[str], None] = lambda call: None
    slot_s: dict[Priority, float] = field(default_factory=dict)

    async def _call(self, name: str, what: str) -> None:
        self.calls.append((name, what))
        self.seen(name)
        if what in self.slow or name in self.slow:
            await (self.slow.get(what) or self.slow[name]).wait()
        error = self.trouble.get(name)
        if error is not None:
            raise error

    def called(self, name: str) -> list[str]:
        return [what for call, what in self.calls if call == name]

    def _report(self, order_id: str, order: Order | None = None) -> OrderReport:
        market = order.intent.market if order else Market(VENUE, "KRW-XRP")
        side = order.intent.side if order else Side.BUY
        zero = Decimal(0)
        return OrderReport(order_id, f"venue-{order_id}", market, side, ReportedState.OPEN, zero, zero, START)

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        self.last_look = last_look
        await self._call("place", order.order_id)
        return self._report(order.order_id, order)

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        await self._call("cancel", order_id)

    async def cancel_all(self, markets: Sequence[Market]) -> int:
        await self._call("cancel_all", ",".join(map(str, markets)))
        return 0

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        await self._call("look_up", order_id)
        return self._report(order_id)

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        await self._call("account", "")
        cash = Balance("KRW", Decimal(50_000_000), Decimal(0))
        return AccountSnapshot(VENUE, (cash,), (), START, START)

    async def list_markets(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        await self._call("markets", "")
        return (), ()

    async def load_candles(self, market: Market, seconds: int, count: int) -> tuple[Candle, ...]:
        await self._call("candles", f"{market} {seconds} {count}")
        return ()

    async def load_book(self, market: Market) -> Book:
        await self._call("book", str(market))
        return Book(market, (), (), START, START)

    async def check(self) -> VenueReply:
        await self._call("check", "")
        return VenueReply(START, START, START)

    def next_slot_s(self, priority: Priority) -> float:
        return self.slot_s.get(priority, 0.0)

    def budgets(self) -> tuple[CallBudget, ...]:
        return (CallBudget(CallGroup.ORDER, 12, 1.0), CallBudget(CallGroup.CANCEL, 30, 1.0))

    async def close(self) -> None:
        await self._call("close", "")


async def settle(turns: int = 30) -> None:
    """Let every task run until it waits for something outside."""
    for _ in range(turns):
        await asyncio.sleep(0)
