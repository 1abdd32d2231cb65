"""The timeline takes events from the feed, tells them in words and selects what is clicked."""

from datetime import timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.messages import PositionChanged
from app.ui.activity.event_facts import Lane
from app.ui.charts.event_timeline_widget import EventTimelineWidget
from app.ui.charts.timeline_layout import Cluster
from app.ui.charts.timeline_painter import lane_row
from app.ui.ui_feed import UiFeed
from tests.ui.charts import samples
from tests.ui.charts.pixels import picture
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC, NOW


def timeline_on(qtbot: QtBot) -> tuple[EventTimelineWidget, UiFeed]:
    feed = sample_feed()
    widget = EventTimelineWidget()
    qtbot.addWidget(widget)
    widget.bind(feed)
    widget.resize(900, 136)
    feed.timeline.emit(samples.journaled())
    return widget, feed


def place_of(widget: EventTimelineWidget, cluster: Cluster) -> QPoint:
    lanes = widget.lanes()
    return QPoint(lanes.left() + cluster.x, lane_row(lanes, cluster.lane))


def test_landmarks_are_shown_and_figure_changes_are_not(qtbot: QtBot) -> None:
    widget, _ = timeline_on(qtbot)
    shown = [entry.event for cluster in widget.shown_clusters() for entry in cluster.entries]
    assert not any(isinstance(event, PositionChanged) for event in shown)
    assert {cluster.lane for cluster in widget.shown_clusters()} == set(Lane)
    picture(widget)


def test_a_click_selects_market_and_position(qtbot: QtBot) -> None:
    widget, feed = timeline_on(qtbot)
    cluster = next(found for found in widget.shown_clusters() if found.lane is Lane.FILLS)
    with qtbot.waitSignal(widget.activated):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place_of(widget, cluster))
    assert (feed.market, feed.position_id) == (BTC, "pos-KRW-BTC")


def test_a_click_beside_selects_nothing(qtbot: QtBot) -> None:
    widget, feed = timeline_on(qtbot)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert feed.market is None


def test_words_for_a_symbol_name_time_and_event_and_how_many_more(qtbot: QtBot) -> None:
    widget, _ = timeline_on(qtbot)
    fills = next(found for found in widget.shown_clusters() if found.lane is Lane.FILLS)
    assert "10:43:07" in widget.words_for(fills) and "158,129,000" in widget.words_for(fills)
    many = Cluster(Lane.FILLS, 0, fills.entries * 12)
    lines = widget.words_for(many).splitlines()
    assert len(lines) == 9 and "4" in lines[0]


def test_dragging_moves_and_the_wheel_zooms(qtbot: QtBot) -> None:
    widget, feed = timeline_on(qtbot)
    end = widget.span.end
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    qtbot.mouseMove(widget, QPoint(500, 60))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(500, 60))
    assert widget.span.end < end and feed.market is None
    length = widget.span.length
    turn = QWheelEvent(
        QPointF(300, 60),
        QPointF(300, 60),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turn)
    assert widget.span.length < length
    qtbot.keyClick(widget, Qt.Key.Key_End)
    assert widget.span.follows


def test_keys_walk_through_the_events_and_enter_selects(qtbot: QtBot) -> None:
    widget, feed = timeline_on(qtbot)
    qtbot.keyClick(widget, Qt.Key.Key_Right)
    assert "10:43:07" in widget.accessibleDescription()
    qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert feed.market == BTC
    qtbot.keyClick(widget, Qt.Key.Key_Left)
    assert "10:43:07" not in widget.accessibleDescription()
    length = widget.span.length
    qtbot.keyClick(widget, Qt.Key.Key_Minus)
    assert widget.span.length > length
    qtbot.keyClick(widget, Qt.Key.Key_Plus)
    assert abs(widget.span.length - length) < timedelta(seconds=1)


def test_the_right_edge_follows_the_clock(qtbot: QtBot) -> None:
    widget, _ = timeline_on(qtbot)
    widget.clock = lambda: NOW + timedelta(minutes=10)
    widget.advance()
    assert widget.span.end > NOW + timedelta(minutes=10)


def test_an_empty_timeline_and_a_new_language(qtbot: QtBot) -> None:
    widget = EventTimelineWidget()
    qtbot.addWidget(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    assert widget.accessibleName() == "Event timeline"
    qtbot.keyClick(widget, Qt.Key.Key_Right)
    picture(widget)
