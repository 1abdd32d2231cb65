"""Outage, latency, clock, feed and maintenance, as stories: entries are refused, exits never."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.breaker import CallGroup
from app.domain.commands import ClosePosition
from app.domain.effects import CheckVenue, LoadBook, LoadCandles, ReadAccount, SubmitOrder
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Book
from app.domain.messages import (
    AccountReadFailed,
    AlertRaised,
    CandlesLoaded,
    ExitTriggered,
    IntentRefused,
    LiquidationChanged,
    LookupFailed,
    Message,
    StreamStateChanged,
    TimePassed,
    VenueStatus,
)
from app.domain.refusal import RefusalReason
from app.domain.values import Purpose, Side
from app.domain.venue_health import (
    BookFailed,
    CallTimed,
    HealthFigures,
    HealthSettings,
    VenueCheckFailed,
    VenueState,
)
from tests.unit.engine.playbook import BTC, ETH, START, VENUE, XRP, Playbook, did, nothing, price, seconds

R = RefusalReason


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def failed() -> VenueCheckFailed:
    return VenueCheckFailed(VENUE, "time-out", CallGroup.QUOTATION)


def polled(play: Playbook, best: int) -> Book:
    return replace(play.book(XRP, best), polled=True)


def alert(key: str, **more: object) -> object:
    return did(AlertRaised, key=key, **more)


def figures(play: Playbook) -> HealthFigures:
    play >> seconds(1.1)
    told = [item for item in play.history if isinstance(item, VenueStatus)][-1].health
    assert told is not None
    return told


def down(play: Playbook) -> Playbook:
    """Three calls in a row failed, and no check is answered."""
    play.skew_s = None
    return play >> [failed()] * 3


def bars_loaded() -> list[Message]:
    return [CandlesLoaded(market, 60, ()) for market in (XRP, ETH, BTC)]


# ---- checks and outage -----------------------------------------------------------------------------------------------


def test_a_check_leaves_every_half_minute(play: Playbook) -> None:
    play >> seconds(29.9) << nothing(CheckVenue)
    play >> seconds(0.3) << did(CheckVenue, venue=VENUE)


def test_a_check_without_an_answer_is_repeated_but_never_doubled() -> None:
    play = Playbook(skew_s=None)
    play >> TimePassed() << did(CheckVenue)
    play >> seconds(9.8) << nothing(CheckVenue)
    play >> seconds(0.3) << did(CheckVenue)
    play >> VenueCheckFailed(VENUE, "time-out", CallGroup.QUOTATION) >> seconds(4.8) << nothing(CheckVenue)
    play >> seconds(0.3) << did(CheckVenue)


def test_three_failures_in_a_row_are_an_outage_and_a_person_is_told_once(play: Playbook) -> None:
    play.skew_s = None
    play >> [failed(), failed()] << nothing(AlertRaised)
    play >> failed() << alert("venue_down", critical=True)
    play >> [failed()] * 3 << nothing(AlertRaised)
    assert figures(play).state is VenueState.DOWN
    play >> price(XRP, 1000) >> play.start(XRP) << did(IntentRefused, reason=R.VENUE_DOWN)


def test_an_answer_in_between_is_no_outage(play: Playbook) -> None:
    play >> [failed(), failed(), play.checked(), failed(), failed()] << nothing(AlertRaised)


def test_checks_and_polled_books_count_as_every_other_call(play: Playbook) -> None:
    play.skew_s = None
    calls = [VenueCheckFailed(VENUE, "x", CallGroup.QUOTATION), BookFailed(XRP, "x", CallGroup.QUOTATION)]
    play >> [*calls, LookupFailed("nobody", "time-out", CallGroup.LOOKUP)] << alert("venue_down")


def test_a_call_we_held_back_ourselves_says_nothing(play: Playbook) -> None:
    play >> [VenueCheckFailed(VENUE, "rate_limited")] * 5 << nothing(AlertRaised)


def test_an_account_that_is_offline_is_maintenance_nobody_told_of(play: Playbook) -> None:
    play.skew_s = None
    play >> [AccountReadFailed(VENUE, "market_offline: closed")] * 3 << alert("venue_down")


def test_in_an_outage_exits_and_look_ups_are_tried(play: Playbook) -> None:
    held = play.holding(XRP)
    down(play) >> ClosePosition(held.position_id) << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None
    play >> seconds(31) << did(ReadAccount)


def test_an_entry_that_waits_in_the_queue_does_not_leave_in_an_outage(play: Playbook) -> None:
    play >> play.start(XRP)
    down(play)
    answer = play.core.may_send(play.order.order_id, play.now)
    assert answer is not None and answer.startswith("venue_down: ")


def test_after_an_outage_account_and_bars_are_read_before_entries_go_on(play: Playbook) -> None:
    down(play)
    play >> play.checked() << did(ReadAccount) << did(LoadCandles, market=XRP)
    play >> price(ETH, 4_000_000) >> play.start(ETH) << did(IntentRefused, reason=R.NOT_RECONCILED)
    play >> [play.account(), seconds(0.1)] << nothing(AlertRaised)  # the bars are missing still
    play >> bars_loaded() >> seconds(0.1) << alert("venue_up")
    play >> price(XRP, 1000) >> play.start(XRP) << did(SubmitOrder, purpose=Purpose.ENTRY)


def test_a_reading_from_before_the_end_of_the_outage_does_not_end_it(play: Playbook) -> None:
    down(play)
    early = play.account(started_ago=2)
    play >> [play.checked(), early, *bars_loaded(), seconds(0.1)] << nothing(AlertRaised)
    play >> [play.account(), seconds(0.1)] << alert("venue_up")


def test_an_outage_that_comes_back_is_the_same_one(play: Playbook) -> None:
    down(play)
    play >> [play.checked(), failed(), failed(), failed()] << nothing(AlertRaised)
    assert figures(play).state is VenueState.DOWN
    play >> play.checked() << did(ReadAccount)


# ---- latency ---------------------------------------------------------------------------------------------------------


def test_a_slow_venue_is_told_once_and_refuses_nothing(play: Playbook) -> None:
    play >> [CallTimed(VENUE, 1000.0)] * 3 << alert("venue_slow")
    play >> [CallTimed(VENUE, 1500.0)] * 3 << nothing(AlertRaised)
    assert figures(play).is_slow
    play >> price(XRP, 1000) >> play.start(XRP) << did(SubmitOrder)
    play >> [CallTimed(VENUE, 20.0)] * 3 >> [CallTimed(VENUE, 1200.0)] * 3 << alert("venue_slow")


def test_one_slow_call_is_no_slow_venue(play: Playbook) -> None:
    play >> [CallTimed(VENUE, 20.0)] * 5 >> CallTimed(VENUE, 5000.0) << nothing(AlertRaised)


def test_percentiles_of_all_calls(play: Playbook) -> None:
    assert figures(play).p50_ms is None
    play >> [CallTimed(VENUE, float(ms)) for ms in range(1, 101)]
    told = figures(play)
    assert (told.p50_ms, told.p99_ms) == (51.0, 100.0)


# ---- the clock -------------------------------------------------------------------------------------------------------


def test_a_clock_too_far_away_refuses_entries_and_exits_never(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> play.checked(5.1) << alert("clock_skew", critical=True)
    play >> price(ETH, 4_000_000) >> play.start(ETH) << did(IntentRefused, reason=R.CLOCK_SKEW)
    play >> ClosePosition(held.position_id) << did(SubmitOrder, side=Side.SELL)


def test_behind_is_as_bad_as_ahead(play: Playbook) -> None:
    play >> play.checked(-5.1) >> play.start(XRP) << did(IntentRefused, reason=R.CLOCK_SKEW)


def test_a_clock_a_little_off_warns_once(play: Playbook) -> None:
    play >> play.checked(1.5) << alert("clock_skew", critical=False)
    play >> play.checked(1.5) << nothing(AlertRaised)
    play >> play.start(XRP) << did(SubmitOrder)


def test_a_clock_that_was_never_compared_refuses() -> None:
    play = Playbook(skew_s=None).ready()
    play.core.health.venue._checked_at = None
    play >> play.start(XRP) << did(IntentRefused, reason=R.CLOCK_SKEW)


def test_an_old_comparison_says_nothing(play: Playbook) -> None:
    play.skew_s = None
    play.now += timedelta(seconds=181)
    play >> price(XRP, 1000) >> play.start(XRP) << did(IntentRefused, reason=R.CLOCK_SKEW)


# ---- the feed --------------------------------------------------------------------------------------------------------


def test_while_the_stream_is_silent_books_come_by_rest_and_stops_fire(play: Playbook) -> None:
    play.holding(XRP)
    play >> seconds(9.9) << nothing(LoadBook)
    play >> seconds(0.3) << did(LoadBook, market=XRP) << nothing(LoadBook, market=ETH)
    play >> polled(play, 1000) << nothing(ExitTriggered)
    play >> seconds(2) << did(LoadBook, market=XRP)
    play >> polled(play, 975) << did(ExitTriggered, reason=ExitReason.STOP_LOSS) << did(SubmitOrder, side=Side.SELL)


def test_a_silent_stream_is_told_when_something_is_at_stake(play: Playbook) -> None:
    play >> seconds(12) << nothing(AlertRaised)
    play >> price(XRP, 1000)
    play.holding(XRP)
    play >> seconds(12) << alert("feed_silent")
    play >> seconds(5) << nothing(AlertRaised)
    play >> price(ETH, 4_000_000) << alert("feed_back")


def test_a_book_by_rest_opens_nothing(play: Playbook) -> None:
    play.holding(ETH)
    play >> seconds(11) >> polled(play, 1000) >> play.start(XRP) << did(IntentRefused, reason=R.FEED_SILENT)
    play >> price(ETH, 4_000_000) >> seconds(0.1)
    play >> play.start(XRP) << nothing(SubmitOrder)  # others are told of, this market only by REST
    play >> price(XRP, 1000) >> play.next_bar(XRP, 1000) << did(SubmitOrder, purpose=Purpose.ENTRY)


def test_a_public_stream_that_is_down_is_silent_at_once(play: Playbook) -> None:
    play >> StreamStateChanged(VENUE, "public", up=False) >> play.start(XRP) << did(IntentRefused, reason=R.FEED_SILENT)


def test_a_quiet_market_is_asked_for_less_often(play: Playbook) -> None:
    play.holding(XRP)
    for _ in range(11):
        play >> [seconds(1), price(ETH, 4_000_000)]
    assert any(isinstance(item, LoadBook) for item in play.history)
    play >> polled(play, 1000)
    for _ in range(8):
        play >> [seconds(1), price(ETH, 4_000_000)] << nothing(LoadBook)


def test_a_poll_without_an_answer_is_not_doubled(play: Playbook) -> None:
    play.holding(XRP)
    play >> seconds(10.3) << did(LoadBook, market=XRP)
    play >> seconds(9) << nothing(LoadBook)
    play >> BookFailed(XRP, "time-out", CallGroup.QUOTATION) >> seconds(0.1) << did(LoadBook, market=XRP)


def test_a_book_that_was_overtaken_by_the_stream_is_old_news(play: Playbook) -> None:
    play.holding(XRP)
    late = polled(play, 900)
    play >> [seconds(1), price(XRP, 1000)] >> late << nothing(ExitTriggered)


# ---- maintenance -----------------------------------------------------------------------------------------------------


def closing(minutes: float, liquidate: bool = False) -> Playbook:
    """Maintenance of an hour that begins in so many minutes."""
    begins = START + timedelta(minutes=minutes)
    text = f"{begins.isoformat()}/{(begins + timedelta(hours=1)).isoformat()}"
    return Playbook(health=HealthSettings(maintenance=(text,), liquidate_before_maintenance=liquidate)).ready()


def test_an_hour_before_maintenance_no_entry_leaves() -> None:
    play = closing(60.5)
    play >> play.start(XRP) << did(SubmitOrder)
    play >> seconds(31, tick=1) << alert("maintenance_near")
    play >> price(ETH, 4_000_000) >> play.start(ETH) << did(IntentRefused, reason=R.MAINTENANCE)
    assert figures(play).maintenance_blocks


def test_after_maintenance_entries_may_leave() -> None:
    play = closing(-59.9)
    play >> play.start(XRP) << did(IntentRefused, reason=R.MAINTENANCE)
    play >> seconds(7, tick=1) >> price(ETH, 4_000_000) >> play.start(ETH) << did(SubmitOrder)


def test_ten_minutes_before_everything_is_sold_once_if_the_user_chose_so() -> None:
    play = closing(70, liquidate=True)
    play.holding(XRP)
    play.now += timedelta(minutes=59)
    play >> [price(XRP, 1000), seconds(59, tick=1)] << nothing(LiquidationChanged)
    play >> [price(XRP, 1000), seconds(5, tick=1)] << did(LiquidationChanged) << did(SubmitOrder)
    play >> [seconds(60, tick=1)]
    presses = [item for item in play.history if isinstance(item, AlertRaised) and item.key == "maintenance_liquidation"]
    assert len(presses) == 1 and play.order.intent.purpose is Purpose.LIQUIDATION


def test_nothing_is_sold_unless_chosen_and_nothing_when_nothing_is_held() -> None:
    play = closing(5)
    held = closing(5, liquidate=True)
    play.core.positions.positions.clear()
    held >> seconds(5) << nothing(LiquidationChanged)
    play >> seconds(5) << nothing(LiquidationChanged)
