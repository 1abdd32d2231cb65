"""The map from data to pixels rounds to whole pixels."""

from decimal import Decimal

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QTransform
from pytestqt.qtbot import QtBot

from app.ui.charts.bar_series import BarSeries
from app.ui.charts.chart_plot import ChartPlot
from app.ui.charts.level_lines import Level, LevelKind
from app.ui.charts.pixel_item import PixelMap
from tests.ui.charts import samples
from tests.ui.charts.pixels import picture, rows_of


def test_map_of_a_transform() -> None:
    transform = QTransform(4.0, 0.0, 0.0, -2.0, 10.0, 300.0)
    mapping = PixelMap.of(transform, QRectF(0, 50, 100, 80))
    assert (mapping.left, mapping.right) == (10, 410)
    assert (mapping.top, mapping.bottom) == (40, 200)
    assert mapping.x(2.3) == 19
    assert mapping.y(75.2) == 150
    assert mapping.rows(np.array([50.0, 75.2])).tolist() == [200, 150]


def test_lines_reach_from_edge_to_edge_after_scrolling(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    series = BarSeries(60)
    series.load(samples.candles())
    plot.show_series(series)
    picture(plot)
    plot.pan(-60)
    low, high = plot.prices.range
    plot.lines.set_levels(
        [(Level(LevelKind.LAST, Decimal(round((low + high) / 2)), "", "up"), QColor("#FF00FF"))], QFont()
    )
    image = picture(plot)
    row = rows_of(image, "#FF00FF", 300)[0]
    assert image.pixelColor(3, row) == QColor("#FF00FF")
    assert image.pixelColor(int(plot.box.width()) - 3, row) == QColor("#FF00FF")
