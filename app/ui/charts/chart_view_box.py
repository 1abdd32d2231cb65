"""The plot's mouse: the wheel zooms time, dragging moves it; prices follow by themselves."""

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal


class ChartViewBox(pg.ViewBox):  # type: ignore[misc]
    """Tells what the user wants; the chart decides what is shown."""

    zoom_wanted = Signal(float, float)
    """Factor for the number of bars, and the x coordinate under the pointer."""
    drag_wanted = Signal(float)
    """Number of bars; positive moves to newer ones."""
    home_wanted = Signal()
    """Double click: back to the newest bar."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=False, y=False)
        self.disableAutoRange()
        self.setDefaultPadding(0.0)

    def wheelEvent(self, event: object, axis: int | None = None) -> None:
        turns = event.delta() / 120  # type: ignore[attr-defined]
        anchor = self.mapSceneToView(event.scenePos()).x()  # type: ignore[attr-defined]
        self.zoom_wanted.emit(0.85**turns, anchor)
        event.accept()  # type: ignore[attr-defined]

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:
        """pyqtgraph's drag event; only the left button moves the chart."""
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            event.ignore()  # type: ignore[attr-defined]
            return
        moved = event.lastPos().x() - event.pos().x()  # type: ignore[attr-defined]
        self.drag_wanted.emit(moved * self.viewPixelSize()[0])
        event.accept()  # type: ignore[attr-defined]

    def mouseClickEvent(self, event: object) -> None:
        """pyqtgraph's click event."""
        if event.double():  # type: ignore[attr-defined]
            self.home_wanted.emit()
            event.accept()  # type: ignore[attr-defined]
