"""While halted the banner says why, since when and by which run; it is there only then."""

from pytestqt.qtbot import QtBot

from app.domain.kill import KillMark, KillMarked
from app.domain.messages import TradingStateChanged
from app.domain.values import TradingState
from app.ui.main_window import MainWindow
from tests.ui.screen_story import NOW, Story

HALT = TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "x")
MARK = KillMarked(KillMark(3, True, "the stop file is missing", NOW, 12, True))


def test_why_when_and_which_run(window: MainWindow, story: Story) -> None:
    banner = window.halt_banner
    assert not banner.isVisibleTo(window)
    story.tell(HALT, MARK)
    window.feed.flush()
    assert banner.isVisibleTo(window)
    for words in ("The stop file is missing", "2026-11-20 11:42:07", "run 12", "exits go on"):
        assert words in banner.words.words
    story.tell(TradingStateChanged(TradingState.HALTED, TradingState.DISABLED, "unlocked by password"))
    window.feed.flush()
    assert not banner.isVisibleTo(window)


def test_the_way_out_opens_from_here(window: MainWindow, story: Story, qtbot: QtBot) -> None:
    story.tell(HALT, MARK)
    window.feed.flush()
    window.halt_banner.leave_button.click()
    assert window.unlock_dialog.isVisible()


def test_halting_asks_once_and_needs_no_password(window: MainWindow, story: Story) -> None:
    window.top.halt_button.click()
    assert story.posted == [] and window.halt_dialog.isVisible()
    window.halt_dialog.confirm_button.click()
    (command,) = story.posted
    assert getattr(command, "state", None) is TradingState.HALTED
