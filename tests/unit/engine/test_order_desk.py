"""Playbooks of an order: every odd row of its life-cycle table has its story (numbers are those of the catalogue)."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.commands import CancelOrder, ClosePosition, PausePosition
from app.domain.effects import LookUpOrder, SendCancel, SubmitOrder
from app.domain.messages import FillBooked, IntentRefused, OrderChanged, OrderReported, PositionChanged
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import Priority, Side
from app.domain.venue_reports import ReportedState
from tests.unit.engine.playbook import XRP, Playbook, blueprint, did, nothing, price, seconds


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def working(play: Playbook) -> Playbook:
    """A limit buy of 999.5 XRP rests at the venue."""
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> [play.sent(), play.accepted()]
    return play


# ---- in which order the news comes -----------------------------------------------------------------------------------


def test_an_intent_is_told_before_it_is_handed_to_the_executor(play: Playbook) -> None:
    play >> play.start(XRP)
    play << did(OrderChanged, state=OrderState.INTENT, trigger="intent") << did(SubmitOrder)


def test_a_fill_may_overtake_the_acknowledgement(play: Playbook) -> None:
    """X1 (coinfloor/API#19)."""
    play >> play.start(XRP, blueprint(limit=True)) >> play.sent()
    late = play.accepted()
    play >> play.part_filled(100) << did(OrderChanged, state=OrderState.PARTIAL) << did(FillBooked, volume=100)
    play >> late << nothing(OrderChanged) << nothing(FillBooked)
    assert play.order.state is OrderState.PARTIAL and play.order.filled_volume == 100


def test_a_complete_fill_may_overtake_the_acknowledgement(play: Playbook) -> None:
    play >> play.start(XRP) >> play.sent()
    late = play.accepted()
    play >> play.filled() << did(OrderChanged, state=OrderState.FILLED)
    play >> late << nothing(OrderChanged)
    assert play.order.state is OrderState.FILLED


def test_a_report_may_come_before_we_even_know_that_the_bytes_left(play: Playbook) -> None:
    play >> play.start(XRP)
    play >> play.filled() << did(OrderChanged, state=OrderState.FILLED)
    play >> play.sent() << nothing(OrderChanged)


def test_a_late_new_after_filled_changes_nothing(play: Playbook) -> None:
    """O4 (hummingbot lets a late OPEN reopen a finished order)."""
    working(play)
    late = OrderReported(play.report())
    play >> play.filled()
    play >> late << nothing(OrderChanged) << nothing(FillBooked) << nothing(PositionChanged)
    assert play.order.state is OrderState.FILLED and play.order.filled_volume == play.order.intent.volume


def test_the_same_fill_by_stream_and_by_rest_is_booked_once(play: Playbook) -> None:
    """O1, O3 (nautilus#3493, bybit-api#76)."""
    working(play)
    fill = play.fill(100)
    play >> OrderReported(play.report(fills=[fill])) << did(FillBooked, trade_id=fill.trade_id)
    by_rest = play.report(executed=100, fills=[replace(fill, fee=None)], paid_fee=fill.fee)
    play >> play.found(by_rest) << nothing(FillBooked) << nothing(PositionChanged)
    assert play.position(XRP).quantity == 100 and play.order.paid_fee == fill.fee


def test_a_replay_after_a_reconnect_books_nothing_again(play: Playbook) -> None:
    """T12 (Lean.Alpaca#61: replayed for the life of the order)."""
    working(play)
    words = [play.part_filled(100), play.part_filled(50), play.ended()]
    play >> words
    state = play.position(XRP)
    play >> seconds(3600, tick=60) >> words << nothing(FillBooked)
    assert play.position(XRP).quantity == state.quantity == 150


def test_fills_missing_from_a_report_are_read_from_the_venue(play: Playbook) -> None:
    """T10: one private frame was lost (Lean.TradeStation#95): the cumulative figure gives it away."""
    working(play)
    play >> OrderReported(play.report(ended=True, executed="999.5"))
    assert play.order.state is OrderState.OPEN  # an end is believed only when every execution is booked
    play >> seconds(0.1) << did(LookUpOrder)
    play >> play.found(play.report(ended=True, fills=[play.fill(500), play.fill("499.5")]))
    play << did(OrderChanged, state=OrderState.FILLED) << did(FillBooked, volume=500) << did(FillBooked, volume="499.5")


def test_fills_told_after_the_end_are_still_read_from_the_venue(play: Playbook) -> None:
    """X29: the venue says more was executed than we know of, long after the order looked finished."""
    working(play)
    play >> play.ended() << did(OrderChanged, state=OrderState.CANCELLED)
    play >> OrderReported(play.report(ended=True, executed=10)) >> seconds(0.1) << did(LookUpOrder)
    play >> play.found(play.report(ended=True, fills=[play.fill(10)])) << did(FillBooked, volume=10)
    assert play.order.state is OrderState.CANCELLED and play.position(XRP).quantity == 10


def test_a_silent_order_is_asked_about(play: Playbook) -> None:
    """T10: a stream may lose a frame while its heartbeats are healthy."""
    working(play)
    play >> seconds(9.8) << nothing(LookUpOrder)
    play >> seconds(0.3) << did(LookUpOrder, priority=Priority.LOOKUP)
    play >> play.found(play.report()) >> seconds(9.8) << nothing(LookUpOrder)


def test_a_silent_market_order_is_asked_about_after_a_second(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.accepted()]
    play >> seconds(0.9) << nothing(LookUpOrder)
    play >> seconds(0.2) << did(LookUpOrder)


def test_a_market_buy_that_ends_as_cancel_was_filled(play: Playbook) -> None:
    """X7: Upbit ends a market buy as "cancel" with money dust left; what was executed decides, not the word."""
    play >> play.start(XRP) >> [play.sent(), play.accepted()]
    play >> play.part_filled("999.49") >> play.ended() << did(OrderChanged, state=OrderState.FILLED)
    assert play.order.reserved == 0


def test_a_market_buy_that_ends_without_any_execution_was_cancelled(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.accepted()]
    play >> play.ended() << did(OrderChanged, state=OrderState.CANCELLED)
    play << did(PositionChanged, trigger="entry_ended_empty", state=PositionState.PENDING)


def test_an_order_ended_by_the_venue_keeps_its_fills_and_frees_its_rest(play: Playbook) -> None:
    """X8, X32: partly filled then cancelled, for example by self-trade prevention."""
    working(play) >> play.part_filled(100) >> play.ended() << did(OrderChanged, state=OrderState.CANCELLED)
    assert play.order.filled_volume == 100 and play.order.reserved == 0


# ---- no answer -------------------------------------------------------------------------------------------------------


def test_no_answer_is_unknown_and_is_looked_up_with_growing_pauses(play: Playbook) -> None:
    """T1, X2: hummingbot#493, freqtrade#3638."""
    play >> play.start(XRP) >> play.sent()
    play >> play.unknown() << did(OrderChanged, state=OrderState.UNKNOWN)
    asked = []
    for _ in range(60):
        play >> seconds(0.1)
        if any(isinstance(item, LookUpOrder) for item in play.news):
            asked.append(play.now)
            play >> play.lookup_failed() << nothing(OrderChanged)
    pauses = [round((later - earlier).total_seconds(), 1) for earlier, later in pairwise(asked)]
    assert pauses == [0.3, 0.6, 1.2, 2.4]
    play >> seconds(60, tick=1) << nothing(SubmitOrder)


def test_a_lookup_is_not_repeated_while_it_is_on_its_way(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    play >> seconds(8)
    assert len([item for item in play.news if isinstance(item, LookUpOrder)]) == 1


def test_funds_stay_reserved_and_no_entry_goes_there_while_an_order_is_unknown(play: Playbook) -> None:
    """T1: money may be gone already; a second order may be a double one."""
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    assert play.core.account.spendable(play.core.tracker.working()) == play.cash - play.order.reserved
    play >> seconds(1)
    other = replace(play.order.intent, position_id="somebody else")
    verdict = play.core.desk.gate.check(other, play.core.view(), play.now)
    assert verdict.reason is RefusalReason.UNRESOLVED_ORDER  # type: ignore[union-attr]


def test_an_unknown_order_that_is_found_goes_on(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.unknown()]
    play >> play.found(play.report(fills=[play.fill(10)])) << did(OrderChanged, state=OrderState.PARTIAL)
    play << did(PositionChanged, state=PositionState.ACTIVE, quantity=10)


def test_an_unknown_order_told_by_the_stream_goes_on(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    play >> play.filled() << did(OrderChanged, state=OrderState.FILLED)
    play << did(PositionChanged, state=PositionState.ACTIVE)


def test_never_arrived_needs_the_horizon_and_three_explicit_not_founds(play: Playbook) -> None:
    """X2: freqtrade#3638 saw 20 s of "not found" for an order that existed."""
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    for _ in range(5):
        play >> play.not_found() << nothing(OrderChanged, state=OrderState.REJECTED)
    play >> seconds(29, tick=1) >> play.not_found() << nothing(OrderChanged, state=OrderState.REJECTED)
    play >> seconds(2, tick=1) >> play.not_found() << did(OrderChanged, state=OrderState.REJECTED)
    play << did(PositionChanged, trigger="entry_ended_empty")
    assert play.order.reserved == 0


def test_time_alone_proves_nothing(play: Playbook) -> None:
    """T7: a network error is not a "not found" (hummingbot#8457)."""
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    for _ in range(20):
        play >> [seconds(10, tick=5), play.lookup_failed()]
    play >> play.not_found() >> play.not_found()
    assert play.order.state is OrderState.UNKNOWN
    play >> play.not_found() << did(OrderChanged, state=OrderState.REJECTED)


def test_the_horizon_begins_when_the_answer_was_lost_not_when_the_order_was_decided(play: Playbook) -> None:
    """An exit may wait for the rate limit for a minute; its bytes are then as young as any."""
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent()
    play.now += timedelta(seconds=60)
    play >> play.unknown()
    play >> [play.not_found(), play.not_found(), play.not_found(), play.not_found()] << nothing(SubmitOrder)
    assert play.order.state is OrderState.UNKNOWN


def test_a_not_found_in_between_says_nothing_about_an_order_that_was_seen(play: Playbook) -> None:
    working(play)
    for _ in range(10):
        play >> [seconds(10, tick=5), play.not_found()]
    assert play.order.state is OrderState.OPEN


def test_a_lost_answer_changes_nothing_when_the_stream_told_us_first(play: Playbook) -> None:
    working(play) >> play.unknown() << did(OrderChanged, state=OrderState.OPEN, trigger="no_answer")
    play >> seconds(0.1) << did(LookUpOrder)
    play >> play.part_filled(10) >> play.unknown() << did(OrderChanged, state=OrderState.PARTIAL)


# ---- no --------------------------------------------------------------------------------------------------------------


def test_a_refused_entry_frees_its_money_and_waits_for_the_next_signal(play: Playbook) -> None:
    play >> play.start(XRP) >> play.sent()
    play >> play.refused() << did(OrderChanged, state=OrderState.REJECTED, reserved=0)
    play << did(PositionChanged, state=PositionState.PENDING, entries_done=0) << nothing(SubmitOrder)


def test_an_order_that_never_left_is_expired(play: Playbook) -> None:
    play >> play.start(XRP)
    play >> play.not_sent() << did(OrderChanged, state=OrderState.EXPIRED, reserved=0)


def test_an_answer_of_no_about_an_order_the_stream_showed_is_looked_into(play: Playbook) -> None:
    """The refusal cannot be the whole truth."""
    working(play) >> play.refused() << nothing(OrderChanged)
    play >> seconds(0.1) << did(LookUpOrder)


def test_a_refusal_for_an_order_that_is_still_queued_here_ends_it(play: Playbook) -> None:
    play >> play.start(XRP) >> play.refused() << did(OrderChanged, state=OrderState.REJECTED)


def test_words_about_orders_that_are_not_ours_change_nothing(play: Playbook) -> None:
    working(play)
    foreign = play.foreign(XRP)
    stranger = replace(play.order, order_id="never heard of")
    play >> [OrderReported(foreign), play.sent(stranger), play.refused(order=stranger), play.unknown(stranger)]
    play << nothing(OrderChanged)
    play >> [play.not_found(stranger), play.lookup_failed(stranger), play.cancel_answered(True, stranger), seconds(1)]
    play << nothing(OrderChanged) << nothing(LookUpOrder)
    play >> [play.not_sent(stranger), CancelOrder("never heard of"), play.accepted(stranger)] << nothing(OrderChanged)


# ---- cancels ---------------------------------------------------------------------------------------------------------


def test_a_cancel_refused_because_it_was_filled_books_the_fill(play: Playbook) -> None:
    """X9 (hummingbot#4738: the fills were ignored)."""
    working(play)
    play >> CancelOrder(play.order.order_id) << did(OrderChanged, state=OrderState.CANCELLING) << did(SendCancel)
    play >> play.cancel_answered(False) << did(OrderChanged, state=OrderState.OPEN)
    play >> seconds(0.1) << did(LookUpOrder)
    play >> play.found(play.filled().report) << did(OrderChanged, state=OrderState.FILLED)
    play << did(PositionChanged, state=PositionState.ACTIVE, quantity="999.5")


def test_an_accepted_cancel_is_not_done_until_the_venue_says_so(play: Playbook) -> None:
    """X10: cancels are asynchronous."""
    working(play) >> CancelOrder(play.order.order_id)
    play >> play.cancel_answered(True) << nothing(OrderChanged)
    play >> seconds(0.4) << did(LookUpOrder)
    play >> play.found(play.report()) << nothing(OrderChanged)  # "wait" after our cancel (BitBot#27)
    play >> seconds(1.1) << did(LookUpOrder)
    play >> play.found(play.report(ended=True)) << did(OrderChanged, state=OrderState.CANCELLED)


def test_a_cancel_without_effect_is_asked_again(play: Playbook) -> None:
    """T6: its request or its answer may have been lost."""
    working(play) >> CancelOrder(play.order.order_id)
    play >> seconds(1.9) << nothing(SendCancel)
    play >> seconds(0.2) << did(SendCancel)
    play >> play.lookup_failed() << nothing(OrderChanged)
    play >> seconds(2) << did(SendCancel)
    assert play.order.state is OrderState.CANCELLING


def test_fills_during_a_cancel_are_kept(play: Playbook) -> None:
    """O6 (freqtrade#385)."""
    working(play) >> CancelOrder(play.order.order_id)
    play >> play.part_filled(100) << did(OrderChanged, state=OrderState.CANCELLING) << did(FillBooked, volume=100)
    play >> play.filled() << did(OrderChanged, state=OrderState.FILLED)


def test_a_double_click_on_cancel_sends_one_cancel(play: Playbook) -> None:
    working(play) >> CancelOrder(play.order.order_id) << did(SendCancel)
    play >> CancelOrder(play.order.order_id) << nothing(SendCancel)
    play >> play.ended() >> CancelOrder(play.order.order_id) << nothing(SendCancel) << nothing(OrderChanged)


def test_an_unknown_order_is_cancelled_by_its_identifier_and_stays_unknown(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    play >> CancelOrder(play.order.order_id) << did(SendCancel, venue_order_id=None)
    play >> play.cancel_answered(False)
    assert play.order.state is OrderState.UNKNOWN
    play >> seconds(0.1) << did(LookUpOrder)


def test_a_late_answer_to_a_cancel_of_a_finished_order_is_ignored(play: Playbook) -> None:
    working(play) >> CancelOrder(play.order.order_id) >> play.ended()
    play >> play.cancel_answered(False) << nothing(OrderChanged)
    play >> seconds(5) << nothing(LookUpOrder)


def test_an_entry_cancelled_because_of_its_age_is_cancelled_once_more_after_a_refusal(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True, timeout_s=5)) >> [play.sent(), play.accepted()]
    play >> seconds(5) << did(SendCancel)
    play >> play.cancel_answered(False) >> play.found(play.report()) >> seconds(2.1) << did(SendCancel)


# ---- the door --------------------------------------------------------------------------------------------------------


def test_an_entry_waits_while_another_of_the_position_works(play: Playbook) -> None:
    working(play)
    play >> play.next_bar(XRP, 1001) << nothing(SubmitOrder) << nothing(IntentRefused)


def test_a_restart_looks_up_everything_that_was_on_its_way(play: Playbook) -> None:
    play >> play.start(XRP) >> play.sent()
    after = play.restarted()
    after << did(OrderChanged, state=OrderState.UNKNOWN, trigger="no_answer")
    after >> seconds(0.1) << did(LookUpOrder) << nothing(SubmitOrder)


def test_a_working_order_is_cancelled_by_pause_and_its_report_state_decides(play: Playbook) -> None:
    working(play) >> PausePosition(play.position(XRP).position_id) << did(SendCancel)
    play >> OrderReported(play.report(state=ReportedState.ENDED)) << did(OrderChanged, state=OrderState.CANCELLED)
    assert play.position(XRP).state is PositionState.PAUSED


def test_exits_and_their_lookups_leave_before_entries(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> ClosePosition(held.position_id) << did(SubmitOrder, side=Side.SELL, priority=Priority.EXIT)
    play >> [play.sent(), play.unknown(), seconds(0.1)] << did(LookUpOrder, priority=Priority.EXIT)
