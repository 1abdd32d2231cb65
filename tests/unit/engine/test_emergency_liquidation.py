"""Playbooks of the emergency control: block, cancel everything, sell everything, prove it, or name what is left."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.effects import ReadAccount, SendCancel, SubmitOrder
from app.domain.emergency import (
    LineState,
    LiquidationLine,
    LiquidationRun,
    LiquidationStage,
    ResidueKind,
    Unsellable,
)
from app.domain.messages import (
    AccountReadFailed,
    CommandRefused,
    EmergencyPreviewed,
    ExitTriggered,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    TradingStateChanged,
)
from app.domain.order import Order, OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import Priority, Purpose, Side, TradingState
from app.domain.venue_reports import Balance
from tests.unit.engine.playbook import BTC, ETH, START, VENUE, XRP, Playbook, blueprint, did, nothing, price, seconds

PRESS = LiquidateAll("press-1")


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def run_of(play: Playbook) -> LiquidationRun:
    run = play.core.emergency.run
    assert run is not None
    return run


def sell(play: Playbook, orders: Iterable[Order]) -> None:
    """The venue fills these sales."""
    for order in orders:
        play >> [play.sent(order), play.filled(order)]


def read(play: Playbook, times: int = 16) -> None:
    """Every reading that is asked for is answered at once."""
    for _ in range(times):
        play >> seconds(0.5)
        if any(isinstance(item, ReadAccount) for item in play.news):
            play >> play.account()


def line(play: Playbook, number: int = 0) -> LiquidationLine:
    return run_of(play).lines[number]


# ---- the whole story -------------------------------------------------------------------------------------------------


def test_from_the_press_to_the_proof(play: Playbook) -> None:
    play.holding(BTC, budget=5_000_000)
    play.holding(ETH, budget=3_000_000)
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()] >> play.part_filled(200)
    entry = play.order

    play >> PRESS << did(TradingStateChanged, after=TradingState.REDUCING)
    play << did(LiquidationChanged, stage=LiquidationStage.CANCELLING)
    play << did(SendCancel, order_id=entry.order_id, priority=Priority.LIQUIDATION)
    sales = [item.approved.order for item in play.news if isinstance(item, SubmitOrder)]
    assert {order.intent.market for order in sales} == {BTC, ETH, XRP}
    assert all(order.intent.purpose is Purpose.LIQUIDATION for order in sales)
    play << did(LiquidationChanged, stage=LiquidationStage.SELLING)

    play >> play.ended(entry) << did(OrderChanged, state=OrderState.CANCELLED)
    sell(play, sales)
    play << did(LiquidationChanged, stage=LiquidationStage.CONFIRMING) << did(ReadAccount)
    assert {one.state for one in run_of(play).lines} == {LineState.SOLD}
    play >> play.account() << did(LiquidationChanged, clean_reads=1)
    play >> seconds(1.9) << nothing(LiquidationChanged, stage=LiquidationStage.FLAT)
    play >> seconds(1) << did(ReadAccount)
    play >> play.account() << did(LiquidationChanged, stage=LiquidationStage.FLAT, clean_reads=2)
    run = run_of(play)
    assert {one.state for one in run.lines} == {LineState.CONFIRMED} and run.residues == ()
    assert run.actual_s == (play.now - run.started_at).total_seconds() and run.predicted_s > 0
    assert not play.core.emergency.is_running and play.core.switch.state is TradingState.REDUCING


def test_two_clean_readings_must_be_two_seconds_apart(play: Playbook) -> None:
    """I14: a balance may lag behind; one look is no proof."""
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.order])
    play >> [play.account(), play.account(), play.account(), seconds(1.5)] >> play.account()
    assert run_of(play).stage is LiquidationStage.CONFIRMING and run_of(play).clean_reads == 1
    play >> seconds(0.5) >> play.account() << did(LiquidationChanged, stage=LiquidationStage.FLAT)


def test_the_second_reading_is_asked_for_as_soon_as_it_can_be_the_proof(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.order])
    play >> play.account() >> seconds(1.9) << nothing(ReadAccount)
    play >> seconds(0.1) << did(ReadAccount)
    play >> seconds(0.1) << nothing(ReadAccount)


def test_a_reading_that_began_before_the_sale_proves_nothing(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    play >> seconds(3)
    sell(play, [play.order])
    play >> play.account(started_ago=1) << nothing(LiquidationChanged)
    assert run_of(play).clean_reads == 0


def test_a_failed_reading_is_not_flat(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.order])
    for _ in range(5):
        play >> [AccountReadFailed(VENUE, "502"), seconds(3)] << did(ReadAccount)
    assert run_of(play).stage is LiquidationStage.CONFIRMING and run_of(play).clean_reads == 0


def test_holdings_that_are_still_at_the_venue_start_the_proof_again(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.order])
    play >> play.account() << did(LiquidationChanged, clean_reads=1)
    play >> seconds(3) >> play.account(XRP=50) << did(LiquidationChanged, clean_reads=0)
    assert run_of(play).residues == ("KRW-XRP: 50 held",)
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_with_nothing_to_do_the_proof_is_all_there_is(play: Playbook) -> None:
    play >> PRESS << did(LiquidationChanged, stage=LiquidationStage.CONFIRMING) << did(ReadAccount)
    play >> play.account()
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


# ---- what it must cover ----------------------------------------------------------------------------------------------


def test_unknown_orders_are_cancelled_by_identifier_and_awaited(play: Playbook) -> None:
    """O10: the entry was on its way when the control was pressed and fills afterwards (go-trader#1470)."""
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    entry = play.order
    play >> PRESS << did(SendCancel, order_id=entry.order_id, venue_order_id=None, priority=Priority.LIQUIDATION)
    assert line(play).residue == "unknown order"
    play >> play.found(play.report(entry, ended=True, fills=[play.fill("999.5")]))
    play << did(PositionChanged, quantity="999.5") << did(SubmitOrder, side=Side.SELL, volume="999.5")
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_an_entry_that_still_waits_in_the_queue_does_not_leave_any_more(play: Playbook) -> None:
    play >> play.start(XRP)
    waiting = play.order
    play >> PRESS
    assert "liquidating" in str(play.core.may_send(waiting.order_id, play.now))
    play >> play.not_sent(waiting) << did(PositionChanged, state=PositionState.CLOSED)
    assert play.core.emergency._nothing_left(run_of(play))


def test_a_late_fill_after_the_sale_is_sold_too(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    entry = play.order
    play >> PRESS >> play.ended(entry) << did(LiquidationChanged, stage=LiquidationStage.CONFIRMING)
    play >> play.account() << did(LiquidationChanged, clean_reads=1)
    play >> play.part_filled(100, order=entry) << did(SubmitOrder, purpose=Purpose.LIQUIDATION, volume=100)
    play << did(LiquidationChanged, stage=LiquidationStage.SELLING, clean_reads=0)
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_what_is_left_is_named_in_the_order_of_the_lines(play: Playbook) -> None:
    """Not in the order of a hash, which differs from one process to the next: a replay compares byte for byte."""
    for market in (XRP, BTC, ETH):
        play.holding(market)
    play >> PRESS
    sell(play, [o for o in play.core.tracker.working() if o.intent.side is Side.SELL])
    play >> play.account(ETH=1, BTC=1, XRP=500) << did(LiquidationChanged, clean_reads=0)
    assert [words.split(":")[0] for words in run_of(play).residues] == ["KRW-XRP", "KRW-BTC", "KRW-ETH"]


def test_coins_that_are_not_ours_are_neither_sold_nor_a_residue(play: Playbook) -> None:
    """U16: the emergency button must not sell the user's own long-term holding."""
    play.coins["XRP"] = Decimal(5000)
    play >> play.account()
    play.holding(XRP)
    play >> play.account()
    play >> PRESS << did(SubmitOrder, volume="999.5")
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and play.coins["XRP"] == 5000


def test_dust_is_named_as_dust_and_does_not_prevent_the_proof(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS >> [play.sent(), play.part_filled(997), play.ended()]
    assert line(play).state is LineState.DUST and line(play).residue == "2.50000000"
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and line(play).state is LineState.DUST


def test_positions_in_every_state_are_part_of_the_run(play: Playbook) -> None:
    held = play.holding(BTC)
    play.core.positions.put(replace(held, state=PositionState.ERROR))
    play.holding(ETH)
    play >> price(ETH, 1_000_000)  # closing already
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    play >> PRESS
    assert {p.state for p in (play.position(BTC), play.position(ETH))} == {PositionState.CLOSING}
    assert play.position(XRP).state is PositionState.CLOSED
    assert len(run_of(play).lines) == 3 and len(play.orders(ETH)) == 2  # the exit under way is not doubled
    sell(play, [play.orders(BTC)[-1], play.orders(ETH)[-1]])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


# ---- when something is stuck -----------------------------------------------------------------------------------------


def test_a_stuck_order_is_named_and_the_run_goes_on_to_flat_when_it_resolves(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS >> [play.sent(), play.unknown()]
    play >> seconds(25, tick=0.5) << did(LiquidationChanged, stage=LiquidationStage.ATTENTION)
    run = run_of(play)
    assert any(play.order.order_id in words and "unknown" in words for words in run.residues)
    assert run.ended_at is not None and play.core.emergency.is_running
    play >> seconds(60, tick=1) << nothing(SubmitOrder)
    play >> play.found(play.filled().report) << did(LiquidationChanged, stage=LiquidationStage.CONFIRMING, left=())
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and run_of(play).residues == ()


def test_a_sale_the_venue_keeps_refusing_is_named_and_tried_again(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    for _ in range(30):
        if play.order.state is OrderState.INTENT:
            play >> [play.sent(), play.refused("market_offline")]
        play >> seconds(2, tick=0.5)
    assert line(play).state is LineState.STUCK and "market_offline" in line(play).residue
    play >> seconds(10, tick=0.5)
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_something_held_at_the_venue_that_never_goes_is_named_and_flat_follows_once_it_has_gone(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.order])
    for _ in range(40):
        play >> seconds(1, tick=0.5) >> play.account(XRP=500)
    assert run_of(play).stage is LiquidationStage.ATTENTION
    assert any("500" in words for words in run_of(play).residues)
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


# ---- pressing --------------------------------------------------------------------------------------------------------


def test_a_second_press_is_harmless(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS
    first = run_of(play).run_id
    play >> LiquidateAll("press-2") << nothing(SubmitOrder)
    assert run_of(play).run_id == first and len(play.orders(XRP)) == 2
    play >> [play.sent(), play.accepted(), LiquidateAll("press-3")] << nothing(SubmitOrder)
    assert play.sells_bound(XRP) == play.position(XRP).quantity
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_after_the_proof_a_new_press_is_a_new_run(play: Playbook) -> None:
    play >> PRESS >> play.account()
    read(play)
    first = run_of(play)
    play >> LiquidateAll("press-2") << did(LiquidationChanged)
    assert first.stage is LiquidationStage.FLAT and run_of(play).run_id != first.run_id


@pytest.mark.parametrize("state", list(TradingState))
def test_the_press_works_in_every_trading_state(play: Playbook, state: TradingState) -> None:
    play.holding(XRP)
    play >> SetTradingState(state, "test")
    play >> PRESS << did(SubmitOrder, side=Side.SELL)
    kept = TradingState.HALTED if state is TradingState.HALTED else TradingState.REDUCING
    assert play.core.switch.state is kept
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_nothing_new_starts_while_the_run_is_on_whatever_the_switch_says(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS >> SetTradingState(TradingState.ENABLED, "test") << nothing(SubmitOrder)
    play >> play.start(BTC) << did(CommandRefused, reason=RefusalReason.LIQUIDATING)


def test_the_exit_of_a_stop_is_taken_over_not_doubled(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent()
    play >> PRESS << did(ExitTriggered) << nothing(SubmitOrder)
    assert play.sells_bound(XRP) == Decimal("999.5")


# ---- restart ---------------------------------------------------------------------------------------------------------


def test_a_run_is_resumed_after_a_restart(play: Playbook) -> None:
    """S4: crash in the middle of a liquidation."""
    play.coins["XRP"] = Decimal(70)
    play >> play.account()
    play.holding(BTC)
    play.holding(XRP)
    play >> PRESS
    sell(play, [play.orders(BTC)[-1]])
    play >> play.sent(play.orders(XRP)[-1])
    lost = play.orders(XRP)[-1]

    after = play.restarted()
    assert after.core.emergency.is_running and run_of(after).run_id == run_of(play).run_id
    after.ready(TradingState.DISABLED)
    after >> play.start(ETH) << did(CommandRefused, reason=RefusalReason.LIQUIDATING)
    after >> after.found(after.filled(lost).report) << did(PositionChanged, state=PositionState.CLOSED)
    assert {one.state for one in run_of(after).lines} == {LineState.SOLD}
    read(after)
    assert run_of(after).stage is LiquidationStage.FLAT  # the 70 XRP of the user are no residue


def test_a_crash_right_after_the_press_still_sells_everything(play: Playbook) -> None:
    """The journal ends with the press: no order, no closing position was written."""
    play.holding(XRP)
    positions = list(play.core.positions.positions.values())
    run = LiquidationRun("run-9", LiquidationStage.CANCELLING, (), START, 1.0)
    after = Playbook().recover(positions, play.orders(), (), state=TradingState.REDUCING, run=run)
    after.ready(TradingState.DISABLED)
    after >> seconds(3)
    assert after.position(XRP).state is PositionState.CLOSING
    assert after.order.intent.purpose is Purpose.LIQUIDATION and after.order.intent.volume == Decimal("999.5")


def test_a_run_that_is_stuck_from_the_restart_on_asks_for_attention_too(play: Playbook) -> None:
    play.holding(XRP)
    play >> PRESS >> [play.sent(), play.unknown()]
    after = play.restarted()
    after >> seconds(25, tick=0.5)
    assert run_of(after).stage is LiquidationStage.ATTENTION


def test_an_order_whose_position_is_history_still_prevents_the_proof(play: Playbook) -> None:
    """I14: no UNKNOWN order anywhere, not only no open position."""
    play >> play.start(XRP) >> [play.sent(), play.unknown()]
    lost = play.order
    run = LiquidationRun("run-9", LiquidationStage.CANCELLING, (), START, 1.0)
    after = Playbook().recover([], [lost], [], state=TradingState.REDUCING, run=run).ready(TradingState.DISABLED)
    read(after)
    assert run_of(after).stage is not LiquidationStage.FLAT
    after >> after.found(after.report(lost, ended=True))
    read(after)
    assert run_of(after).stage is LiquidationStage.FLAT


def test_a_finished_run_is_not_resumed(play: Playbook) -> None:
    play >> PRESS >> play.account()
    read(play)
    assert not play.restarted(clean=True).core.emergency.is_running


# ---- the preview -----------------------------------------------------------------------------------------------------


def test_the_preview_says_what_pressing_would_do(play: Playbook) -> None:
    play.holding(BTC)
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    play >> seconds(1) << did(EmergencyPreviewed)
    preview = play.core.emergency.preview(play.now)
    assert (preview.positions, preview.cancels, preview.orders, preview.venues) == (2, 1, 1, 1)
    assert 2 < preview.expected_s < preview.p95_s and preview.unsellable == ()


def test_the_preview_of_an_empty_book_is_empty(play: Playbook) -> None:
    preview = play.core.emergency.preview(play.now)
    assert (preview.positions, preview.cancels, preview.orders, preview.expected_s) == (0, 0, 0, 0.0)


def test_the_preview_names_what_cannot_be_sold(play: Playbook) -> None:
    play.holding(XRP)
    play >> play.listed(XRP)
    assert play.core.emergency.preview(play.now).unsellable == (Unsellable(XRP, ResidueKind.HALTED),)


def test_the_preview_learns_how_long_the_venue_takes(play: Playbook) -> None:
    play.holding(BTC)
    emergency = play.core.emergency
    quick = emergency.preview(play.now).expected_s
    for _ in range(20):
        emergency.forecast.note_latency(0.8)
    assert emergency.preview(play.now).expected_s > quick and emergency.forecast.last_latency_ms == 800


def test_balances_of_other_assets_do_not_matter(play: Playbook) -> None:
    play.coins["DOGE"] = Decimal(100_000)
    play >> PRESS
    snapshot = play.account().snapshot
    assert Balance("DOGE", Decimal(100_000), Decimal(0)) in snapshot.balances
    play >> play.account()
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT
