"""Marks stand below the bar for buys and above it for sells, one per bar and side."""

from PySide6.QtCore import QPoint

from app.domain.values import Side
from app.ui.charts.bar_series import BarSeries
from app.ui.charts.fill_marks import GAP, TALL, marks_of, triangle
from tests.ui.charts import samples
from tests.ui.charts.samples import BTC


def test_marks_of_fills() -> None:
    series = BarSeries(60)
    series.load(samples.candles())
    fills = [fill for fill in samples.fills() if fill.market == BTC]
    marks = marks_of([*fills, fills[0]], series)
    assert [mark.side for mark in marks] == [Side.BUY, Side.SELL, Side.BUY]
    first = series[marks[0].index]
    assert marks[0].tip == float(min(first.low, fills[0].price))
    assert first.opened_at <= fills[0].traded_at


def test_fills_before_the_first_bar_have_no_mark() -> None:
    series = BarSeries(60)
    series.load(samples.candles(count=5))
    assert marks_of(samples.fills()[:1], series) == []


def test_triangles_point_at_the_price() -> None:
    assert triangle(50, 100, Side.BUY).first() == QPoint(50, 100 + GAP)
    assert triangle(50, 100, Side.SELL).first() == QPoint(50, 100 - GAP)
    assert triangle(50, 100, Side.SELL).boundingRect().top() == 100 - GAP - TALL
