"""Time axis of the chart: Korean time of the bars, at round steps that suit the zoom."""

from collections.abc import Sequence
from datetime import datetime

import pyqtgraph as pg
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QGraphicsSceneMouseEvent,
    QGraphicsSceneWheelEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from app.ui.formats import KST

MINUTE, HOUR, DAY = 60, 3600, 86400
STEPS = (
    MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY,
)  # fmt: skip
LABEL_GAP = 76


def round_step(seconds: float) -> int:
    """Smallest usual step of time that is not below ``seconds``."""
    return next((step for step in STEPS if step >= seconds), STEPS[-1])


def is_round(moment: datetime, step: int) -> bool:
    """True when ``moment`` lies on a multiple of ``step`` in Korean time."""
    return (int(moment.timestamp()) + 9 * HOUR) % step == 0


def time_label(moment: datetime, step: int) -> str:
    """Korean time of day, or the date where a day begins."""
    local = moment.astimezone(KST)
    if step >= DAY or (local.hour == 0 and local.minute == 0):
        return f"{local:%m-%d}"
    return f"{local:%H:%M}"


def axis_times(moments: Sequence[datetime], bar_seconds: int, pixels_per_bar: float) -> list[tuple[int, str]]:
    """Indices of the bars that get a label, and the labels; a bar that skips over a round time gets it."""
    step = round_step(bar_seconds * LABEL_GAP / max(pixels_per_bar, 0.01))
    found: list[tuple[int, str]] = []
    before: int | None = None
    for index, moment in enumerate(moments):
        slot = (int(moment.timestamp()) + 9 * HOUR) // step
        if is_round(moment, step) or (before is not None and slot != before):
            found.append((index, time_label(moment, step)))
        before = slot
    return found


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """x is the index of a bar; the chart tells which bars are in sight."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._labels: tuple[tuple[int, str], ...] = ()
        self._pointer: tuple[int, str] | None = None
        self._ink, self._line, self._raised = QColor("#8B96A5"), QColor("#2A3340"), QColor("#1C232D")
        self._font = QFont()
        self.set_look(self._ink, self._line, self._raised, self._font)

    def set_look(self, ink: QColor, line: QColor, raised: QColor, font: QFont) -> None:
        """Colours and font."""
        self._ink, self._line, self._raised, self._font = ink, line, raised, font
        self.setHeight(QFontMetrics(font).height() + 8)
        self.update()

    def set_labels(self, labels: Sequence[tuple[int, str]]) -> None:
        """Bars with a label, oldest first."""
        fresh = tuple(labels)
        if fresh != self._labels:
            self._labels = fresh
            self.update()

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """Bars with a label, as they were given."""
        return self._labels

    def set_pointer(self, pointer: tuple[int, str] | None) -> None:
        """Box of the crosshair: bar and words; None hides it."""
        if pointer != self._pointer:
            self._pointer = pointer
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        bounds = self.mapRectFromParent(self.geometry()).toRect()
        painter.setFont(self._font)
        painter.setPen(self._line)
        painter.drawLine(bounds.topLeft(), bounds.topRight())
        painter.setPen(self._ink)
        metrics = QFontMetrics(self._font)
        pointer = QRect()
        if self._pointer is not None:
            index, text = self._pointer
            pointer = self._box(bounds, index, metrics.horizontalAdvance(text) + 12)
            pointer.moveLeft(max(bounds.left(), min(pointer.left(), bounds.right() - pointer.width())))
            painter.fillRect(pointer, self._raised)
            painter.drawText(pointer, Qt.AlignmentFlag.AlignCenter, text)
        free_from = bounds.left()
        for index, text in self._labels:
            box = self._box(bounds, index, metrics.horizontalAdvance(text))
            if box.left() >= free_from and box.right() <= bounds.right() and not box.intersects(pointer):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                free_from = box.right() + 8

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        event.ignore()

    def mouseDragEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Dragging belongs to the plot."""
        event.ignore()

    def _box(self, bounds: QRect, index: int, width: int) -> QRect:
        low, high = self.range
        share = (index - low) / (high - low) if high > low else 0.0
        centre = bounds.left() + round(share * bounds.width())
        return QRect(centre - width // 2, bounds.top() + 3, width, bounds.height() - 4)
