"""What is asked and told before there is a terminal."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import GwanjeError, InvalidInputError, StorageError, VaultError, VenueUnavailableError
from app.domain.values import TradingMode
from app.ui.languages import languages
from app.ui.start_dialogs import LiveStartDialog, StartFailedDialog
from tests.ui.story_archive import run_now
from tests.ui.story_keys import StoryKeys


def test_the_start_with_real_money_takes_four_characters(qtbot: QtBot) -> None:
    dialog = LiveStartDialog(StoryKeys(), run_now)
    qtbot.addWidget(dialog)
    assert not dialog.start_button.isEnabled()
    qtbot.keyClicks(dialog.typed, "wx y-z9")
    assert dialog.typed.text() == "wxyz"
    with qtbot.waitSignal(dialog.confirmed) as told:
        dialog.start_button.click()
    assert told.args == ["wxyz"]


def test_enter_alone_starts_nothing(qtbot: QtBot) -> None:
    dialog = LiveStartDialog(StoryKeys(), run_now)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.rejected):
        dialog.cancel_button.click()


@pytest.mark.parametrize(
    ("error", "english", "korean"),
    [
        (VenueUnavailableError("no_real_prices"), "The real prices of Upbit cannot be read", "업비트의 실제 시세를"),
        (VenueUnavailableError("practice"), "The exchange on this computer did not start", "이 컴퓨터의 거래소가"),
        (StorageError("of mode paper"), "The journal of this mode cannot be used", "이 모드의 저널을"),
        (VaultError("locked"), "The system's key store cannot be used", "시스템 키 저장소를"),
        (InvalidInputError("typo"), "The start was refused", "시작이 거부"),
    ],
)
def test_why_nothing_was_started_is_said_in_both_languages(
    qtbot: QtBot, error: GwanjeError, english: str, korean: str
) -> None:
    dialog = StartFailedDialog(TradingMode.PAPER, error)
    qtbot.addWidget(dialog)
    assert dialog.text.text().startswith(english)
    assert dialog.detail.text() == str(error)
    languages().set("ko")
    qtbot.waitUntil(lambda: dialog.text.text().startswith(korean))


@pytest.mark.parametrize(
    ("button", "mode"),
    [
        ("again_button", TradingMode.PAPER),
        ("practice_button", TradingMode.PRACTICE),
        ("close_button", None),
    ],
)
def test_another_mode_is_tried_only_when_a_person_says_so(qtbot: QtBot, button: str, mode: TradingMode | None) -> None:
    dialog = StartFailedDialog(TradingMode.PAPER, InvalidInputError("typo"))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.next_mode) as told:
        getattr(dialog, button).click()
    assert told.args == [mode]
