"""Prices on the axis are full figures at round steps; tags never overlap."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.ui.charts.bar_series import BarSeries
from app.ui.charts.chart_plot import ChartPlot
from app.ui.charts.krw_axis import AxisTag, nice_step, price_label, spread_rows
from tests.ui.charts import samples
from tests.ui.charts.pixels import picture, rows_of


@pytest.mark.parametrize(
    ("span", "count", "step"),
    [(1000.0, 10, 100.0), (1000.0, 9, 200.0), (3_000_000.0, 7, 500_000.0), (0.013, 6, 0.005), (0.0, 5, 1.0)],
)
def test_steps_are_one_two_or_five(span: float, count: float, step: float) -> None:
    assert nice_step(span, count) == pytest.approx(step)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (138_000_000.0, 500_000.0, "138,000,000"),
        (0.4215, 0.0005, "0.4215"),
        (812.5, 0.5, "812.5"),
        (3.0, 1.0, "3"),
    ],
)
def test_labels_have_separators_and_the_decimals_of_the_step(value: float, step: float, text: str) -> None:
    assert price_label(value, step) == text


def test_rows_are_moved_apart_and_stay_inside() -> None:
    rows = spread_rows([100, 101, 99, 5], 20, 10, 200)
    ordered = sorted(rows)
    assert all(after - before >= 20 for before, after in pairwise(ordered))
    assert ordered[0] >= 10
    assert rows.index(min(rows)) == 3
    assert max(spread_rows([195, 199], 20, 10, 200)) == 200


def test_a_tag_is_painted_at_its_price(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    plot.resize(QSize(600, 300))
    series = BarSeries(60)
    series.load(samples.candles(count=60))
    plot.show_series(series)
    low, high = plot.prices.range
    plot.prices.set_tags([AxisTag((low + high) / 2, "x", QColor("#FF00FF"), QColor("#000000"))])
    rows = rows_of(picture(plot), "#FF00FF", 20)
    middle = plot.box.sceneBoundingRect().center().y()
    assert abs((rows[0] + rows[-1]) / 2 - middle) <= 1.5


def test_an_empty_chart_has_no_labels(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    assert plot.prices.ticks(300) == []
