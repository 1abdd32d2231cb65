import pickle
from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BrokenRuleError
from app.domain.order import ORDER_TRANSITIONS, TERMINAL_STATES, Fill, OrderState, OrderTrigger, next_order_state
from app.domain.values import OrderType, Side
from tests.unit.domain.samples import BTC, LATER, NOW, intent, order

S, T = OrderState, OrderTrigger
PAIRS = list(product(OrderState, OrderTrigger))
LIVE = [state for state in OrderState if not state.is_terminal]
VENUE_WORDS = {T.ACCEPTED, T.PART_FILLED, T.ALL_FILLED, T.ENDED}

STORIES = {
    "a limit order that fills": (T.SENDING, T.ACCEPTED, T.PART_FILLED, T.ALL_FILLED, S.FILLED),
    "the venue says no": (T.SENDING, T.REFUSED, S.REJECTED),
    "it grew too old in the queue": (T.EXPIRED_UNSENT, S.EXPIRED),
    "the connection was refused": (T.SENDING, T.EXPIRED_UNSENT, S.EXPIRED),
    "no answer, found open by a look-up": (T.SENDING, T.NO_ANSWER, T.ACCEPTED, S.OPEN),
    "no answer, found filled": (T.SENDING, T.NO_ANSWER, T.ALL_FILLED, S.FILLED),
    "no answer, proven never to have arrived": (T.SENDING, T.NO_ANSWER, T.NEVER_ARRIVED, S.REJECTED),
    "no answer to the look-up either": (T.SENDING, T.NO_ANSWER, T.NO_ANSWER, S.UNKNOWN),
    "a kill cancels what may not be there": (T.SENDING, T.NO_ANSWER, T.CANCEL_SENT, T.CANCEL_REFUSED, S.UNKNOWN),
    "the program died between record and send": (T.NO_ANSWER, T.NEVER_ARRIVED, S.REJECTED),
    "the fill overtakes the acknowledgement": (T.SENDING, T.PART_FILLED, T.ACCEPTED, S.PARTIAL),
    "the stream overtakes a lost answer": (T.SENDING, T.ACCEPTED, T.NO_ANSWER, S.OPEN),
    "cancelled after a part": (T.SENDING, T.ACCEPTED, T.PART_FILLED, T.CANCEL_SENT, T.ENDED, S.CANCELLED),
    "filled while the cancel was under way": (T.SENDING, T.ACCEPTED, T.CANCEL_SENT, T.ALL_FILLED, S.FILLED),
    "a late 'wait' event after the cancel": (T.SENDING, T.ACCEPTED, T.CANCEL_SENT, T.ACCEPTED, S.CANCELLING),
    "the cancel was refused": (T.SENDING, T.ACCEPTED, T.CANCEL_SENT, T.CANCEL_REFUSED, S.OPEN),
}


@pytest.mark.parametrize("story", STORIES)
def test_the_life_of_an_order(story: str) -> None:
    *triggers, end = STORIES[story]
    state = S.INTENT
    for trigger in triggers:
        state = next_order_state(state, OrderTrigger(trigger))
    assert state is end


@pytest.mark.parametrize(("state", "trigger"), PAIRS)
def test_every_pair_is_in_the_table_or_a_broken_rule(state: OrderState, trigger: OrderTrigger) -> None:
    if (state, trigger) in ORDER_TRANSITIONS:
        assert next_order_state(state, trigger) is ORDER_TRANSITIONS[(state, trigger)]
    else:
        with pytest.raises(BrokenRuleError, match=f"state {state} cannot take '{trigger}'"):
            next_order_state(state, trigger)


@pytest.mark.parametrize(("state", "trigger"), list(product(sorted(TERMINAL_STATES), OrderTrigger)))
def test_an_ended_order_absorbs_late_words_but_is_never_sent_again(state: OrderState, trigger: OrderTrigger) -> None:
    if trigger is T.SENDING:
        with pytest.raises(BrokenRuleError):
            next_order_state(state, trigger)
    else:
        assert next_order_state(state, trigger) is state


def test_only_an_intent_can_be_sent() -> None:
    assert [state for state in OrderState if (state, T.SENDING) in ORDER_TRANSITIONS] == [S.INTENT]


def test_no_answer_never_ends_an_order() -> None:
    for state in LIVE:
        assert not next_order_state(state, T.NO_ANSWER).is_terminal


def test_an_unknown_order_moves_only_on_the_word_of_the_venue_or_proof_of_absence() -> None:
    leaving = {trigger for (state, trigger), after in ORDER_TRANSITIONS.items() if state is S.UNKNOWN is not after}
    assert leaving == VENUE_WORDS | {T.NEVER_ARRIVED}


def test_a_cancel_request_alone_never_cancels() -> None:
    for state in LIVE:
        assert ORDER_TRANSITIONS.get((state, T.CANCEL_SENT), state) is not S.CANCELLED


@pytest.mark.parametrize("start", LIVE)
def test_every_living_order_can_still_end(start: OrderState) -> None:
    reached, seen = {start}, set[OrderState]()
    while reached - seen:
        seen |= reached
        reached |= {after for (state, _), after in ORDER_TRANSITIONS.items() if state in reached}
    assert reached & TERMINAL_STATES
    assert S.INTENT not in reached - {start}, "nothing becomes an intent again"


@given(st.lists(st.sampled_from(OrderTrigger), max_size=40))
def test_whatever_happens_an_order_ends_at_most_once(triggers: list[OrderTrigger]) -> None:
    state, ends = S.INTENT, 0
    for trigger in triggers:
        after = ORDER_TRANSITIONS.get((state, trigger), state)
        ends += after.is_terminal and not state.is_terminal
        assert not (state.is_terminal and after is not state)
        state = after
    assert ends <= 1


def test_a_step_changes_state_time_and_what_was_asked_for() -> None:
    sent = order().after(T.SENDING, LATER, note="first try")
    assert (sent.state, sent.updated_at, sent.note) == (S.SENT, LATER, "first try")
    assert sent.created_at == NOW
    assert order().state is S.INTENT, "the order before is untouched"


def test_an_impossible_step_raises_and_an_order_cannot_be_edited() -> None:
    with pytest.raises(BrokenRuleError):
        order().after(T.ALL_FILLED, NOW)
    with pytest.raises(FrozenInstanceError):
        order().state = S.FILLED  # type: ignore[misc]


@pytest.mark.parametrize("state", OrderState)
def test_an_order_works_until_it_ended(state: OrderState) -> None:
    assert order(state).is_working == (state not in TERMINAL_STATES)


def test_the_average_price_is_known_from_the_first_fill_on() -> None:
    assert order().average_price is None
    filled = order(filled_volume=Decimal(3), filled_funds=Decimal(100))
    assert filled.average_price == Decimal("33." + "3" * 48)


def test_what_remains_is_units_and_unknown_for_a_market_buy() -> None:
    assert order(filled_volume=Decimal("0.2")).remaining_volume == Decimal("0.3")
    by_money = intent(order_type=OrderType.MARKET, price=None, volume=None, funds=Decimal(10_000))
    assert order(intent=by_money).remaining_volume is None


def test_the_funds_of_a_fill_are_exact() -> None:
    fill = Fill("o", "t", BTC, Side.BUY, Decimal("89886000"), Decimal("0.12345678"), Decimal(1), NOW)
    assert fill.funds == Decimal("11097036.12708000")


def test_an_order_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(order(S.PARTIAL))) == order(S.PARTIAL)
