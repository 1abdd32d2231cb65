"""How a cell is painted: selection, an accent bar at the selected row, elided text with the header's padding."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.theme import theme, ui_font

PADDING = 10


class CellDelegate(QStyledItemDelegate):
    """Plain painting; the style sheet's own cells cost more than twice as much per frame."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.paint_back(painter, option, index)
        words = index.data()
        if not words:
            return
        place = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        painter.setFont(option.font)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(colour if isinstance(colour, QColor) else QColor(theme().palette.text))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, alignment, shown)

    def paint_back(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Selection or hover below the words."""
        palette = theme().palette
        place: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(palette.selection))
            if index.column() == 0:
                painter.fillRect(QRect(place.left(), place.top(), 3, place.height()), QColor(palette.accent))
        painter.setPen(QColor(palette.line))
        painter.drawLine(place.bottomLeft(), place.bottomRight())


class ButtonDelegate(CellDelegate):
    """A cell with words is a button; a cell without is empty."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.paint_back(painter, option, index)
        words = index.data()
        if not words:
            return
        palette = theme().palette
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        box = option.rect.adjusted(8, 3, -6, -4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QColor(palette.dim if hovered else palette.line))
        painter.setBrush(QColor(palette.hover if hovered else palette.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(palette.text))
        painter.setFont(ui_font(12, QFont.Weight.Normal))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
