"""Two thin lines through the bar and price under the pointer."""

from PySide6.QtGui import QColor, QPainter, QPen

from app.ui.charts.pixel_item import PixelItem, PixelMap


class CrosshairItem(PixelItem):
    """Shown while ``place`` is set: x is the index of a bar, y a price."""

    def __init__(self) -> None:
        super().__init__()
        self._place: tuple[int, float] | None = None
        self._colour = QColor("#8B96A5")

    @property
    def place(self) -> tuple[int, float] | None:
        """Bar index and price; None while the pointer is elsewhere."""
        return self._place

    def set_place(self, place: tuple[int, float] | None) -> None:
        """Move the lines, or hide them with None."""
        if place != self._place:
            self._place = place
            self.update()

    def set_colour(self, colour: QColor) -> None:
        """Colour of both lines."""
        self._colour = colour
        self.update()

    def paint_pixels(self, painter: QPainter, mapping: PixelMap) -> None:
        if self._place is None:
            return
        pen = QPen(self._colour, 1)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        column, row = mapping.x(self._place[0]), mapping.y(self._place[1])
        painter.drawLine(column, mapping.top, column, mapping.bottom)
        if mapping.top <= row <= mapping.bottom:
            painter.drawLine(mapping.left, row, mapping.right, row)
