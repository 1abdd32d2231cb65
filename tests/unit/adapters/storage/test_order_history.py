"""The order history on SQLite; tests/adapters runs the same on PostgreSQL."""

from tests.unit.adapters.storage.history_contract import OrderHistoryContract


class TestOrderHistoryOnSqlite(OrderHistoryContract):
    pass
