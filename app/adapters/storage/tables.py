"""The tables: one append-only journal, and projections that can be folded from it.

Every projection row carries the ``seq`` of the journal record it was made from, so that the full object is always
read from the hash-chained record and the columns are only there to search by.
"""

from sqlalchemy import Column, Index, MetaData, Table

from app.adapters.storage.types import ExactDecimal, PlainText, UtcDateTime, WholeNumber

metadata = MetaData()


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, PlainText(), primary_key=key, nullable=null)


def _whole(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, WholeNumber(), primary_key=key, nullable=False, autoincrement=False)


def _money(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, ExactDecimal(), nullable=null)


def _time(name: str, *, key: bool = False, null: bool = False) -> Column[object]:
    return Column(name, UtcDateTime(), primary_key=key, nullable=null)


journal = Table(
    "journal",
    metadata,
    _whole("seq", key=True),
    _time("happened_at"),
    _whole("epoch"),
    _text("kind"),
    _text("payload"),
    _text("previous"),
    _text("hash"),
    sqlite_strict=True,
)

orders = Table(
    "orders",
    metadata,
    _text("order_id", key=True),
    _whole("seq"),
    _text("position_id"),
    _text("venue"),
    _text("symbol"),
    _text("side"),
    _text("order_type"),
    _text("purpose"),
    _text("state"),
    _money("price", null=True),
    _money("volume", null=True),
    _money("funds", null=True),
    _money("filled_volume"),
    _money("filled_funds"),
    _money("paid_fee"),
    _text("venue_order_id", null=True),
    _time("created_at"),
    _time("updated_at"),
    Index("ix_orders_state", "state"),
    Index("ix_orders_position_id", "position_id"),
    Index("ix_orders_created_at", "created_at"),
    sqlite_strict=True,
)

fills = Table(
    "fills",
    metadata,
    _text("order_id", key=True),
    _text("trade_id", key=True),
    _whole("seq"),
    _text("position_id"),
    _text("venue"),
    _text("symbol"),
    _text("side"),
    _money("price"),
    _money("volume"),
    _money("fee"),
    _time("traded_at"),
    Index("ix_fills_position_id", "position_id"),
    Index("ix_fills_traded_at", "traded_at"),
    sqlite_strict=True,
)

positions = Table(
    "positions",
    metadata,
    _text("position_id", key=True),
    _whole("seq"),
    _text("venue"),
    _text("symbol"),
    _text("blueprint_id"),
    _whole("blueprint_version"),
    _text("state"),
    _money("budget"),
    _money("quantity"),
    _money("cost"),
    _money("invested"),
    _money("proceeds"),
    _money("fees"),
    _money("realised"),
    _text("exit_reason", null=True),
    _time("created_at"),
    _time("updated_at"),
    _time("closed_at", null=True),
    Index("ix_positions_state", "state"),
    Index("ix_positions_closed_at", "closed_at"),
    sqlite_strict=True,
)

events = Table(
    "events",
    metadata,
    _whole("seq", key=True),
    _time("happened_at"),
    _text("category"),
    _text("venue", null=True),
    _text("symbol", null=True),
    _text("position_id", null=True),
    _text("title"),
    _text("detail"),
    _whole("critical"),
    Index("ix_events_happened_at", "happened_at"),
    sqlite_strict=True,
)

equity = Table(
    "equity",
    metadata,
    _time("marked_at", key=True),
    _money("equity"),
    _money("cash"),
    _money("unrealised"),
    _money("day_profit"),
    sqlite_strict=True,
)

state = Table("state", metadata, _text("key", key=True), _text("value"), sqlite_strict=True)
