"""Horizontal lines of the chart: entry, stop-loss, trailing stop, take-profit and the last price."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.domain.money import is_usable
from app.domain.position import Position
from app.ui.charts.pixel_item import PixelItem, PixelMap
from app.ui.formats import percent, price


class LevelKind(StrEnum):
    """What a line means; it decides colour and dash."""

    LAST = "last"
    ENTRY = "entry"
    STOP = "stop"
    TRAIL = "trail"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Level:
    """One line: its price, the words on its tag and its colour role (a field name of the palette)."""

    kind: LevelKind
    price: Decimal
    tag: str
    role: str

    @property
    def is_solid(self) -> bool:
        """Only the last price is a solid line: it is a fact, the others are conditions."""
        return self.kind is LevelKind.LAST


def levels_of(position: Position, last: Decimal | None) -> list[Level]:
    """Lines of a position: its entry, and every exit that is still armed with its distance from ``last``."""
    found: list[Level] = []
    entry = position.average_cost
    if entry is not None:
        word = QCoreApplication.translate("ChartWidget", "Entry")
        found.append(Level(LevelKind.ENTRY, entry, f"{word} {price(entry)}", "dim"))
    plan = position.exit_plan
    if plan is None or plan.fired is not None or not position.is_live:
        return found
    words = (
        (LevelKind.STOP, plan.stop_price, QCoreApplication.translate("ChartWidget", "Stop"), "warning"),
        (LevelKind.TRAIL, plan.trail_price, QCoreApplication.translate("ChartWidget", "Trail"), "warning"),
        (LevelKind.TARGET, plan.target_price, QCoreApplication.translate("ChartWidget", "Target"), "accent"),
    )
    for kind, level, word, role in words:
        if level is not None:
            found.append(Level(kind, level, f"{word} {distance(level, last)}".rstrip(), role))
    return found


def distance(level: Decimal, last: Decimal | None) -> str:
    """How far ``level`` is from the last price, signed, in percent; empty without a usable last price."""
    if last is None or not is_usable(last):
        return ""
    return percent((level - last) / last)


class LevelLinesItem(PixelItem):
    """Draws the lines across the plot, the exact price small at the left end. The axis draws the tags."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: tuple[tuple[Level, QColor], ...] = ()
        self._font = QFont()

    def set_levels(self, levels: Sequence[tuple[Level, QColor]], font: QFont) -> None:
        """Replace the lines; repaints only when something differs."""
        fresh = tuple(levels)
        if fresh != self._levels or font != self._font:
            self._levels = fresh
            self._font = font
            self.update()

    def paint_pixels(self, painter: QPainter, mapping: PixelMap) -> None:
        painter.setFont(self._font)
        height = QFontMetrics(self._font).height()
        taken: list[int] = []
        for level, colour in self._levels:
            row = mapping.y(float(level.price))
            if not mapping.top <= row <= mapping.bottom:
                continue
            pen = QPen(colour, 1)
            if not level.is_solid:
                pen.setDashPattern([5, 4])
            painter.setPen(pen)
            painter.drawLine(mapping.left, row, mapping.right, row)
            if level.is_solid or any(abs(row - other) < height for other in taken):
                continue
            taken.append(row)
            place = QRect(mapping.left + 6, row - height - 1, 160, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, price(level.price))
