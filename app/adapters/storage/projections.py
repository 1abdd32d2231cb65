"""From events to rows: what one journal record changes in the tables the screen and the recovery search in."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.adapters.storage import tables
from app.adapters.storage.prepared import Row
from app.adapters.storage.timeline import timeline_entry
from app.domain.messages import (
    EngineStarted,
    EngineStopped,
    FillBooked,
    OrderChanged,
    PositionChanged,
    StateEvent,
    TradingStateChanged,
)
from app.domain.order import Fill, Order
from app.domain.position import Position

TRADING_STATE_KEY = "trading_state"
CLEAN_KEY = "clean"
EPOCH_KEY = "epoch"
INSTALL_KEY = "install"


def project(seq: int, happened_at: datetime, event: StateEvent) -> list[tuple[Table, Row]]:
    """Rows that record ``seq`` sets; a row replaces the one with the same key (last one wins)."""
    rows: list[tuple[Table, Row]] = []
    match event:
        case OrderChanged(order):
            rows.append((tables.orders, order_row(seq, order)))
        case FillBooked(fill, position_id):
            rows.append((tables.fills, fill_row(seq, fill, position_id)))
        case PositionChanged(position):
            rows.append((tables.positions, position_row(seq, position)))
        case TradingStateChanged(_, after):
            rows.append((tables.state, {"key": TRADING_STATE_KEY, "value": str(after)}))
        case EngineStarted():
            rows.append((tables.state, {"key": CLEAN_KEY, "value": "no"}))
        case EngineStopped():
            rows.append((tables.state, {"key": CLEAN_KEY, "value": "yes"}))
        case _:
            pass
    line = _timeline_row(seq, happened_at, event)
    if line is not None:
        rows.append((tables.events, line))
    return rows


def merge(projected: Iterable[tuple[Table, Row]]) -> dict[Table, list[Row]]:
    """Rows of many records by table, only the last one of each key: one statement per table and commit."""
    latest: dict[Table, dict[tuple[object, ...], Row]] = {}
    for table, row in projected:
        key = tuple(row[column.name] for column in table.primary_key)
        latest.setdefault(table, {})[key] = row
    return {table: list(rows.values()) for table, rows in latest.items()}


@cache
def upsert(table: Table, dialect_name: str) -> Insert:
    """Insert-or-replace statement for ``table`` in the words of "sqlite" or "postgresql"."""
    keys = [column.name for column in table.primary_key]
    others = [column.name for column in table.columns if column.name not in keys]
    if dialect_name == "postgresql":
        pg = postgresql.insert(table)
        return pg.on_conflict_do_update(index_elements=keys, set_={name: pg.excluded[name] for name in others})
    lite = sqlite.insert(table)
    return lite.on_conflict_do_update(index_elements=keys, set_={name: lite.excluded[name] for name in others})


def order_row(seq: int, order: Order) -> Row:
    """Searchable columns of an order."""
    intent = order.intent
    return {
        "order_id": order.order_id,
        "seq": seq,
        "position_id": intent.position_id,
        "venue": intent.market.venue,
        "symbol": intent.market.symbol,
        "side": str(intent.side),
        "order_type": str(intent.order_type),
        "purpose": str(intent.purpose),
        "state": str(order.state),
        "price": intent.price,
        "volume": intent.volume,
        "funds": intent.funds,
        "filled_volume": order.filled_volume,
        "filled_funds": order.filled_funds,
        "paid_fee": order.paid_fee,
        "venue_order_id": order.venue_order_id,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


def fill_row(seq: int, fill: Fill, position_id: str) -> Row:
    """Searchable columns of a fill."""
    return {
        "order_id": fill.order_id,
        "trade_id": fill.trade_id,
        "seq": seq,
        "position_id": position_id,
        "venue": fill.market.venue,
        "symbol": fill.market.symbol,
        "side": str(fill.side),
        "price": fill.price,
        "volume": fill.volume,
        "fee": fill.fee,
        "traded_at": fill.traded_at,
    }


def position_row(seq: int, position: Position) -> Row:
    """Searchable columns of a position."""
    return {
        "position_id": position.position_id,
        "seq": seq,
        "venue": position.market.venue,
        "symbol": position.market.symbol,
        "blueprint_id": position.blueprint.id,
        "blueprint_version": position.blueprint.version,
        "state": str(position.state),
        "budget": position.budget,
        "quantity": position.quantity,
        "cost": position.cost,
        "invested": position.invested,
        "proceeds": position.proceeds,
        "fees": position.fees,
        "realised": position.realised,
        "exit_reason": None if position.exit_reason is None else str(position.exit_reason),
        "created_at": position.created_at,
        "updated_at": position.updated_at,
        "closed_at": position.closed_at,
    }


def _timeline_row(seq: int, happened_at: datetime, event: StateEvent) -> Row | None:
    entry = timeline_entry(event)
    if entry is None:
        return None
    return {
        "seq": seq,
        "happened_at": happened_at,
        "category": str(entry.category),
        "venue": entry.market.venue if entry.market else None,
        "symbol": entry.market.symbol if entry.market else None,
        "position_id": entry.position_id,
        "title": _without_nul(entry.title),
        "detail": _without_nul(entry.detail),
        "critical": int(entry.critical),
    }


def _without_nul(words: str) -> str:
    """PostgreSQL text cannot hold NUL, and free words (a venue's, a person's) might have one."""
    return words.replace("\x00", "\N{REPLACEMENT CHARACTER}")
