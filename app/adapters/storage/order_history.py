"""Orders that can be asked for: by identifier, market, state, time and strategy; and why one of them traded.

Everything is read beside the writer. An order's records are found by walking back from its last one, whose number
stands in its row: no index over the journal is needed, and the walk is as long as the order's life.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Float, Select, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.storage import tables
from app.adapters.storage.books import load_orders, load_positions, rows_with_record
from app.adapters.storage.codec import decode
from app.adapters.storage.database import Database
from app.adapters.storage.types import parse_utc, utc_text
from app.domain.errors import InvalidInputError, StorageError
from app.domain.exit_plan import ExitReason
from app.domain.instruction import ConditionKind, InstructionChanged, InstructionTrigger
from app.domain.messages import ExitTriggered, FillBooked, LiquidationChanged, OrderChanged, PositionChanged, StateEvent
from app.domain.order import TERMINAL_STATES, Fill, Order, OrderState
from app.domain.order_chain import ChainStep, OrderChain, Signal, SignalKind, execution_cost
from app.domain.order_query import WORKING, OrderChoices, OrderPage, OrderQuery
from app.domain.position import Position, PositionState
from app.domain.values import Market, Purpose

#: Journal records looked through at once while walking back.
WINDOW = 20_000
#: Ledger entries of dust that the screen gets.
MOST_DUST = 500
_FIRST = ("intent", "adopted")
_CURSOR_SPLIT = " "
E = TypeVar("E", bound=StateEvent)


class OrderHistory:
    """OrderArchive port. Every method raises StorageError when the database cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, query: OrderQuery) -> OrderPage:
        """One page of orders, newest first by creation.

        Raises:
            InvalidInputError: the query makes no sense; says what of it, and what it may be.
        """
        query.check()
        table = tables.orders
        newest_first = (table.c.created_at.desc(), table.c.order_id.desc())
        picked = select(table.c.order_id).where(*_conditions(query), *_after(query.cursor))
        # Picked first: the records of the journal are joined to one page only, whatever had to be sorted for it.
        picked = picked.order_by(*newest_first).limit(query.limit + 1)
        statement = rows_with_record(table).where(table.c.order_id.in_(picked)).order_by(*newest_first)
        async with self._database.reading() as connection:
            found = await load_orders(connection, statement)
            page = found[: query.limit]
            owners = {order.intent.position_id for order in page}
            positions = await _positions(connection, owners)
        more = len(found) > len(page)
        last = page[-1] if more else None
        cursor = "" if last is None else f"{utc_text(last.created_at)}{_CURSOR_SPLIT}{last.order_id}"
        return OrderPage(tuple(page), tuple(positions), cursor, None if last is None else last.created_at)

    async def choices(self) -> OrderChoices:
        """Markets and strategies that orders were made for."""
        orders, positions = tables.orders, tables.positions
        newest = select(func.max(positions.c.seq)).group_by(positions.c.blueprint_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(select(orders.c.venue, orders.c.symbol).distinct())
            markets = sorted(Market(row.venue, row.symbol) for row in rows)
            named = await load_positions(connection, rows_with_record(positions).where(positions.c.seq.in_(newest)))
        strategies = sorted((one.blueprint.id, one.blueprint.name) for one in named)
        return OrderChoices(tuple(markets), tuple(strategies))

    async def dust(self) -> tuple[Position, ...]:
        """Positions that closed with units too few to be sold: the newest MOST_DUST, newest first."""
        table = tables.positions
        left = (table.c.state == PositionState.CLOSED.value, cast(table.c.quantity, Float) > 0)
        query = rows_with_record(table).where(*left).order_by(table.c.closed_at.desc(), table.c.position_id)
        async with self._database.reading() as connection:
            found = await load_positions(connection, query.limit(MOST_DUST))
        return tuple(position for position in found if position.dust > 0)

    async def why(self, about: str | Fill) -> OrderChain:
        """The chain of an order, by its identifier or one of its fills.

        Raises:
            InvalidInputError: the journal knows no such order, or not this fill of it.
        """
        order_id = about.order_id if isinstance(about, Fill) else about
        async with self._database.reading() as connection:
            seqs = await connection.execute(select(tables.orders.c.seq).where(tables.orders.c.order_id == order_id))
            last = seqs.scalar_one_or_none()
            if last is None:
                raise InvalidInputError(f"the journal knows no order {order_id!r}")
            changes = await _changes(connection, order_id, last)
            order = changes[-1].event.order
            found = await _positions(connection, {order.intent.position_id})
            position = found[0] if found else None
            signal = await _signal(connection, changes[0], position)
            fills = await _fills(connection, order_id)
        steps = sorted([*map(_change_step, changes), *map(_fill_step, fills)], key=lambda step: step.seq)
        chain = OrderChain(order, position, signal, tuple(steps), execution_cost(order))
        if isinstance(about, Fill) and about not in chain.fills:
            raise InvalidInputError(f"the journal knows no fill {about.trade_id!r} of order {order_id!r}")
        return chain


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a subscripted generic with them
class _Record(Generic[E]):
    seq: int
    at: datetime
    event: E


# ---- finding --------------------------------------------------------------------------------------------------------


def _conditions(query: OrderQuery) -> list[ColumnElement[bool]]:
    table, wanted = tables.orders.c, []
    words = query.text.strip()
    if words:
        names = (table.order_id, table.venue_order_id)
        wanted.append(or_(*(name.icontains(words, autoescape=True) for name in names)))
    if query.market is not None:
        wanted += [table.venue == query.market.venue, table.symbol == query.market.symbol]
    if query.state == WORKING:
        wanted.append(table.state.not_in([state.value for state in TERMINAL_STATES]))
    elif query.state:
        wanted.append(table.state == query.state)
    if query.strategy:
        positions = tables.positions.c
        run_by = select(positions.position_id).where(positions.blueprint_id == query.strategy)
        wanted.append(table.position_id.in_(run_by))
    if query.since is not None:
        wanted.append(table.created_at >= query.since)
    if query.until is not None:
        wanted.append(table.created_at < query.until)
    return wanted


def _after(cursor: str) -> list[ColumnElement[bool]]:
    """What comes after the last order of the page before. Raises InvalidInputError for a cursor nobody gave out."""
    if not cursor:
        return []
    moment, _, order_id = cursor.partition(_CURSOR_SPLIT)
    try:
        created_at = parse_utc(moment)
    except StorageError:
        raise InvalidInputError(f"{cursor!r} is no cursor of an earlier page") from None
    table = tables.orders.c
    return [table.created_at <= created_at, or_(table.created_at < created_at, table.order_id < order_id)]


async def _positions(connection: AsyncConnection, position_ids: set[str]) -> list[Position]:
    table = tables.positions
    query = rows_with_record(table).where(table.c.position_id.in_(sorted(position_ids)))
    return await load_positions(connection, query.order_by(table.c.position_id))


# ---- the chain ------------------------------------------------------------------------------------------------------


async def _changes(connection: AsyncConnection, order_id: str, last: int) -> list[_Record[OrderChanged]]:
    """Every record of the order's changes, oldest first. Raises StorageError when there is none."""
    table, upper = tables.journal.c, last
    found: list[_Record[OrderChanged]] = []
    while upper > 0 and not (found and found[-1].event.trigger in _FIRST):
        lower = max(upper - WINDOW, 0)
        query = _records(OrderChanged, "order", "order_id", order_id).where(table.seq > lower, table.seq <= upper)
        found += await _read(connection, OrderChanged, query.order_by(table.seq.desc()))
        upper = lower
    if not found:
        raise StorageError(f"table orders points to journal record {last}, which is not about order {order_id}")
    return found[::-1]


async def _fills(connection: AsyncConnection, order_id: str) -> list[_Record[FillBooked]]:
    of_order = select(tables.fills.c.seq).where(tables.fills.c.order_id == order_id)
    return await _read(connection, FillBooked, _records(FillBooked).where(tables.journal.c.seq.in_(of_order)))


async def _signal(connection: AsyncConnection, first: _Record[OrderChanged], position: Position | None) -> Signal:
    """What led to the order whose first record is ``first``."""
    order, intent = first.event.order, first.event.order.intent
    if first.event.trigger == "adopted":
        return Signal(SignalKind.RECOVERED, first.seq, order.created_at, intent.reason)
    if intent.instruction_id:
        return await _instruction_signal(connection, first)
    if intent.purpose is not Purpose.ENTRY:
        return await _exit_signal(connection, first)
    rule = position.blueprint.entry_when if position is not None else ""
    return Signal(SignalKind.STRATEGY, first.seq, order.created_at, intent.reason, _price(order), rule)


async def _instruction_signal(connection: AsyncConnection, first: _Record[OrderChanged]) -> Signal:
    """The moment at which the instruction fired; a person's order that need not wait fires at once."""
    order, intent, table = first.event.order, first.event.order.intent, tables.journal.c
    fired = table.payload.contains(f'"trigger":"{InstructionTrigger.FIRED}"', autoescape=True)
    query = _records(InstructionChanged, "instruction", "instruction_id", intent.instruction_id).where(fired)
    records = await _read(connection, InstructionChanged, _last_before(query, first.seq))
    if not records:
        return Signal(SignalKind.INSTRUCTION, first.seq, first.at, intent.reason, _price(order))
    instruction = records[0].event.instruction
    return Signal(
        kind=SignalKind.BY_HAND if instruction.condition.kind is ConditionKind.NOW else SignalKind.INSTRUCTION,
        seq=records[0].seq,
        at=records[0].at,
        reason=intent.reason,
        price=_price(order),
        rule=instruction.condition.rule,
        level=instruction.stop_price,
        instruction=instruction,
    )


async def _exit_signal(connection: AsyncConnection, first: _Record[OrderChanged]) -> Signal:
    """The exit that owned the position when the order was made; an emergency run with the time of the press."""
    intent = first.event.order.intent
    reason = next((reason for reason in ExitReason if reason == intent.reason), ExitReason.USER)
    emergency = intent.purpose is Purpose.LIQUIDATION or reason is ExitReason.EMERGENCY
    events = tables.events.c
    named = f"exit.{ExitReason.EMERGENCY if emergency else reason}"
    seqs = select(events.seq).where(events.seq < first.seq, events.position_id == intent.position_id)
    last = seqs.where(events.title == named).order_by(events.seq.desc()).limit(1)
    triggered = await _read(connection, ExitTriggered, _records(ExitTriggered).where(tables.journal.c.seq.in_(last)))
    price, at, seq = _price(first.event.order), first.at, first.seq
    if triggered:
        price, at, seq = triggered[0].event.price or None, triggered[0].at, triggered[0].seq
    if emergency:
        pressed = _last_before(_records(LiquidationChanged), first.seq)
        for record in await _read(connection, LiquidationChanged, pressed):
            run = record.event.run
            return Signal(SignalKind.EMERGENCY, seq, run.started_at, reason, price, run_id=run.run_id)
        return Signal(SignalKind.EMERGENCY, seq, at, reason, price)
    before = await _position_at(connection, intent.position_id, seq)
    return Signal(_exit_kind(reason), seq, at, reason, price, _exit_rule(reason, before), _level(reason, before))


async def _position_at(connection: AsyncConnection, position_id: str, seq: int) -> Position | None:
    """The position as it was written last before record ``seq``."""
    query = _last_before(_records(PositionChanged, "position", "position_id", position_id), seq)
    found = await _read(connection, PositionChanged, query)
    return found[0].event.position if found else None


def _price(order: Order) -> Decimal | None:
    return None if order.grounds is None else order.grounds.price


def _exit_kind(reason: ExitReason) -> SignalKind:
    named = {
        ExitReason.STRATEGY: SignalKind.STRATEGY,
        ExitReason.USER: SignalKind.BY_HAND,
        ExitReason.RECOVERED: SignalKind.RECOVERED,
    }
    return named.get(reason, SignalKind.PROTECTION)


def _exit_rule(reason: ExitReason, position: Position | None) -> str:
    return (position.blueprint.exit_when or "") if position is not None and reason is ExitReason.STRATEGY else ""


def _level(reason: ExitReason, position: Position | None) -> Decimal | None:
    plan = position.exit_plan if position is not None else None
    if plan is None:
        return None
    levels = {
        ExitReason.STOP_LOSS: plan.stop_price,
        ExitReason.TRAILING_STOP: plan.trail_price,
        ExitReason.TAKE_PROFIT: plan.target_price,
    }
    return levels.get(reason)


def _change_step(record: _Record[OrderChanged]) -> ChainStep:
    order = record.event.order
    venue_id = order.venue_order_id or ""
    return ChainStep(record.seq, record.at, record.event.trigger, order.state, venue_id, order.note)


def _fill_step(record: _Record[FillBooked]) -> ChainStep:
    return ChainStep(record.seq, record.at, "fill", OrderState.FILLED, fill=record.event.fill)


def _records(kind: type[StateEvent], thing: str = "", key: str = "", value: str = "") -> Select[Any]:
    """Journal records of one kind; with a ``key`` those whose ``thing`` has this ``value``, its first field."""
    table = tables.journal.c
    query = select(table.seq, table.happened_at, table.kind, table.payload).where(table.kind == kind.__name__)
    if not key:
        return query
    begins = f'{{"{thing}":{{"{key}":{msgspec.json.encode(value).decode()},'
    return query.where(table.payload.startswith(begins, autoescape=True))


def _last_before(query: Select[Any], seq: int) -> Select[Any]:
    return query.where(tables.journal.c.seq < seq).order_by(tables.journal.c.seq.desc()).limit(1)


async def _read(connection: AsyncConnection, kind: type[E], query: Select[Any]) -> list[_Record[E]]:
    rows = (await connection.execute(query)).all()
    events = ((row, decode(row.kind, row.payload, row.seq)) for row in rows)
    return [_Record(row.seq, row.happened_at, event) for row, event in events if isinstance(event, kind)]
