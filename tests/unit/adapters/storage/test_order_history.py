"""The order history on SQLite; tests/adapters runs the same on PostgreSQL."""

from sqlalchemy import text

from app.adapters.storage.database import Database
from tests.unit.adapters.storage.history_contract import OrderHistoryContract


class TestOrderHistoryOnSqlite(OrderHistoryContract):
    pass


async def test_a_page_needs_no_sorting_of_the_whole_table(database: Database) -> None:
    """The order of the pages is that of an index: what is older than the page is not even looked at."""
    page = "SELECT order_id FROM orders WHERE created_at <= 'x' ORDER BY created_at DESC, order_id DESC LIMIT 101"
    async with database.reading() as connection:
        plan = " ".join(str(row) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {page}")))
    assert "ix_orders_created_at" in plan and "SCAN" not in plan
