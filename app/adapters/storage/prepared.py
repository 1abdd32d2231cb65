"""Insert statements compiled once: SQLAlchemy's work per execution would cost more than SQLite's own."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect, Insert, Table
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, object]
#: One statement, and its parameters for each row.
Batch = tuple[str, list[tuple[Any, ...]]]


class PreparedInsert:
    """Text of one insert (or upsert) into ``table`` and the way a row becomes its parameters."""

    def __init__(self, statement: Insert, table: Table, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=[column.name for column in table.columns])
        assert isinstance(compiled, SQLCompiler) and compiled.positiontup is not None
        self._text = str(compiled)
        self._columns: list[tuple[str, Callable[[Any], Any] | None]] = [
            (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in compiled.positiontup
        ]

    def batch(self, rows: Sequence[Row]) -> Batch:
        """What the driver needs for all ``rows``. Raises StorageError for a value the column refuses."""
        return self._text, [
            tuple(row[name] if convert is None else convert(row[name]) for name, convert in self._columns)
            for row in rows
        ]
