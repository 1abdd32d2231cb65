"""The alert centre in the window: the count on the strip, acknowledging here and elsewhere."""

from dataclasses import replace

from app.domain.alert import NoticeChanged
from app.ui.main_window import MainWindow
from tests.ui.screen_story import Story, alert
from tests.ui.story_alerts import notice, notices


def test_the_strip_counts_what_waits_and_leads_there(full_window: MainWindow, story: Story) -> None:
    top = full_window.top
    assert not top.alert_button.isVisible()
    story.tell(*notices(story.now))
    full_window.feed.flush()
    assert top.alert_button.isVisible() and top.alert_button.text() == "2"
    top.alert_button.click()
    center = full_window.alert_center
    assert center.isVisible() and center.count.text() == "2 not acknowledged"
    center.all_button.click()
    assert story.alerts.acknowledged == [None] and top.alert_button.isVisible(), "not before the desk says so"
    for changed in notices(story.now):
        done = replace(changed.notice, acknowledged_at=story.now, acknowledged_by="screen")
        story.tell(NoticeChanged(done, "acknowledged"))
    full_window.feed.flush()
    assert not top.alert_button.isVisible() and not center.all_button.isEnabled()
    center.close()


def test_reading_the_line_above_the_dashboard_acknowledges_too(full_window: MainWindow, story: Story) -> None:
    story.tell(alert(), NoticeChanged(notice(story.now), "raised"))
    full_window.feed.flush()
    full_window.notice_bar.dismiss()
    assert story.alerts.acknowledged == ["n1-1"]


def test_acknowledged_by_telegram_the_line_goes(full_window: MainWindow, story: Story) -> None:
    story.tell(alert(), NoticeChanged(notice(story.now), "raised"))
    full_window.feed.flush()
    assert full_window.notice_bar.isVisible()
    done = replace(notice(story.now), acknowledged_at=story.now, acknowledged_by="user 7")
    story.tell(NoticeChanged(done, "acknowledged"))
    full_window.feed.flush()
    assert not full_window.notice_bar.isVisible()


def test_what_is_open_since_an_earlier_run_is_shown_again(full_window: MainWindow, story: Story) -> None:
    story.tell(NoticeChanged(notice(story.now), "recovered"))
    full_window.feed.flush()
    assert full_window.notice_bar.words.words.startswith("The venue holds less than our books say: KRW-SOL")


def test_the_palette_leads_to_the_channels(full_window: MainWindow) -> None:
    full_window.alert_center.show_channels()
    assert full_window.alert_center.tabs.currentIndex() == 1
    full_window.alert_center.close()
