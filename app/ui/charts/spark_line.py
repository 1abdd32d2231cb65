"""A small line without axes: how a value went lately."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import theme


def spark_points(rect: QRectF, values: Sequence[float]) -> list[QPointF]:
    """Points of the line inside ``rect``; a flat series lies in the middle. Fewer than two values give no line."""
    if len(values) < 2:
        return []
    low, high = min(values), max(values)
    span = high - low
    step = rect.width() / (len(values) - 1)
    points = []
    for number, value in enumerate(values):
        share = (value - low) / span if span else 0.5
        points.append(QPointF(rect.left() + number * step, rect.bottom() - share * rect.height()))
    return points


def paint_spark(painter: QPainter, rect: QRectF, values: Sequence[float], colour: QColor) -> None:
    """Draw ``values`` (oldest first) into ``rect`` in ``colour``; drawing nothing is right for no history."""
    points = spark_points(rect.adjusted(1, 2, -1, -2), values)
    if not points:
        return
    pen = QPen(colour, 1)
    pen.setCosmetic(True)
    painter.save()
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(points) <= 200)
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


class SparkLine(QWidget):
    """Shows values oldest first, in up colour when the last one is not below the first one, else in down colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme().changed.connect(self.update)

    def set_values(self, values: Sequence[float]) -> None:
        """Replace the line; repaints only when it is a different one."""
        fresh = tuple(values)
        if fresh != self._values:
            self._values = fresh
            self.update()

    @property
    def values(self) -> tuple[float, ...]:
        """What is drawn, oldest first."""
        return self._values

    def sizeHint(self) -> QSize:
        return QSize(120, 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(32, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        palette = theme().palette
        rises = self._values[-1] >= self._values[0]
        painter = QPainter(self)
        paint_spark(painter, QRectF(self.rect()), self._values, QColor(palette.up if rises else palette.down))
        painter.end()
