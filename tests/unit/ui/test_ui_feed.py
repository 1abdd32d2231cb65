"""Gathering by key, three thirds, and what is told promptly."""

from pytestqt.qtbot import QtBot

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, LetterOutcome
from app.domain.messages import AlertRaised, PositionChanged, TradingStateChanged
from app.domain.values import Market, TradingState
from app.ui.ui_feed import UiFeed
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW, Story


def collect(signal: object) -> list[object]:
    seen: list[object] = []
    signal.connect(seen.append)  # type: ignore[attr-defined]
    return seen


def test_many_marks_of_one_position_are_one_word(feed: UiFeed, story: Story) -> None:
    seen = collect(feed.marks_changed)
    for step in range(50):
        story.tell(*screen_story.marks(NOW, step))
    assert seen == [], "nothing is painted while the engine speaks"
    feed.flush_table()
    feed.flush_table()
    assert seen == [["p1", "p2", "p3", "p4", "p5"]]


def test_the_parts_are_told_in_different_thirds(feed: UiFeed, story: Story) -> None:
    books, orders = collect(feed.book_changed), collect(feed.orders_changed)
    story.tell(*screen_story.market_data(NOW), *screen_story.orders_and_fills(NOW))
    turns = []
    for _ in range(3):
        feed._next_third()
        turns.append((bool(books), bool(orders)))
    first_book, first_order = ([turn[part] for turn in turns].index(True) for part in (0, 1))
    assert first_book != first_order
    assert len(orders) == 1
    assert len(books) == 7


def test_the_timer_rests_when_there_is_nothing_to_tell(feed: UiFeed, story: Story) -> None:
    story.tell(screen_story.account(NOW))
    assert feed._period_timer.isActive()
    feed._next_third()
    feed._next_third()
    feed._next_third()
    feed._next_third()
    assert not feed._period_timer.isActive()


def test_states_and_alerts_come_by_themselves(feed: UiFeed, story: Story, qtbot: QtBot) -> None:
    with qtbot.waitSignals([feed.positions_changed, feed.trading_state_changed, feed.alert_raised]):
        story.tell(
            PositionChanged(screen_story.positions(NOW)[0], "started"),
            TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, "test"),
            AlertRaised("x", "y"),
        )
    assert feed.trading_state is TradingState.ENABLED


def test_the_journaled_part_is_the_timeline(feed: UiFeed, story: Story) -> None:
    seen = collect(feed.timeline)
    story.tell(screen_story.account(NOW), AlertRaised("x", "y"), screen_story.preview(NOW))
    feed.flush_log()
    assert seen == [[AlertRaised("x", "y")]]


def test_replay_fills_the_read_model_and_tells(feed: UiFeed) -> None:
    seen = collect(feed.positions_changed)
    feed.replay(PositionChanged(position, "recovered") for position in screen_story.positions(NOW))
    assert seen == [["p1", "p2", "p3", "p4", "p5", "p6"]]
    assert feed.positions["p1"].market == BTC


def test_breakers_at_once_and_dead_letters_with_the_log(feed: UiFeed, story: Story) -> None:
    opened, letters = collect(feed.breaker_changed), collect(feed.dead_letters_changed)
    change = BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "5 of 5 calls failed", NOW, 10.0)
    first, second = (DeadLetter(name, NOW, "Order", "expired", "") for name in ("gw-1", "gw-2"))
    settled = DeadLetterSettled("gw-1", LetterOutcome.RETRIED)
    story.tell(change, DeadLetterAdded(first), DeadLetterAdded(second), settled)
    feed.flush_prompt()
    assert (opened, letters) == ([change], [])
    feed.flush_log()
    assert letters == [["gw-1", "gw-2"]]
    assert feed.dead_letters == {"gw-2": second}
    assert feed.breakers == {("upbit", CallGroup.ORDER): change}


def test_selecting_twice_tells_once(feed: UiFeed) -> None:
    seen: list[tuple[object, object]] = []
    feed.selection_changed.connect(lambda market, owner: seen.append((market, owner)))
    for _ in range(2):
        feed.select(BTC, "p1")
    feed.select(Market("upbit", "KRW-ETH"))
    assert seen == [(BTC, "p1"), (Market("upbit", "KRW-ETH"), None)]


def test_a_closed_feed_hears_nothing(feed: UiFeed, story: Story) -> None:
    feed.close()
    story.tell(screen_story.account(NOW))
    assert feed.account is None
