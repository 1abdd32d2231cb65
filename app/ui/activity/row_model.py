"""A table of immutable rows: it changes only the cells that differ and keeps selection and scroll position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.ui.theme import theme

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a subscripted generic with them
class Column(Generic[Row]):
    """One column. ``sample`` is a wide text that fixes its width; ``role`` names a colour of the palette.

    In a narrow table the columns with the highest ``spare`` are hidden first, those with 0 never.
    """

    title: Callable[[], str]
    text: Callable[[Row], str]
    sample: str
    right: bool = False
    role: Callable[[Row], str] = lambda _row: "text"
    tip: Callable[[Row], str] = lambda _row: ""
    spare: int = 0


class RowModel(QAbstractTableModel, Generic[Row]):
    """Rows are told apart by ``key``; ``show`` brings the table to a new list with as few changes as possible."""

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []
        self._colours: dict[str, QColor] = {}

    def row_at(self, number: int) -> Row | None:
        """The row shown at ``number``; None outside the table."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Bring the table to ``rows``, in this order; keys must be unique."""
        wanted = {self._key(row) for row in rows}
        for number in range(len(self._rows) - 1, -1, -1):
            if self._key(self._rows[number]) not in wanted:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        if not self._rows and rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows = list(rows)
            self.endInsertRows()
            return
        present = {self._key(row) for row in self._rows}
        for number, row in enumerate(rows):
            self._place(number, row, present)

    def add_on_top(self, rows: Sequence[Row], most: int) -> None:
        """Put new rows, newest first, above the others and let go at the bottom what exceeds ``most``.

        Costs as much as there are new rows, however many are shown; no key may be shown already.
        """
        fresh = list(rows[:most])
        overflow = len(self._rows) + len(fresh) - most
        if overflow > 0:
            first = len(self._rows) - overflow
            self.beginRemoveRows(QModelIndex(), first, len(self._rows) - 1)
            del self._rows[first:]
            self.endRemoveRows()
        if fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._rows[:0] = fresh
            self.endInsertRows()

    def look_changed(self) -> None:
        """Colours, fonts or the language changed: everything is read again."""
        self._colours.clear()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(column.role(row))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title()} {column.text(row)}".strip()
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(row) or None
        return None

    def _place(self, number: int, row: Row, present: set[str]) -> None:
        key = self._key(row)
        if number < len(self._rows) and self._key(self._rows[number]) == key:
            before = self._rows[number]
        elif key in present:
            source = next(at for at in range(number, len(self._rows)) if self._key(self._rows[at]) == key)
            self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), number)
            before = self._rows.pop(source)
            self._rows.insert(number, before)
            self.endMoveRows()
        else:
            self.beginInsertRows(QModelIndex(), number, number)
            self._rows.insert(number, row)
            self.endInsertRows()
            return
        if before is not row and before != row:
            self._rows[number] = row
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def _colour(self, role: str) -> QColor:
        if role not in self._colours:
            self._colours[role] = QColor(getattr(theme().palette, role))
        return self._colours[role]

    @staticmethod
    def _alignment(column: Column[Row]) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
