"""Playbooks of an order that is amended in one call of the venue (cancel-and-new)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.commands import CancelOrder, ClosePosition, LiquidateAll, SetTradingState
from app.domain.effects import LookUpOrder, SendCancel, SubmitOrder
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    InstructionChanged,
    InstructionState,
    PauseInstruction,
    ResumeInstruction,
)
from app.domain.limits import TradingLimits
from app.domain.messages import CommandRefused, OrderChanged, OrderReported
from app.domain.order import Order, OrderState
from app.domain.values import OrderType, Side, TimeInForce, TradingState
from tests.unit.engine.playbook import XRP, Playbook, blueprint, did, nothing, price, seconds
from tests.unit.engine.tickets import D, below, limit, now_is, place, sell

S = InstructionState
FEE = D("1.0005")


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready().replacing_orders()


def resting(play: Playbook, **changes: object) -> Order:
    """A purchase of 50 at 990 that rests."""
    play >> place(limit(Side.BUY, 990, **changes)) >> play.sent() >> play.accepted()
    return play.order


def amended(play: Playbook, old: Order, at: int = 995) -> Order:
    """The request that replaces it by one at another price has left."""
    play >> AmendInstruction("i-ticket-1", price=D(at)) << did(SubmitOrder, replaces=old.order_id, price=at)
    play >> play.sent()
    return play.order


def left(play: Playbook, old: Order, new: Order, volume: object) -> OrderReported:
    """The new order is there, with what was left of the old one."""
    report = replace(play.report(new), remaining_volume=D(str(volume)))
    return OrderReported(report)


def bound(play: Playbook) -> Decimal:
    return sum((order.reserved for order in play.core.tracker.working()), D(0))


# ---- as it should be -------------------------------------------------------------------------------------------------


def test_a_price_is_amended_in_one_call(play: Playbook) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995))
    play << did(SubmitOrder, price=995, volume=50, replaces=old.order_id) << nothing(SendCancel)
    play >> play.sent() << did(OrderChanged, order_id=old.order_id, state=OrderState.CANCELLING) << nothing(SendCancel)
    new = play.order
    play >> play.taken(new) << did(OrderChanged, order_id=new.order_id, state=OrderState.UNKNOWN)
    play >> play.ended(old) << did(InstructionChanged, order_id=new.order_id, amending=False) << nothing(SubmitOrder)
    play >> play.accepted(new) >> play.filled(new, price=995) << did(InstructionChanged, state=S.DONE)
    assert now_is(play).filled_volume == 50


def test_it_is_looked_up_by_its_own_identifier_until_it_is_seen(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.taken(new) >> seconds(1) << did(LookUpOrder, order_id=new.order_id, venue_order_id=None)
    assert play.core.tracker.orders[new.order_id].state is OrderState.UNKNOWN


def test_what_was_filled_meanwhile_is_not_bought_again(play: Playbook) -> None:
    """10 units are filled between the decision and the cancel: the venue makes the new order of what is left."""
    old = resting(play)
    play >> play.part_filled(15, 990)
    new = amended(play, old)
    assert new.intent.volume == 35
    play >> play.taken(new) >> play.part_filled(10, 990, order=old) >> play.ended(old)
    play >> left(play, old, new, 25) << did(OrderChanged, order_id=new.order_id, volume=25)
    play >> play.filled(play.core.tracker.orders[new.order_id], price=995)
    play << did(OrderChanged, state=OrderState.FILLED) << did(InstructionChanged, state=S.DONE, filled_volume=50)
    assert play.position(XRP).budget / FEE >= (15 + 10) * 990 + 25 * 995


def test_the_new_order_may_be_seen_before_the_old_one_has_ended(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.filled(new, price=995) << nothing(InstructionChanged, state=S.DONE)
    play >> play.ended(old) << did(InstructionChanged, state=S.DONE) << nothing(SubmitOrder)


def test_the_money_of_both_stays_bound_until_one_is_over(play: Playbook) -> None:
    old = resting(play)
    once = bound(play)
    new = amended(play, old)
    assert bound(play) == once + 50 * 995 * FEE
    play >> play.taken(new)
    assert bound(play) == once + 50 * 995 * FEE
    play >> play.ended(old)
    assert bound(play) == 50 * 995 * FEE


def test_both_count_against_what_another_purchase_may_spend(play: Playbook) -> None:
    old = resting(play)
    amended(play, old)
    free = play.core.account.spendable(play.core.tracker.working())
    assert free <= play.cash - 50 * 995 * FEE


# ---- the old one comes first -----------------------------------------------------------------------------------------


def test_an_order_filled_first_proves_that_the_new_one_was_never_made(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.taken(new) >> play.filled(old, price=990)
    play << did(OrderChanged, order_id=new.order_id, state=OrderState.REJECTED, reserved=0)
    play << did(InstructionChanged, state=S.DONE, filled_volume=50) << nothing(SendCancel)
    assert bound(play) == 0
    play >> seconds(60) << nothing(LookUpOrder, order_id=new.order_id) << nothing(SubmitOrder)


def test_filled_first_before_any_answer(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.filled(old, price=990) << did(OrderChanged, order_id=new.order_id, state=OrderState.REJECTED)
    play >> play.refused("order_not_found", new) << nothing(SubmitOrder) << nothing(OrderChanged)


def test_filled_while_the_new_one_waits_to_leave(play: Playbook) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    new = play.order
    play >> play.filled(old, price=990) << did(InstructionChanged, state=S.DONE)
    assert play.core.may_send(new.order_id, play.now) is not None


def test_cancelled_by_phone_while_the_new_one_waits_to_leave(play: Playbook) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    new = play.order
    play >> play.ended(old) << nothing(SubmitOrder)
    assert play.core.may_send(new.order_id, play.now) == "the order it was to replace has ended"
    play >> play.not_sent(new) << did(SubmitOrder, price=995, volume=50, replaces="")


# ---- no answer, and no -----------------------------------------------------------------------------------------------


def test_no_answer_is_unknown_for_both(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.unknown(new) >> play.ended(old) << nothing(SubmitOrder)
    play >> [play.not_found(new)] * 5 << nothing(SubmitOrder)
    assert play.core.tracker.orders[new.order_id].state is OrderState.UNKNOWN
    play >> seconds(31) >> price(XRP, 1000) >> play.not_found(new) << did(OrderChanged, state=OrderState.REJECTED)
    play << did(SubmitOrder, price=995, volume=50, replaces="")


def test_as_long_as_the_old_one_works_not_found_proves_nothing(play: Playbook) -> None:
    """The request may be carried out at any time: the new order is made when the cancel is done."""
    old = resting(play)
    new = amended(play, old)
    play >> play.unknown(new)
    for _ in range(5):
        play >> seconds(20, tick=1) >> price(XRP, 1000) >> play.not_found(new) << nothing(SubmitOrder)
    assert play.core.tracker.orders[new.order_id].state is OrderState.UNKNOWN
    play >> play.ended(old) >> [play.not_found(new)] * 3 << nothing(SubmitOrder)
    assert play.core.tracker.orders[new.order_id].state is OrderState.UNKNOWN


def test_a_lost_request_is_followed_by_a_plain_cancel(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.unknown(new) >> seconds(1) << nothing(SendCancel)
    play >> seconds(2) << did(SendCancel, order_id=old.order_id) << nothing(SendCancel, order_id=new.order_id)


def test_a_refused_cancel_is_asked_again(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.unknown(new) >> seconds(3) << did(SendCancel, order_id=old.order_id)
    play >> play.cancel_answered(False, old) << did(OrderChanged, order_id=old.order_id, state=OrderState.OPEN)
    play >> seconds(3) << did(SendCancel, order_id=old.order_id)


def test_a_refused_replacement_is_cancelled_confirmed_and_placed(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.refused("validation_error", new) << nothing(SubmitOrder)
    play >> seconds(3) << did(SendCancel, order_id=old.order_id)
    play >> play.ended(old) << did(SubmitOrder, price=995, volume=50, replaces="")


def test_one_that_never_left_is_cancelled_confirmed_and_placed(play: Playbook) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    play >> play.not_sent() >> seconds(1) << did(SendCancel, order_id=old.order_id)
    play >> play.ended(old) << did(SubmitOrder, price=995, volume=50, replaces="")


def test_while_it_waits_to_leave_the_old_one_stays(play: Playbook) -> None:
    resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    play >> seconds(5) << nothing(SendCancel)


# ---- a person changes his mind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [True, False])
def test_it_is_amended_again_only_when_it_is_known_what_there_is(play: Playbook, sent: bool) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    new = play.order
    if sent:
        play >> play.sent() >> play.taken(new)
    play >> AmendInstruction("i-ticket-1", price=D(980)) << did(CommandRefused) << nothing(SendCancel)
    play >> play.sent(new) >> play.ended(old) >> play.accepted(new)
    play >> AmendInstruction("i-ticket-1", price=D(980)) << did(SubmitOrder, price=980, replaces=new.order_id)


def test_withdrawn_while_nobody_knows(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.taken(new) >> CancelInstruction("i-ticket-1") << did(SendCancel, order_id=new.order_id)
    play >> seconds(3) << did(SendCancel, order_id=old.order_id)
    play >> play.ended(old) >> play.accepted(new) >> seconds(3) << did(SendCancel, order_id=new.order_id)
    play >> play.ended(new) << nothing(SubmitOrder)
    assert not play.core.tracker.working()


def test_paused_while_nobody_knows_and_resumed(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.taken(new) >> PauseInstruction("i-ticket-1") << did(SendCancel, order_id=new.order_id)
    play >> play.ended(old) << nothing(SubmitOrder)
    play >> ResumeInstruction("i-ticket-1") << nothing(SubmitOrder)
    play >> play.accepted(new) >> play.ended(new) << nothing(SubmitOrder)
    play >> ResumeInstruction("i-ticket-1") << did(SubmitOrder, price=995, volume=50, replaces="")


def test_the_new_order_is_cancelled_by_hand(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.ended(old) >> play.accepted(new) >> CancelOrder(new.order_id) << did(SendCancel)
    play >> play.ended(new) << did(InstructionChanged, state=S.CANCELLED) << nothing(SubmitOrder)


def test_an_exit_of_the_position_takes_both_back(play: Playbook) -> None:
    old = resting(play)
    play >> play.part_filled(20, 990)
    new = amended(play, old)
    position = play.position(XRP)
    play >> play.taken(new) >> ClosePosition(position.position_id)
    play << did(SendCancel, order_id=new.order_id) << did(SubmitOrder, side=Side.SELL, volume=20)


def test_the_emergency_control_takes_both_back(play: Playbook) -> None:
    old = resting(play)
    new = amended(play, old)
    play >> play.taken(new) >> seconds(3) >> LiquidateAll("press")
    play << did(SendCancel, order_id=new.order_id)
    play >> seconds(3) << did(SendCancel, order_id=old.order_id)


# ---- a crash in between ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [True, False])
def test_a_crash_while_nobody_knows(play: Playbook, answered: bool) -> None:
    old = resting(play)
    new = amended(play, old)
    if answered:
        play >> play.taken(new)
    after = play.restarted()
    after >> after.listed()
    assert after.core.tracker.orders[new.order_id].state is OrderState.UNKNOWN
    after >> seconds(1) << did(SendCancel, order_id=old.order_id) << nothing(SubmitOrder)
    after >> after.ended(old) << did(InstructionChanged, order_id=new.order_id) << nothing(SubmitOrder)
    after >> after.accepted(new) >> after.filled(new, price=995) << did(InstructionChanged, state=S.DONE)


def test_a_crash_between_the_end_of_the_old_order_and_what_follows(play: Playbook) -> None:
    """The journal holds the end of the old order and not yet that the new one has taken its place."""
    old = resting(play)
    new = amended(play, old)
    play >> play.ended(old)
    torn = next(
        i for i, item in enumerate(play.history) if isinstance(item, InstructionChanged) and item.trigger == "replaced"
    )
    del play.history[torn]
    after = play.restarted()
    after >> after.listed() >> seconds(3) << nothing(SubmitOrder)
    after >> after.accepted(new) >> after.filled(new, price=995) << did(InstructionChanged, state=S.DONE)


# ---- where it is not done so -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"volume": D(80)}, {"price": D(995), "volume": D(40)}])
def test_another_size_is_cancelled_confirmed_and_placed(play: Playbook, change: dict[str, Decimal]) -> None:
    """What is filled before the cancel is done would be bought on top."""
    resting(play)
    play >> AmendInstruction("i-ticket-1", **change) << did(SendCancel) << nothing(SubmitOrder)


def test_a_sale_is_cancelled_confirmed_and_placed(play: Playbook) -> None:
    """As long as nobody knew of the new sale, a stop of the position would have to wait."""
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(limit(Side.SELL, 1100)) >> play.sent() >> play.accepted()
    play >> AmendInstruction("i-ticket-1", price=D(1090)) << did(SendCancel) << nothing(SubmitOrder)


def test_post_only_is_cancelled_confirmed_and_placed(play: Playbook) -> None:
    resting(play, time_in_force=TimeInForce.POST_ONLY)
    play >> AmendInstruction("i-ticket-1", price=D(985)) << did(SendCancel) << nothing(SubmitOrder)


def test_an_order_nobody_has_seen_yet_is_cancelled_confirmed_and_placed(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent()
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SendCancel) << nothing(SubmitOrder)


def test_a_venue_without_it_cancels_confirms_and_places() -> None:
    play = Playbook().ready()
    resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SendCancel) << nothing(SubmitOrder)


def test_where_the_gate_refuses_one_beside_the_other_they_come_one_after_the_other() -> None:
    """The new one counts as an entry of its own, and two of them may not follow each other that fast."""
    play = Playbook(TradingLimits(cooldown_s=5)).ready().replacing_orders()
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SendCancel, order_id=old.order_id)
    play << nothing(SubmitOrder)


def test_the_gate_looks_at_the_new_order_again_before_it_leaves(play: Playbook) -> None:
    old = resting(play)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SubmitOrder)
    new = play.order
    assert play.core.may_send(new.order_id, play.now) is None
    play >> SetTradingState(TradingState.DISABLED, "test")
    assert (play.core.may_send(new.order_id, play.now) or "").startswith("trading_disabled")
    assert play.core.tracker.orders[old.order_id].state is OrderState.OPEN


def test_a_waiting_stop_has_no_order_to_replace(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), below(980)) >> AmendInstruction("i-ticket-1", trigger_price=D(950)) << nothing(SubmitOrder)
    assert OrderType.MARKET is now_is(play).draft.order_type
