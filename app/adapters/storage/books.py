"""Orders, fills and positions as they are now: found through a projection, read from the journal record behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.storage import tables
from app.adapters.storage.codec import decode
from app.adapters.storage.prepared import Row
from app.adapters.storage.projections import fill_row, order_row, position_row
from app.domain.business_day import business_day_start, business_month_start
from app.domain.errors import StorageError
from app.domain.limits import DayUse
from app.domain.messages import FillBooked, OrderChanged, PositionChanged, StateEvent
from app.domain.money import MONEY_CONTEXT
from app.domain.order import TERMINAL_STATES, Fill, Order
from app.domain.position import Position, PositionState
from app.domain.values import Purpose

_KIND, _PAYLOAD = "_kind", "_payload"
#: Keys in one query.
BATCH = 500


def rows_with_record(table: Table) -> Select[Any]:
    """Query over the projection ``table`` together with the journal record each row was made from."""
    record = tables.journal
    return select(table, record.c.kind.label(_KIND), record.c.payload.label(_PAYLOAD)).join_from(
        table, record, record.c.seq == table.c.seq, isouter=True
    )


async def load_orders(connection: AsyncConnection, query: Select[Any]) -> list[Order]:
    """Orders of a ``rows_with_record(tables.orders)`` query. Raises StorageError when row and record disagree."""
    found: list[Order] = []
    for row in await _fetch(connection, query):
        event = _event_of(row)
        if not isinstance(event, OrderChanged):
            raise _disagreement("orders", row)
        _must_agree("orders", row, order_row(row["seq"], event.order))
        found.append(event.order)
    return found


async def load_fills(connection: AsyncConnection, query: Select[Any]) -> list[Fill]:
    """Fills of a ``rows_with_record(tables.fills)`` query. Raises StorageError when row and record disagree."""
    found: list[Fill] = []
    for row in await _fetch(connection, query):
        event = _event_of(row)
        if not isinstance(event, FillBooked):
            raise _disagreement("fills", row)
        _must_agree("fills", row, fill_row(row["seq"], event.fill, event.position_id))
        found.append(event.fill)
    return found


async def load_positions(connection: AsyncConnection, query: Select[Any]) -> list[Position]:
    """Positions of a ``rows_with_record(tables.positions)`` query. Raises StorageError when row and record disagree."""
    found: list[Position] = []
    for row in await _fetch(connection, query):
        event = _event_of(row)
        if not isinstance(event, PositionChanged):
            raise _disagreement("positions", row)
        _must_agree("positions", row, position_row(row["seq"], event.position))
        found.append(event.position)
    return found


async def _fetch(connection: AsyncConnection, query: Select[Any]) -> Sequence[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _event_of(row: dict[str, Any]) -> StateEvent:
    if row[_KIND] is None or row[_PAYLOAD] is None:
        raise StorageError(f"journal record {row['seq']} is missing, but a table still points to it")
    return decode(row[_KIND], row[_PAYLOAD], row["seq"])


def _must_agree(table: str, row: dict[str, Any], expected: Row) -> None:
    if any(row[name] != value for name, value in expected.items()):
        raise _disagreement(table, row)


def _disagreement(table: str, row: dict[str, Any]) -> StorageError:
    return StorageError(
        f"table {table} disagrees with journal record {row['seq']}: the file is damaged; keep it and use a backup"
    )


async def earlier_uses(
    connection: AsyncConnection, orders: list[Order], positions: list[Position], kept_since: datetime, now: datetime
) -> tuple[DayUse, ...]:
    """What orders and positions that are not handed back did this month, per business day, oldest first.

    A position counts for the day on which it was closed.
    """
    start = business_month_start(now)
    days: dict[datetime, DayUse] = {}
    handed_back = {order.order_id for order in orders}
    table = tables.orders
    query = rows_with_record(table).where(
        table.c.purpose == str(Purpose.ENTRY), table.c.created_at >= start, table.c.created_at < kept_since
    )
    for order in await load_orders(connection, query.order_by(table.c.created_at)):
        if order.order_id not in handed_back and order.filled_volume:
            known = days.setdefault(day := business_day_start(order.created_at), DayUse(day))
            value = MONEY_CONTEXT.add(known.value, order.filled_funds)
            days[day] = replace(known, entries=known.entries + 1, value=value)
    handed_back = {position.position_id for position in positions}
    table = tables.positions
    query = rows_with_record(table).where(table.c.state == str(PositionState.CLOSED), table.c.closed_at >= start)
    for position in await load_positions(connection, query.order_by(table.c.closed_at)):
        if position.position_id not in handed_back and position.closed_at is not None:
            known = days.setdefault(day := business_day_start(position.closed_at), DayUse(day))
            days[day] = replace(known, realised=MONEY_CONTEXT.add(known.realised, position.realised))
    return tuple(days[day] for day in sorted(days))


@dataclass(frozen=True, slots=True)
class KnownBooks:
    """What a run goes on from: orders since some time, what still works or is held, and uses of the limits before."""

    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    earlier: tuple[DayUse, ...]


async def load_known(connection: AsyncConnection, since: datetime, now: datetime) -> KnownBooks:
    """Raises StorageError when a row and its record disagree."""
    positions = await _positions_to_know(connection, since)
    orders = await _orders_to_know(connection, positions, since)
    fills = await _fills_of(connection, orders, positions)
    earlier = await earlier_uses(connection, orders, positions, since, now)
    return KnownBooks(tuple(positions), tuple(orders), tuple(fills), earlier)


async def _positions_to_know(connection: AsyncConnection, since: datetime) -> list[Position]:
    """Live positions, and the closed ones whose orders are still known: a late fill must find its position."""
    table, orders = tables.positions, tables.orders
    owners = select(orders.c.position_id).where(orders.c.created_at >= since)
    live = table.c.state != str(PositionState.CLOSED)
    query = rows_with_record(table).where(or_(live, table.c.position_id.in_(owners)))
    return await load_positions(connection, query.order_by(table.c.created_at, table.c.position_id))


async def _orders_to_know(connection: AsyncConnection, positions: list[Position], since: datetime) -> list[Order]:
    table = tables.orders
    wanted = or_(
        table.c.state.not_in([str(state) for state in TERMINAL_STATES]),
        table.c.created_at >= since,
        table.c.position_id.in_([position.position_id for position in positions]),
    )
    query = rows_with_record(table).where(wanted).order_by(table.c.created_at, table.c.order_id)
    return await load_orders(connection, query)


async def _fills_of(connection: AsyncConnection, orders: list[Order], positions: list[Position]) -> list[Fill]:
    """Fills of the loaded orders and of the live positions, in journal order."""
    table = tables.fills
    found: dict[tuple[str, str], Fill] = {}
    order_ids = [order.order_id for order in orders]
    for start in range(0, len(order_ids), BATCH):
        query = rows_with_record(table).where(table.c.order_id.in_(order_ids[start : start + BATCH]))
        for fill in await load_fills(connection, query.order_by(table.c.seq)):
            found[(fill.order_id, fill.trade_id)] = fill
    position_ids = [position.position_id for position in positions]
    query = rows_with_record(table).where(table.c.position_id.in_(position_ids))
    for fill in await load_fills(connection, query.order_by(table.c.seq)):
        found[(fill.order_id, fill.trade_id)] = fill
    return sorted(found.values(), key=lambda fill: (fill.traded_at, fill.order_id, fill.trade_id))
