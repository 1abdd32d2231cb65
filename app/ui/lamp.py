"""A status lamp: colour, name and age. Words tell the same as the colour."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import number_font, theme

DOT = 8


class Lamp(QWidget):
    """``show_state`` with a colour role: ``good``, ``warning``, ``danger`` or ``faint``."""

    def __init__(self, sample: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = "faint"
        self._words = ""
        self._sample = sample
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme().changed.connect(self.update)

    @property
    def role(self) -> str:
        """Colour in use."""
        return self._role

    @property
    def words(self) -> str:
        """Text in use."""
        return self._words

    def show_state(self, role: str, words: str, tip: str) -> None:
        """Repaints only what is new. The width fits the sample, so that nothing beside it moves."""
        if (role, words) != (self._role, self._words):
            wider = len(words) > len(self._sample)
            self._role, self._words = role, words
            self._sample = words if wider else self._sample
            if wider:
                self.updateGeometry()
            self.update()
        if tip != self.toolTip():
            self.setToolTip(tip)
            self.setAccessibleName(tip)

    def set_sample(self, sample: str) -> None:
        """A text as wide as it gets."""
        self._sample = sample
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(number_font(12))
        wide = max(metrics.horizontalAdvance(self._sample), metrics.horizontalAdvance(self._words))
        return QSize(DOT + 6 + wide + 2, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(palette, self._role)))
        painter.drawEllipse(QRectF(0.5, self.height() / 2 - DOT / 2 + 0.5, DOT - 1, DOT - 1))
        painter.setPen(QColor(palette.text if self._role in ("warning", "danger") else palette.dim))
        painter.setFont(number_font(12))
        area = QRectF(DOT + 6, 0, self.width() - DOT - 6, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words)
        painter.end()
