"""Another password of the kill switch on the screen: what is in the way is said, and what was typed is forgotten."""

import pytest

from app.domain.kill import MIN_PASSWORD, UnlockAttempted, UnlockOutcome
from app.domain.messages import CommandRefused
from app.domain.refusal import Refusal, RefusalReason
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.password_dialog import PasswordDialog
from tests.ui.screen_story import NOW, Story

PRESENT, NEW = "correct horse", "battery staple"


@pytest.fixture
def dialog(window: MainWindow) -> PasswordDialog:
    window.password_dialog.open_fresh()
    return window.password_dialog


def fill(dialog: PasswordDialog, present: str = PRESENT, new: str = NEW, repeat: str = NEW) -> None:
    for edit, words in zip(dialog.edits, (present, new, repeat), strict=True):
        edit.setText(words)
    dialog.refresh()


@pytest.mark.parametrize(
    ("present", "new", "repeat", "good"),
    [
        (PRESENT, NEW, NEW, True),
        ("", NEW, NEW, False),
        (PRESENT, NEW, PRESENT, False),
        (PRESENT, "x" * (MIN_PASSWORD - 1), "x" * (MIN_PASSWORD - 1), False),
    ],
)
def test_the_button_waits_for_all_three(
    dialog: PasswordDialog, present: str, new: str, repeat: str, good: bool
) -> None:
    fill(dialog, present, new, repeat)
    assert dialog.act_button.isEnabled() is good


def test_an_attempt_carries_what_was_typed_and_forgets_it(dialog: PasswordDialog, story: Story) -> None:
    fill(dialog)
    dialog.act_button.click()
    assert story.halt.tried == [(PRESENT, NEW)]
    assert not any(edit.text() for edit in dialog.edits)


def test_the_first_one_asks_for_no_present_one(window: MainWindow, story: Story) -> None:
    story.halt.has_password = False
    window.password_dialog.open_fresh()
    dialog = window.password_dialog
    assert not dialog.present.isVisible() and dialog.act_button.text() == "Set"
    fill(dialog, present="")
    dialog.act_button.click()
    assert story.halt.has_password and dialog.answer.text() == "The password is set."
    assert dialog.present.isVisible() and dialog.act_button.text() == "Change"


def test_what_cannot_be_kept_is_told(dialog: PasswordDialog, story: Story) -> None:
    story.halt.trouble = "disk full"
    fill(dialog)
    dialog.act_button.click()
    assert dialog.answer.text() == "disk full" and story.halt.tried == []


def test_what_is_in_the_way_is_told_in_korean(dialog: PasswordDialog, story: Story) -> None:
    languages().set("ko")
    story.halt.trouble = "the switch did not take the password"
    fill(dialog)
    dialog.act_button.click()
    assert dialog.answer.text() == "킬 스위치가 비밀번호를 받지 않았습니다"


def test_how_it_went_is_said_here_only(dialog: PasswordDialog, window: MainWindow, story: Story) -> None:
    for outcome, words in ((UnlockOutcome.WRONG, "Wrong password"), (UnlockOutcome.CHANGED, "was changed")):
        story.tell(UnlockAttempted("change-1", outcome, int(outcome is UnlockOutcome.WRONG), NOW))
        window.feed.flush()
        assert words in dialog.answer.text()
    story.tell(CommandRefused("ChangeKillPassword", Refusal(RefusalReason.UNLOCK_DELAYED, "2 s")))
    window.feed.flush()
    assert dialog.answer.property("role") == "danger" and window.notice_bar.current is None
