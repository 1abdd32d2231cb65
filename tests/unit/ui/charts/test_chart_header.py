"""The header shows price and change in the colour of the day, grey when old, and tells the chosen timeframe."""

from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.price_age import PriceAge
from app.ui.charts.chart_header import ChartHeader, DayFigures
from app.ui.theme import theme

FIGURES = DayFigures(Decimal(159_012_000), Decimal("0.0142"), Decimal(158_420_000), Decimal(159_240_000), Decimal(1))


def test_figures_and_colours(qtbot: QtBot) -> None:
    header = ChartHeader()
    qtbot.addWidget(header)
    header.show_market("KRW-BTC", "Trend breakout")
    header.show_figures(FIGURES, PriceAge.FRESH)
    assert header.last.text() == "159,012,000"
    assert header.change.text() == "+1.42%"
    assert "158,420,000" in header.day.text()
    assert theme().palette.up in header.last.styleSheet()
    header.show_figures(FIGURES, PriceAge.STALE)
    assert theme().palette.faint in header.last.styleSheet()
    header.show_figures(None, PriceAge.FRESH)
    assert header.last.text() == header.day.text() == ""


def test_a_click_on_a_timeframe_tells_its_seconds(qtbot: QtBot) -> None:
    header = ChartHeader()
    qtbot.addWidget(header)
    with qtbot.waitSignal(header.timeframe_chosen) as told:
        qtbot.mouseClick(header.buttons.button(900), Qt.MouseButton.LeftButton)
    assert told.args == [900]
    header.choose(300)
    assert header.buttons.checkedId() == 300
    header.choose(7)
    assert header.buttons.checkedId() == 300


def test_every_button_has_a_name(qtbot: QtBot) -> None:
    header = ChartHeader()
    qtbot.addWidget(header)
    assert all(button.accessibleName() for button in header.buttons.buttons())


def test_half_a_price_is_never_shown(qtbot: QtBot) -> None:
    header = ChartHeader()
    qtbot.addWidget(header)
    header.show_figures(FIGURES, PriceAge.FRESH)
    header.day.resize(20, 20)
    narrow = header.day.grab().toImage()
    header.day.setText("")
    assert narrow == header.day.grab().toImage()
