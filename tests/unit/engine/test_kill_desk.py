"""HALTED in the life of the core: entries end, exits go on, and leaving takes password, phrase and clean books."""

import pytest

from app.domain.blueprint import EntryOrderPolicy
from app.domain.commands import ClosePosition, SetTradingState
from app.domain.effects import SendCancel, SubmitOrder
from app.domain.kill import (
    UNLOCK_PHRASES,
    AskUnlock,
    EndProgram,
    KillMark,
    KillMarked,
    KillRecord,
    PasswordChecked,
    SetKillPassword,
    UnlockAttempted,
    UnlockOutcome,
)
from app.domain.messages import AlertRaised, CommandRefused, TradingStateChanged
from app.domain.order import OrderState
from app.domain.refusal import RefusalReason
from app.domain.values import OrderType, Side, TradingState
from tests.unit.engine.playbook import ETH, START, XRP, Playbook, blueprint, did, nothing, price, seconds

HALT = SetTradingState(TradingState.HALTED, "halted on the screen")
LIMIT = blueprint(entry_order=EntryOrderPolicy(OrderType.LIMIT))
PHRASE = UNLOCK_PHRASES["en"]


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def halted(play: Playbook) -> Playbook:
    play >> HALT >> SetKillPassword("fingerprint") >> play.account()
    return play


def test_a_trip_is_written_down_with_its_reason_and_cancels_what_would_add(play: Playbook) -> None:
    play.holding(XRP)
    play >> play.start(ETH, LIMIT) << did(SubmitOrder) >> play.sent() >> play.accepted()
    (
        play
        >> HALT
        << did(TradingStateChanged, after=TradingState.HALTED)
        << did(KillMarked)
        << did(SendCancel, market=ETH)
    )
    mark = play.core.switch.mark
    assert mark is not None and mark.halted and mark.reason == HALT.reason


def test_an_entry_on_its_way_at_the_trip_is_cancelled_when_it_shows_up(play: Playbook) -> None:
    """O10: an order in flight when the switch was tripped."""
    play >> play.start(XRP, LIMIT) >> play.sent() >> HALT << did(SendCancel)
    play >> play.accepted() >> seconds(3, tick=0.5) << did(SendCancel)


def test_exits_go_on_while_halted(play: Playbook) -> None:
    position = play.holding(XRP)
    play >> HALT >> ClosePosition(position.position_id) << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_stops_fire_while_halted(play: Playbook) -> None:
    play.holding(XRP)
    play >> HALT >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_an_entry_that_waits_to_leave_does_not_leave_any_more(play: Playbook) -> None:
    play >> play.start(XRP) << did(SubmitOrder) >> HALT
    assert "halted" in (play.core.may_send(play.order.order_id, play.now) or "")


@pytest.mark.parametrize("wanted", [TradingState.ENABLED, TradingState.DISABLED, TradingState.REDUCING])
def test_asking_is_not_enough_to_leave(play: Playbook, wanted: TradingState) -> None:
    play >> HALT >> SetTradingState(wanted, "please") << did(CommandRefused) << nothing(TradingStateChanged)


def test_leaving_takes_password_phrase_and_clean_books_and_ends_disabled(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", PHRASE) << did(UnlockAttempted, outcome=UnlockOutcome.ASKED, tries=1)
    play >> PasswordChecked("u", correct=True) << did(UnlockAttempted, outcome=UnlockOutcome.UNLOCKED, tries=0)
    play << did(TradingStateChanged, after=TradingState.DISABLED) << did(KillMarked)
    assert play.core.switch.mark is not None and not play.core.switch.mark.halted


def test_a_wrong_password_leaves_nothing_but_a_longer_pause(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", PHRASE) >> PasswordChecked("u", correct=False)
    play << did(UnlockAttempted, outcome=UnlockOutcome.WRONG, tries=1) << nothing(TradingStateChanged)
    play >> AskUnlock("v", PHRASE) << did(CommandRefused, reason=RefusalReason.UNLOCK_DELAYED)
    play >> seconds(2) >> AskUnlock("w", PHRASE) << did(UnlockAttempted, outcome=UnlockOutcome.ASKED, tries=2)


def test_a_verdict_nobody_asked_for_opens_nothing(play: Playbook) -> None:
    halted(play) >> PasswordChecked("u", correct=True) << nothing(TradingStateChanged) << nothing(UnlockAttempted)


def test_a_trip_while_the_password_is_looked_at_holds(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", PHRASE)
    play.core.switch.ask(TradingState.DISABLED, "the first way out", unlocked=True)
    play >> HALT >> PasswordChecked("u", correct=True) << nothing(TradingStateChanged)
    assert play.core.switch.state is TradingState.HALTED


def test_what_stands_in_the_way_of_the_password_is_told(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", PHRASE) >> PasswordChecked("u", correct=False, trouble="another file")
    play << did(AlertRaised, key="unlock_password", critical=True)


def test_no_fresh_reading_no_way_out(play: Playbook) -> None:
    halted(play) >> seconds(61, tick=61) >> AskUnlock("u", PHRASE)
    play << did(CommandRefused, reason=RefusalReason.NOT_RECONCILED)
    play >> play.account() >> AskUnlock("u", PHRASE) << did(UnlockAttempted)


def test_books_that_differ_from_the_venue_keep_it_halted(play: Playbook) -> None:
    halted(play) >> play.account(play.foreign(XRP, "phone")) >> AskUnlock("u", PHRASE)
    play << did(CommandRefused, reason=RefusalReason.NOT_RECONCILED)


def test_an_unknown_order_keeps_it_halted(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) << did(SubmitOrder) >> play.sent() >> play.unknown()
    assert play.order.state is OrderState.UNKNOWN
    halted(play) >> AskUnlock("u", PHRASE) << did(CommandRefused, reason=RefusalReason.UNRESOLVED_ORDER)


def test_books_that_part_while_the_password_is_looked_at_keep_it_halted(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", PHRASE) >> play.account(play.foreign(XRP, "phone"))
    play >> PasswordChecked("u", correct=True) << did(UnlockAttempted, outcome=UnlockOutcome.UNCLEAN)
    play << did(CommandRefused) << nothing(TradingStateChanged)


def test_failed_attempts_are_counted_over_a_restart(play: Playbook) -> None:
    halted(play)
    for name in "abc":
        play >> seconds(20) >> AskUnlock(name, PHRASE) >> PasswordChecked(name, correct=False)
    play >> seconds(20) >> play.account() >> AskUnlock("d", PHRASE)  # the power goes before the answer
    after = play.restarted(clean=True)
    assert after.core.switch.tries == 4
    after >> after.account() >> AskUnlock("e", PHRASE) << did(CommandRefused, reason=RefusalReason.UNLOCK_DELAYED)


def test_a_refused_attempt_is_nothing_to_be_done_again(play: Playbook) -> None:
    halted(play) >> AskUnlock("u", "let me out") << did(CommandRefused, reason=RefusalReason.WRONG_PHRASE)
    assert not play.core.dead_letters.letters


def test_a_start_with_records_that_disagree_is_halted_and_writes_them_again(play: Playbook) -> None:
    mark = KillMark(3, False, "unlocked", START, 1, True, "f")
    after = Playbook().recover(clean=True, kill=KillRecord(mark, "the stop file is missing", rewrite=True))
    after << did(TradingStateChanged, after=TradingState.HALTED) << did(KillMarked)
    assert after.core.switch.mark is not None and (after.core.switch.mark.epoch, after.core.switch.mark.halted) == (
        4,
        True,
    )


def test_a_second_password_is_refused(play: Playbook) -> None:
    halted(play) >> SetKillPassword("other") << did(CommandRefused, command="SetKillPassword") << nothing(KillMarked)


def test_at_the_end_entries_are_cancelled_none_is_decided_and_nothing_is_sold(play: Playbook) -> None:
    """P7: never sell by surprise."""
    play.holding(XRP)
    play >> play.start(ETH, LIMIT) << did(SubmitOrder) >> play.sent() >> play.accepted()
    play >> EndProgram() << did(SendCancel, market=ETH) << nothing(SubmitOrder)
    play >> play.start(ETH, LIMIT) >> seconds(5, tick=1) << nothing(SubmitOrder)
