"""What is chosen becomes a query; mistakes are told in words and ask for nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.blueprint import LocalText
from app.domain.order_query import WORKING, OrderChoices, OrderQuery
from app.domain.values import Market
from app.ui.activity.order_filter import ONE_ROW, OrderFilter, Period, read_moment
from app.ui.languages import languages
from tests.ui.screen_story import BTC, NOW

ETH = Market("upbit", "KRW-ETH")
CHOICES = OrderChoices(
    (BTC, ETH), (("breakout", LocalText("돌파", "Breakout")), ("manual", LocalText("직접", "Manual")))
)


@pytest.fixture
def row(qtbot: QtBot) -> OrderFilter:
    row = OrderFilter()
    qtbot.addWidget(row)
    row.show_choices(CHOICES)
    row.show()
    return row


def test_nothing_chosen_asks_for_everything(row: OrderFilter) -> None:
    assert row.query(NOW) == OrderQuery() and not row.is_used()


def test_everything_chosen(row: OrderFilter, qtbot: QtBot) -> None:
    with qtbot.waitSignals([row.changed] * 4):
        row.market.setCurrentIndex(2)
        row.state.setCurrentIndex(1)
        row.strategy.setCurrentIndex(1)
        row.period.setCurrentIndex(list(Period).index(Period.WEEK))
    with qtbot.waitSignal(row.changed):
        row.text.setText("gw-1")
    assert row.query(NOW) == OrderQuery("gw-1", ETH, WORKING, "breakout", NOW - timedelta(days=7))
    assert row.more.text() == "Filter 4" and row.is_used()
    with qtbot.waitSignal(row.changed):
        row.clear()
    assert row.query(NOW) == OrderQuery()


def test_today_is_the_korean_day(row: OrderFilter) -> None:
    row.period.setCurrentIndex(list(Period).index(Period.TODAY))
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 01:30 of the 21st in Korea
    assert row.query(late).since == datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_a_range_of_dates_includes_its_last_day(row: OrderFilter) -> None:
    row.period.setCurrentIndex(list(Period).index(Period.RANGE))
    row.begin.setText("2026-11-19")
    row.end.setText("2026-11-20")
    query = row.query(NOW)
    assert query.since == datetime(2026, 11, 18, 15, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert row.problem() == ""


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        ("2026-11-20", "2026-11-19", "ends before it begins"),
        ("2026-11-20 10:00", "2026-11-20 10:00", "ends before it begins"),
        ("yesterday", "", "Write a date as"),
        ("", "2026-02-30", "Write a date as"),
    ],
)
def test_mistakes_are_told_and_ask_for_nothing(
    row: OrderFilter, qtbot: QtBot, begin: str, end: str, words: str
) -> None:
    row.period.setCurrentIndex(list(Period).index(Period.RANGE))
    row.begin.setText(begin)
    row.end.setText(end)
    told: list[int] = []
    row.changed.connect(lambda: told.append(1))
    qtbot.waitUntil(row.note.isVisible)
    assert words in row.note.words and told == []
    row.begin.setText("2026-11-18")
    row.end.clear()
    qtbot.waitUntil(lambda: told == [1])
    assert row.note.isHidden()


def test_new_choices_keep_what_is_chosen(row: OrderFilter) -> None:
    row.market.setCurrentIndex(2)
    row.show_choices(OrderChoices((ETH,), ()))
    assert row.query(NOW).market == ETH
    row.show_choices(OrderChoices((BTC,), ()))
    assert row.query(NOW).market is None


def test_a_narrow_row_folds_its_boxes_away(row: OrderFilter) -> None:
    row.resize(300, 40)
    assert row.more.isVisible() and not row.market.isVisible()
    row.more.setChecked(True)
    assert row.market.isVisible() and not row.begin.isVisible()
    row.resize(ONE_ROW + 20, 40)
    assert row.market.isVisible() and not row.more.isVisible()


def test_words_follow_the_language(row: OrderFilter) -> None:
    assert [row.state.itemText(index) for index in (0, 1, 2)] == ["Any state", "Working", "Written down"]
    languages().set("ko")
    QApplication.sendEvent(row, QEvent(QEvent.Type.LanguageChange))
    assert [row.strategy.itemText(index) for index in (0, 1)] == ["모든 전략", "돌파"]
    assert row.period.itemText(1) == "오늘"


def test_moments_are_read_in_korean_time() -> None:
    assert read_moment(" 2026-11-20 09:30 ") == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert read_moment("2026-11-20", late=True) == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert read_moment("20.11.2026") is None
