"""The chart follows the feed: selection, ticks, fills, loads, and says when it has nothing or something old."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.messages import CandlesLoaded, CandleUpdated, FillBooked
from app.ui.charts.chart_widget import ChartWidget
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed
from tests.ui.charts import samples
from tests.ui.charts.pixels import holds, picture
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC, ETH, NOW


def chart_on(qtbot: QtBot) -> tuple[ChartWidget, UiFeed]:
    feed = sample_feed()
    chart = ChartWidget()
    qtbot.addWidget(chart)
    chart.bind(feed)
    chart.resize(860, 400)
    feed.select(BTC, "pos-KRW-BTC")
    return chart, feed


def test_nothing_selected_is_said_in_words(qtbot: QtBot) -> None:
    chart = ChartWidget()
    qtbot.addWidget(chart)
    assert "Select a market" in chart.plot.notice.text()
    chart.bind(sample_feed())
    assert "Select a market" in chart.plot.notice.text()


def test_selection_shows_market_strategy_and_lines(qtbot: QtBot) -> None:
    chart, _ = chart_on(qtbot)
    assert chart.header.market.text() == "KRW-BTC"
    assert chart.header.strategy.text() == "Trend breakout"
    assert len(chart.plot.prices.tags) == 5
    assert chart.plot.notice.isHidden()
    image = picture(chart)
    assert holds(image, theme().palette.warning) and holds(image, theme().palette.accent)


def test_a_market_without_candles_is_loading_until_they_come(qtbot: QtBot) -> None:
    chart, feed = chart_on(qtbot)
    feed.select(ETH, None)
    assert "KRW-ETH" in chart.plot.notice.text()
    bars = samples.candles(ETH)
    feed.candles[ETH] = list(bars)
    feed.candles_loaded.emit(CandlesLoaded(ETH, 60, tuple(bars)))
    assert len(chart.series) == len(bars)
    assert chart.plot.notice.isHidden()


def test_a_tick_moves_the_last_bar_and_the_last_price(qtbot: QtBot) -> None:
    chart, feed = chart_on(qtbot)
    candle = replace(feed.candles[BTC][-1], close=Decimal(159_999_000), high=Decimal(159_999_000))
    feed.tickers[BTC] = replace(feed.tickers[BTC], price=Decimal(159_999_000))
    feed.candle_updated.emit([CandleUpdated(candle, closed=False)])
    assert chart.series.last is not None and chart.series.last.close == 159_999_000
    assert chart.header.last.text() == "159,999,000"
    assert any(tag.text == "159,999,000" for tag in chart.plot.prices.tags)


def test_candles_of_other_markets_change_nothing(qtbot: QtBot) -> None:
    chart, feed = chart_on(qtbot)
    count = len(chart.series)
    feed.candle_updated.emit([CandleUpdated(samples.candles(ETH)[-1], closed=True)])
    assert len(chart.series) == count


def test_timeframes_aggregate(qtbot: QtBot) -> None:
    chart, _ = chart_on(qtbot)
    chart.header.timeframe_chosen.emit(900)
    assert 240 / 15 <= len(chart.series) <= 240 / 15 + 1
    assert chart.header.buttons.checkedId() == 900


def test_an_old_price_is_grey_and_its_age_is_said(qtbot: QtBot) -> None:
    chart, _ = chart_on(qtbot)
    chart.clock = lambda: NOW + timedelta(seconds=30)
    chart.check_age()
    assert "30 s" in chart.plot.notice.text()
    assert theme().palette.faint in chart.header.last.styleSheet()
    chart.clock = lambda: NOW
    chart.check_age()
    assert chart.plot.notice.isHidden()


def test_a_live_position_of_the_market_is_shown_without_being_selected(qtbot: QtBot) -> None:
    chart, feed = chart_on(qtbot)
    feed.select(BTC, None)
    assert chart.header.strategy.text() == "Trend breakout"
    feed.positions.clear()
    feed.select(BTC, "gone")
    assert chart.header.strategy.text() == ""
    assert len(chart.plot.prices.tags) == 1


def test_position_and_fill_events_reach_the_chart(qtbot: QtBot) -> None:
    chart, feed = chart_on(qtbot)
    position = feed.positions["pos-KRW-BTC"]
    feed.positions[position.position_id] = replace(position, exit_plan=None)
    feed.positions_changed.emit([position.position_id])
    assert len(chart.plot.prices.tags) == 2
    feed.fills.append(replace(samples.fills()[0], trade_id="new"))
    feed.fill_booked.emit(FillBooked(feed.fills[-1], position.position_id))
    assert holds(picture(chart), theme().palette.accent)


def test_hovering_shows_the_values_of_the_bar(qtbot: QtBot) -> None:
    chart, _ = chart_on(qtbot)
    chart.plot.hovered.emit(3)
    assert "157," in chart.values.text()
    chart.plot.hovered.emit(-1)
    assert chart.values.isHidden()


def test_language_change_and_names(qtbot: QtBot) -> None:
    chart, _ = chart_on(qtbot)
    QApplication.sendEvent(chart, QEvent(QEvent.Type.LanguageChange))
    assert chart.plot.accessibleName() and chart.plot.accessibleDescription()
