"""The look and the keys that all tables of this room share."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.activity.cell_delegate import PADDING, CellDelegate
from app.ui.activity.row_model import Row, RowModel
from app.ui.theme import number_font, theme, ui_font

ROW_HEIGHT = 28


class RowTable(QTableView):
    """Fixed row height, column widths from sample texts (nothing jumps), arrow keys, Ctrl+C copies rows.

    Which columns a narrow table hides follows from its width alone; a copied row has all of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = ""
        self._widths: list[int] = []
        self.setItemDelegate(CellDelegate(self))
        self.setFont(number_font(13))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        theme().changed.connect(self._look_changed)

    def set_rows(self, model: RowModel[Row]) -> None:
        """Show ``model`` and set the column widths once."""
        self.setModel(model)
        self._fit()

    def set_empty_text(self, text: str) -> None:
        """Words shown while there is no row."""
        self._empty = text
        self.viewport().update()

    def copy_rows(self) -> str:
        """Selected rows as text with tabs, also put on the clipboard."""
        model = self.model()
        lines = []
        for row in sorted(index.row() for index in self.selectionModel().selectedRows()):
            cells = (model.index(row, column).data() or "" for column in range(model.columnCount()))
            lines.append("\t".join(str(cell) for cell in cells))
        text = "\n".join(lines)
        if text:
            QGuiApplication.clipboard().setText(text)
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._look_changed()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spare()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        if model is not None and model.rowCount(QModelIndex()) == 0 and self._empty:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme().palette.dim))
            painter.setFont(ui_font(13))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRect(self.viewport().rect()).adjusted(12, 0, -12, 0), words, self._empty)
            painter.end()

    def _look_changed(self) -> None:
        model = self.model()
        if isinstance(model, RowModel):
            model.look_changed()
            self._fit()
        self.viewport().update()

    def _fit(self) -> None:
        model = self.model()
        if not isinstance(model, RowModel):
            return
        self.ensurePolished()
        figures = self.fontMetrics()
        self._widths = []
        for number, column in enumerate(model.columns):
            width = max(figures.horizontalAdvance(column.sample), figures.horizontalAdvance(column.title()))
            self._widths.append(width + 2 * PADDING + 4)
            self.setColumnWidth(number, self._widths[-1])
        self._spare()

    def _spare(self) -> None:
        """Hide what does not fit. The width of a scroll bar counts always: a row more must not hide a column."""
        model = self.model()
        if not isinstance(model, RowModel):
            return
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2 * self.frameWidth()
        needed = sum(self._widths)
        first_to_go = sorted(range(len(self._widths)), key=lambda number: -model.columns[number].spare)
        for number in first_to_go:
            hidden = needed > room and model.columns[number].spare > 0
            needed -= self._widths[number] if hidden else 0
            self.setColumnHidden(number, hidden)
