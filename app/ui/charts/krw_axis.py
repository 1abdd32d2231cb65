"""Price axis at the right: full prices with thousands separators, and the tags of the lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsSceneMouseEvent,
    QGraphicsSceneWheelEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

LABEL_GAP = 46
TAG_HEIGHT = 20


@dataclass(frozen=True, slots=True)
class AxisTag:
    """A box on the axis at ``price``. ``ink`` is the colour of its words, ``fill`` of the box."""

    price: float
    text: str
    fill: QColor
    ink: QColor


def nice_step(span: float, count: float) -> float:
    """Smallest step of the form 1, 2 or 5 times a power of ten that cuts ``span`` into at most ``count`` parts."""
    rough = span / max(count, 1.0)
    if rough <= 0 or not math.isfinite(rough):
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * 0.999)


def price_label(value: float, step: float) -> str:
    """``value`` with separators and as many decimals as ``step`` needs; never 1.38e+08."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{Decimal(repr(value)):,.{decimals}f}"


def spread_rows(wanted: Sequence[int], height: int, top: int, bottom: int) -> list[int]:
    """Rows near the wanted ones, in the same order, at least ``height`` apart and inside top and bottom."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    rows = list(wanted)
    low = top
    for index in order:
        rows[index] = max(rows[index], low)
        low = rows[index] + height
    high = bottom
    for index in reversed(order):
        rows[index] = min(rows[index], high)
        high = rows[index] - height
    return rows


class KrwAxis(pg.AxisItem):  # type: ignore[misc]
    """Paints labels and tags itself in whole pixels; pyqtgraph's own picture would be rebuilt with every tag."""

    def __init__(self) -> None:
        super().__init__("right")
        self._tags: tuple[AxisTag, ...] = ()
        self._pointer: AxisTag | None = None
        self.is_blank = True
        self._ink, self._line = QColor("#8B96A5"), QColor("#2A3340")
        self._font = QFont()
        self.set_look(self._ink, self._line, self._font)

    def set_look(self, ink: QColor, line: QColor, font: QFont) -> None:
        """Colours and font; the width is that of the widest tag, so that it does not jump with prices."""
        self._ink, self._line, self._font = ink, line, font
        self.setWidth(QFontMetrics(font).horizontalAdvance("Entry 000,000,000") + 26)
        self.update()

    def set_tags(self, tags: Sequence[AxisTag]) -> None:
        """Boxes of the lines; they are moved apart where they would overlap."""
        fresh = tuple(tags)
        if fresh != self._tags:
            self._tags = fresh
            self.update()

    @property
    def tags(self) -> tuple[AxisTag, ...]:
        """Boxes of the lines, as they were given."""
        return self._tags

    def set_pointer(self, tag: AxisTag | None) -> None:
        """Box of the crosshair; it lies above everything."""
        if tag != self._pointer:
            self._pointer = tag
            self.update()

    def ticks(self, height: float) -> list[tuple[int, str]]:
        """Pixel rows and texts of the labels for the present range; none while there is no range worth a label."""
        if self.is_blank:
            return []
        low, high = self.range
        step = nice_step(high - low, height / LABEL_GAP)
        first = math.ceil(low / step)
        values = [number * step for number in range(first, math.floor(high / step) + 1)]
        return [(self._row(value, height), price_label(value, step)) for value in values]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        bounds = self.mapRectFromParent(self.geometry()).toRect()
        painter.setFont(self._font)
        painter.setPen(self._line)
        painter.drawLine(bounds.topLeft(), bounds.bottomLeft())
        painter.setPen(self._ink)
        half = QFontMetrics(self._font).height() // 2
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        rows = self._tag_rows(bounds.height())
        hidden = [*rows, self._row(self._pointer.price, bounds.height())] if self._pointer is not None else rows
        for row, text in self.ticks(bounds.height()):
            covered = any(abs(row - other) < TAG_HEIGHT // 2 + half for other in hidden)
            if half <= row <= bounds.height() - half and not covered:
                painter.drawText(QRect(bounds.left() + 10, bounds.top() + row - half, 200, half * 2), middle, text)
        for tag, row in zip(self._tags, rows, strict=True):
            self._paint_tag(painter, bounds, row, tag)
        if self._pointer is not None:
            self._paint_tag(painter, bounds, self._row(self._pointer.price, bounds.height()), self._pointer)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        event.ignore()

    def mouseDragEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """The price range follows the bars; it is not dragged."""
        event.ignore()

    def _tag_rows(self, height: int) -> list[int]:
        edge = TAG_HEIGHT // 2 + 1
        wanted = [self._row(tag.price, height) for tag in self._tags]
        return spread_rows(wanted, TAG_HEIGHT + 2, edge, height - edge)

    def _row(self, value: float, height: float) -> int:
        low, high = self.range
        share = (value - low) / (high - low) if high > low else 0.5
        return round(min(2.0, max(-1.0, 1.0 - share)) * height)

    def _paint_tag(self, painter: QPainter, bounds: QRect, row: int, tag: AxisTag) -> None:
        middle = bounds.top() + row
        box = QRect(bounds.left() + 6, middle - TAG_HEIGHT // 2, bounds.width() - 8, TAG_HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tag.fill)
        painter.drawRoundedRect(box, 3, 3)
        tip = QPointF(bounds.left() + 1, middle)
        painter.drawPolygon(QPolygonF([tip, QPointF(box.left() + 1, middle - 4), QPointF(box.left() + 1, middle + 4)]))
        painter.setPen(tag.ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag.text)
        painter.restore()
