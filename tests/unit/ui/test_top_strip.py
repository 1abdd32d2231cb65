"""The strip at the top."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.ui.languages import languages
from app.ui.main_window import MainWindow
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story
from tests.ui.story_alerts import notices


def test_it_says_whose_money_it_is(full_window: MainWindow) -> None:
    top = full_window.top
    assert top.badge.text() == "Practice exchange"
    assert top.state.text() == "Entries on"
    assert top.time.text() == "2026-11-20 11:42:07 KST"
    assert top.money.text() == "₩ 48,216,540"


def test_lamps_tell_age_and_trouble(full_window: MainWindow, story: Story) -> None:
    top = full_window.top
    assert (top.market_lamp.role, top.market_lamp.words) == ("good", "quotes 14 ms")
    assert (top.order_lamp.role, top.order_lamp.words) == ("good", "orders 31 ms")
    story.now += timedelta(seconds=5)
    top.tick()
    assert (top.market_lamp.role, top.market_lamp.words) == ("warning", "quotes 5.0 s")
    story.tell(replace(screen_story.status(NOW), public_up=False, private_up=False, order_latency_ms=None))
    full_window.feed.flush()
    assert (top.market_lamp.role, top.order_lamp.role) == ("danger", "danger")
    assert "not connected" in top.market_lamp.toolTip()


@pytest.mark.parametrize(("width", "money"), [(1600, True), (1280, False)])
def test_what_does_not_fit_goes_but_never_the_stop_button(
    full_window: MainWindow, width: int, money: bool, qtbot: QtBot
) -> None:
    full_window.resize(width, 720)
    qtbot.wait(20)
    top = full_window.top
    assert top.money.isVisible() is money
    button = top.emergency
    assert button.isVisible()
    right = button.mapTo(full_window, button.rect().topRight()).x()
    assert right == full_window.width() - 15
    assert button.width() == button.sizeHint().width()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_notices_that_wait_do_not_push_the_stop_button_out(
    full_window: MainWindow, story: Story, language: str, qtbot: QtBot
) -> None:
    languages().set(language)
    full_window.resize(1280, 720)
    story.tell(*notices(story.now))
    full_window.feed.flush()
    qtbot.wait(20)
    button = full_window.top.emergency
    assert full_window.top.alert_button.isVisible()
    assert button.mapTo(full_window, button.rect().topRight()).x() == full_window.width() - 15
    assert button.width() == button.sizeHint().width()
