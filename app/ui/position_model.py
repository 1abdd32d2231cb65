"""The model of the position table. Live figures change cells; only a change of membership or order moves rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ui.position_rows import (
    COLUMNS,
    RIGHT,
    PositionColumn,
    PositionRow,
    column_titles,
    is_shown,
    mark_age,
    position_row,
    shown_positions,
)
from app.ui.read_model import ReadModel

Index = QModelIndex | QPersistentModelIndex


class PositionModel(QAbstractTableModel):
    """Rows are sorted when a header is clicked; a new one takes its place among them. No price moves a row."""

    cells_dirty = Signal(int, list)
    """Row and the columns in it that look different now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PositionRow] = []
        self._places: dict[str, int] = {}
        self._source: ReadModel | None = None
        self._column: PositionColumn | None = None
        self._descending = False
        self._titles = column_titles()

    def show(self, source: ReadModel, now: datetime) -> None:
        """Bring the whole table to what ``source`` knows."""
        self._source = source
        if self.rows:
            self.update(source.positions, now)
            return
        fresh = self._sorted([position_row(position, source, now) for position in shown_positions(source, now)])
        if fresh:
            self.beginResetModel()
            self.rows = fresh
            self._count_places()
            self.endResetModel()

    def update(self, ids: Iterable[str], now: datetime) -> None:
        """These positions changed, came or went; no other row is made again."""
        source = self._source
        if source is None:
            return
        for position_id in ids:
            position, number = source.positions.get(position_id), self._places.get(position_id)
            if position is None or not is_shown(position, now):
                if number is not None:
                    self._remove(number)
            elif number is not None:
                self._replace(number, position_row(position, source, now))
            else:
                self._insert(position_row(position, source, now))

    def refresh(self, ids: Iterable[str], now: datetime) -> None:
        """New live figures of some positions."""
        source = self._source
        if source is None:
            return
        for position_id in ids:
            number = self._places.get(position_id)
            if number is not None:
                self._replace(number, position_row(source.positions[position_id], source, now))

    def age(self, now: datetime) -> None:
        """Time went by: old figures turn grey, halted markets are flagged, and closed rows go."""
        source = self._source
        if source is None:
            return
        old = [row.position_id for row in self.rows if _has_changed(row, source, now)]
        gone = [row.position_id for row in self.rows if not is_shown(source.positions[row.position_id], now)]
        self.update(old + gone, now)

    def retranslate(self) -> None:
        """The language changed."""
        self._titles = column_titles()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def row_of(self, position_id: str | None) -> int | None:
        """Where a position is shown."""
        return None if position_id is None else self._places.get(position_id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = f"{self._titles[index.column()]} {row.texts[index.column()]}".strip()
            return f"{words}. {row.protection}".strip(". ") if index.column() == PositionColumn.EXIT else words
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == PositionColumn.EXIT:
            return "\n".join(words for words in (row.texts[PositionColumn.EXIT], row.protection) if words)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = PositionColumn(column) if column >= 0 else None
        self._descending = order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        owners = [self.rows[index.row()].position_id for index in held]
        self.rows = self._sorted(self.rows)
        self._count_places()
        moved = [self.index(self.row_of(owner) or 0, index.column()) for owner, index in zip(owners, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _sorted(self, rows: list[PositionRow]) -> list[PositionRow]:
        column = self._column
        if column is None:
            return list(rows)
        return sorted(rows, key=lambda row: row.keys[column], reverse=self._descending)  # type: ignore[arg-type,return-value]

    def _insert(self, row: PositionRow) -> None:
        number = self._place_for(row)
        self.beginInsertRows(QModelIndex(), number, number)
        self.rows.insert(number, row)
        self._count_places()
        self.endInsertRows()

    def _remove(self, number: int) -> None:
        self.beginRemoveRows(QModelIndex(), number, number)
        del self.rows[number]
        self._count_places()
        self.endRemoveRows()

    def _place_for(self, row: PositionRow) -> int:
        """Where a new row belongs: by the sorted column, else behind the running positions."""
        column = self._column
        if column is not None:
            mine: Any = row.keys[column]
            for number, other in enumerate(self.rows):
                theirs: Any = other.keys[column]
                if (theirs < mine) if self._descending else (mine < theirs):
                    return number
        elif self._source is not None:
            for number in range(len(self.rows), 0, -1):
                if self._source.positions[self.rows[number - 1].position_id].is_live:
                    return number
            return 0
        return len(self.rows)

    def _count_places(self) -> None:
        self._places = {row.position_id: number for number, row in enumerate(self.rows)}

    def _replace(self, number: int, row: PositionRow) -> None:
        before = self.rows[number]
        self.rows[number] = row
        dirty = [
            column
            for column in COLUMNS
            if before.texts[column] != row.texts[column] or before.roles[column] != row.roles[column]
        ]
        if row.texts[PositionColumn.VALUE] != before.texts[PositionColumn.VALUE]:
            dirty.append(PositionColumn.TREND)
        if row.layer is not before.layer and PositionColumn.EXIT not in dirty:
            dirty.append(PositionColumn.EXIT)
            dirty.sort()
        if dirty:
            self.cells_dirty.emit(number, dirty)


def _has_changed(row: PositionRow, source: ReadModel, now: datetime) -> bool:
    """True when the age of the figures, or what is wrong with the market, is not what the row shows."""
    age = mark_age(source.marks.get(row.position_id), now, source.stale_price_s)
    position = source.positions[row.position_id]
    return row.age is not age or row.trouble is not (source.trouble_of(position.market) if position.is_live else None)
