"""Leaving HALTED on the screen: what is in the way is said, and what was typed is forgotten."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.kill import MIN_PASSWORD, UNLOCK_PHRASES, UnlockAttempted, UnlockOutcome
from app.domain.messages import CommandRefused, TradingStateChanged
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import TradingState
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.unlock_dialog import UnlockDialog
from tests.ui.screen_story import NOW, Story

PASSWORD = "correct horse"


@pytest.fixture
def dialog(window: MainWindow, story: Story) -> UnlockDialog:
    story.tell(TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "x"))
    window.feed.flush()
    window.unlock_dialog.open_fresh()
    return window.unlock_dialog


def fill(dialog: UnlockDialog, password: str = PASSWORD, repeat: str = "", phrase: str = "start trading again") -> None:
    for edit, words in ((dialog.password, password), (dialog.repeat, repeat), (dialog.phrase, phrase)):
        edit.setText(words)
    dialog.refresh()


def test_it_opens_only_while_halted(window: MainWindow) -> None:
    window.unlock_dialog.open_fresh()
    assert not window.unlock_dialog.isVisible()


def test_the_phrase_is_shown_in_the_language_of_the_screen(dialog: UnlockDialog, qtbot: QtBot) -> None:
    assert dialog.phrase_words.text() == UNLOCK_PHRASES[languages().name]
    languages().toggle()
    qtbot.wait(20)
    assert dialog.phrase_words.text() == UNLOCK_PHRASES[languages().name]


def test_books_that_do_not_agree_and_the_pause_keep_the_button_off(dialog: UnlockDialog, story: Story) -> None:
    fill(dialog)
    assert dialog.act_button.isEnabled()
    story.halt.unclean = Refusal(RefusalReason.UNRESOLVED_ORDER)
    dialog.refresh()
    assert not dialog.act_button.isEnabled() and dialog.books.property("role") == "warning"
    story.halt.unclean, story.halt.seconds = None, 12.3
    dialog.refresh()
    assert not dialog.act_button.isEnabled() and "13 s" in dialog.answer.text()
    story.halt.seconds = 0.0
    dialog.refresh()
    assert dialog.act_button.isEnabled() and dialog.answer.text() == ""


def test_an_attempt_carries_what_was_typed_and_forgets_it(dialog: UnlockDialog, story: Story) -> None:
    fill(dialog)
    dialog.act_button.click()
    assert story.halt.tried == [(PASSWORD, "start trading again")]
    assert dialog.password.text() == dialog.phrase.text() == ""


def test_the_first_password_is_typed_twice_and_long_enough(dialog: UnlockDialog, story: Story) -> None:
    story.halt.has_password = False
    for password, repeat, good in (
        ("x" * (MIN_PASSWORD - 1), "x" * (MIN_PASSWORD - 1), False),
        (PASSWORD, "another one!", False),
        (PASSWORD, PASSWORD, True),
    ):
        fill(dialog, password, repeat)
        assert dialog.act_button.isEnabled() is good
    dialog.act_button.click()
    assert story.halt.has_password and story.halt.tried == [(PASSWORD, "start trading again")]


def test_a_password_that_cannot_be_kept_is_told(dialog: UnlockDialog, story: Story) -> None:
    story.halt.has_password, story.halt.trouble = False, "disk full"
    fill(dialog, PASSWORD, PASSWORD)
    dialog.act_button.click()
    assert dialog.answer.text() == "disk full" and story.halt.tried == []


def test_what_is_in_the_way_is_told_in_korean(dialog: UnlockDialog, story: Story) -> None:
    languages().set("ko")
    story.halt.has_password, story.halt.trouble = False, "a password is set already"
    fill(dialog, PASSWORD, PASSWORD)
    dialog.act_button.click()
    assert dialog.answer.text() == "이미 비밀번호가 있습니다"


def test_how_it_went_is_said_here_and_success_closes(dialog: UnlockDialog, window: MainWindow, story: Story) -> None:
    story.tell(UnlockAttempted("u", UnlockOutcome.WRONG, 2, NOW))
    window.feed.flush()
    assert "Wrong password" in dialog.answer.text()
    story.tell(CommandRefused("AskUnlock", Refusal(RefusalReason.WRONG_PHRASE)))
    window.feed.flush()
    assert "phrase" in dialog.answer.text() and window.notice_bar.current is None
    story.tell(TradingStateChanged(TradingState.HALTED, TradingState.DISABLED, "unlocked by password"))
    window.feed.flush()
    assert not dialog.isVisible()
