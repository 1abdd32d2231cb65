from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from app.adapters.storage import tables
from app.adapters.storage.database import Database
from app.adapters.storage.prepared import PreparedInsert
from app.domain.errors import StorageError
from tests.unit.adapters.storage.samples import NOW


def row(minute: int, equity: object) -> dict[str, object]:
    zero = Decimal(0)
    return {
        "marked_at": NOW.replace(minute=minute),
        "equity": equity,
        "cash": zero,
        "unrealised": zero,
        "day_profit": zero,
    }


async def test_writes_what_the_ordinary_statement_would(database: Database) -> None:
    statement = PreparedInsert(insert(tables.equity), tables.equity, database.sql_dialect)
    rows = [row(1, Decimal("1E+3")), row(2, Decimal("-0.10"))]
    async with database.writing() as connection:
        await connection.exec_driver_sql(*statement.batch(rows))
    async with database.reading() as connection:
        found = (await connection.execute(select(tables.equity).order_by("marked_at"))).mappings().all()
    assert [dict(one) for one in found] == rows


async def test_column_types_still_refuse(database: Database) -> None:
    statement = PreparedInsert(insert(tables.equity), tables.equity, database.sql_dialect)
    with pytest.raises(StorageError, match="not an exact finite number"):
        statement.batch([row(1, 1.5)])
