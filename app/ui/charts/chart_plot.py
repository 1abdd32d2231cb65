"""The plot of the chart: candles, lines, marks, crosshair and axes over one window of bars."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.order import Fill
from app.ui.charts.bar_series import BarSeries
from app.ui.charts.candle_item import CandleItem
from app.ui.charts.chart_view_box import ChartViewBox
from app.ui.charts.chart_window import ChartWindow, price_range
from app.ui.charts.crosshair import CrosshairItem
from app.ui.charts.fill_marks import FillMarksItem, marks_of
from app.ui.charts.krw_axis import AxisTag, KrwAxis, nice_step, price_label
from app.ui.charts.level_lines import Level, LevelLinesItem
from app.ui.charts.time_axis import TimeAxis, axis_times
from app.ui.formats import KST
from app.ui.theme import number_font, theme, ui_font


def ink_on(fill: QColor) -> QColor:
    """Black or white, whichever reads better on ``fill``."""
    light = 0.299 * fill.red() + 0.587 * fill.green() + 0.114 * fill.blue()
    return QColor("#0E1116") if light > 120 else QColor("#FFFFFF")


class ChartPlot(pg.PlotWidget):  # type: ignore[misc]
    """Shows a BarSeries. ``hovered`` tells the index of the bar under the pointer, or -1."""

    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.prices, self.times, self.box = KrwAxis(), TimeAxis(), ChartViewBox()
        super().__init__(parent, viewBox=self.box, axisItems={"right": self.prices, "bottom": self.times})
        self.window_of_bars = ChartWindow()
        self._series = BarSeries(60)
        self._levels: tuple[Level, ...] = ()
        self._range: tuple[float, float] | None = None
        self._shown: tuple[float, ...] = ()
        self._labelled: tuple[object, ...] = ()
        self.candles, self.lines, self.marks = CandleItem(), LevelLinesItem(), FillMarksItem()
        self.crosshair = CrosshairItem()
        for depth, item in enumerate((self.candles, self.lines, self.marks, self.crosshair)):
            item.setZValue(depth)
            self.box.addItem(item, ignoreBounds=True)
        self.hideAxis("left")
        self.showAxis("right")
        self.hideButtons()
        self.setMenuEnabled(False)
        self.getPlotItem().layout.setContentsMargins(0, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self._notice_role = "dim"
        self.notice = QLabel(self)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notice.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.box.zoom_wanted.connect(self.zoom)
        self.box.drag_wanted.connect(self.pan)
        self.box.home_wanted.connect(self.to_newest)
        self.box.sigResized.connect(self._resized)
        self.scene().sigMouseMoved.connect(self._pointer_moved)
        theme().changed.connect(self.restyle)
        self.restyle()

    def show_series(self, series: BarSeries) -> None:
        """Show another series, at its newest bar."""
        self._series = series
        self._range = None
        self._labelled = ()
        self._point_at(None)
        self.window_of_bars.to_newest(len(series))
        self.bars_changed()

    def place(self) -> datetime | None:
        """Time at the right edge when the user scrolled away; None while the newest bar is followed."""
        if self.window_of_bars.follows or not len(self._series):
            return None
        index = max(0, min(int(self.window_of_bars.right), len(self._series) - 1))
        return self._series[index].opened_at

    def go_to(self, moment: datetime | None) -> None:
        """Put the bar of ``moment`` at the right edge; None stays at the newest bar."""
        index = None if moment is None else self._series.index_at(moment)
        if index is not None:
            self.window_of_bars.follows = False
            self.window_of_bars.right = float(index)
            self.bars_changed()

    def bars_changed(self) -> None:
        """The series has a new bar or a changed one."""
        count = len(self._series)
        window = self.window_of_bars
        window.follow(count)
        first, last = window.visible(count)
        floats = self._series.floats[first:last]
        self.candles.set_bars(floats, first)
        self.prices.is_blank = not len(floats)
        found = price_range(floats, (float(level.price) for level in self._levels), self._range)
        if found is not None:
            self._range = found
            shown = (window.left, window.right, *found)
            if shown != self._shown:
                self._shown = shown
                self.box.setRange(xRange=(window.left, window.right), yRange=found, padding=0.0)
        self._label_times(first, last)

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Replace the lines and the tags on the axis."""
        fresh = tuple(levels)
        if fresh != self._levels:
            self._levels = fresh
            self._colour_levels()
            self.bars_changed()

    def set_fills(self, fills: Iterable[Fill]) -> None:
        """Replace the marks of our fills."""
        self.marks.set_marks(marks_of(fills, self._series))

    def set_notice(self, words: str, role: str = "dim") -> None:
        """Words in the middle of an empty plot, or at the top of a full one; empty hides them."""
        if words != self.notice.text() or role != self._notice_role:
            self._notice_role = role
            self.notice.setText(words)
            self._style_notice()
        self.notice.setVisible(bool(words))
        self._place_notice()

    def zoom(self, factor: float, anchor: float | None = None) -> None:
        """Show ``factor`` times as many bars."""
        self.window_of_bars.zoom(factor, len(self._series), anchor)
        self.bars_changed()

    def pan(self, bars: float) -> None:
        """Move by ``bars``; positive goes to newer ones."""
        self.window_of_bars.pan(bars, len(self._series))
        self.bars_changed()

    def to_newest(self) -> None:
        """Back to the newest bar."""
        self.window_of_bars.to_newest(len(self._series))
        self.bars_changed()

    def restyle(self) -> None:
        """Take colours and fonts from the theme."""
        palette = theme().palette
        figures = number_font(11)
        self.setBackground(QColor(palette.panel))
        self.prices.set_look(QColor(palette.dim), QColor(palette.line), figures)
        self.times.set_look(QColor(palette.dim), QColor(palette.line), QColor(palette.raised), figures)
        self.candles.set_colours(QColor(palette.up), QColor(palette.down))
        self.marks.set_colours(QColor(palette.accent), QColor(palette.text))
        self.crosshair.set_colour(QColor(palette.dim))
        self._style_notice()
        self._colour_levels()
        if self.crosshair.place is not None:
            self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(0.8)
            case Qt.Key.Key_Minus:
                self.zoom(1.25)
            case Qt.Key.Key_Left:
                self.pan(-max(1.0, self.window_of_bars.bars / 20))
            case Qt.Key.Key_Right:
                self.pan(max(1.0, self.window_of_bars.bars / 20))
            case Qt.Key.Key_End:
                self.to_newest()
            case _:
                event.ignore()
                return
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "notice"):  # pyqtgraph resizes before the constructor is through
            self._place_notice()

    def _resized(self) -> None:
        self.bars_changed()

    def _place_notice(self) -> None:
        area: QRectF = self.box.sceneBoundingRect()
        corner = area.center() - QPointF(self.notice.width() / 2, self.notice.height() / 2)
        if len(self._series):
            corner.setY(area.top() + 30)
        self.notice.move(corner.toPoint())

    def _style_notice(self) -> None:
        palette = theme().palette
        colour = getattr(palette, self._notice_role)
        self.notice.setFont(ui_font(13))
        self.notice.setStyleSheet(
            f"color: {colour}; background: {palette.panel}; border-radius: 6px; padding: 4px 12px"
        )
        self.notice.adjustSize()

    def _label_times(self, first: int, last: int) -> None:
        pixels = self.box.width() / max(1.0, self.window_of_bars.bars)
        labelled = (self._series, len(self._series), first, last, pixels)
        if labelled == self._labelled:
            return
        self._labelled = labelled
        moments = [self._series[index].opened_at for index in range(first, last)]
        labels = axis_times(moments, self._series.seconds, pixels)
        self.times.set_labels([(first + index, text) for index, text in labels])

    def _colour_levels(self) -> None:
        palette = theme().palette
        coloured = [(level, QColor(getattr(palette, level.role))) for level in self._levels]
        self.lines.set_levels(coloured, number_font(11))
        self.prices.set_tags(
            [AxisTag(float(level.price), level.tag, colour, ink_on(colour)) for level, colour in coloured]
        )

    def _pointer_moved(self, place: QPointF) -> None:
        inside = len(self._series) and self.box.sceneBoundingRect().contains(place)
        self._point_at(self.box.mapSceneToView(place) if inside else None)

    def _point_at(self, point: QPointF | None) -> None:
        if point is None:
            self.crosshair.set_place(None)
            self.prices.set_pointer(None)
            self.times.set_pointer(None)
            self.hovered.emit(-1)
            return
        index = int(np.clip(round(point.x()), 0, len(self._series) - 1))
        raised = QColor(theme().palette.raised)
        low, high = self.prices.range
        step = nice_step((high - low) / 100, 1)
        text = price_label(round(point.y() / step) * step, step)
        self.crosshair.set_place((index, point.y()))
        self.prices.set_pointer(AxisTag(point.y(), text, raised, QColor(theme().palette.text)))
        moment = self._series[index].opened_at.astimezone(KST)
        self.times.set_pointer((index, f"{moment:%m-%d %H:%M}"))
        self.hovered.emit(index)
