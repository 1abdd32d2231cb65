"""How much of a limit is used: a label, the share, and a bar."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import number_font, theme, ui_font

BAR = 5
STRIPE = 9
WARN_FROM, DANGER_FROM = 0.7, 0.9


class Gauge(QWidget):
    """A share of 0 to 1; from ``warn_from`` on the bar warns, from ``danger_from`` on it is in danger colour."""

    def __init__(
        self, parent: QWidget | None = None, *, warn_from: float = WARN_FROM, danger_from: float = DANGER_FROM
    ) -> None:
        super().__init__(parent)
        self._warn_from, self._danger_from = warn_from, danger_from
        self._share = 0.0
        self._name = ""
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def words(self) -> str:
        """Text at the right end."""
        return self._words

    def set_name(self, name: str) -> None:
        """Which limit it is."""
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def show_share(self, share: float, words: str) -> None:
        """Show a share with its words; repaints only what is new."""
        before = self._look()
        new_words = words != self._words
        self._share, self._words = share, words
        if new_words:
            self.setAccessibleDescription(words)
        if new_words or self._look() != before:
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(0, 0, self.width(), self.height() - BAR - 3)
        painter.setPen(QColor(palette.dim))
        painter.setFont(number_font(12))
        right = painter.boundingRect(line, Qt.AlignmentFlag.AlignRight, self._words).width()
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.setFont(ui_font(12))
        room = line.adjusted(0, 0, -right - 8, 0)
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        bar = QRectF(0, self.height() - BAR - 1, self.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.raised if palette.is_dark else palette.line))
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        share = min(max(self._share, 0.0), 1.0)
        if share > 0:
            painter.setBrush(QColor(self._colour()))
            bar.setWidth(max(share * bar.width(), BAR))
            painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
            if self._share >= self._danger_from:
                _paint_stripes(painter, bar)
        painter.end()

    def _look(self) -> tuple[int, bool, str]:
        """What of the share can be seen: half pixels and the colour."""
        return round(min(max(self._share, 0.0), 1.0) * self.width() * 2), self._share > 0, self._colour()

    def _colour(self) -> str:
        palette = theme().palette
        if self._share >= self._danger_from:
            return palette.danger
        return palette.warning if self._share >= self._warn_from else palette.accent


def _paint_stripes(painter: QPainter, bar: QRectF) -> None:
    """Danger is striped, so that it is never taken for the red of a profit or a loss."""
    painter.setClipRect(bar)
    painter.setPen(QPen(QColor(theme().palette.stripe_line), 2.5))
    x = bar.left()
    while x < bar.right() + BAR:
        painter.drawLine(QPointF(x, bar.bottom() + 1), QPointF(x + BAR + 2, bar.top() - 1))
        x += STRIPE
    painter.setClipping(False)
