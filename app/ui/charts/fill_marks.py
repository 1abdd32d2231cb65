"""Our own fills on the chart: a triangle upwards below the bar for a buy, downwards above it for a sell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPolygon

from app.domain.order import Fill
from app.domain.values import Side
from app.ui.charts.bar_series import BarSeries
from app.ui.charts.pixel_item import PixelItem, PixelMap

HALF, TALL, GAP = 5, 8, 4


@dataclass(frozen=True, slots=True)
class FillMark:
    """One triangle: the bar it belongs to, the price its tip keeps clear of, and the side."""

    index: int
    tip: float
    side: Side


def marks_of(fills: Iterable[Fill], series: BarSeries) -> list[FillMark]:
    """Marks of fills inside the series; several fills of one side in one bar are one mark."""
    found: dict[tuple[int, Side], FillMark] = {}
    for fill in fills:
        index = series.index_at(fill.traded_at)
        if index is None:
            continue
        bar = series[index]
        tip = min(bar.low, fill.price) if fill.side is Side.BUY else max(bar.high, fill.price)
        found[(index, fill.side)] = FillMark(index, float(tip), fill.side)
    return list(found.values())


def triangle(x: int, y: int, side: Side) -> QPolygon:
    """Triangle whose tip points at (x, y) from below (buy) or from above (sell)."""
    down = 1 if side is Side.BUY else -1
    tip, base = y + GAP * down, y + (GAP + TALL) * down
    return QPolygon([QPoint(x, tip), QPoint(x - HALF, base), QPoint(x + HALF, base)])


class FillMarksItem(PixelItem):
    """Draws the marks; buys in accent, sells in text colour, so that neither is read as profit or loss."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: tuple[FillMark, ...] = ()
        self._colours = {Side.BUY: QColor("#3CC8B4"), Side.SELL: QColor("#E6EAF0")}

    def set_marks(self, marks: Sequence[FillMark]) -> None:
        """Replace the marks; repaints only when something differs."""
        fresh = tuple(marks)
        if fresh != self._marks:
            self._marks = fresh
            self.update()

    def set_colours(self, buy: QColor, sell: QColor) -> None:
        """Colours of the two sides."""
        self._colours = {Side.BUY: buy, Side.SELL: sell}
        self.update()

    def paint_pixels(self, painter: QPainter, mapping: PixelMap) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in self._marks:
            x = mapping.x(mark.index)
            if mapping.left - HALF <= x <= mapping.right + HALF:
                painter.setBrush(self._colours[mark.side])
                painter.drawPolygon(triangle(x, mapping.y(mark.tip), mark.side))
