"""The settings of the channels: what is read, where secrets go, what is answered."""

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.alert import ChannelName, Severity
from app.domain.errors import ChannelError, InvalidInputError, VaultError
from app.ui.alerts.channel_page import ChannelPage
from app.ui.languages import languages
from tests.ui.story_alerts import StoryAlerts
from tests.ui.story_archive import run_now


@pytest.fixture
def door() -> StoryAlerts:
    return StoryAlerts()


@pytest.fixture
def page(door: StoryAlerts, qtbot: QtBot) -> ChannelPage:
    page = ChannelPage(door, run_now)
    qtbot.addWidget(page)
    page.show()
    return page


def test_what_is_filled_in_is_saved(page: ChannelPage, door: StoryAlerts) -> None:
    page.telegram.setChecked(True)
    page.sound.setChecked(False)
    page.chat.setText("-1001234567890")
    page.users.setText("12, 34 56")
    page.webhook_least.setCurrentIndex(Severity.CRITICAL.rank)
    page.quiet.setText(" 23:00-07:00 ")
    page.save_button.click()
    saved = door.settings
    assert (saved.telegram, saved.sound, saved.telegram_chat_id) == (True, False, -1001234567890)
    assert saved.telegram_user_ids == (12, 34, 56) and saved.quiet_hours == "23:00-07:00"
    assert saved.webhook_least is Severity.CRITICAL
    assert page.answer.text() == "Saved and in use."


def test_a_secret_goes_to_the_vault_and_leaves_the_screen(page: ChannelPage, door: StoryAlerts) -> None:
    assert page.token.echoMode() is QLineEdit.EchoMode.Password
    assert page.token.placeholderText() == "none yet"
    page.token.setText("123:token")
    page.secret.setText("shared")
    page.save_button.click()
    assert door.secrets == {"telegram-bot-token": "123:token", "webhook-secret": "shared"}
    assert page.token.text() == "" and page.secret.text() == ""
    assert "kept" in page.token.placeholderText()


def test_without_a_key_store_the_settings_are_saved_and_the_reason_is_said(
    page: ChannelPage, door: StoryAlerts
) -> None:
    languages().set("ko")
    door.broken = VaultError("the system's key store refused (KeyringLocked); is it locked?")
    page.token.setText("123:token")
    page.save_button.click()
    assert page.token.text() == "" and "키 저장소가 거절함" in page.answer.text()


@pytest.mark.parametrize(("field", "text"), [("chat", "abc"), ("users", "1, x"), ("minutes", "5.5"), ("chat", "²")])
def test_what_is_no_number_is_said_and_nothing_is_saved(
    page: ChannelPage, door: StoryAlerts, field: str, text: str
) -> None:
    before = door.settings
    getattr(page, field).setText(text)
    page.save_button.click()
    assert door.settings is before and page.answer.text().startswith("Not done: ")


def test_settings_that_are_refused_are_refused_in_words(page: ChannelPage, door: StoryAlerts) -> None:
    door.broken = InvalidInputError("/p/settings.toml: alerts.remind_after_minutes: must be 1 to 1440")
    page.save_button.click()
    assert page.answer.text() == "Not done: must be 1 to 1440"


def test_a_try_out_answers_in_words(page: ChannelPage, door: StoryAlerts) -> None:
    page.tests[ChannelName.TELEGRAM].click()
    assert page.answer.text() == "Telegram works: @gwanje_bot"
    door.broken = ChannelError("Telegram does not know this bot token")
    page.tests[ChannelName.TELEGRAM].click()
    assert page.answer.text() == "Not done: Telegram does not know this bot token"
    assert door.checked == [ChannelName.TELEGRAM] * 2


def test_another_language_keeps_what_is_filled_in(page: ChannelPage, qtbot: QtBot) -> None:
    page.chat.setText("77")
    languages().set("ko")
    qtbot.wait(20)
    assert page.chat.text() == "77" and page.save_button.text() == "저장"
    assert page.telegram_least.itemText(0) == "모두"
