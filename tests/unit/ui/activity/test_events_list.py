"""Every journaled event is a sentence, newest first; Enter selects what it is about."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.activity.events_list import EventsList
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC


def test_sentences_and_colours(qtbot: QtBot) -> None:
    feed = sample_feed()
    events = EventsList()
    qtbot.addWidget(events)
    events.bind(feed)
    feed.timeline.emit(samples.journaled())
    assert events.model.rowCount() == len(samples.journaled())
    assert events.model.index(0, 1).data().startswith("Program ended")
    roles = {events.model.index(row, 1).data(Qt.ItemDataRole.ForegroundRole).name().upper() for row in range(18)}
    assert {theme().palette.warning.upper(), theme().palette.danger.upper()} <= roles


def test_enter_selects_market_and_position(qtbot: QtBot) -> None:
    feed = sample_feed()
    events = EventsList()
    qtbot.addWidget(events)
    events.bind(feed)
    feed.timeline.emit(samples.journaled()[6:7])
    events.table.activated.emit(events.model.index(0, 0))
    assert (feed.market, feed.position_id) == (BTC, "pos-KRW-BTC")
    QApplication.sendEvent(events, QEvent(QEvent.Type.LanguageChange))
    assert events.table.accessibleName() == "Events"
