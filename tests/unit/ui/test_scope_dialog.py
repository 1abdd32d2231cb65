"""Narrower and wider presses: two choices and a hold; the large control stays what it is."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.domain.commands import LiquidateAll
from app.domain.emergency import EmergencyAction, EmergencyScope, Outcome, SellFirst
from app.domain.messages import PositionChanged
from app.domain.position import PositionState
from app.domain.values import Market
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.scope_dialog import LADDER, ScopeDialog
from tests.ui.screen_story import Story, positions

A = EmergencyAction


@pytest.fixture
def dialog(window: MainWindow, story: Story, qtbot: QtBot) -> ScopeDialog:
    story.tell_all()
    window.feed.flush()
    window.scope_dialog.open_fresh()
    return window.scope_dialog


def twice(dialog: ScopeDialog) -> None:
    dialog.control.press_key()
    dialog.control.press_key()


def test_it_opens_with_everything_and_says_so(dialog: ScopeDialog) -> None:
    assert dialog.scope() == EmergencyScope(first=SellFirst.VALUE)
    assert dialog.control.name() == "Sell everything" and not dialog.isModal()


@pytest.mark.parametrize("number", range(len(LADDER)))
def test_every_step_of_the_ladder_reaches_the_engine_after_two_presses(
    dialog: ScopeDialog, story: Story, number: int
) -> None:
    dialog.action.setCurrentIndex(number)
    dialog.control.press_key()
    assert not story.posted
    dialog.control.press_key()
    (command,) = story.posted
    assert isinstance(command, LiquidateAll) and command.scope == LADDER[number] and not dialog.isVisible()


def test_filters_by_market_strategy_and_outcome(dialog: ScopeDialog, story: Story) -> None:
    dialog.market.setCurrentIndex(1)
    dialog.strategy.setCurrentIndex(1)
    dialog.outcome.setCurrentIndex(2)
    twice(dialog)
    (command,) = story.posted
    assert isinstance(command, LiquidateAll)
    assert command.scope.markets == (dialog.market.itemData(1),) and command.scope.outcome is Outcome.LOSERS
    assert command.scope.strategies == (dialog.strategy.itemData(1),)


def elsewhere(story: Story) -> Market:
    """A position of the same symbol at another venue."""
    first = positions(story.now)[0]
    market = Market("binance", first.market.symbol)
    story.tell(PositionChanged(replace(first, position_id="p9", market=market), "story"))
    return market


def test_a_venue_is_a_filter_of_its_own(dialog: ScopeDialog, window: MainWindow, story: Story) -> None:
    market = elsewhere(story)
    window.feed.flush()
    dialog.open_fresh()
    assert [dialog.venue.itemData(n) for n in range(dialog.venue.count())] == [None, "upbit", "binance"]
    dialog.venue.setCurrentIndex(2)
    assert dialog.control.name() == "Sell everything · binance"
    twice(dialog)
    (command,) = story.posted
    assert isinstance(command, LiquidateAll) and command.scope == EmergencyScope(venues=("binance",))
    dialog.open_fresh()
    dialog.market.setCurrentIndex(1)
    dialog.venue.setCurrentIndex(2)
    assert dialog.scope().markets == () and dialog.market.count() == 2, "a market of another venue cannot be asked for"
    dialog.market.setCurrentIndex(1)
    assert dialog.scope().markets == (market,)


def test_a_choice_survives_the_language_though_it_is_sold_meanwhile(
    dialog: ScopeDialog, window: MainWindow, story: Story, qtbot: QtBot
) -> None:
    """Neither another market in its place is sold then, nor all of them."""
    dialog.action.setCurrentIndex(4)
    dialog.market.setCurrentIndex(1)
    before = dialog.scope()
    story.tell(PositionChanged(replace(positions(story.now)[0], state=PositionState.CLOSED), "sold"))
    window.feed.flush()
    languages().toggle()
    qtbot.wait(20)
    assert dialog.scope() == before and before.markets == (positions(story.now)[0].market,)


def test_the_whole_account_is_a_choice_of_its_own_and_knows_no_filters(dialog: ScopeDialog) -> None:
    dialog.market.setCurrentIndex(1)
    dialog.venue.setCurrentIndex(1)
    dialog.whole.setChecked(True)
    assert dialog.scope().whole_account and dialog.scope().is_unfiltered
    assert not dialog.market.isEnabled() and not dialog.venue.isEnabled()
    assert "never made" in dialog.says.text()
    dialog.action.setCurrentIndex(0)
    assert not dialog.scope().whole_account and not dialog.whole.isEnabled()


def test_nothing_of_an_earlier_choice_is_left(dialog: ScopeDialog) -> None:
    dialog.whole.setChecked(True)
    dialog.open_fresh()
    assert dialog.scope() == EmergencyScope()


def test_the_large_control_is_neither_delayed_nor_changed(
    dialog: ScopeDialog, window: MainWindow, story: Story
) -> None:
    dialog.action.setCurrentIndex(0)
    window.top.emergency.press_key()
    window.top.emergency.press_key()
    (command,) = story.posted
    assert isinstance(command, LiquidateAll) and command.scope == EmergencyScope()
    assert window.top.emergency.name() == "Liquidate all" and window.top.emergency.isEnabled()
