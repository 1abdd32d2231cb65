"""Zoom and scroll by keys, crosshair, notices and theme of the plot."""

from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.ui.charts.bar_series import BarSeries
from app.ui.charts.chart_plot import ChartPlot, ink_on
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.pixels import holds, picture


def filled_plot(qtbot: QtBot, count: int = 240) -> ChartPlot:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 360)
    series = BarSeries(60)
    series.load(samples.candles(count=count))
    plot.show_series(series)
    return plot


def test_keys_zoom_scroll_and_return(qtbot: QtBot) -> None:
    plot = filled_plot(qtbot)
    bars = plot.window_of_bars.bars
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.window_of_bars.bars < bars
    qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert plot.window_of_bars.bars == bars
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert not plot.window_of_bars.follows
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert plot.window_of_bars.follows
    (low, high), _ = plot.box.viewRange()
    assert (low, high) == (plot.window_of_bars.left, plot.window_of_bars.right)


def test_the_place_of_a_scrolled_chart_survives_a_reload(qtbot: QtBot) -> None:
    plot = filled_plot(qtbot)
    assert plot.place() is None
    plot.pan(-60)
    place = plot.place()
    assert place is not None
    longer = BarSeries(60)
    longer.load(samples.candles(count=300))
    plot.show_series(longer)
    plot.go_to(place)
    assert plot.place() == place


def test_the_pointer_shows_a_crosshair_on_a_bar(qtbot: QtBot) -> None:
    plot = filled_plot(qtbot)
    with qtbot.waitSignal(plot.hovered) as told:
        plot.scene().sigMouseMoved.emit(plot.box.sceneBoundingRect().center())
    assert plot.crosshair.place is not None
    assert told.args == [plot.crosshair.place[0]]
    with qtbot.waitSignal(plot.hovered) as told:
        plot.scene().sigMouseMoved.emit(QPointF(-5, -5))
    assert told.args == [-1] and plot.crosshair.place is None
    plot.scene().sigMouseMoved.emit(plot.box.sceneBoundingRect().center())
    plot.show_series(BarSeries(60))
    assert plot.crosshair.place is None


def test_time_labels_follow_the_zoom(qtbot: QtBot) -> None:
    plot = filled_plot(qtbot)
    plot.zoom(0.3)
    near = len(plot.times.labels)
    texts = {text for _, text in plot.times.labels}
    assert near and all(":" in text for text in texts)


def test_notice_and_theme(qtbot: QtBot) -> None:
    plot = filled_plot(qtbot)
    plot.set_notice("Loading")
    assert plot.notice.text() == "Loading" and not plot.notice.isHidden()
    plot.set_notice("")
    assert plot.notice.isHidden()
    theme().set("light")
    try:
        assert holds(picture(plot), theme().palette.up)
    finally:
        theme().set("dark")


def test_ink_is_readable_on_its_box() -> None:
    from PySide6.QtGui import QColor

    assert ink_on(QColor("#F5B23C")) == QColor("#0E1116")
    assert ink_on(QColor("#1C5FD1")) == QColor("#FFFFFF")
