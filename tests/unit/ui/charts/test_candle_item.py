"""Candles are whole pixels: bodies, wicks and volume bars at the right place and in the right colour."""

import numpy as np
from PySide6.QtCore import QRect, QSize
from pytestqt.qtbot import QtBot

from app.ui.charts.bar_series import BarSeries
from app.ui.charts.candle_item import candle_shapes
from app.ui.charts.chart_plot import ChartPlot
from app.ui.charts.pixel_item import PixelMap
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.pixels import holds, picture

# 10 pixels per bar, price 100 at row 100, one pixel per unit.
MAP = PixelMap(10.0, 5.0, -1.0, 200.0, 0, 0, 400, 300)


def test_a_rising_bar_is_a_body_and_a_wick_in_the_up_list() -> None:
    shapes = candle_shapes(np.array([[100.0, 130, 90, 120, 2]]), 3, MAP)
    assert shapes.down == []
    assert shapes.up == [QRect(32, 80, 7, 20), QRect(35, 70, 1, 41)]


def test_a_falling_bar_is_in_the_down_list_and_a_flat_one_is_one_pixel_high() -> None:
    shapes = candle_shapes(np.array([[120.0, 120, 100, 100, 1], [100.0, 100, 100, 100, 0]]), 0, MAP)
    assert shapes.down[0] == QRect(2, 80, 7, 20)
    assert shapes.up == [QRect(12, 100, 7, 1)]


def test_volume_bars_stand_on_the_bottom_in_proportion() -> None:
    shapes = candle_shapes(np.array([[1.0, 2, 1, 2, 10], [2.0, 2, 1, 1, 5]]), 0, MAP)
    up, down = shapes.up_volume[0], shapes.down_volume[0]
    assert up.bottom() + 1 == down.bottom() + 1 == MAP.bottom
    assert abs(up.height() - 2 * down.height()) <= 1


def test_no_bars_give_no_shapes() -> None:
    shapes = candle_shapes(np.empty((0, 5)), 0, MAP)
    assert shapes.up == shapes.down == shapes.up_volume == []


def test_both_colours_are_on_the_picture(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    plot.resize(QSize(600, 300))
    series = BarSeries(60)
    series.load(samples.candles(count=80))
    plot.show_series(series)
    image = picture(plot)
    assert holds(image, theme().palette.up)
    assert holds(image, theme().palette.down)
