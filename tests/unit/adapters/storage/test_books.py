import pytest
from sqlalchemy import text, update

from app.adapters.storage import tables
from app.adapters.storage.books import load_fills, load_orders, load_positions, rows_with_record
from app.adapters.storage.database import Database
from app.domain.errors import StorageError
from tests.unit.adapters.storage.contract import write
from tests.unit.adapters.storage.samples import ONE_OF_EACH, fill, order, position

LOADERS = [(tables.orders, load_orders), (tables.fills, load_fills), (tables.positions, load_positions)]


async def test_objects_come_from_the_record_behind_the_row(database: Database) -> None:
    await write(database, ONE_OF_EACH)
    async with database.reading() as connection:
        assert await load_orders(connection, rows_with_record(tables.orders)) == [order()]
        assert await load_fills(connection, rows_with_record(tables.fills)) == [fill()]
        assert await load_positions(connection, rows_with_record(tables.positions)) == [position()]


@pytest.mark.parametrize(("table", "load"), LOADERS, ids=lambda part: getattr(part, "name", ""))
@pytest.mark.parametrize(("seq", "words"), [(1, "disagrees with journal record 1"), (99, "record 99 is missing")])
async def test_a_row_that_points_elsewhere_is_refused(
    database: Database, table: object, load: object, seq: int, words: str
) -> None:
    await write(database, ONE_OF_EACH)
    async with database.writing() as connection:
        await connection.execute(update(table).values(seq=seq))  # type: ignore[arg-type]
    with pytest.raises(StorageError, match=words):
        async with database.reading() as connection:
            await load(connection, rows_with_record(table))  # type: ignore[operator,arg-type]


@pytest.mark.parametrize("change", ["state = 'filled'", "filled_volume = '0.0'  || '1'", "symbol = 'KRW-ETH'"])
async def test_a_column_that_lies_is_refused(database: Database, change: str) -> None:
    await write(database, ONE_OF_EACH)
    async with database.writing() as connection:
        await connection.execute(text(f"UPDATE orders SET {change}"))
    with pytest.raises(StorageError, match="orders disagrees with journal record 4"):
        async with database.reading() as connection:
            await load_orders(connection, rows_with_record(tables.orders))
