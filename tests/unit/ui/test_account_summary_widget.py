"""The account at the left."""

from dataclasses import replace
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.limits import TradingLimits
from app.ui.account_summary_widget import AccountSummaryWidget
from app.ui.languages import languages
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import NOW, Story, account


@pytest.fixture
def widget(qtbot: QtBot, feed: UiFeed) -> AccountSummaryWidget:
    widget = AccountSummaryWidget(TradingLimits())
    qtbot.addWidget(widget)
    widget.bind(feed)
    widget.setMinimumHeight(200)
    widget.resize(250, 460)
    widget.show()
    return widget


def test_before_the_first_word_there_are_dashes(widget: AccountSummaryWidget) -> None:
    assert widget.equity.text() == "–"
    assert widget.day.text() == "waiting for the account"


def test_figures_signs_and_colours(widget: AccountSummaryWidget, story: Story, feed: UiFeed) -> None:
    story.tell(account(NOW))
    feed.flush()
    assert widget.equity.text() == "₩ 48,216,540"
    assert widget.day.text() == "▲ +312,480 (+0.65%) today"
    assert [value.text() for value in widget.values] == ["33,377,400", "+139,140", "+173,340", "30.8%"]
    assert widget.daily_loss.words == "18% used"
    assert widget.positions.words == "6 / 10"
    story.tell(replace(account(NOW), day_profit=Decimal(-5), unrealised=Decimal(0)))
    feed.flush()
    assert widget.day.property("role") == "down"
    assert widget.values[1].text() == "0"


def test_it_says_when_the_venue_has_not_confirmed(widget: AccountSummaryWidget, story: Story, feed: UiFeed) -> None:
    story.tell(replace(account(NOW), reconciled=False))
    feed.flush()
    assert widget.note.text() == "not confirmed by the venue"


def test_a_low_window_hides_the_spark_line_first(widget: AccountSummaryWidget) -> None:
    widget.resize(250, 350)
    assert not widget.spark.isVisible()
    assert widget.activity.isVisible()
    widget.resize(250, 300)
    assert not widget.activity.isVisible()
    assert all(value.isVisible() for value in widget.values)


def test_at_no_height_figures_are_cut(widget: AccountSummaryWidget, story: Story, feed: UiFeed) -> None:
    """A banner at 1280x720 left 268 pixels for what needed 289: names and figures lay on each other."""
    story.tell(account(NOW))
    feed.flush()
    for height in range(widget.minimumSizeHint().height(), 430, 3):
        widget.resize(250, height)
        layout = widget.layout()
        assert layout is not None
        layout.activate()
        assert layout.minimumSize().height() <= height


def test_the_language_changes_the_words(widget: AccountSummaryWidget, qtbot: QtBot) -> None:
    languages().set("ko")
    qtbot.waitUntil(lambda: widget.title.text() == "계좌 요약")
