"""Keys are masked, kept only after a test, and deleted by two presses."""

import pytest
from PySide6.QtWidgets import QLineEdit

from app.domain.api_key import KeyFinding, KeyReport
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from tests.ui.screen_story import Story

ACCESS, SECRET = "A" * 36 + "wxyz", "S" * 40


@pytest.fixture
def dialog(window: MainWindow) -> KeyDialog:
    window.registry.action("key").trigger()
    return window.key_dialog


def typed(dialog: KeyDialog, access: str = ACCESS, secret: str = SECRET) -> None:
    dialog.access.setText(access)
    dialog.secret.setText(secret)


def test_what_is_typed_is_masked_and_never_shown(dialog: KeyDialog) -> None:
    typed(dialog)
    for field in (dialog.access, dialog.secret):
        assert field.echoMode() is QLineEdit.EchoMode.Password
        assert "A" * 10 not in field.displayText() and "S" * 10 not in field.displayText()


def test_a_key_is_kept_only_after_its_own_test(dialog: KeyDialog, story: Story) -> None:
    assert dialog.kept.text() == "No key is kept."
    typed(dialog)
    assert not dialog.keep_button.isEnabled()
    dialog.test_button.click()
    assert dialog.keep_button.isEnabled()
    dialog.secret.setText("T" * 40)
    assert not dialog.keep_button.isEnabled(), "another key was tested"
    typed(dialog)
    dialog.test_button.click()
    dialog.keep_button.click()
    assert story.keys.kept == (ACCESS, SECRET)
    assert dialog.kept.text() == "Kept: a key ending in ····wxyz"
    assert dialog.access.text() == dialog.secret.text() == ""


@pytest.mark.parametrize("finding", list(KeyFinding))
def test_a_key_with_anything_against_it_is_not_kept(dialog: KeyDialog, story: Story, finding: KeyFinding) -> None:
    story.keys.report = KeyReport("wxyz", (finding,))
    typed(dialog)
    dialog.test_button.click()
    assert dialog.outcome.text() and dialog.outcome.text() != finding.value
    assert not dialog.keep_button.isEnabled()


def test_deleting_takes_two_presses(dialog: KeyDialog, story: Story) -> None:
    story.keys.kept = (ACCESS, SECRET)
    dialog.open_fresh()
    dialog.delete_button.click()
    assert story.keys.kept is not None and dialog.delete_button.text() == "Press again to delete it"
    dialog.delete_button.click()
    assert story.keys.kept is None
    assert not dialog.delete_button.isEnabled()


def test_a_key_store_that_cannot_be_used_is_said(dialog: KeyDialog, story: Story) -> None:
    story.keys.broken = "is it locked?"
    typed(dialog)
    dialog.test_button.click()
    dialog.keep_button.click()
    assert dialog.outcome.text() == "The system's key store cannot be used: is it locked?"
    assert dialog.test_button.isEnabled()
