"""What the screen knows comes from events alone."""

from dataclasses import replace
from datetime import timedelta

from app.domain.alert import NoticeChanged
from app.domain.messages import CandlesLoaded, CandleUpdated, PositionChanged
from app.domain.position import PositionState
from app.ui.read_model import MOST_NOTICES, ReadModel
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW, Story
from tests.ui.story_alerts import notice


def test_the_last_word_wins() -> None:
    model = ReadModel()
    position = screen_story.positions(NOW)[0]
    model.apply(PositionChanged(position, "started"))
    model.apply(screen_story.marks(NOW, 59)[0])
    assert model.live_positions() == [position]
    assert model.has_exposure()
    model.apply(PositionChanged(replace(position, state=PositionState.CLOSED), "empty"))
    assert model.live_positions() == []
    assert not model.has_exposure()
    assert model.marks == {}, "a closed position has no live figures"


def test_bars_are_appended_replaced_and_never_go_back() -> None:
    model = ReadModel()
    loaded = screen_story.candles(NOW)[0]
    assert isinstance(loaded, CandlesLoaded)
    model.apply(loaded)
    last = loaded.candles[-1]
    model.apply(CandleUpdated(replace(last, close=last.close + 1), closed=False))
    assert model.candles[BTC][-1].close == last.close + 1
    model.apply(CandleUpdated(replace(last, opened_at=last.opened_at + timedelta(minutes=1)), closed=False))
    model.apply(CandleUpdated(last, closed=True))
    assert len(model.candles[BTC]) == 101
    model.apply(CandleUpdated(replace(last, seconds=300), closed=True))
    assert len(model.candles[BTC]) == 101, "the chart has one-minute bars only"


def test_working_orders_are_exposure_too(story: Story) -> None:
    model = ReadModel()
    for event in screen_story.orders_and_fills(NOW):
        model.apply(event)
    assert model.has_exposure()
    assert len(model.fills) == 8


def test_quotes_are_counted() -> None:
    model = ReadModel()
    for event in screen_story.market_data(NOW):
        model.apply(event)
    assert model.quotes == 21


def test_only_working_orders_are_kept_apart() -> None:
    model = ReadModel()
    for event in screen_story.orders_and_fills(NOW):
        model.apply(event)
    assert model.working == {key: order for key, order in model.orders.items() if order.is_working}
    assert 0 < len(model.working) < len(model.orders)


def test_the_newest_queue_of_a_venue_is_kept() -> None:
    model = ReadModel()
    for count in (1, 2):
        model.apply(replace(screen_story.queue(NOW), in_flight=count))
    assert [status.in_flight for status in model.queues.values()] == [2]


def test_notices_are_kept_up_to_a_bound_and_closed_ones_go_first() -> None:
    model = ReadModel()
    first = notice(NOW, 0)
    model.apply(NoticeChanged(first, "raised"))
    for number in range(1, MOST_NOTICES + 5):
        closed = replace(notice(NOW, number), acknowledged_at=NOW)
        model.apply(NoticeChanged(closed, "acknowledged"))
    assert len(model.notices) == MOST_NOTICES and first.notice_id in model.notices
