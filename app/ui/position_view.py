"""The view of the position table: columns share the width, single cells are repainted, emptiness explains itself."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.position_delegate import ROW_HEIGHT, PositionDelegate
from app.ui.position_model import PositionModel
from app.ui.theme import theme, ui_font

#: Shares of the width; they sum up to what all columns need at 13 pixels.
_WEIGHTS = (116, 158, 86, 90, 98, 98, 94, 82, 198, 74)


class PositionView(QTableView):
    """One row per position, selected as a whole."""

    def __init__(self, model: PositionModel, delegate: PositionDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("position_table")
        self._rows = model
        self._empty = ""
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setMinimumSectionSize(40)
        columns.setFixedHeight(28)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        model.cells_dirty.connect(self._repaint_cells)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_empty_text(self, text: str) -> None:
        """Words shown while there is no position."""
        self._empty = text
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, whole, used = self.viewport().width(), sum(_WEIGHTS), 0
        for number, weight in enumerate(_WEIGHTS):
            last = number == len(_WEIGHTS) - 1
            share = width - used if last else width * weight // whole
            self.setColumnWidth(number, share)
            used += share

    def rowsAboutToBeRemoved(self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int) -> None:
        """A row that goes takes its selection along: Qt would select its neighbour, and "Close now" with it."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._rows.rowCount() or not self._empty:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QColor(theme().palette.dim))
        painter.setFont(ui_font(13))
        area = self.viewport().rect().adjusted(16, 0, -16, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._rows.retranslate()
        super().changeEvent(event)

    def _repaint_cells(self, row: int, columns: list[int]) -> None:
        top, high = self.rowViewportPosition(row), self.rowHeight(row)
        viewport = self.viewport()
        if top + high <= 0 or top >= viewport.height():
            return
        # Neighbours are one rectangle: columns come in rising order.
        first = last = columns[0]
        for column in (*columns[1:], -1):
            if column != last + 1:
                left = self.columnViewportPosition(first)
                viewport.update(left, top, self.columnViewportPosition(last) + self.columnWidth(last) - left, high)
                first = column
            last = column

    def _restyle(self) -> None:
        self.horizontalHeader().setFont(ui_font(12))
        self.viewport().update()
