"""An order history for made-up days: it answers at once, from a list, as the real one would."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from app.domain.errors import InvalidInputError, StorageError
from app.domain.grounds import BarSeen, CheckName, GateCheck, Grounds
from app.domain.order import Fill, Order, OrderState
from app.domain.order_chain import ChainStep, OrderChain, Signal, SignalKind, execution_cost
from app.domain.order_query import OrderChoices, OrderPage, OrderQuery
from app.domain.position import Position
from app.domain.slippage import ImpactClass, SlippageEstimate

D = Decimal


def run_now(coro: Coroutine[object, object, None], name: str) -> None:
    """A task that never waits, run to its end."""
    try:
        coro.send(None)
    except StopIteration:
        return
    raise AssertionError(f"{name} waits for something")


@dataclass
class StoryArchive:
    """OrderArchive port; ``broken`` are the words of a database that cannot be read. ``asked`` are all queries."""

    orders: list[Order] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    chains: dict[str, OrderChain] = field(default_factory=dict)
    asked: list[OrderQuery] = field(default_factory=list)
    broken: str = ""

    async def find(self, query: OrderQuery) -> OrderPage:
        self._check()
        self.asked.append(query)
        query.check()
        strategies = {position.position_id: position.blueprint.id for position in self.positions}
        newest = sorted(self.orders, key=lambda order: (order.created_at, order.order_id), reverse=True)
        wanted = [order for order in newest if query.matches(order, strategies.get(order.intent.position_id, ""))]
        first = int(query.cursor or 0)
        page = wanted[first : first + query.limit]
        more = len(wanted) > first + len(page)
        owners = {order.intent.position_id for order in page}
        positions = tuple(position for position in self.positions if position.position_id in owners)
        cursor, reaches = (str(first + len(page)), page[-1].created_at) if more else ("", None)
        return OrderPage(tuple(page), positions, cursor, reaches)

    async def dust(self) -> tuple[Position, ...]:
        self._check()
        return tuple(position for position in self.positions if position.dust > 0)

    async def choices(self) -> OrderChoices:
        self._check()
        markets = tuple(sorted({order.intent.market for order in self.orders}))
        strategies = {position.blueprint.id: position.blueprint.name for position in self.positions}
        return OrderChoices(markets, tuple(sorted(strategies.items())))

    async def why(self, about: str | Fill) -> OrderChain:
        self._check()
        order_id = about.order_id if isinstance(about, Fill) else about
        if order_id not in self.chains:
            raise InvalidInputError(f"the journal knows no order {order_id!r}")
        return self.chains[order_id]

    def _check(self) -> None:
        if self.broken:
            raise StorageError(self.broken)


def chain_of(order: Order, position: Position | None, kind: SignalKind = SignalKind.STRATEGY) -> OrderChain:
    """A whole chain: decided, sent, acknowledged, filled in two parts, with a price a little worse than expected."""
    at, market, side = order.created_at, order.intent.market, order.intent.side
    last = order.intent.price or D(100_000)
    walk = SlippageEstimate(
        side, D("0.02"), D("0.02") * last, last, last - 500, last + 1000, D(1), D("0.034"), ImpactClass.LOW
    )
    checks = (
        GateCheck(CheckName.BOOK_AGE, D("0.014"), D(5)),
        GateCheck(CheckName.SPREAD, D("0.0000063"), D("0.005")),
        GateCheck(CheckName.CASH, D(3_001_500), D(48_216_540)),
        GateCheck(CheckName.POSITION_VALUE, D(3_000_000), D(10_000_000)),
        GateCheck(CheckName.EXPOSURE, D(13_700_000), D(38_573_232)),
        GateCheck(CheckName.DAY_LOSS, D("0.04"), D(1)),
        GateCheck(CheckName.SLIPPAGE, D("0.0000031"), D("0.005")),
    )
    bar = BarSeen(at.replace(second=0, microsecond=0) - timedelta(minutes=1), 60, last - 2000)
    fills = tuple(
        Fill(order.order_id, f"t-{n}", market, side, last + n * 1000, D("0.01"), D("795.06"), at + timedelta(seconds=1))
        for n in range(2)
    )
    done = replace(
        order, state=OrderState.FILLED, estimate=walk, grounds=Grounds(last, last - 1000, last, at, bar, checks),
        venue_order_id="9b3f6a3e-7d1c-4f5e-9f59-2f2d6a1c8e11", filled_volume=D("0.02"),
        filled_funds=sum((fill.funds for fill in fills), D(0)), paid_fee=D("1590.12"),
    )  # fmt: skip
    steps = [ChainStep(1842, at, "intent", OrderState.INTENT)]
    told = (("sending", 4, ""), ("accepted", 36, done.venue_order_id or ""), ("all_filled", 51, ""))
    states = (OrderState.SENT, OrderState.OPEN, OrderState.FILLED)
    for number, ((trigger, ms, venue_id), state) in enumerate(zip(told, states, strict=True)):
        steps.append(ChainStep(1843 + number, at + timedelta(milliseconds=ms), trigger, state, venue_id))
    for number, fill in enumerate(fills):
        booked = at + timedelta(milliseconds=51)
        steps.append(ChainStep(1846 + number, booked, "fill", OrderState.FILLED, fill=fill))
    rule = "close > highest(20) and rsi(14) < 70" if kind is SignalKind.STRATEGY else ""
    return OrderChain(
        done, position, Signal(kind, 1842, at, "entry signal", last, rule), tuple(steps), execution_cost(done)
    )
