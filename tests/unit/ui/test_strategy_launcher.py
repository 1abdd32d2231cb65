"""One click is one command."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.commands import SetTradingState, StartStrategy
from app.domain.messages import CommandRefused, PositionChanged, TradingStateChanged
from app.domain.position import Position, PositionState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, TradingState
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.strategy_launcher import StrategyLauncher
from tests.ui.screen_story import BREAKOUT, NOW, Story

AVAX = Market("upbit", "KRW-AVAX")


@pytest.fixture
def launcher(full_window: MainWindow) -> StrategyLauncher:
    full_window.feed.select(AVAX)
    return full_window.dashboard.launcher


def click_start(launcher: StrategyLauncher, qtbot: QtBot) -> None:
    qtbot.mouseClick(launcher.start_button, Qt.MouseButton.LeftButton)


def test_a_click_posts_and_the_button_rests(launcher: StrategyLauncher, story: Story, qtbot: QtBot) -> None:
    launcher.budget.edit.setText("1000000")
    launcher.stop.edit.setText("1.5")
    click_start(launcher, qtbot)
    click_start(launcher, qtbot)
    launcher.start()
    (command,) = story.posted
    assert isinstance(command, StartStrategy)
    assert (command.market, command.budget, command.blueprint.id) == (AVAX, Decimal(1_000_000), BREAKOUT.id)
    assert command.blueprint.exits.stop_loss_percent == Decimal("1.5")
    assert not launcher.start_button.isEnabled()
    assert launcher.message.text() == "Sent, waiting for the engine."


def test_the_new_position_is_the_answer(
    launcher: StrategyLauncher, story: Story, full_window: MainWindow, qtbot: QtBot
) -> None:
    click_start(launcher, qtbot)
    fresh = Position("p9", AVAX, BREAKOUT, Decimal(3_000_000), PositionState.PENDING, NOW, NOW)
    story.tell(PositionChanged(fresh, "started"))
    full_window.feed.flush()
    assert launcher.message.text() == "KRW-AVAX started."
    assert full_window.feed.position_id == "p9"


def test_a_refusal_is_said_in_words(
    launcher: StrategyLauncher, story: Story, full_window: MainWindow, qtbot: QtBot
) -> None:
    click_start(launcher, qtbot)
    story.tell(CommandRefused("StartStrategy", Refusal(RefusalReason.BELOW_MINIMUM, "figures")))
    full_window.feed.flush()
    assert launcher.message.text() == "Not started: The amount is below the venue's minimum."
    assert launcher.start_button.isEnabled()


def test_no_answer_is_said_too(launcher: StrategyLauncher, qtbot: QtBot) -> None:
    click_start(launcher, qtbot)
    launcher._patience.timeout.emit()
    assert launcher.message.text().startswith("No answer from the engine yet")


def test_while_entries_are_off_the_button_enables_them(
    launcher: StrategyLauncher, story: Story, full_window: MainWindow, qtbot: QtBot
) -> None:
    story.tell(TradingStateChanged(TradingState.ENABLED, TradingState.REDUCING, "test"))
    full_window.feed.flush()
    assert not launcher.start_button.isVisible()
    assert launcher.message.text() == "Only exits are allowed now. Enable entries first."
    qtbot.mouseClick(launcher.enable_button, Qt.MouseButton.LeftButton)
    assert story.posted == [SetTradingState(TradingState.ENABLED, "enabled on the screen")]
    assert launcher.enable_button.isVisible(), "it changes when the engine says so"
    story.tell(TradingStateChanged(TradingState.REDUCING, TradingState.ENABLED, "test"))
    full_window.feed.flush()
    assert launcher.start_button.isVisible()


def test_wrong_figures_keep_the_button_off(launcher: StrategyLauncher) -> None:
    launcher.budget.edit.setText("1")
    assert not launcher.start_button.isEnabled()
    assert launcher.budget.property("wrong") == "true"
    launcher.budget.edit.setText("3000000")
    assert launcher.start_button.isEnabled()


def test_another_strategy_brings_its_own_figures(launcher: StrategyLauncher) -> None:
    launcher.budget.edit.setText("7")
    launcher.blueprint_box.setCurrentIndex(1)
    assert launcher.budget.edit.text() == "3,000,000"
    assert launcher.stop.edit.text() == "0.85"
    assert "fell too fast" in launcher.description.text()


def test_another_language_keeps_what_is_filled_in(launcher: StrategyLauncher, qtbot: QtBot) -> None:
    launcher.blueprint_box.setCurrentIndex(2)
    launcher.budget.edit.setText("1234567")
    languages().set("ko")
    qtbot.waitUntil(lambda: launcher.blueprint_box.currentText() == "분할 매수 v1")
    assert launcher.budget.edit.text() == "1234567"
    assert launcher.start_button.text() == "전략 실행"


def test_a_low_window_does_without_the_description(launcher: StrategyLauncher) -> None:
    launcher.set_compact(True, dense=True)
    assert not launcher.description.isVisible()
    assert launcher.blueprint_box.toolTip() == launcher.description.text()
