"""The line at the bottom."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup
from app.domain.dead_letter import DeadLetter, DeadLetterAdded
from app.domain.limits import LimitName, LimitUse
from app.domain.messages import AlertRaised, LimitUsage, Reconciled
from app.ui.main_window import MainWindow
from tests.ui import screen_story
from tests.ui.screen_story import NOW, Story


def test_what_the_program_says_about_itself(full_window: MainWindow, story: Story) -> None:
    status = full_window.status
    story.tell(*screen_story.market_data(NOW))
    status.tick()
    assert status.loop.text() == "event loop delay p99 4.1 ms"
    assert status.queue.text() == "orders waiting to leave 0"
    assert status.books.text() == "journal written · compared 11:42:07, in agreement"
    assert status.place.text() == "SQLite · Practice exchange"
    status.tick()
    assert status.quotes.text() == "quotes 0/s"


def test_the_way_of_an_order_and_the_queue_are_explained(full_window: MainWindow) -> None:
    status = full_window.status
    assert status.way.text() == "price to order p50 1.8 ms · p99 13 ms"
    assert status.way.toolTip().splitlines()[1] == (
        "price received to first byte, all of the above: 1.8 ms / 4.2 ms / 13 ms / 1.4 s (420 orders)"
    )
    assert status.queue.toolTip().splitlines() == [
        "Waiting: Liquidation: 0, Exit: 0, Cancel order: 0, Look-up: 0, Entry: 3",
        "Under way: 5, longest wait 1.2 s",
        "The venue's rate limit lets the next exit leave in 0 ms, the next entry in 248 ms",
    ]


def test_before_the_first_order_nothing_is_made_up(window: MainWindow) -> None:
    assert window.status.way.text() == "price to order p50 – · p99 –"
    assert window.status.queue.toolTip() == ""


def test_differences_and_a_failed_journal_are_said(full_window: MainWindow, story: Story) -> None:
    books = full_window.status.books
    story.tell(Reconciled("upbit", ("KRW-SOL",)))
    full_window.feed.flush()
    assert books.text().endswith("differences found")
    story.tell(replace(screen_story.account(NOW), reconciled=False))
    full_window.feed.flush()
    assert books.text().endswith("not compared with the venue yet")
    story.tell(AlertRaised("journal_failed", "disk full", critical=True))
    full_window.feed.flush()
    assert books.text() == "The journal cannot be written; no order leaves"


def test_what_holds_entries_back_is_counted_and_nothing_is_said_when_all_is_well(
    full_window: MainWindow, story: Story
) -> None:
    status = full_window.status
    assert status.trouble.text() == ""
    use = LimitUse(LimitName.DAILY_ENTRIES, Decimal(160), Decimal(200))
    story.tell(
        BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "x", None, 10.0),
        LimitUsage((use, replace(use, used=Decimal(159)), replace(use, allowed=None)), NOW),
        DeadLetterAdded(DeadLetter("gw-1", NOW, "Order", "expired", "")),
    )
    full_window.feed.flush()
    status.tick()
    assert status.trouble.text() == "breakers 1 · limits 1 · undone 1"
    story.tell(BreakerChanged("upbit", CallGroup.ORDER, BreakerState.CLOSED, "x", None, 10.0))
    full_window.feed.flush()
    assert status.trouble.text() == "limits 1 · undone 1"


def test_a_click_on_a_figure_asks_for_its_details(full_window: MainWindow, qtbot: QtBot) -> None:
    status = full_window.status
    with qtbot.waitSignal(status.latency_wanted):
        qtbot.mouseClick(status.way, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(status.flow_wanted):
        qtbot.mouseClick(status.queue, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(status.flow_wanted):
        qtbot.mouseClick(status.queue, Qt.MouseButton.RightButton)


def test_figures_that_get_shorter_move_nothing(full_window: MainWindow, story: Story) -> None:
    status = full_window.status
    for _ in range(100):
        story.tell(*screen_story.market_data(NOW))
    status.tick()
    before = status.quotes.minimumWidth()
    assert len(status.quotes.text()) > len("quotes 0/s")
    status.tick()
    assert (status.quotes.text(), status.quotes.minimumWidth()) == ("quotes 0/s", before)
    assert status.quotes.fontMetrics().horizontalAdvance(status.quotes.text()) < before
