"""Playbooks of a position: pending, active, paused, closing, closed; one exit owner; exits are never given up."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryStep
from app.domain.commands import ClosePosition, PausePosition, ResumePosition, SetTradingState
from app.domain.effects import LookUpOrder, ReadAccount, SendCancel, SubmitOrder
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Trade
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    ExitTriggered,
    ExternalChangeFound,
    IntentRefused,
    OrderChanged,
    PositionChanged,
)
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import OrderType, Priority, Side, TradingState
from app.engine.outbox import Outbox
from tests.unit.engine.playbook import (
    BTC,
    XRP,
    Playbook,
    blueprint,
    did,
    nothing,
    order_of,
    price,
    seconds,
)


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


# ---- the plain stories -----------------------------------------------------------------------------------------------


def test_from_start_to_closed_by_the_stop_loss(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(stop=2), budget=1_000_000)
    play << did(PositionChanged, state=PositionState.PENDING, trigger="started")
    # the fee comes on top, so that the budget is the most that leaves the account
    play << did(OrderChanged, state=OrderState.INTENT, side=Side.BUY) << did(SubmitOrder, funds=999_500)

    play >> play.sent() << did(OrderChanged, state=OrderState.SENT)
    play >> play.accepted() << did(OrderChanged, state=OrderState.OPEN)
    play >> play.filled(price=1000) << did(OrderChanged, state=OrderState.FILLED)
    play << did(PositionChanged, state=PositionState.ACTIVE, quantity="999.5", fees="499.75")
    plan = play.position(XRP).exit_plan
    assert plan is not None and plan.stop_price == Decimal("1000.5") * Decimal("0.98")  # average cost with fee

    play >> price(XRP, 981) << nothing(SubmitOrder)
    play >> price(XRP, 980) << did(PositionChanged, state=PositionState.CLOSING, exit_reason=ExitReason.STOP_LOSS)
    play << did(ExitTriggered, reason=ExitReason.STOP_LOSS, price=980)
    play << did(SubmitOrder, side=Side.SELL, order_type=OrderType.MARKET, volume="999.5", priority=Priority.EXIT)

    play >> [play.sent(), play.accepted()] >> play.filled(price=979)
    play << did(PositionChanged, quantity=0) << did(PositionChanged, state=PositionState.CLOSED, dust=0)
    closed = play.position(XRP)
    assert closed.realised == Decimal("999.5") * (979 * Decimal("0.9995") - 1000 * Decimal("1.0005"))
    assert closed.cost == 0 and closed.closed_at == play.now


def test_take_profit_sells_at_the_target(play: Playbook) -> None:
    play.holding(XRP, blueprint(target=3))
    play >> price(XRP, 1030) << nothing(SubmitOrder)  # 3 % over the cost with its fee is 1030.515
    play >> price(XRP, 1031) << did(ExitTriggered, reason=ExitReason.TAKE_PROFIT) << did(SubmitOrder, side=Side.SELL)


def test_trailing_stop_follows_the_high_and_sells_on_the_way_down(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=10, trail=2, activation=5))
    play >> price(XRP, 1040) >> price(XRP, 1015) << nothing(SubmitOrder)  # not active below a gain of 5 %
    play >> price(XRP, 1100) >> price(XRP, 1079) << nothing(SubmitOrder)
    play >> price(XRP, 1078) << did(ExitTriggered, reason=ExitReason.TRAILING_STOP) << did(SubmitOrder, side=Side.SELL)


def test_a_new_high_is_written_down_so_that_a_restart_does_not_loosen_the_stop(play: Playbook) -> None:
    play.holding(XRP, blueprint(trail=2))
    play >> [price(XRP, 1100), seconds(0.1)] << did(PositionChanged, trigger="high_water")
    plan = play.restarted().position(XRP).exit_plan
    assert plan is not None and plan.high_water == 1100 and plan.trail_price == 1078


def test_time_exit_sells_when_the_holding_time_is_over(play: Playbook) -> None:
    play.holding(XRP, blueprint(hold=1))
    play >> seconds(59.9, tick=1) << nothing(ExitTriggered)
    play >> seconds(0.1) << did(ExitTriggered, reason=ExitReason.TIME_EXIT) << did(SubmitOrder, side=Side.SELL)


def test_the_strategy_leaves_by_its_own_rule_when_a_bar_closes(play: Playbook) -> None:
    play.holding(XRP, blueprint(leave="held_percent > 1"))
    play >> price(XRP, 1015) << nothing(ExitTriggered)
    play >> seconds(61, tick=1) << did(ExitTriggered, reason=ExitReason.STRATEGY) << did(SubmitOrder, side=Side.SELL)


def test_a_zero_price_is_no_price_and_fires_no_stop(play: Playbook) -> None:
    """X18: at a price limit the other side of the book reads 0 (vnpy#273)."""
    play.holding(XRP)
    play >> price(XRP, 0) << nothing(ExitTriggered)
    nan = Trade(XRP, Decimal("NaN"), Decimal(1), Side.SELL, play.now, play.now)
    play >> nan << nothing(ExitTriggered)
    assert play.core.positions.price_of(XRP) == 1000


# ---- one exit owner --------------------------------------------------------------------------------------------------


def test_two_rules_in_one_tick_make_one_exit_order(play: Playbook) -> None:
    """O7: both legs fire at once (tesser#10); the first owns the exit, the others are disarmed in the same step."""
    play.holding(XRP, blueprint(stop=2, trail=1, hold=1))
    play >> seconds(59, tick=1)
    play >> [price(XRP, 900), price(XRP, 890), seconds(2, tick=1)]
    exits = [item for item in play.news if isinstance(item, SubmitOrder)]
    owners = [item.reason for item in play.news if isinstance(item, ExitTriggered)]
    assert len(exits) == 1 and owners == [ExitReason.STOP_LOSS]
    plan = play.position(XRP).exit_plan
    assert plan is not None and plan.fired is ExitReason.STOP_LOSS


def test_a_person_who_closes_during_a_stop_changes_nothing(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> price(XRP, 900)
    play >> ClosePosition(held.position_id) << nothing(SubmitOrder) << nothing(ExitTriggered)
    assert play.position(XRP).exit_reason is ExitReason.STOP_LOSS


def test_closing_a_closed_position_does_nothing(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> ClosePosition(held.position_id) >> play.filled()
    play >> ClosePosition(held.position_id) << nothing(SubmitOrder) << nothing(PositionChanged)
    play >> ClosePosition("never heard of") << nothing(PositionChanged)


# ---- entries ---------------------------------------------------------------------------------------------------------


def test_a_limit_entry_keeps_what_it_got_when_its_time_is_over(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True, timeout_s=20))
    play << did(SubmitOrder, order_type=OrderType.LIMIT, price=1000, volume="999.5")
    play >> [play.sent(), play.accepted()] >> play.part_filled(300, price=1000)
    play << did(OrderChanged, state=OrderState.PARTIAL)
    play << did(PositionChanged, state=PositionState.ACTIVE, quantity=300)
    play >> seconds(19) << nothing(SendCancel)
    play >> seconds(1.2) << did(OrderChanged, state=OrderState.CANCELLING) << did(SendCancel)
    play >> play.cancel_answered(True) << nothing(PositionChanged)  # accepted is not done
    play >> play.ended() << did(OrderChanged, state=OrderState.CANCELLED)
    assert play.position(XRP).state is PositionState.ACTIVE and play.position(XRP).quantity == 300


def test_an_entry_that_ends_empty_waits_for_the_next_signal(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True, timeout_s=5)) >> [play.sent(), play.accepted(), seconds(6)]
    play >> play.ended() << did(PositionChanged, trigger="entry_ended_empty", state=PositionState.PENDING)
    play << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 1001) << did(SubmitOrder, side=Side.BUY)


def test_a_fill_protects_the_position_from_its_first_unit_on(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()] >> play.part_filled(100)
    play >> price(XRP, 970) << did(ExitTriggered, reason=ExitReason.STOP_LOSS)
    play << did(SendCancel) << did(SubmitOrder, side=Side.SELL, volume=100)


def test_the_same_command_twice_opens_one_position(play: Playbook) -> None:
    """O9: double click, key repeat, repeated remote command (py-trading-bot#22)."""
    command = play.start(XRP)
    play >> command << did(PositionChanged, state=PositionState.PENDING)
    play >> command << nothing(PositionChanged) << nothing(SubmitOrder) << nothing(CommandRefused)


def test_a_second_position_in_the_same_market_is_refused(play: Playbook) -> None:
    """O11: two strategies must not net against each other on one symbol."""
    play.holding(XRP)
    play >> play.start(XRP) << did(CommandRefused, reason=RefusalReason.MARKET_TAKEN) << nothing(SubmitOrder)


def test_the_same_refusal_is_told_once_a_minute(play: Playbook) -> None:
    half = Decimal(50)
    play.holding(XRP, blueprint(stop=50, steps=(EntryStep(half), EntryStep(half, Decimal(3)))))
    play >> SetTradingState(TradingState.DISABLED, "test")
    play >> price(XRP, 960) << did(IntentRefused, reason=RefusalReason.TRADING_DISABLED)
    play >> [price(XRP, 959), seconds(59, tick=1), price(XRP, 958)] << nothing(IntentRefused)
    play >> [seconds(1), price(XRP, 957)] << did(IntentRefused, reason=RefusalReason.TRADING_DISABLED)


def test_a_ladder_buys_its_next_rung_after_the_fall_and_not_before(play: Playbook) -> None:
    half = Decimal(50)
    play >> play.start(XRP, blueprint(stop=20, steps=(EntryStep(half), EntryStep(half, Decimal(3)))))
    play << did(SubmitOrder, funds=499_750)
    play >> play.sent() >> play.filled(price=1000)
    play >> price(XRP, 971) << nothing(SubmitOrder)
    play >> price(XRP, 970) << did(SubmitOrder, side=Side.BUY, reason="rung 2 of 2")
    play >> play.sent() >> play.filled(price=970)
    play >> price(XRP, 900) << nothing(SubmitOrder)  # no third rung
    assert play.position(XRP).entries_done == 2


def test_a_rung_the_venue_refuses_is_not_sent_again_with_every_price(play: Playbook) -> None:
    """X26, U10: never loop on an error (Haehnchen#53)."""
    half = Decimal(50)
    play.holding(XRP, blueprint(stop=50, steps=(EntryStep(half), EntryStep(half, Decimal(3)))))
    play >> price(XRP, 960) << did(SubmitOrder, side=Side.BUY)
    play >> play.sent() >> play.refused("market_offline")
    for _ in range(9):
        play >> [price(XRP, 950), seconds(1)] << nothing(SubmitOrder)
    play >> [seconds(1), price(XRP, 950)] << did(SubmitOrder, side=Side.BUY)


def test_the_ladder_goes_on_at_the_right_rung_after_a_crash_during_an_entry(play: Playbook) -> None:
    half = Decimal(50)
    play >> play.start(XRP, blueprint(stop=20, steps=(EntryStep(half), EntryStep(half, Decimal(3))))) >> play.sent()
    lost = play.order
    after = play.restarted().ready()
    after >> after.found(after.report(lost, ended=True, fills=[after.fill(499, 1000)]))
    assert after.position(XRP).state is PositionState.ACTIVE and after.position(XRP).entries_done == 1
    after >> price(XRP, 960) << did(SubmitOrder, reason="rung 2 of 2")


# ---- pause and resume ------------------------------------------------------------------------------------------------


def test_pause_cancels_the_working_entry_and_keeps_the_stop_armed(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()] >> play.part_filled(200)
    pid = play.position(XRP).position_id
    play >> PausePosition(pid) << did(PositionChanged, state=PositionState.PAUSED) << did(SendCancel)
    play >> play.part_filled(50) << did(PositionChanged, state=PositionState.PAUSED, quantity=250)
    play >> play.ended()
    play >> price(XRP, 970) << did(ExitTriggered, reason=ExitReason.STOP_LOSS) << did(SubmitOrder, volume=250)


def test_an_entry_on_its_way_when_paused_is_cancelled_again_once_it_shows_up(play: Playbook) -> None:
    """The cancel overtakes the order: the venue does not know it yet and refuses; the entry must not stay."""
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> play.sent()
    play >> PausePosition(play.position(XRP).position_id) << did(SendCancel)
    play >> [play.cancel_answered(False), play.accepted()]
    play >> seconds(3) << did(SendCancel)


def test_a_paused_strategy_neither_enters_nor_leaves_by_its_own_rule(play: Playbook) -> None:
    held = play.holding(XRP, blueprint(leave="true"))
    play >> PausePosition(held.position_id)
    play >> [seconds(60, tick=1), price(XRP, 1001)] << nothing(ExitTriggered)
    play >> ResumePosition(held.position_id) << did(PositionChanged, state=PositionState.ACTIVE)
    play >> [seconds(60, tick=1), price(XRP, 1001)] << did(ExitTriggered, reason=ExitReason.STRATEGY)


def test_a_paused_position_without_a_holding_resumes_waiting(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    pid = play.position(XRP).position_id
    play >> PausePosition(pid) << did(PositionChanged, state=PositionState.PAUSED)
    play >> ResumePosition(pid) << did(PositionChanged, state=PositionState.PENDING)


def test_an_intent_still_queued_when_the_position_is_paused_is_not_sent(play: Playbook) -> None:
    play >> play.start(XRP) >> PausePosition(play.position(XRP).position_id)
    assert play.core.may_send(play.order.order_id, play.now) == "the position does not want to enter any more"
    play >> play.not_sent() << did(OrderChanged, state=OrderState.EXPIRED)
    assert play.position(XRP).state is PositionState.PAUSED


# ---- exits that meet trouble -----------------------------------------------------------------------------------------


def test_closing_while_the_entry_is_in_flight_sells_a_late_fill(play: Playbook) -> None:
    """O10: the entry fills after the exit began (go-trader#1462)."""
    play >> play.start(XRP) >> play.sent()
    play >> ClosePosition(play.position(XRP).position_id) << did(PositionChanged, state=PositionState.CLOSING)
    play << did(SendCancel) << nothing(SubmitOrder)
    entry = play.order
    play >> play.filled(price=1000) << did(PositionChanged, state=PositionState.CLOSING, trigger="fill")
    play << did(SubmitOrder, side=Side.SELL, volume="999.5")
    play >> play.sent() >> play.filled() << did(PositionChanged, state=PositionState.CLOSED)
    assert play.core.tracker.orders[entry.order_id].state is OrderState.FILLED


def test_closing_an_empty_pending_position_closes_it_at_once(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    play >> ClosePosition(play.position(XRP).position_id) << did(PositionChanged, state=PositionState.CLOSED)
    play << nothing(SubmitOrder)


def test_a_fill_after_the_position_was_closed_is_sold_not_forgotten(play: Playbook) -> None:
    """X29: the order looked dead, the position was closed, then the fill came."""
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    entry = play.order
    play >> ClosePosition(play.position(XRP).position_id)
    play >> play.ended() << did(PositionChanged, state=PositionState.CLOSED)
    play >> play.part_filled(40, order=entry) << did(PositionChanged, state=PositionState.CLOSING, quantity=40)
    play << did(SubmitOrder, side=Side.SELL, volume=40)
    assert play.core.tracker.orders[entry.order_id].state is OrderState.CANCELLED  # it does not come back to life


def test_an_exit_refused_for_lack_of_units_sells_what_is_really_there(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent()
    play >> play.refused("insufficient_funds_ask") << did(PositionChanged, trigger="exit_failed") << did(ReadAccount)
    play >> play.account(XRP="400") >> seconds(0.6) << did(SubmitOrder, side=Side.SELL, volume=400)


def test_an_exit_refused_because_all_was_sold_elsewhere_closes_as_external(play: Playbook) -> None:
    """O12: sold in the phone app (freqtrade#4787)."""
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent() >> play.refused("insufficient_funds_ask") << did(ReadAccount)
    play >> play.account(XRP=0) << did(PositionChanged, state=PositionState.CLOSED, note="sold outside of this program")
    play << did(ExternalChangeFound)
    play >> seconds(20) << nothing(SubmitOrder)


def test_a_late_entry_fill_during_an_exit_is_sold_after_it_not_beside_it(play: Playbook) -> None:
    """I11: at most one exit at a time."""
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()] >> play.part_filled(500)
    entry = play.order
    play >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL, volume=500)
    leave = play.order
    play >> play.part_filled(100, order=entry) << did(PositionChanged, quantity=600) << nothing(SubmitOrder)
    play >> [play.ended(entry), seconds(0.5)] << nothing(SubmitOrder)
    play >> [play.sent(leave), play.filled(leave, price=900)] << did(SubmitOrder, side=Side.SELL, volume=100)


def test_dust_below_the_venue_minimum_closes_with_its_figure(play: Playbook) -> None:
    """X15: the immortal trade (freqtrade#12322): tried for ever, below the minimum for ever."""
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent() >> play.part_filled("996", price=900)
    play >> play.ended() << did(PositionChanged, state=PositionState.CLOSED, dust="3.5", quantity="3.5")
    assert play.position(XRP).dust_worth == 3150
    play >> seconds(5) << nothing(SubmitOrder)


def test_an_exit_partly_filled_then_ended_sells_the_rest_at_once(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent() >> play.part_filled(500, price=900)
    play >> play.ended() << did(OrderChanged, state=OrderState.CANCELLED) << did(SubmitOrder, volume="499.5")


def test_an_exit_that_fails_three_times_tells_a_person_and_goes_on(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900)
    for pause in (0.5, 1, 2, 5, 10, 10):
        play >> play.sent() >> play.refused("market_offline") << nothing(SubmitOrder)
        play >> seconds(pause - 0.2) << nothing(SubmitOrder)
        play >> seconds(0.3) << did(SubmitOrder, side=Side.SELL, volume="999.5")
    alerts = [item for item in play.history if isinstance(item, AlertRaised) and item.key == "exit_keeps_failing"]
    assert len(alerts) == 1 and alerts[0].critical


def test_an_exit_without_an_answer_is_looked_up_and_never_sent_again(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.unknown()]
    play >> seconds(25) << did(LookUpOrder, priority=Priority.EXIT) << nothing(SubmitOrder)
    play >> play.found(play.report(ended=True, fills=[play.fill("999.5", 900)]))
    play << did(PositionChanged, state=PositionState.CLOSED) << nothing(SubmitOrder)


@pytest.mark.parametrize("state", [TradingState.DISABLED, TradingState.REDUCING, TradingState.HALTED])
def test_exits_leave_in_every_trading_state(play: Playbook, state: TradingState) -> None:
    play.holding(BTC)
    play >> SetTradingState(state, "test")
    play >> price(BTC, 90_000_000) << did(SubmitOrder, side=Side.SELL)
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_an_exit_leaves_even_when_the_books_are_not_reconciled(play: Playbook) -> None:
    play.holding(XRP)
    play.core.account.reconciled = False
    play >> [seconds(600, tick=10), price(XRP, 900)] << did(SubmitOrder, side=Side.SELL)


# ---- a broken rule ---------------------------------------------------------------------------------------------------


def test_a_broken_rule_stops_the_position_and_makes_the_engine_reducing(play: Playbook) -> None:
    """A sale of a position that never bought is not in the table: nobody can say what is true any more."""
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    sale = order_of(side=Side.SELL, position_id=play.position(XRP).position_id, order_type=OrderType.MARKET)
    play.core.tracker.put(sale)
    play >> play.filled(sale, price=1000)
    play << did(PositionChanged, state=PositionState.ERROR)
    play << did(AlertRaised, key="rule_broken", critical=True)
    assert play.core.switch.state is TradingState.REDUCING


def test_a_person_can_close_a_position_in_error(play: Playbook) -> None:
    held = play.holding(XRP)
    play.core.positions.put(replace(held, state=PositionState.ERROR))
    play >> price(XRP, 500) << nothing(SubmitOrder)  # an error position decides nothing by itself
    play >> ClosePosition(held.position_id) << did(SubmitOrder, side=Side.SELL, volume="999.5")


def test_what_the_venue_calls_too_small_is_dust(play: Playbook) -> None:
    position = play.holding(XRP)
    play >> ClosePosition(position.position_id)
    play >> play.sent() >> play.refused("under_min_total_ask")
    closed = play.position(XRP)
    assert closed.state is PositionState.CLOSED and closed.dust == position.quantity


def test_it_is_not_dust_while_an_entry_may_still_fill(play: Playbook) -> None:
    """Seed 984: closed on the venue's "too small", then the entry's other half was filled, and nobody sold it."""
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    entry = play.order
    play >> play.part_filled(6) >> ClosePosition(play.position(XRP).position_id)
    play >> play.sent() >> play.refused("under_min_total_ask")
    assert play.position(XRP).state is PositionState.CLOSING
    play >> play.ended(entry) >> seconds(1) << did(SubmitOrder, side=Side.SELL)


def test_it_is_not_dust_when_more_was_bought_since(play: Playbook) -> None:
    """Seed 259: the refused sale was of the first half; the second was filled before the refusal came."""
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    entry = play.order
    play >> play.part_filled(6) >> ClosePosition(play.position(XRP).position_id)
    sale = play.order
    play >> play.sent(sale) >> play.filled(entry) >> play.refused("under_min_total_ask", sale)
    assert play.position(XRP).state is PositionState.CLOSING
    play >> seconds(1) << did(SubmitOrder, side=Side.SELL)


def test_a_rest_that_is_too_small_after_a_sale_by_phone_is_all_the_dust_there_is(play: Playbook) -> None:
    """Seed 2483: the whole holding was called dust, though the user had sold nearly all of it elsewhere."""
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent() >> play.refused("insufficient_funds_ask")
    play >> play.account(XRP=2) >> seconds(1)
    play << did(PositionChanged, state=PositionState.CLOSED, dust=2, quantity=2, note="sold outside of this program")


def test_a_resting_sale_the_journal_lost_is_taken_back_by_the_exit_it_begins(play: Playbook) -> None:
    """Seed 2181: adopted as an order at market, it rested for ever, and the exit waited for it."""
    play.holding(XRP)
    resting = play.report(order_of("order-99", side=Side.SELL, price=Decimal(2000)))
    out = Outbox()
    assert play.core.position_desk.adopt(resting, play.core.view(), play.now, out)
    assert [item.order_id for item in out.items if isinstance(item, SendCancel)] == ["order-99"]
