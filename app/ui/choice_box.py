"""A combo box with an arrow in the colour of the theme; the wheel changes it only while it has the focus."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.ui.theme import theme


class ChoiceBox(QComboBox):
    """A style sheet can only show an image as the arrow, and an image does not follow the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(64)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = theme().palette
        painter.setPen(QPen(QColor(palette.dim if self.isEnabled() else palette.faint), 1.5))
        x, y = self.width() - 14.0, self.height() / 2 + 1.0
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 3), QPointF(x, y + 1.5), QPointF(x + 4, y - 3)]))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
