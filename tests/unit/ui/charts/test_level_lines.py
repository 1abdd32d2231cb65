"""Lines of a position: the entry and every armed exit with its distance; a fired plan has no exits left."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont
from pytestqt.qtbot import QtBot

from app.domain.exit_plan import ExitReason
from app.domain.position import PositionState
from app.ui.charts.bar_series import BarSeries
from app.ui.charts.chart_plot import ChartPlot
from app.ui.charts.level_lines import Level, LevelKind, distance, levels_of
from tests.ui.charts import samples
from tests.ui.charts.pixels import picture, rows_of


def test_entry_and_three_exits_with_signed_distance() -> None:
    position = samples.position(entry=Decimal(100_000))
    found = levels_of(position, Decimal(100_500))
    assert [level.kind for level in found] == [LevelKind.ENTRY, LevelKind.STOP, LevelKind.TRAIL, LevelKind.TARGET]
    stop = found[1]
    assert stop.price == Decimal(99_150)
    assert stop.tag.endswith("−1.34%") and stop.role == "warning"
    assert found[3].tag.endswith("+0.70%") and found[3].role == "accent"


def test_fired_or_closed_positions_have_no_exit_lines() -> None:
    position = samples.position()
    assert position.exit_plan is not None
    fired = replace(position, exit_plan=position.exit_plan.fire(ExitReason.STOP_LOSS))
    assert [level.kind for level in levels_of(fired, None)] == [LevelKind.ENTRY]
    closed = replace(position, state=PositionState.CLOSED, quantity=Decimal(0))
    assert levels_of(closed, None) == []


def test_without_a_usable_price_there_is_no_distance() -> None:
    assert distance(Decimal(5), None) == ""
    assert distance(Decimal(5), Decimal(0)) == ""
    assert distance(Decimal(5), Decimal("NaN")) == ""


def test_the_last_price_is_a_solid_line_across_the_plot(qtbot: QtBot) -> None:
    plot = ChartPlot()
    qtbot.addWidget(plot)
    plot.resize(QSize(600, 300))
    series = BarSeries(60)
    series.load(samples.candles(count=60))
    plot.show_series(series)
    low, high = plot.prices.range
    middle = Decimal(round((low + high) / 2))
    magenta = QColor("#FF00FF")
    plot.lines.set_levels([(Level(LevelKind.LAST, middle, "", "up"), magenta)], QFont())
    assert len(rows_of(picture(plot), "#FF00FF", 300)) == 1
    plot.lines.set_levels([(Level(LevelKind.STOP, middle, "", "up"), magenta)], QFont())
    assert rows_of(picture(plot), "#FF00FF", 450) == []
    assert len(rows_of(picture(plot), "#FF00FF", 150)) == 1
