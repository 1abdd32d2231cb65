"""Which events become a notice."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.commands import SetTradingState
from app.domain.messages import AlertRaised, CommandRefused, StreamStateChanged, TradingStateChanged
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import TradingState
from app.ui.main_window import MainWindow
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import Story, alert


def test_an_unclean_end_is_explained_and_entries_can_be_enabled(tmp_path: Path, qtbot: QtBot) -> None:
    story = Story(tmp_path, clean=False)
    (tmp_path / "screen.ini").write_text("[General]\nlanguage=en\n", encoding="utf-8")
    window = MainWindow(story.services(), feed=UiFeed(story.bus, clock=story.clock))
    qtbot.addWidget(window, before_close_func=lambda _: window.finish())
    window.start()
    assert "did not end properly" in window.notice_bar.words.words
    window.notice_bar.action_button.click()
    assert story.posted == [SetTradingState(TradingState.ENABLED, "enabled on the screen")]
    story.tell(TradingStateChanged(TradingState.REDUCING, TradingState.ENABLED, "test"))
    window.feed.flush()
    assert not window.notice_bar.isVisible()


def test_alerts_refusals_and_lost_streams(window: MainWindow, story: Story) -> None:
    bar = window.notice_bar
    story.tell(StreamStateChanged("upbit", "public", False, "silence"))
    window.feed.flush()
    assert bar.words.words.startswith("upbit: market data is lost")
    story.tell(alert(), CommandRefused("PausePosition", Refusal(RefusalReason.NOT_POSSIBLE_NOW), "p1"))
    window.feed.flush()
    assert bar.words.words.startswith("The venue holds less than our books say: KRW-SOL")
    assert bar.words.words.endswith("(+2 more)")
    bar.dismiss()
    story.tell(StreamStateChanged("upbit", "public", True))
    window.feed.flush()
    assert bar.words.words == "This is not possible in the present state."


def test_what_the_launcher_says_is_not_said_twice(window: MainWindow, story: Story) -> None:
    story.tell(CommandRefused("StartStrategy", Refusal(RefusalReason.BELOW_MINIMUM)))
    story.tell(AlertRaised("unclean_end", "x"))
    window.feed.flush()
    assert "did not end properly" in window.notice_bar.words.words
    window.notice_bar.dismiss()
    assert not window.notice_bar.isVisible()
