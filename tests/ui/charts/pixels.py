"""Questions about pictures of widgets."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


def picture(widget: QWidget, size: QSize | None = None) -> QImage:
    """What the widget looks like; it need not be shown."""
    if size is not None:
        widget.resize(size)
    return widget.grab().toImage()


def rows_of(image: QImage, colour: str, least: int = 1) -> list[int]:
    """Rows that hold at least ``least`` pixels of exactly this colour."""
    wanted = QColor(colour).rgb()
    rows = range(image.height())
    return [y for y in rows if sum(image.pixel(x, y) == wanted for x in range(image.width())) >= least]


def holds(image: QImage, colour: str) -> bool:
    """True when the colour occurs."""
    return bool(rows_of(image, colour))
