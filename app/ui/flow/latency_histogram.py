"""Bars of one stage's durations on a logarithmic axis that all stages share, and the axis itself."""

from collections.abc import Iterable, Iterator
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.latency import StageLatency
from app.ui.formats import milliseconds
from app.ui.theme import number_font, theme

AXIS_HEIGHT = 18
#: A bucket with one order in a million is still seen.
LEAST_BAR = 2.0
_NARROWEST = (0.1, 100.0)


def span_of(stages: Iterable[StageLatency]) -> tuple[float, float]:
    """First and last millisecond of an axis of whole decades that holds every bucket; never less than three decades."""
    low, high = _NARROWEST
    for stage in stages:
        for lower, upper, count in bars_of(stage):
            if count:
                low, high = min(low, lower), max(high, upper)
    return 10.0 ** floor(log10(low)), 10.0 ** ceil(log10(high))


def bars_of(stage: StageLatency) -> Iterator[tuple[float, float, int]]:
    """Lower end, upper end (ms) and count of every bucket."""
    lower = stage.buckets[0][0] / 1.5 if stage.buckets else 0.0
    for upper, count in stage.buckets:
        yield lower, upper, count
        lower = upper


class LatencyHistogram(QWidget):
    """``show_stage`` paints again only what is new. The line is the median, the dashed one the 99 % point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: StageLatency | None = None
        self._span = _NARROWEST
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def show_stage(self, stage: StageLatency | None, span: tuple[float, float]) -> None:
        """Show the buckets of ``stage`` between the milliseconds of ``span``."""
        if (stage, span) != (self._stage, self._span):
            self._stage, self._span = stage, span
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 56)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette, bottom = theme().palette, self.height() - 1.0
        for decade in decades(self._span):
            painter.fillRect(QRectF(round(self._x(decade)), 0, 1, bottom), QColor(palette.line))
        painter.fillRect(QRectF(0, bottom, self.width(), 1), QColor(palette.line))
        if self._stage is not None:
            self._paint_bars(painter, self._stage, bottom)
        painter.end()

    def _paint_bars(self, painter: QPainter, stage: StageLatency, bottom: float) -> None:
        palette = theme().palette
        most = max((count for _, count in stage.buckets), default=0)
        colour = QColor(palette.accent)
        colour.setAlpha(150)
        for lower, upper, count in bars_of(stage):
            if count:
                left, right = self._x(lower), self._x(upper)
                high = max(count / most * (bottom - 4), LEAST_BAR)
                painter.fillRect(QRectF(left, bottom - high, max(right - left - 1, 1.5), high), colour)
        for value, role, style in (
            (stage.p50_ms, palette.text, Qt.PenStyle.SolidLine),
            (stage.p99_ms, palette.warning, Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(QColor(role), 1, style))
            x = round(self._x(value)) + 0.5
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))

    def _x(self, value: float) -> float:
        return place_of(value, self._span) * (self.width() - 1)


class LatencyAxis(QWidget):
    """Labels of the decades below the histograms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span = _NARROWEST
        self.setFixedHeight(AXIS_HEIGHT)
        theme().changed.connect(self.update)

    def show_span(self, span: tuple[float, float]) -> None:
        """Label these milliseconds."""
        if span != self._span:
            self._span = span
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(number_font(11))
        painter.setPen(QColor(theme().palette.dim))
        figures, taken = painter.fontMetrics(), -1.0
        for decade in decades(self._span):
            words = milliseconds(decade)
            wide = figures.horizontalAdvance(words)
            left = place_of(decade, self._span) * (self.width() - 1) - wide / 2
            left = min(max(left, 0.0), self.width() - wide)
            if left > taken:
                painter.drawText(QPointF(left, AXIS_HEIGHT - 4), words)
                taken = left + wide + 8
        painter.end()


def decades(span: tuple[float, float]) -> Iterator[float]:
    """1, 10, 100 ... milliseconds from the first to the last of ``span``."""
    exponent, last = round(log10(span[0])), round(log10(span[1]))
    while exponent <= last:
        yield 10.0**exponent
        exponent += 1


def place_of(value: float, span: tuple[float, float]) -> float:
    """Share of the axis, 0 to 1, at which a duration stands; what is outside stands at its end."""
    first, last = (log10(end) for end in span)
    return min(max((log10(max(value, span[0])) - first) / (last - first), 0.0), 1.0)
