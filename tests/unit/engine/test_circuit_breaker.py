"""Failing calls stop entries and nothing else; the venue's answers, a wait, or a person let them go on."""

from datetime import timedelta

import pytest

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup, CandlesFailed, ResetBreaker, TripBreaker
from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.effects import LookUpOrder, SendCancel, SubmitOrder
from app.domain.messages import (
    AccountReadFailed,
    AlertRaised,
    CancelAnswered,
    CandlesLoaded,
    CommandRefused,
    IntentRefused,
    LookupFailed,
    OrderChanged,
    OrderNotSent,
    OrderOutcomeUnknown,
    OrderRefused,
)
from app.domain.order import OrderState
from app.domain.refusal import RefusalReason
from app.domain.values import Side, TradingState
from app.engine.circuit_breaker import FIRST_WAIT, LONGEST_WAIT, MINIMUM_CALLS, RARE_PATIENCE, WINDOW, CircuitBreaker
from app.engine.outbox import Outbox
from tests.unit.engine.playbook import BTC, ETH, START, VENUE, XRP, Playbook, blueprint, did, nothing, price, seconds

OPEN, CLOSED, HALF_OPEN = BreakerState.OPEN, BreakerState.CLOSED, BreakerState.HALF_OPEN
ORDER, LOOKUP, CANCEL = CallGroup.ORDER, CallGroup.LOOKUP, CallGroup.CANCEL
NOBODY = "order-of-nobody"


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def failures(count: int = MINIMUM_CALLS) -> list[OrderOutcomeUnknown]:
    return [OrderOutcomeUnknown(NOBODY, "time-out") for _ in range(count)]


def found_well(play: Playbook) -> Playbook:
    """So many failures were an outage too: account and bars are read again at its end."""
    return play >> [play.account(), *(CandlesLoaded(market, 60, ()) for market in (XRP, ETH, BTC)), seconds(0.1)]


def fresh(play: Playbook) -> Playbook:
    return play >> [price(market, value) for market, value in ((XRP, 1000), (ETH, 4_000_000), (BTC, 100_000_000))]


# ---- what opens it ---------------------------------------------------------------------------------------------------


def test_enough_failures_open_it_and_a_person_is_told(play: Playbook) -> None:
    play >> failures(MINIMUM_CALLS - 1) << nothing(BreakerChanged)
    play >> failures(1) << did(BreakerChanged, venue=VENUE, group=ORDER, state=OPEN, until=START + FIRST_WAIT)
    play << did(AlertRaised, key="breaker_opened", critical=True)
    play >> play.start(XRP) << did(IntentRefused, reason=RefusalReason.BREAKER_OPEN) << nothing(SubmitOrder)


def test_half_of_the_calls_is_enough_and_less_is_not(play: Playbook) -> None:
    play >> [OrderRefused(NOBODY, "under_min_total_bid", "")] * 6 >> failures(5) << nothing(BreakerChanged)
    play >> failures(1) << did(BreakerChanged, state=OPEN, reason="6 of 12 calls failed")


def test_a_refusal_in_words_is_no_failure(play: Playbook) -> None:
    play >> [OrderRefused(NOBODY, "insufficient_funds_bid", "")] * 20 << nothing(BreakerChanged)
    play >> [OrderNotSent(NOBODY, "halted: trading is halted")] * 20 << nothing(BreakerChanged)
    play >> [CancelAnswered(NOBODY, accepted=False)] * 20 << nothing(BreakerChanged)
    play >> [LookupFailed(NOBODY, "forbidden")] * 20 << nothing(BreakerChanged)


@pytest.mark.parametrize(
    ("failure", "group"),
    [
        (OrderNotSent(NOBODY, "connection refused", ORDER), ORDER),
        (LookupFailed(NOBODY, "502", LOOKUP), LOOKUP),
        (LookupFailed(NOBODY, "cancel: 502", CANCEL), CANCEL),
        (AccountReadFailed(VENUE, "502", LOOKUP), LOOKUP),
        (CandlesFailed(XRP, "502", CallGroup.QUOTATION), CallGroup.QUOTATION),
    ],
)
def test_each_group_has_a_breaker_of_its_own_and_each_of_them_binds_entries(
    play: Playbook, failure: LookupFailed, group: CallGroup
) -> None:
    play >> [failure] * 9
    assert [g for g in CallGroup if play.core.breaker.state(g, play.now) is not CLOSED] == [group]
    play >> play.start(XRP) << did(IntentRefused, reason=RefusalReason.BREAKER_OPEN)


def test_old_calls_leave_the_window(play: Playbook) -> None:
    play >> failures(4) >> seconds(61, tick=1) >> failures(4) << nothing(BreakerChanged)
    play >> failures(1) << did(BreakerChanged, reason="5 of 5 calls failed")


@pytest.mark.parametrize(("took", "state"), [(2.9, CLOSED), (3.0, OPEN)])
def test_slow_answers_open_it_too(took: float, state: BreakerState) -> None:
    breaker, now = CircuitBreaker(VENUE), START
    for _ in range(MINIMUM_CALLS):
        breaker.leaving("a", now)
        now += timedelta(seconds=took)
        breaker.follow(OrderRefused("a", "validation_error", ""), now, Outbox())
    assert breaker.state(ORDER, now) is state


def test_the_time_counts_from_the_last_look_not_from_the_queue(play: Playbook) -> None:
    for market in (XRP, ETH, BTC):
        fresh(play) >> play.start(market) >> play.sent() >> seconds(4)
        assert play.core.may_send(play.order.order_id, play.now) is None
        play >> seconds(2) >> play.refused("validation_error")
    play >> [OrderRefused(NOBODY, "x", "")] * 2 << nothing(BreakerChanged)


# ---- what an open one lets through -----------------------------------------------------------------------------------


def test_exits_cancels_and_look_ups_always_leave(play: Playbook) -> None:
    play.holding(XRP)
    play >> play.start(ETH, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    resting = play.order
    play >> TripBreaker(VENUE, ORDER, "test") >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None
    play >> LiquidateAll("k") << did(SendCancel, order_id=resting.order_id)
    play >> [play.sent(), play.unknown()] >> seconds(0.1) << did(LookUpOrder)


def test_an_emergency_sells_through_every_open_breaker(play: Playbook) -> None:
    play.holding(XRP)
    play >> [TripBreaker(VENUE, group, "test") for group in CallGroup]
    play >> LiquidateAll("k") << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_an_entry_that_waits_in_the_queue_does_not_leave_any_more(play: Playbook) -> None:
    play >> play.start(XRP)
    assert play.core.may_send(play.order.order_id, play.now) is None
    play >> failures()
    answer = play.core.may_send(play.order.order_id, play.now)
    assert answer is not None and answer.startswith("breaker_open: ")


# ---- and back --------------------------------------------------------------------------------------------------------


def test_after_the_wait_one_entry_at_a_time_and_two_answers_close_it(play: Playbook) -> None:
    play >> failures() >> seconds(9.9) << nothing(BreakerChanged)
    play >> seconds(0.1) << did(BreakerChanged, state=HALF_OPEN)
    found_well(play)
    fresh(play) >> play.start(XRP) << did(SubmitOrder)
    play >> play.start(ETH) << did(IntentRefused, reason=RefusalReason.BREAKER_OPEN)
    play >> [play.sent(), play.accepted()] << nothing(BreakerChanged)
    fresh(play) >> SetTradingState(TradingState.DISABLED, "") >> SetTradingState(TradingState.ENABLED, "")
    play << did(SubmitOrder, market=ETH)
    (
        play
        >> [play.sent(), play.accepted()]
        << did(BreakerChanged, state=CLOSED)
        << did(AlertRaised, key="breaker_closed")
    )


def test_two_entries_approved_before_do_not_leave_together_in_half_open(play: Playbook) -> None:
    play >> play.start(XRP) >> play.start(ETH)
    first, second = play.orders()
    play >> TripBreaker(VENUE, ORDER, "x") >> ResetBreaker(VENUE, ORDER)
    play.core.breaker.restore([BreakerChanged(VENUE, ORDER, HALF_OPEN, "", None, 10.0)], play.now)
    assert play.core.may_send(first.order_id, play.now) is None
    play >> play.sent(first)
    answer = play.core.may_send(second.order_id, play.now)
    assert answer is not None and "one entry at a time" in answer
    assert play.core.may_send(first.order_id, play.now) is None


def test_the_answer_to_an_exit_is_a_probe(play: Playbook) -> None:
    play.holding(XRP)
    play >> failures() >> seconds(10) >> price(XRP, 900)
    play >> [play.sent(), play.accepted()] << nothing(BreakerChanged)
    play >> OrderRefused(NOBODY, "x", "") << did(BreakerChanged, state=CLOSED)


def test_every_failed_probe_doubles_the_wait_up_to_the_longest(play: Playbook) -> None:
    play >> failures()
    waits = []
    for _ in range(7):
        play >> seconds(300, tick=5) >> failures(1)
        changed = [item for item in play.news if isinstance(item, BreakerChanged)][-1]
        assert changed.state is OPEN and changed.until is not None
        waits.append((changed.until - play.now).total_seconds())
    assert waits == [20, 40, 80, 160, 300, 300, 300]
    play << nothing(AlertRaised, key="breaker_opened")


def test_answers_while_it_is_open_change_nothing(play: Playbook) -> None:
    play >> failures() >> [OrderRefused(NOBODY, "x", "")] * 9 << nothing(BreakerChanged)
    assert play.core.breaker.state(ORDER, play.now) is OPEN


def test_a_slow_answer_proves_nothing() -> None:
    breaker, out = CircuitBreaker(VENUE), Outbox()
    breaker.restore([BreakerChanged(VENUE, ORDER, HALF_OPEN, "", None, 10.0)], START)
    breaker.leaving("a", START)
    breaker.follow(OrderRefused("a", "x", ""), START + timedelta(seconds=3), out)
    assert breaker.state(ORDER, START + timedelta(seconds=3)) is OPEN


def test_a_group_that_is_hardly_ever_called_closes_by_itself(play: Playbook) -> None:
    play >> [LookupFailed(NOBODY, "cancel: 502", CANCEL)] * 5 >> seconds(10)
    play << did(BreakerChanged, group=CANCEL, state=HALF_OPEN)
    play >> seconds(RARE_PATIENCE.total_seconds() - 0.1) << nothing(BreakerChanged)
    play >> seconds(0.1) << did(BreakerChanged, group=CANCEL, state=CLOSED)
    play >> failures() >> seconds(200, tick=1) << did(BreakerChanged, state=HALF_OPEN)
    play << nothing(BreakerChanged, state=CLOSED)


# ---- by hand, and after a restart ------------------------------------------------------------------------------------


def test_a_trip_by_hand_lasts_until_the_reset(play: Playbook) -> None:
    play >> TripBreaker(VENUE, ORDER, "odd answers") << did(BreakerChanged, until=None, reason="by hand: odd answers")
    play >> TripBreaker(VENUE, ORDER, "again") << nothing(BreakerChanged)
    fresh(play >> seconds(700, tick=5)) >> play.start(XRP) << did(IntentRefused, reason=RefusalReason.BREAKER_OPEN)
    play >> ResetBreaker(VENUE, ORDER) << did(BreakerChanged, state=CLOSED)
    play >> ResetBreaker(VENUE, ORDER) << nothing(BreakerChanged) << nothing(CommandRefused)


def test_a_trip_takes_over_an_open_one(play: Playbook) -> None:
    play >> failures() >> TripBreaker(VENUE, ORDER, "mine now") << did(BreakerChanged, state=OPEN, until=None)
    play >> seconds(20) << nothing(BreakerChanged)


def test_a_reset_forgets_the_failures_before_it(play: Playbook) -> None:
    play >> failures(4) >> ResetBreaker(VENUE, ORDER) >> failures(4) << nothing(BreakerChanged)


def test_another_venue_is_refused(play: Playbook) -> None:
    play >> TripBreaker("kis", ORDER, "x") << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW)
    play << nothing(BreakerChanged)


@pytest.mark.parametrize("clean", [True, False])
def test_an_open_breaker_is_open_after_a_restart(play: Playbook, clean: bool) -> None:
    play >> TripBreaker(VENUE, ORDER, "night") >> [LookupFailed(NOBODY, "502", LOOKUP)] * 9
    after = play.restarted(clean)
    assert after.core.breaker.state(ORDER, after.now) is OPEN
    assert after.core.breaker.state(LOOKUP, after.now) is OPEN
    assert after.core.breaker.state(LOOKUP, after.now + FIRST_WAIT) is HALF_OPEN
    assert after.core.breaker.state(ORDER, after.now + LONGEST_WAIT) is OPEN


def test_a_clock_set_back_makes_no_wait_longer() -> None:
    breaker = CircuitBreaker(VENUE)
    breaker.restore([BreakerChanged(VENUE, ORDER, OPEN, "", START + timedelta(hours=1), 20.0)], START)
    assert breaker.state(ORDER, START + timedelta(seconds=20)) is HALF_OPEN
    breaker.restore([BreakerChanged("kis", ORDER, OPEN, "", None, 20.0)], START)
    assert breaker.state(ORDER, START + timedelta(seconds=20)) is HALF_OPEN


def test_an_unknown_order_is_still_looked_up_and_never_sent_again(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.unknown()] >> failures(4) << did(BreakerChanged, state=OPEN)
    play >> seconds(0.1) << did(LookUpOrder) << nothing(SubmitOrder)
    assert play.order.state is OrderState.UNKNOWN
    play << nothing(OrderChanged)


def test_the_rates_are_those_of_the_window_and_begin_anew_with_every_state(play: Playbook) -> None:
    breaker = play.core.breaker
    play >> [OrderRefused(NOBODY, "no", "")] * 5 >> failures(2) >> [LookupFailed(NOBODY, "502", LOOKUP)]
    found = {rate.group: rate for rate in breaker.rates(play.now)}
    assert (found[ORDER].calls, found[ORDER].failed, found[ORDER].slow) == (7, 2, 0)
    assert (found[LOOKUP].failed, found[CANCEL].calls) == (1, 0)
    assert [rate.calls for rate in breaker.rates(play.now + WINDOW + timedelta(seconds=1))] == [0, 0, 0, 0]
    play >> failures(3) << did(BreakerChanged, state=OPEN)
    assert {rate.group: rate for rate in breaker.rates(play.now)}[ORDER].calls == 0
