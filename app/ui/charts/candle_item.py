"""Candles with volume bars below: rectangles of whole pixels, computed once per change and then only filled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.charts.bar_series import CLOSE, HIGH, LOW, OPEN, VOLUME
from app.ui.charts.chart_window import VOLUME_SHARE
from app.ui.charts.pixel_item import PixelItem, PixelMap

VOLUME_ALPHA = 90


@dataclass(frozen=True, slots=True)
class CandleShapes:
    """What is filled in one colour each: bodies with wicks, and volume bars."""

    up: list[QRect]
    down: list[QRect]
    up_volume: list[QRect]
    down_volume: list[QRect]


def candle_shapes(floats: NDArray[np.float64], first: int, mapping: PixelMap) -> CandleShapes:
    """Rectangles of the bars ``floats``; the first of them stands at x = ``first``."""
    shapes = CandleShapes([], [], [], [])
    if not len(floats):
        return shapes
    body = max(1, int(mapping.x_scale * 0.72))
    body -= 1 - body % 2 if body > 1 else 0
    centres = np.rint((np.arange(len(floats)) + first) * mapping.x_scale + mapping.x_offset).astype(np.int64)
    lefts = centres - body // 2
    opens, closes = mapping.rows(floats[:, OPEN]), mapping.rows(floats[:, CLOSE])
    highs, lows = mapping.rows(floats[:, HIGH]), mapping.rows(floats[:, LOW])
    tops = np.minimum(opens, closes)
    heights = np.maximum(np.abs(opens - closes), 1)
    rises = floats[:, CLOSE] >= floats[:, OPEN]
    biggest = float(floats[:, VOLUME].max()) or 1.0
    room = (mapping.bottom - mapping.top) * VOLUME_SHARE * 0.95
    volumes = np.ceil(floats[:, VOLUME] / biggest * room).astype(np.int64)
    columns = (rises, centres, lefts, tops, heights, highs, lows - highs + 1, volumes)
    for up, centre, left, top, height, high, reach, volume in zip(*(c.tolist() for c in columns), strict=True):
        into = shapes.up if up else shapes.down
        into.append(QRect(left, top, body, height))
        if reach > height:
            into.append(QRect(centre, high, 1, reach))
        if volume:
            (shapes.up_volume if up else shapes.down_volume).append(QRect(left, mapping.bottom - volume, body, volume))
    return shapes


class CandleItem(PixelItem):
    """The bars in sight. Shapes are kept until the bars, the range or the size change."""

    def __init__(self) -> None:
        super().__init__()
        self._floats: NDArray[np.float64] = np.empty((0, 5))
        self._first = 0
        self._mapping: PixelMap | None = None
        self._shapes = CandleShapes([], [], [], [])
        self._up, self._down = QColor("#F0616D"), QColor("#4F8DF7")

    def set_bars(self, floats: NDArray[np.float64], first: int) -> None:
        """Show these rows (open, high, low, close, volume), the first at x = ``first``."""
        self._floats = floats
        self._first = first
        self._mapping = None
        self.update()

    def set_colours(self, up: QColor, down: QColor) -> None:
        """Colours of rising and falling bars."""
        self._up, self._down = up, down
        self.update()

    def paint_pixels(self, painter: QPainter, mapping: PixelMap) -> None:
        if mapping != self._mapping:
            self._mapping = mapping
            self._shapes = candle_shapes(self._floats, self._first, mapping)
        painter.setPen(Qt.PenStyle.NoPen)
        for rects, colour in ((self._shapes.up_volume, self._up), (self._shapes.down_volume, self._down)):
            faint = QColor(colour)
            faint.setAlpha(VOLUME_ALPHA)
            painter.setBrush(faint)
            painter.drawRects(rects)
        for rects, colour in ((self._shapes.up, self._up), (self._shapes.down, self._down)):
            painter.setBrush(colour)
            painter.drawRects(rects)
