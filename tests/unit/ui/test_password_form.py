"""What both dialogs about the kill switch's password do alike."""

import pytest

from app.domain.messages import TradingStateChanged
from app.domain.values import TradingState
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.password_form import PasswordForm
from tests.ui.screen_story import Story

LONG = "battery staple"


@pytest.fixture(params=["unlock_dialog", "password_dialog"])
def form(request: pytest.FixtureRequest, window: MainWindow, story: Story) -> PasswordForm:
    story.tell(TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "x"))
    window.feed.flush()
    found: PasswordForm = getattr(window, request.param)
    found.open_fresh()  # type: ignore[attr-defined]
    for edit in found.edits:
        edit.setText(LONG)
    found.refresh()
    return found


def test_a_pause_keeps_the_button_off_and_is_said(form: PasswordForm, story: Story) -> None:
    assert form.act_button.isEnabled()
    story.halt.seconds = 7.2
    form.refresh()
    assert not form.act_button.isEnabled() and "8 s" in form.answer.text()
    story.halt.seconds = 0.0
    form.refresh()
    assert form.act_button.isEnabled() and form.answer.text() == ""


def test_one_attempt_and_what_was_typed_is_forgotten(form: PasswordForm, story: Story) -> None:
    form.act_button.click()
    assert story.halt.tried == [(LONG, LONG)]
    assert not any(edit.text() for edit in form.edits) and not form.act_button.isEnabled()


def test_what_was_typed_is_gone_when_it_closes(form: PasswordForm) -> None:
    form.reject()
    assert not any(edit.text() for edit in form.edits)


def test_it_follows_the_language(form: PasswordForm) -> None:
    before = form.act_button.text()
    languages().toggle()
    form._translate()
    assert form.act_button.text() != before
    languages().toggle()
