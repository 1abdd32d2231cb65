"""Journal, projections, equity samples and state. A frozen copy: later changes of tables.py get their own revision."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# name -> (primary key, text columns, nullable text columns, integer columns)
_TABLES: dict[str, tuple[str, str, str, str]] = {
    "journal": ("seq", "happened_at kind payload previous hash", "", "seq epoch"),
    "orders": (
        "order_id",
        "order_id position_id venue symbol side order_type purpose state filled_volume filled_funds paid_fee "
        "created_at updated_at",
        "price volume funds venue_order_id",
        "seq",
    ),
    "fills": (
        "order_id trade_id",
        "order_id trade_id position_id venue symbol side price volume fee traded_at",
        "",
        "seq",
    ),
    "positions": (
        "position_id",
        "position_id venue symbol blueprint_id state budget quantity cost invested proceeds fees realised "
        "created_at updated_at",
        "exit_reason closed_at",
        "seq blueprint_version",
    ),
    "events": ("seq", "happened_at category title detail", "venue symbol position_id", "seq critical"),
    "equity": ("marked_at", "marked_at equity cash unrealised day_profit", "", ""),
    "state": ("key", "key value", "", ""),
}
_INDEXES = {
    "orders": "state position_id created_at",
    "fills": "position_id traded_at",
    "positions": "state closed_at",
    "events": "happened_at",
}


def upgrade() -> None:
    """Create everything."""
    for name, (keys, texts, nullable_texts, integers) in _TABLES.items():
        columns: list[sa.Column[Any]]
        columns = [sa.Column(column, _WHOLE, nullable=False, autoincrement=False) for column in integers.split()]
        columns += [sa.Column(column, sa.Text(), nullable=False) for column in texts.split()]
        columns += [sa.Column(column, sa.Text(), nullable=True) for column in nullable_texts.split()]
        op.create_table(name, *columns, sa.PrimaryKeyConstraint(*keys.split()), sqlite_strict=True)
    for name, columns_text in _INDEXES.items():
        for column in columns_text.split():
            op.create_index(f"ix_{name}_{column}", name, [column])
    _forbid_changes_of_the_journal()


def _forbid_changes_of_the_journal() -> None:
    message = "the journal is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
    )
