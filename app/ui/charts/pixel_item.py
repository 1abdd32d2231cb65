"""Base of the chart's items: placed by data coordinates, painted in whole pixels, so that lines stay sharp."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


@dataclass(frozen=True, slots=True)
class PixelMap:
    """From data to pixels. ``left`` .. ``bottom`` is the plot in pixels."""

    x_scale: float
    x_offset: float
    y_scale: float
    y_offset: float
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, transform: QTransform, view: QRectF) -> "PixelMap":
        """Map of a painter's transform for the data rectangle in sight."""
        area = transform.mapRect(view)
        return cls(
            transform.m11(),
            transform.dx(),
            transform.m22(),
            transform.dy(),
            round(area.left()),
            round(area.top()),
            round(area.right()),
            round(area.bottom()),
        )

    def x(self, value: float) -> int:
        """Pixel column of a data x."""
        return round(value * self.x_scale + self.x_offset)

    def y(self, value: float) -> int:
        """Pixel row of a data y."""
        return round(value * self.y_scale + self.y_offset)

    def rows(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Pixel rows of many data y."""
        return np.rint(values * self.y_scale + self.y_offset).astype(np.int64)


class PixelItem(pg.GraphicsObject):  # type: ignore[misc]
    """Fills the view and paints itself in pixels. Subclasses override ``paint_pixels``."""

    def boundingRect(self) -> QRectF:
        rect = self.viewRect()
        return QRectF() if rect is None else QRectF(rect)

    def viewTransformChanged(self) -> None:
        """Called by pyqtgraph when range or size of the view changed; the base forgets its cached rectangle."""
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        mapping = PixelMap.of(painter.transform(), self.boundingRect())
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.paint_pixels(painter, mapping)
        painter.restore()

    def paint_pixels(self, painter: QPainter, mapping: PixelMap) -> None:
        """Draw with pixel coordinates; the base has nothing to draw."""
