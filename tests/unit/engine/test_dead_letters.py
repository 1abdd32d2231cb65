"""What ended without effect can be done again: once, as something new, and only when it still makes sense."""

import pytest

from app.domain.breaker import CallGroup, TripBreaker
from app.domain.commands import CancelOrder, ClosePosition, PausePosition, ResumePosition, SetTradingState
from app.domain.dead_letter import (
    DRY_RUN,
    DeadLetter,
    DeadLetterAdded,
    DeadLetterSettled,
    LetterOutcome,
    RetryDeadLetter,
)
from app.domain.effects import SendCancel, SubmitOrder
from app.domain.messages import CommandRefused, OrderNotSent, PositionChanged
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import Side, TradingState
from app.engine.dead_letters import can_be_done_again
from tests.unit.engine.playbook import ETH, START, VENUE, XRP, Playbook, blueprint, did, nothing, price, seconds
from tests.unit.engine.tickets import below, place, sell

RETRIED, ARRIVED = LetterOutcome.RETRIED, LetterOutcome.ARRIVED


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def only_letter(play: Playbook) -> str:
    (letter_id,) = play.core.dead_letters.letters
    return letter_id


def again(play: Playbook, command: str = "again-1", letter: str = "") -> RetryDeadLetter:
    return RetryDeadLetter(command, letter or only_letter(play))


def not_sent_entry(play: Playbook, limit: bool = False) -> Playbook:
    """The strategy wanted to enter at the close of a bar; nothing left."""
    return play >> play.start(XRP, blueprint(limit=limit)) >> play.not_sent()


# ---- who gets into the list ------------------------------------------------------------------------------------------


def test_a_refused_order_is_a_dead_letter_with_the_words_of_the_venue(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.refused("under_min_total_bid")]
    play << did(DeadLetterAdded)
    letter = play.core.dead_letters.letters[play.order.order_id]
    assert (letter.what, letter.code, letter.detail) == ("Order", "under_min_total_bid", "so the venue says")
    assert letter.intent == play.order.intent and letter.strategy == play.position(XRP).blueprint.label
    assert letter.position_id == play.position(XRP).position_id


def test_what_a_dry_run_did_not_send_is_nothing_to_be_done_again(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.refused(DRY_RUN)]
    play << did(PositionChanged, state=PositionState.PENDING) << nothing(DeadLetterAdded)
    play >> seconds(5) << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 100) << did(SubmitOrder)


def test_an_approved_entry_that_the_second_look_stops_is_one_with_its_reason(play: Playbook) -> None:
    play >> play.start(XRP) >> SetTradingState(TradingState.REDUCING, "user")
    words = play.core.may_send(play.order.order_id, play.now)
    assert words is not None
    play >> OrderNotSent(play.order.order_id, words) << did(DeadLetterAdded)
    assert play.core.dead_letters.letters[play.order.order_id].code == RefusalReason.REDUCING_ONLY


@pytest.mark.parametrize(
    ("words", "code", "detail"),
    [
        ("withdrawn: breaker_open: order calls are held back", "breaker_open", "order calls are held back"),
        ("connect_failed: connection refused", "connect_failed", "connection refused"),
        ("the journal cannot be written", "not_possible_now", "the journal cannot be written"),
    ],
)
def test_the_code_is_the_true_reason(play: Playbook, words: str, code: str, detail: str) -> None:
    play >> play.start(XRP) >> OrderNotSent(play.order.order_id, words)
    letter = play.core.dead_letters.letters[play.order.order_id]
    assert (letter.code, letter.detail) == (code, detail)


def test_an_order_that_never_arrived_is_one_and_an_unknown_one_is_not(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.unknown()] << nothing(DeadLetterAdded)
    play >> seconds(31, tick=1) << nothing(DeadLetterAdded)
    for _ in range(3):
        play >> play.not_found()
    play << did(DeadLetterAdded)
    assert play.core.dead_letters.letters[play.order.order_id].code == "never_arrived"


def test_a_refused_command_is_one_and_a_refused_retry_is_not(play: Playbook) -> None:
    play >> ClosePosition("nobody") << did(CommandRefused) << did(DeadLetterAdded)
    play >> again(play) << did(CommandRefused, command="RetryDeadLetter") << nothing(DeadLetterAdded)


def test_an_order_that_was_filled_or_cancelled_is_none(play: Playbook) -> None:
    play.holding(XRP)
    play >> play.start(ETH, blueprint(limit=True)) >> [play.sent(), play.accepted(), play.ended()]
    assert play.order.state is OrderState.CANCELLED
    assert play.core.dead_letters.letters == {}


# ---- again -----------------------------------------------------------------------------------------------------------


def test_an_entry_is_made_anew_at_the_price_of_today_and_only_once(play: Playbook) -> None:
    old = not_sent_entry(play, limit=True).order
    play >> price(XRP, 900) >> again(play)
    play << did(DeadLetterSettled, dead_letter_id=old.order_id, outcome=RETRIED) << did(SubmitOrder, price=900)
    assert play.order.order_id != old.order_id
    play >> RetryDeadLetter("again-1", old.order_id) << nothing(SubmitOrder) << nothing(CommandRefused)
    play >> RetryDeadLetter("again-2", old.order_id) << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW)
    play << nothing(SubmitOrder)


def test_it_passes_every_check_anew_and_a_refusal_leaves_the_letter(play: Playbook) -> None:
    not_sent_entry(play)
    play >> TripBreaker(VENUE, CallGroup.ORDER, "x") >> again(play)
    play << did(CommandRefused, command="RetryDeadLetter", reason=RefusalReason.BREAKER_OPEN)
    play << nothing(DeadLetterSettled)
    assert only_letter(play) == play.order.order_id


def test_not_while_the_strategy_itself_is_at_it(play: Playbook) -> None:
    old = not_sent_entry(play).order
    play >> play.next_bar(XRP, 1000)
    assert play.order.order_id != old.order_id
    play >> again(play) << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW) << nothing(SubmitOrder)
    play >> play.sent() >> play.filled() >> again(play, "again-2") << did(CommandRefused) << nothing(SubmitOrder)


def test_not_for_a_paused_position(play: Playbook) -> None:
    not_sent_entry(play) >> PausePosition(play.position(XRP).position_id)
    play >> again(play) << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW)


def test_a_failed_exit_does_not_wait_for_its_pause(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("market_offline")]
    play >> again(play) << did(DeadLetterSettled, outcome=RETRIED) << did(SubmitOrder, side=Side.SELL)


def test_not_while_an_exit_is_running(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("market_offline")] >> seconds(1) << did(SubmitOrder)
    play >> again(play) << did(CommandRefused, reason=RefusalReason.DUPLICATE_ORDER) << nothing(SubmitOrder)


def test_when_the_position_closes_its_letters_go(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("market_offline")] >> seconds(1)
    play >> [play.sent(), play.filled(price=900)] << did(PositionChanged, state=PositionState.CLOSED)
    play << did(DeadLetterSettled, outcome=LetterOutcome.POSITION_CLOSED)
    assert play.core.dead_letters.letters == {}


def test_an_order_that_did_arrive_is_never_made_again(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.refused("validation_error")]
    refused = play.order
    play >> play.accepted(refused) << did(DeadLetterSettled, outcome=ARRIVED)
    play >> again(play, letter=refused.order_id) << did(CommandRefused) << nothing(SubmitOrder)


def test_an_order_that_works_at_the_venue_after_all_is_withdrawn_and_off_the_list(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.refused("validation_error")]
    play >> seconds(15) >> play.account(play.report()) << did(SendCancel, order_id=play.order.order_id)
    play << did(DeadLetterSettled, outcome=ARRIVED)


def test_commands_are_asked_again_through_their_own_checks(play: Playbook) -> None:
    (
        play
        >> play.start(XRP, budget=10)
        << did(CommandRefused, reason=RefusalReason.BELOW_MINIMUM)
        << did(DeadLetterAdded)
    )
    play >> again(play) << did(CommandRefused, command="RetryDeadLetter", reason=RefusalReason.BELOW_MINIMUM)


def test_a_start_that_was_refused_starts_once_when_its_market_is_free(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> play.start(XRP) << did(CommandRefused, reason=RefusalReason.MARKET_TAKEN)
    letter = only_letter(play)
    play >> ClosePosition(held.position_id) >> [play.sent(), play.filled()]
    play >> again(play) << did(DeadLetterSettled, outcome=RETRIED) << did(PositionChanged, trigger="started")
    play >> again(play, "again-2", letter) << nothing(PositionChanged)


def test_pause_resume_close_and_cancel_can_be_asked_again(play: Playbook) -> None:
    pid = play.holding(XRP).position_id
    play >> ResumePosition(pid) << did(CommandRefused)
    play >> PausePosition(pid) >> again(play) << did(PositionChanged, trigger="resumed_holding")
    play >> PausePosition(pid) >> PausePosition(pid) >> ResumePosition(pid)
    play >> again(play, "again-2") << did(PositionChanged, trigger="paused")
    play >> CancelOrder("order-x") >> again(play, "again-3") << did(CommandRefused)


def test_unlocking_is_asked_for_by_a_person_each_time(play: Playbook) -> None:
    play >> SetTradingState(TradingState.HALTED, "x") >> SetTradingState(TradingState.ENABLED, "y")
    play >> again(play) << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW)


def test_the_list_is_there_after_a_restart(play: Playbook) -> None:
    not_sent_entry(play) >> ClosePosition("nobody")
    gone = play.order.order_id
    after = play.restarted(clean=True)
    assert after.core.dead_letters.letters == play.core.dead_letters.letters
    after.ready() >> RetryDeadLetter("r", gone) << did(CommandRefused) << nothing(SubmitOrder)


def test_a_sale_by_hand_that_was_refused_is_asked_for_again_as_it_was(play: Playbook) -> None:
    """Not as an exit of the whole position."""
    held = play.holding(XRP)
    play >> place(sell(50)) >> [play.sent(), play.refused("server_busy")]
    letter = play.order.order_id
    play >> RetryDeadLetter("again-1", letter) << did(SubmitOrder, volume=50)
    assert play.position(XRP).state is PositionState.ACTIVE and held.quantity > 50


def test_what_an_instruction_tries_again_by_itself_is_not_done_by_hand_as_well(play: Playbook) -> None:
    """Otherwise the same sale would be made twice."""
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(50), below(980)) >> price(XRP, 979) >> [play.sent(), play.refused("server_busy")]
    letter = play.order.order_id
    play >> RetryDeadLetter("again-1", letter) << did(CommandRefused, reason=RefusalReason.NOT_POSSIBLE_NOW)
    play << nothing(SubmitOrder)
    play >> seconds(2, tick=0.5) << did(SubmitOrder, volume=50)
    assert letter not in play.core.dead_letters.letters


@pytest.mark.parametrize(
    ("what", "again"), [("Order", True), ("ClosePosition", True), ("CancelOrder", True), ("SetTradingState", False)]
)
def test_what_a_person_has_to_ask_for_anew_is_known_beforehand(what: str, again: bool) -> None:
    assert can_be_done_again(DeadLetter("x", START, what, "expired", "")) is again
