"""The bundled line icons in a colour of the theme."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
_SIZES = (16, 24, 32, 48)


@lru_cache(maxsize=128)
def icon(name: str, colour: str) -> QIcon:
    """Icon ``name`` drawn in ``colour``; an icon that is not there is empty, never an error."""
    result = QIcon()
    for size in _SIZES:
        image = svg_image(name, colour, size)
        if not image.isNull():
            result.addPixmap(QPixmap.fromImage(image))
    return result


def svg_image(name: str, colour: str, size: int) -> QImage:
    """Picture of ``size`` pixels; null when there is no such icon."""
    file = ICON_FOLDER / f"{name}.svg"
    if not file.is_file():
        return QImage()
    drawing = file.read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
