"""Line above the chart: market, last price, day change, strategy, timeframes and the day's open, high and low."""

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.domain.blueprint import TIMEFRAMES
from app.domain.price_age import PriceAge
from app.ui.formats import percent, price
from app.ui.price_tone import price_tone
from app.ui.theme import number_font, theme, ui_font

SHOWN_TIMEFRAMES = ("1m", "3m", "5m", "15m", "1h")


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What the header shows of a market; ``change`` is a ratio (0.01 = 1 %)."""

    last: Decimal
    change: Decimal | None
    open: Decimal
    high: Decimal
    low: Decimal


class WholeLabel(QLabel):
    """Shows its words only where all of them fit: half a price is a wrong price."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.fontMetrics().horizontalAdvance(self.text()) <= self.width():
            super().paintEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class ChartHeader(QWidget):
    """Shows what it is told; dim figures grow old, grey ones are old."""

    timeframe_chosen = Signal(int)
    """Length of a bar in seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: DayFigures | None = None
        self._age = PriceAge.FRESH
        self.market = QLabel(self)
        self.last = QLabel(self)
        self.change = QLabel(self)
        self.strategy = WholeLabel(self)
        self.day = WholeLabel(self)
        self.buttons = QButtonGroup(self)
        self.day.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.day.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for label in (self.market, self.last, self.change):
            row.addWidget(label)
        row.addSpacing(4)
        bar = QHBoxLayout()
        bar.setSpacing(0)
        for name in SHOWN_TIMEFRAMES:
            bar.addWidget(self._button(name))
        row.addLayout(bar)
        row.addSpacing(4)
        row.addWidget(self.strategy)
        row.addWidget(self.day, 1)
        self.buttons.idClicked.connect(self.timeframe_chosen)
        self.setFixedHeight(36)
        theme().changed.connect(self._restyle)
        self._translate()
        self._restyle()

    def choose(self, seconds: int) -> None:
        """Mark the timeframe in use."""
        button = self.buttons.button(seconds)
        if button is not None:
            button.setChecked(True)

    def show_market(self, name: str, strategy: str) -> None:
        """Name of the market and, if any, of the strategy that trades it."""
        self.market.setText(name)
        self.strategy.setText(strategy)

    def show_figures(self, figures: DayFigures | None, age: PriceAge) -> None:
        """Price, how old it is, and day figures; None while nothing is known."""
        if figures == self._figures and age is self._age:
            return
        self._figures, self._age = figures, age
        self._write()

    def sizeHint(self) -> QSize:
        return QSize(640, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 36)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._write()
        super().changeEvent(event)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFixedHeight(24)
        button.setProperty("timeframe", name)
        self.buttons.addButton(button, TIMEFRAMES[name])
        return button

    def _translate(self) -> None:
        words = {
            "1m": self.tr("1m"),
            "3m": self.tr("3m"),
            "5m": self.tr("5m"),
            "15m": self.tr("15m"),
            "1h": self.tr("1h"),
        }
        for button in self.buttons.buttons():
            word = words[button.property("timeframe")]
            button.setText(word)
            button.setAccessibleName(self.tr("Timeframe {name}").format(name=word))
        self.last.setAccessibleName(self.tr("Last price"))
        self.change.setAccessibleName(self.tr("Day change"))

    def _write(self) -> None:
        figures = self._figures
        if figures is None:
            for label in (self.last, self.change, self.day):
                label.clear()
            return
        self.last.setText(price(figures.last))
        self.change.setText("" if figures.change is None else percent(figures.change))
        self.day.setText(
            self.tr("Open {open} · High {high} · Low {low}").format(
                open=price(figures.open), high=price(figures.high), low=price(figures.low)
            )
        )
        self._colour()

    def _restyle(self) -> None:
        palette = theme().palette
        self.market.setFont(ui_font(14, QFont.Weight.DemiBold))
        self.last.setFont(number_font(14, QFont.Weight.DemiBold))
        self.change.setFont(number_font(13, QFont.Weight.DemiBold))
        for label in (self.strategy, self.day):
            label.setFont(number_font(11) if label is self.day else ui_font(12))
            label.setStyleSheet(f"color: {palette.dim}; background: transparent")
        self.market.setStyleSheet(f"color: {palette.text}; background: transparent")
        for button in self.buttons.buttons():
            button.setFont(ui_font(12))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setStyleSheet(
                f"QToolButton {{ color: {palette.dim}; background: transparent; border: 1px solid transparent;"
                f" border-radius: 4px; padding: 1px 3px; }}"
                f"QToolButton:hover {{ background: {palette.raised}; }}"
                f"QToolButton:checked {{ color: {palette.accent}; background: {palette.raised}; }}"
                f"QToolButton:focus {{ border-color: {palette.accent}; }}"
            )
        self._colour()

    def _colour(self) -> None:
        palette = theme().palette
        change = self._figures.change if self._figures is not None else None
        token = "text" if not change else "up" if change > 0 else "down"
        colour = getattr(palette, price_tone(self._age, token))
        for label in (self.last, self.change):
            label.setStyleSheet(f"color: {colour}; background: transparent")
