"""Paints the event timeline: lane names, symbols, counts and the time axis."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygon

from app.domain.values import Side
from app.ui.activity.event_facts import Lane, Tone
from app.ui.charts.time_axis import round_step, time_label
from app.ui.charts.timeline_layout import LANES, Cluster, TimeSpan, axis_moments
from app.ui.theme import number_font, theme, ui_font

LABEL_GAP = 90


def lane_name(lane: Lane) -> str:
    """Translated name of a lane."""
    match lane:
        case Lane.ORDERS:
            return QCoreApplication.translate("EventTimelineWidget", "Orders")
        case Lane.FILLS:
            return QCoreApplication.translate("EventTimelineWidget", "Fills")
        case Lane.RISK:
            return QCoreApplication.translate("EventTimelineWidget", "Risk")
        case Lane.SYSTEM:
            return QCoreApplication.translate("EventTimelineWidget", "System")


class TimelinePainter:
    """Draws into the rectangles it is given; keeps no state between calls."""

    def paint(
        self,
        painter: QPainter,
        whole: QRect,
        lanes: QRect,
        span: TimeSpan,
        found: Sequence[Cluster],
        focused: Cluster | None,
        empty: str,
    ) -> None:
        """Everything, from the background to the words for an empty picture."""
        palette = theme().palette
        painter.fillRect(whole, QColor(palette.panel))
        self._axis(painter, whole, lanes, span)
        for lane in LANES:
            row = lane_row(lanes, lane)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(palette.dim))
            label = QRect(whole.left(), row - 10, lanes.left() - whole.left() - 16, 20)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, lane_name(lane))
            painter.setPen(QColor(palette.line))
            painter.drawLine(lanes.left(), row, lanes.right(), row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for cluster in found:
            self._symbol(painter, lanes, cluster)
        if focused is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 1))
            painter.drawEllipse(QPoint(lanes.left() + focused.x, lane_row(lanes, focused.lane)), 10, 10)
        if empty:
            self._empty(painter, lanes, empty)

    def _axis(self, painter: QPainter, whole: QRect, lanes: QRect, span: TimeSpan) -> None:
        palette = theme().palette
        step = round_step(span.length.total_seconds() * LABEL_GAP / max(1, lanes.width()))
        painter.setFont(number_font(11))
        painter.setPen(QColor(palette.dim))
        below = QRect(0, lanes.bottom() + 1, 80, whole.bottom() - lanes.bottom())
        for moment in axis_moments(span, step):
            centre = lanes.left() + round(span.share(moment) * lanes.width())
            below.moveLeft(centre - 40)
            if below.left() + 20 >= lanes.left() - 20 and below.right() - 20 <= whole.right():
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, time_label(moment, step))
                painter.drawLine(centre, lanes.bottom() - 2, centre, lanes.bottom())

    def _symbol(self, painter: QPainter, lanes: QRect, cluster: Cluster) -> None:
        palette = theme().palette
        x, y = lanes.left() + cluster.x, lane_row(lanes, cluster.lane)
        tones = {Tone.WARNING: QColor(palette.warning), Tone.DANGER: QColor(palette.danger)}
        leader = cluster.leader
        painter.setPen(Qt.PenStyle.NoPen)
        match cluster.lane:
            case Lane.ORDERS:
                painter.setPen(QPen(tones.get(leader.tone, QColor(palette.text)), 1.5))
                painter.setBrush(QColor(palette.panel))
                painter.drawEllipse(QPoint(x, y), 4, 4)
            case Lane.FILLS:
                painter.setBrush(QColor(palette.accent if leader.side is Side.BUY else palette.text))
                painter.drawPolygon(_arrow(x, y, up=leader.side is Side.BUY, half=5))
            case Lane.RISK:
                painter.setBrush(tones.get(leader.tone, QColor(palette.dim)))
                painter.drawPolygon(_arrow(x, y, up=True, half=6))
            case Lane.SYSTEM:
                painter.setBrush(tones.get(leader.tone, QColor(palette.dim)))
                painter.drawRect(x - 3, y - 3, 6, 6)
        if len(cluster.entries) > 1:
            painter.setFont(number_font(10, QFont.Weight.DemiBold))
            painter.setPen(QColor(palette.dim))
            painter.drawText(QRect(x + 6, y - 13, 30, 12), Qt.AlignmentFlag.AlignLeft, str(len(cluster.entries)))

    def _empty(self, painter: QPainter, lanes: QRect, words: str) -> None:
        palette = theme().palette
        painter.setFont(ui_font(13))
        box = painter.fontMetrics().boundingRect(lanes, Qt.AlignmentFlag.AlignCenter, words).adjusted(-12, -6, 12, 6)
        painter.fillRect(box, QColor(palette.panel))
        painter.setPen(QColor(palette.dim))
        painter.drawText(lanes, Qt.AlignmentFlag.AlignCenter, words)


def lane_row(lanes: QRect, lane: Lane) -> int:
    """Pixel row of the middle of a lane."""
    height = lanes.height() / len(LANES)
    return lanes.top() + round(height * (LANES.index(lane) + 0.5))


def _arrow(x: int, y: int, *, up: bool, half: int) -> QPolygon:
    tip = -half if up else half
    return QPolygon([QPoint(x, y + tip), QPoint(x - half, y - tip), QPoint(x + half, y - tip)])
