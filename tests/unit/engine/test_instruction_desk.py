"""Playbooks of instructions that wait: stop, trailing, time, rule, alternatives, one exit owner, restart."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy, RestPolicy
from app.domain.commands import ClosePosition, LiquidateAll, PausePosition, SetTradingState
from app.domain.effects import LoadCandles, SendCancel, SubmitOrder
from app.domain.exit_plan import ExitReason
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    Condition,
    ConditionKind,
    InstructionChanged,
    InstructionState,
    PauseInstruction,
)
from app.domain.messages import AlertRaised, CancelAnswered, ExitTriggered, IntentRefused, PositionChanged
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason as R
from app.domain.values import OrderType, Side, TradingState
from tests.unit.engine.playbook import ETH, XRP, Playbook, blueprint, did, nothing, price, seconds
from tests.unit.engine.tickets import above, below, buy, limit, now_is, place, sell, trailing

S = InstructionState
D = Decimal


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


# ---- conditions ------------------------------------------------------------------------------------------------------


def test_a_stop_waits_for_its_price(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), below(980)) << did(InstructionChanged, state=S.ARMED) << nothing(SubmitOrder)
    play >> price(XRP, 981) << nothing(SubmitOrder)
    play >> price(XRP, 980) << did(InstructionChanged, state=S.WORKING) << did(SubmitOrder, volume=50)


def test_a_stop_limit_sends_its_limit(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 1020), above(1010)) << nothing(SubmitOrder)
    play >> price(XRP, 1011) << did(SubmitOrder, price=1020, order_type=OrderType.LIMIT)


def test_a_trailing_stop_follows_the_price_up_and_never_down(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), trailing(2))
    play >> price(XRP, 1100) >> price(XRP, 1079) << nothing(SubmitOrder)
    play >> price(XRP, 1078) << did(SubmitOrder, side=Side.SELL)


def test_a_trailing_purchase_follows_the_price_down(play: Playbook) -> None:
    play >> place(buy(), trailing(1)) >> price(XRP, 900) >> price(XRP, 908) << nothing(SubmitOrder)
    play >> price(XRP, 909) << did(SubmitOrder, side=Side.BUY)


def test_the_mark_of_a_trailing_stop_is_written_down_at_most_once_a_second(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), trailing(5))
    play >> [price(XRP, 1010), price(XRP, 1020)] << nothing(InstructionChanged)
    play >> seconds(2, tick=0.1)
    assert len([i for i in play.news if isinstance(i, InstructionChanged)]) == 1
    assert now_is(play).water == 1020


def test_a_time_comes(play: Playbook) -> None:
    at = play.now + timedelta(seconds=90)
    play.holding(XRP)
    play >> place(sell(), Condition(ConditionKind.TIME, at=at)) >> seconds(89) << nothing(SubmitOrder)
    play >> seconds(2) << did(SubmitOrder, side=Side.SELL)


def test_a_rule_is_looked_at_when_a_bar_closes(play: Playbook) -> None:
    play >> place(buy(), Condition(ConditionKind.RULE, rule="close > 1005", seconds=60))
    play >> play.next_bar(XRP, 1001) << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 1006) << did(SubmitOrder, side=Side.BUY)


def test_a_rule_over_longer_bars_loads_their_history(play: Playbook) -> None:
    play >> place(buy(), Condition(ConditionKind.RULE, rule="close > 1", seconds=300)) << did(LoadCandles, seconds=300)


def test_one_follows_the_other(play: Playbook) -> None:
    play.holding(XRP)
    play >> place(sell(50), below(990)) >> place(sell(20), Condition(ConditionKind.AFTER, after="i-ticket-1"), number=2)
    play >> price(XRP, 989) << did(SubmitOrder, volume=50) << nothing(SubmitOrder, volume=20)
    play >> play.sent() >> play.filled() << did(InstructionChanged, state=S.DONE) << did(SubmitOrder, volume=20)


def test_what_waits_for_something_that_does_not_happen_is_withdrawn(play: Playbook) -> None:
    play.holding(XRP)
    play >> place(sell(50), below(990)) >> place(sell(20), Condition(ConditionKind.AFTER, after="i-ticket-1"), number=2)
    play >> CancelInstruction("i-ticket-1") << did(InstructionChanged, instruction_id="i-ticket-2", state=S.CANCELLED)


# ---- alternatives ----------------------------------------------------------------------------------------------------


def test_oco_the_stop_withdraws_the_resting_target_and_sells_when_its_units_are_free(play: Playbook) -> None:
    held = play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(limit(Side.SELL, 1050, held.quantity), group="oco") >> play.sent() >> play.accepted()
    play >> place(sell(held.quantity), below(980), number=2, group="oco")
    (
        play
        >> price(XRP, 979)
        << did(InstructionChanged, instruction_id="i-ticket-1", state=S.CANCELLED)
        << did(SendCancel)
    )
    play << nothing(SubmitOrder)  # every unit is still bound in the target
    play >> play.ended(play.orders(XRP)[1]) << did(SubmitOrder, volume=str(held.quantity))


def test_oco_the_target_withdraws_the_stop(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(limit(Side.SELL, 1050, 50), group="oco") >> play.sent() >> play.accepted()
    play >> place(sell(50), below(980), number=2, group="oco")
    play >> play.filled(price=1050, order=play.orders(XRP)[1])
    play << did(InstructionChanged, instruction_id="i-ticket-1", state=S.DONE)
    play << did(InstructionChanged, instruction_id="i-ticket-2", state=S.CANCELLED)
    play >> price(XRP, 970) << nothing(SubmitOrder)


def test_a_target_filled_in_part_leaves_the_stop_armed(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(limit(Side.SELL, 1050, 50), group="oco") >> play.sent() >> play.accepted()
    play >> place(sell(50), below(980), number=2, group="oco")
    play >> play.part_filled(10, 1050, order=play.orders(XRP)[1])
    assert now_is(play, 2).state is S.ARMED


# ---- one exit owner --------------------------------------------------------------------------------------------------


def test_an_exit_of_the_position_takes_over_from_every_instruction(play: Playbook) -> None:
    held = play.holding(XRP, blueprint(stop=2))
    play >> place(limit(Side.SELL, 1050, held.quantity)) >> play.sent() >> play.accepted()
    play >> price(XRP, 975) << did(ExitTriggered, reason=ExitReason.STOP_LOSS)
    play << did(SendCancel) << did(InstructionChanged, state=S.CANCELLED)
    play >> play.ended(play.orders(XRP)[1]) << did(SubmitOrder, volume=str(held.quantity), instruction_id="")


def test_a_cancelled_target_is_no_failed_exit(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(limit(Side.SELL, 1050, held.quantity)) >> play.sent() >> play.accepted()
    play >> ClosePosition(held.position_id) >> play.ended(play.orders(XRP)[1])
    play << nothing(PositionChanged, trigger="exit_failed") << did(SubmitOrder)


def test_the_emergency_control_withdraws_everything(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(limit(Side.SELL, 1050, 50)) >> play.sent() >> play.accepted()
    play >> place(buy(), below(3_000_000), market=ETH, number=2)
    play >> LiquidateAll("kill") << did(SendCancel)
    assert now_is(play, 1).state is S.CANCELLED
    assert now_is(play, 2).state is S.CANCELLED
    play >> play.ended(play.orders(XRP)[1]) << did(SubmitOrder, volume=str(held.quantity))
    assert play.position(ETH).state is PositionState.CLOSED


def test_an_order_still_in_the_queue_does_not_leave_after_its_instruction_ended(play: Playbook) -> None:
    play >> place(buy())
    waiting = play.order.order_id
    assert play.core.may_send(waiting, play.now) is None
    play >> CancelInstruction("i-ticket-1")
    assert play.core.may_send(waiting, play.now) == "the instruction has ended or waits"


def test_a_pause_of_the_position_pauses_its_purchases_and_no_sale(play: Playbook) -> None:
    play >> place(buy()) >> play.sent() >> play.filled()
    play >> place(limit(Side.BUY, 980), number=2) >> play.sent() >> play.accepted()
    play >> place(sell(5), below(970), number=3)
    play >> PausePosition(play.position(XRP).position_id) << did(SendCancel)
    assert (now_is(play, 2).state, now_is(play, 3).state) == (S.PAUSED, S.ARMED)


# ---- trouble ---------------------------------------------------------------------------------------------------------


def test_a_stop_that_the_venue_refuses_is_tried_again(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), below(980)) >> price(XRP, 979)
    for _ in range(3):
        play >> [play.sent(), play.refused("server_busy")] << nothing(SubmitOrder)
        play >> seconds(5, tick=0.5) << did(SubmitOrder, volume=50)
    assert [i for i in play.history if isinstance(i, AlertRaised) and i.key == "instruction_keeps_failing"]


def test_two_stops_that_the_venue_refuses_do_not_chase_each_other(play: Playbook) -> None:
    """Units sold in the venue's app: both are refused, and the end of one is no news for the other."""
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(20), below(980)) >> place(sell(20), below(970), number=2)
    play >> price(XRP, 979) >> [play.sent(), play.refused("insufficient_funds_ask")]
    play >> price(XRP, 969) << did(SubmitOrder, volume=20)
    play >> [play.sent(), play.refused("insufficient_funds_ask")] << nothing(SubmitOrder)


def test_a_purchase_that_is_refused_when_its_time_comes_fails_and_is_told(play: Playbook) -> None:
    play >> place(buy(), below(980)) >> SetTradingState(TradingState.DISABLED, "test")
    play >> price(XRP, 979) << did(IntentRefused, reason=R.TRADING_DISABLED) << did(InstructionChanged, state=S.FAILED)
    play << did(PositionChanged, state=PositionState.CLOSED)


def test_a_purchase_the_venue_refuses_is_not_sent_again(play: Playbook) -> None:
    play >> place(buy()) >> [play.sent(), play.refused("server_busy")] << did(InstructionChanged, state=S.FAILED)
    play >> seconds(20, tick=0.5) << nothing(SubmitOrder)


def test_a_fill_after_the_end_still_empties_the_position(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(limit(Side.SELL, 1010, held.quantity)) >> play.sent() >> play.accepted()
    play >> CancelInstruction("i-ticket-1") << did(SendCancel)
    play >> play.filled(price=1010) << did(PositionChanged, state=PositionState.CLOSED)


def test_a_sale_in_the_queue_stands_back_while_another_one_is_unknown(play: Playbook) -> None:
    """Seed 163: decided before the other one lost its answer, it left after it."""
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(50)) >> play.sent() >> place(sell(20), number=2)
    first, second = play.orders(XRP)[1:]
    play >> play.unknown(first)
    assert play.core.may_send(second.order_id, play.now) == "another sale has an unknown outcome and comes first"
    play >> play.not_sent(second) << nothing(SubmitOrder)
    assert now_is(play, 2).state is S.WORKING
    play >> play.found(play.filled(first).report) << did(SubmitOrder, volume=20)


# ---- after a restart -------------------------------------------------------------------------------------------------


def test_what_was_armed_is_armed_again(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), trailing(2)) >> price(XRP, 1100) >> seconds(2)
    again = play.restarted(clean=True)
    assert again.core.instructions.live["i-ticket-1"].water == 1100
    again >> again.listed() >> price(XRP, 1078) << did(SubmitOrder, side=Side.SELL, volume=50)


def test_an_order_at_the_venue_finds_its_instruction_again(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted()
    order = play.order
    again = play.restarted(clean=True)
    again >> again.listed()
    again >> again.filled(order=again.core.tracker.orders[order.order_id], price=990)
    again << did(InstructionChanged, state=S.DONE, filled_volume=50)


def test_after_an_unclean_end_a_stop_waits_for_what_the_journal_lost(play: Playbook) -> None:
    """Seed 722: its own order was lost with the journal; sold again it would sell the user's own coins."""
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), below(980))
    again = play.restarted(clean=False)
    again >> again.listed() >> price(XRP, 979) << did(InstructionChanged, state=S.WORKING) << nothing(SubmitOrder)
    again >> seconds(0.1) >> again.account() >> seconds(0.2) << did(SubmitOrder, volume=50)


def test_of_two_stops_that_one_price_meets_only_the_first_fires(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(50), below(980), group="oco") >> place(sell(50), below(990), number=2, group="oco")
    play >> price(XRP, 970)
    assert [now_is(play, 1).state, now_is(play, 2).state] == [S.WORKING, S.CANCELLED]
    assert len([o for o in play.orders(XRP) if o.intent.side is Side.SELL]) == 1


def test_a_withdrawn_order_whose_cancel_came_too_early_is_cancelled_again(play: Playbook) -> None:
    """The venue did not know it yet; nobody may think it gone while it rests."""
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> CancelInstruction("i-ticket-1") << did(SendCancel)
    play >> CancelAnswered(play.order.order_id, accepted=False, detail="order_not_found") >> play.accepted()
    play >> seconds(3, tick=0.5) << did(SendCancel, order_id=play.order.order_id)


def test_an_order_amended_before_it_left_does_not_leave_at_its_old_price(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> AmendInstruction("i-ticket-1", price=D(995))
    waiting = play.order.order_id
    assert play.core.may_send(waiting, play.now) == "the instruction was amended meanwhile"
    play >> play.not_sent() << did(SubmitOrder, price=995)
    assert play.core.may_send(play.order.order_id, play.now) is None


# ---- how a limit purchase ends ---------------------------------------------------------------------------------------


def resting(play: Playbook, rest: RestPolicy = RestPolicy.CANCEL_AND_MARKET) -> Playbook:
    """A person's purchase of 500 units at 1000 is open, and has 30 seconds."""
    policy = EntryOrderPolicy(OrderType.LIMIT, timeout_s=30, rest=rest)
    play >> place(limit(Side.BUY, 1000, 500, policy=policy)) << did(SubmitOrder, price=1000, volume=500, bid=1000)
    return play >> [play.sent(), play.accepted()]


def timed_out(play: Playbook, filled: int, then: int = 1000) -> Playbook:
    play >> play.part_filled(filled, 1000)
    for _ in range(6):
        play >> price(XRP, 1000) >> seconds(5)
    play << did(SendCancel)
    return play >> [price(XRP, then), play.ended()]


def test_the_rest_of_a_purchase_is_bought_at_market_within_its_own_money(play: Playbook) -> None:
    timed_out(resting(play), 425) << did(SubmitOrder, order_type=OrderType.MARKET, funds=75_000, part=2)
    assert now_is(play).state is S.WORKING
    play >> [play.sent(), play.filled(price=1001)] << did(InstructionChanged, state=S.DONE)
    assert now_is(play).filled_funds <= 500_000
    play >> [seconds(1), price(XRP, 1000)] << nothing(SubmitOrder)


@pytest.mark.parametrize(
    ("why", "rest", "filled", "then"),
    [
        ("less than 80 % is filled", RestPolicy.CANCEL_AND_MARKET, 395, 1000),
        ("it is only to be cancelled", RestPolicy.CANCEL, 425, 1000),
        ("what is left is too small for the venue", RestPolicy.CANCEL_AND_MARKET, 497, 1000),
        ("the price ran away", RestPolicy.CANCEL_AND_MARKET, 425, 1021),
    ],
)
def test_the_rest_of_a_purchase_is_left_alone(
    play: Playbook, why: str, rest: RestPolicy, filled: int, then: int
) -> None:
    timed_out(resting(play, rest), filled, then) << nothing(SubmitOrder)
    assert (now_is(play).state, now_is(play).note) == (S.DONE, "ended in part"), why


def test_a_purchase_that_waits_has_no_end_of_its_own(play: Playbook) -> None:
    resting(play, RestPolicy.WAIT)
    for _ in range(10):
        play >> seconds(5) >> price(XRP, 1100) << nothing(SendCancel)


def test_a_purchase_the_price_left_behind_is_cancelled_and_not_bought_after(play: Playbook) -> None:
    resting(play) >> play.part_filled(425, 1000) >> price(XRP, 1020) >> seconds(0.5) << nothing(SendCancel)
    play >> price(XRP, 1021) >> seconds(0.5) << did(SendCancel)
    play >> play.ended() << nothing(SubmitOrder)
    assert now_is(play).state is S.DONE


def test_a_rest_that_the_gate_refuses_is_told_and_ends_the_purchase(play: Playbook) -> None:
    resting(play) >> play.part_filled(425, 1000)
    for _ in range(6):
        play >> price(XRP, 1000) >> seconds(5)
    play >> SetTradingState(TradingState.REDUCING, "user") >> play.ended()
    play << did(IntentRefused, part=2) << nothing(SubmitOrder)
    assert now_is(play).state is S.DONE


def test_what_a_person_ends_or_holds_is_not_bought_after(play: Playbook) -> None:
    resting(play) >> play.part_filled(425, 1000)
    for _ in range(6):
        play >> price(XRP, 1000) >> seconds(5)
    play >> PauseInstruction("i-ticket-1") >> play.ended() << nothing(SubmitOrder)
    assert now_is(play).state is S.PAUSED
    play >> CancelInstruction("i-ticket-1") >> price(XRP, 1000) << nothing(SubmitOrder)


def test_how_a_purchase_ends_survives_a_restart(play: Playbook) -> None:
    resting(play) >> play.part_filled(425, 1000)
    after = play.restarted(clean=True)
    after.ready()
    for _ in range(7):
        after >> price(XRP, 1000) >> seconds(5)
    after << did(SendCancel)
    after >> [price(XRP, 1000), after.ended()] << did(SubmitOrder, order_type=OrderType.MARKET, funds=75_000)
    later = after.restarted(clean=False)  # before its answer: nothing is sent again
    later.ready()
    later >> seconds(1) >> price(XRP, 1000) << nothing(SubmitOrder)
