"""Wheel and drag tell what is wanted; the view does not move by itself."""

from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.ui.charts.chart_plot import ChartPlot


class FakeWheel:
    def __init__(self, delta: int) -> None:
        self._delta = delta
        self.accepted = False

    def delta(self) -> int:
        return self._delta

    def scenePos(self) -> QPointF:
        return QPointF(100, 100)

    def accept(self) -> None:
        self.accepted = True


class FakeDrag(FakeWheel):
    def __init__(self, button: Qt.MouseButton, x: float) -> None:
        super().__init__(0)
        self._button, self._x = button, x
        self.ignored = False

    def button(self) -> Qt.MouseButton:
        return self._button

    def lastPos(self) -> QPointF:
        return QPointF(200, 50)

    def pos(self) -> QPointF:
        return QPointF(self._x, 50)

    def ignore(self) -> None:
        self.ignored = True

    def double(self) -> bool:
        return True


def test_wheel_up_wants_fewer_bars(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    event = FakeWheel(120)
    with qtbot.waitSignal(plot.box.zoom_wanted) as told:
        plot.box.wheelEvent(event)
    assert told.args[0] < 1
    assert event.accepted


def test_dragging_left_moves_to_newer_bars_and_other_buttons_do_nothing(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    with qtbot.waitSignal(plot.box.drag_wanted) as told:
        plot.box.mouseDragEvent(FakeDrag(Qt.MouseButton.LeftButton, 150))
    assert told.args[0] > 0
    other = FakeDrag(Qt.MouseButton.RightButton, 150)
    with qtbot.assertNotEmitted(plot.box.drag_wanted):
        plot.box.mouseDragEvent(other)
    assert other.ignored


def test_double_click_goes_home(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    with qtbot.waitSignal(plot.box.home_wanted):
        plot.box.mouseClickEvent(FakeDrag(Qt.MouseButton.LeftButton, 0))
