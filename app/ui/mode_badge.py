"""Whose money it is, in words and colour: a badge that looks different in every mode. Live wears the hazard stripe."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QLabel

from app.domain.values import TradingMode
from app.ui import mode_words
from app.ui.panel import set_look
from app.ui.theme import theme, ui_font

HEIGHT = 26
STRIPE = 7.0
ROLES = {
    TradingMode.PRACTICE: "",
    TradingMode.DRY_RUN: "rehearsal",
    TradingMode.PAPER: "paper",
    TradingMode.LIVE: "danger",
}


class ModeBadge(QLabel):
    """Says the mode in the language of the screen; the tooltip says what is at stake."""

    def __init__(self, mode: TradingMode) -> None:
        super().__init__()
        self._mode = mode
        self.setObjectName("mode_badge")
        self.setFont(ui_font(12, QFont.Weight.DemiBold))
        self.setProperty("kind", "badge")
        self.setFixedHeight(HEIGHT)
        self.show_mode()

    def show_mode(self) -> None:
        """Write it in the present language."""
        self.setText(mode_name(self._mode))
        set_look(self, "role", ROLES[self._mode])
        self.setToolTip(mode_words.mode_stakes(self._mode))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._mode is TradingMode.LIVE:
            self._paint_stripes()
        super().paintEvent(event)

    def _paint_stripes(self) -> None:
        palette = theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setClipRect(box)
        painter.fillRect(box, QColor(palette.stripe))
        painter.setPen(QColor(palette.stripe_line))
        painter.setBrush(QColor(palette.stripe_line))
        left = box.left() - box.height()
        while left < box.right():
            feet = (QPointF(left, box.bottom()), QPointF(left + STRIPE, box.bottom()))
            heads = (QPointF(left + STRIPE + box.height(), box.top()), QPointF(left + box.height(), box.top()))
            painter.drawPolygon(QPolygonF([*feet, *heads]))
            left += 2 * STRIPE
        painter.end()


def mode_name(mode: TradingMode) -> str:
    """The mode in the language of the screen, with its name on the command line where that is another word."""
    local = mode_words.trading_mode(mode)
    name = mode.value.upper()
    return local if local.upper().replace(" ", "-").startswith(name) else f"{local} · {name}"
