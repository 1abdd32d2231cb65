"""Spark lines use their whole rectangle and take the colour of their direction."""

from PySide6.QtCore import QRectF, QSize
from pytestqt.qtbot import QtBot

from app.ui.charts.spark_line import SparkLine, spark_points
from app.ui.theme import theme
from tests.ui.charts.pixels import picture


def test_points_span_the_rectangle() -> None:
    points = spark_points(QRectF(10, 20, 100, 40), [1.0, 3.0, 2.0])
    assert [(point.x(), point.y()) for point in points] == [(10, 60), (60, 20), (110, 40)]


def test_flat_lies_in_the_middle_and_one_value_is_no_line() -> None:
    assert {point.y() for point in spark_points(QRectF(0, 0, 10, 10), [5.0, 5.0])} == {5.0}
    assert spark_points(QRectF(0, 0, 10, 10), [5.0]) == []


def test_rising_is_up_and_falling_is_down(qtbot: QtBot) -> None:
    line = SparkLine()
    qtbot.addWidget(line)
    size = QSize(100, 40)

    def mean_red_minus_blue() -> int:
        image = picture(line, size)
        pixels = [image.pixelColor(x, y) for x in range(100) for y in range(40)]
        return sum(pixel.red() - pixel.blue() for pixel in pixels)

    empty = mean_red_minus_blue()
    line.set_values([1.0, 2.0, 3.0])
    assert mean_red_minus_blue() > empty
    line.set_values([3.0, 2.0, 1.0])
    assert mean_red_minus_blue() < empty
    assert line.values == (3.0, 2.0, 1.0)
    assert theme().korean_colours
