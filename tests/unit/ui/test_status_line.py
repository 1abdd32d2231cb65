"""The line at the bottom."""

from dataclasses import replace

from app.domain.messages import AlertRaised, Reconciled
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
