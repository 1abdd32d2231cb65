"""The operations panel shows what the engine told, asks before it posts, and never waits for the answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup, CallRate, ResetBreaker, TripBreaker
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, LetterOutcome, RetryDeadLetter
from app.domain.latency import Stage
from app.domain.limits import LimitName, LimitUse
from app.domain.messages import CommandRefused, LimitUsage
from app.domain.refusal import Refusal, RefusalReason
from app.ui.flow.order_flow_dialog import OrderFlowDialog
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story

ORDER = CallGroup.ORDER
LETTER = DeadLetter("gw-1", NOW, "ClosePosition", "expired", "", position_id="p1")
OPENED = BreakerChanged("upbit", ORDER, BreakerState.OPEN, "6 of 12 calls failed", NOW + timedelta(seconds=10), 10.0)


@pytest.fixture
def flow(full_window: MainWindow, story: Story) -> OrderFlowDialog:
    usage = LimitUsage((LimitUse(LimitName.DAILY_ENTRIES, Decimal(161), Decimal(200)),), NOW)
    told = replace(screen_story.status(NOW), calls=(CallRate(ORDER, 12, 6, 0),))
    story.tell(usage, told, OPENED, DeadLetterAdded(LETTER))
    full_window.feed.flush()
    full_window.registry.action("flow").trigger()
    return full_window.order_flow


def test_everything_told_before_it_was_opened_is_there(flow: OrderFlowDialog) -> None:
    assert flow.isVisible() and not flow.isModal()
    assert [value.text() for value in flow.queue.waiting.values()] == ["0", "0", "0", "0", "3"]
    assert flow.limits.bars[LimitName.DAILY_ENTRIES].words == "161 / 200 · 81%"
    row = flow.breakers.rows[ORDER]
    assert row.state.words == "Open, no entry leaves · until 11:42:17"
    assert row.counted.words.startswith("12 calls a minute · failed 6 (50%)")
    assert flow.letters.model.rowCount() == 1
    assert flow.latency.figures[Stage.WIRE_TOTAL][0].text() == "420"
    assert flow.told.text() == "as of 11:42:07"


def test_new_figures_come_while_it_is_open_and_cost_nothing_while_it_is_not(
    flow: OrderFlowDialog, full_window: MainWindow, story: Story
) -> None:
    story.tell(replace(screen_story.queue(NOW), in_flight=7))
    full_window.feed.flush()
    assert flow.queue.in_flight.text() == "7"
    flow.hide()
    story.tell(replace(screen_story.queue(NOW), in_flight=9))
    full_window.feed.flush()
    assert flow.queue.in_flight.text() == "7"
    flow.show_latency()
    assert flow.tabs.currentIndex() == 1
    assert flow.queue.in_flight.text() == "9"


def test_figures_that_are_no_longer_told_are_called_old(flow: OrderFlowDialog, story: Story) -> None:
    story.now = NOW + timedelta(seconds=6)
    flow.refresh()
    assert (flow.told.text(), flow.told.property("role")) == ("as of 11:42:07, not told since", "warning")


@pytest.mark.parametrize(
    ("press", "command"),
    [
        (
            lambda flow: flow.breakers.rows[ORDER].trip_button.click(),
            TripBreaker("upbit", ORDER, "tripped on the screen"),
        ),
        (lambda flow: flow.breakers.rows[ORDER].reset_button.click(), ResetBreaker("upbit", ORDER)),
        (lambda flow: flow.letters.retry_wanted.emit(LETTER), RetryDeadLetter("click-1", "gw-1")),
    ],
)
def test_it_asks_first_and_posts_once(
    flow: OrderFlowDialog, story: Story, press: Callable[[OrderFlowDialog], None], command: object
) -> None:
    press(flow)
    assert flow.confirm.isVisible() and story.posted == []
    flow.confirm.cancel()
    assert story.posted == []
    press(flow)
    flow.confirm.confirm_button.click()
    flow.confirm.confirm_button.click()
    assert story.posted == [command]
    assert flow.answer.text() == "Asked, waiting for the engine."


def test_the_answer_is_what_the_engine_says(flow: OrderFlowDialog, full_window: MainWindow, story: Story) -> None:
    flow.letters.retry_wanted.emit(LETTER)
    flow.confirm.confirm_button.click()
    story.tell(CommandRefused("RetryDeadLetter", Refusal(RefusalReason.NO_PRICE)))
    full_window.feed.flush()
    assert flow.answer.text() == "Not done: There is no price for this market yet."
    assert flow.letters.model.rowCount() == 1, "a refusal leaves the letter where it is"
    story.tell(DeadLetterSettled("gw-1", LetterOutcome.RETRIED))
    full_window.feed.flush()
    assert (flow.answer.text(), flow.letters.model.rowCount()) == ("", 0)
    flow.breakers.rows[ORDER].reset_button.click()
    flow.confirm.confirm_button.click()
    assert flow.answer.text()
    story.tell(replace(OPENED, state=BreakerState.CLOSED, until=None))
    full_window.feed.flush()
    assert (flow.answer.text(), flow.breakers.rows[ORDER].reset_button.isEnabled()) == ("", False)


def test_another_tab_or_closing_means_no(flow: OrderFlowDialog, story: Story) -> None:
    flow.breakers.rows[ORDER].trip_button.click()
    flow.tabs.setCurrentIndex(1)
    assert not flow.confirm.isVisible()
    flow.tabs.setCurrentIndex(0)
    flow.breakers.rows[ORDER].trip_button.click()
    flow.hide()
    flow.show_flow()
    assert not flow.confirm.isVisible() and story.posted == []


def test_the_status_line_and_the_keys_lead_to_it(full_window: MainWindow, qtbot: QtBot) -> None:
    flow = full_window.order_flow
    full_window.status.way.clicked.emit()
    assert flow.isVisible() and flow.tabs.currentIndex() == 1
    full_window.status.queue.clicked.emit()
    assert flow.tabs.currentIndex() == 0
    keys = {key: full_window.registry.action(key).shortcut().toString() for key in ("flow", "latency")}
    assert keys == {"flow": "Ctrl+J", "latency": "Ctrl+Shift+J"}
    assert [command.key for command in full_window.registry.search("order flow")] == ["flow"]


def test_it_speaks_the_language_of_the_screen(flow: OrderFlowDialog, qtbot: QtBot) -> None:
    languages().set("ko")
    qtbot.waitUntil(lambda: flow.windowTitle() == "주문 흐름")
    qtbot.waitUntil(lambda: flow.breakers.rows[ORDER].trip_button.text() == "차단")
    assert flow.queue.next_exit.text() == "즉시"
    assert "청산은 언제나 통과" in flow.limits.note.text()
