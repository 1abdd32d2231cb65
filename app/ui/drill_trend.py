"""Past fire drills as bars: how long each took, what was foretold, and the p95 it had to keep."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.drill import DrillRecord
from app.ui.theme import number_font, theme

HEIGHT = 128
#: Drills that fit beside each other.
SHOWN = 30
_TOP, _BOTTOM, _LEFT = 10, 8, 48
_WIDEST = 18.0


def scale_top(drills: Sequence[DrillRecord]) -> float:
    """Seconds at the top edge: a little above the largest figure, never 0."""
    seconds = [drill.took_s for drill in drills if drill.took_s is not None]
    seconds += [drill.card.p95_s for drill in drills if drill.card is not None]
    return max([*seconds, 1.0]) * 1.1


class DrillTrend(QWidget):
    """Oldest first. A bar is a drill: accent when it passed, warning when not; the short line on it is its p95."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drills: tuple[DrillRecord, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme().changed.connect(self.update)

    @property
    def drills(self) -> tuple[DrillRecord, ...]:
        """What is drawn."""
        return self._drills

    def show_drills(self, drills: Sequence[DrillRecord]) -> None:
        """Draw the newest ones."""
        self._drills = tuple(drills)[-SHOWN:]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), theme().palette
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -8, -_BOTTOM)
        top = scale_top(self._drills)
        painter.setFont(number_font(11))
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(QColor(palette.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.dim))
            words = QRectF(0, y - 8, _LEFT - 6, 16)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share * top:.1f} s")
        for number, drill in enumerate(self._drills):
            self._paint(painter, area, top, number, drill)
        painter.end()

    def _paint(self, painter: QPainter, area: QRectF, top: float, number: int, drill: DrillRecord) -> None:
        palette = theme().palette
        slot = min(area.width() / max(len(self._drills), 1), 2 * _WIDEST)
        left = area.left() + number * slot + slot * 0.2
        width = slot * 0.6
        height = area.height() * (drill.took_s or 0.0) / top
        colour = QColor(palette.accent if drill.passed else palette.warning)
        painter.fillRect(QRectF(left, area.bottom() - max(height, 2.0), width, max(height, 2.0)), colour)
        if drill.card is None:
            return
        painter.setPen(QPen(QColor(palette.text), 2))
        y = area.bottom() - area.height() * drill.card.p95_s / top
        painter.drawLine(QPointF(left - 2, y), QPointF(left + width + 2, y))
        painter.setPen(QPen(QColor(palette.dim), 1, Qt.PenStyle.DashLine))
        y = area.bottom() - area.height() * drill.card.expected_s / top
        painter.drawLine(QPointF(left - 2, y), QPointF(left + width + 2, y))
