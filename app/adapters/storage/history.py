"""What the screen reads of the past. Every query is bounded and runs beside the writer (WAL), never through it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.adapters.storage import tables
from app.adapters.storage.books import load_fills, load_orders, load_positions, rows_with_record
from app.adapters.storage.database import Database
from app.adapters.storage.projections import INSTALL_KEY
from app.adapters.storage.timeline import Category
from app.domain.errors import StorageError
from app.domain.order import Fill, Order
from app.domain.position import Position, PositionState
from app.domain.values import Market


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One line of the timeline. ``title`` is a key of the translations, ``seq`` its journal record."""

    seq: int
    happened_at: datetime
    category: Category
    market: Market | None
    position_id: str | None
    title: str
    detail: str
    critical: bool


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Account at one moment, in quote currency."""

    marked_at: datetime
    equity: Decimal
    cash: Decimal
    unrealised: Decimal
    day_profit: Decimal


class History:
    """Read side of the database. Every method raises StorageError when the database cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def install(self) -> str | None:
        """Id of this installation; None before the first recovery."""
        query = select(tables.state.c.value).where(tables.state.c.key == INSTALL_KEY)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def last_events(self, limit: int = 200, category: Category | None = None) -> tuple[PastEvent, ...]:
        """Last ``limit`` timeline lines, oldest first."""
        table = tables.events
        query = select(table).order_by(table.c.seq.desc()).limit(limit)
        if category is not None:
            query = query.where(table.c.category == str(category))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            PastEvent(
                seq=row.seq,
                happened_at=row.happened_at,
                category=_category(row.category),
                market=None if row.symbol is None else Market(row.venue, row.symbol),
                position_id=row.position_id,
                title=row.title,
                detail=row.detail,
                critical=bool(row.critical),
            )
            for row in reversed(rows)
        )

    async def last_orders(self, limit: int = 200) -> tuple[Order, ...]:
        """Last ``limit`` orders by creation, newest first."""
        table = tables.orders
        query = rows_with_record(table).order_by(table.c.created_at.desc(), table.c.order_id.desc()).limit(limit)
        async with self._database.reading() as connection:
            return tuple(await load_orders(connection, query))

    async def last_fills(self, limit: int = 200, position_id: str | None = None) -> tuple[Fill, ...]:
        """Last ``limit`` fills by time at the venue, newest first; of one position when given."""
        table = tables.fills
        query = rows_with_record(table).order_by(table.c.traded_at.desc(), table.c.seq.desc()).limit(limit)
        if position_id is not None:
            query = query.where(table.c.position_id == position_id)
        async with self._database.reading() as connection:
            return tuple(await load_fills(connection, query))

    async def closed_positions(self, limit: int = 200) -> tuple[Position, ...]:
        """Last ``limit`` closed positions, newest first."""
        table = tables.positions
        query = rows_with_record(table).where(table.c.state == str(PositionState.CLOSED))
        query = query.order_by(table.c.closed_at.desc(), table.c.seq.desc()).limit(limit)
        async with self._database.reading() as connection:
            return tuple(await load_positions(connection, query))

    async def equity_curve(self, since: datetime, limit: int = 10_000) -> tuple[EquityPoint, ...]:
        """Equity samples from ``since`` on, oldest first; the newest ``limit`` of them."""
        table = tables.equity
        query = select(table).where(table.c.marked_at >= since).order_by(table.c.marked_at.desc()).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            EquityPoint(row.marked_at, row.equity, row.cash, row.unrealised, row.day_profit) for row in reversed(rows)
        )


def _category(text: str) -> Category:
    try:
        return Category(text)
    except ValueError:
        raise StorageError(f"stored category {text!r} is damaged") from None
