"""From a click to proof: the whole engine against the practice exchange."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy, StrategyBlueprint
from app.domain.commands import ClosePosition, LiquidateAll, PausePosition, ReconcileNow
from app.domain.emergency import LiquidationStage
from app.domain.exit_plan import ExitReason, ExitRules
from app.domain.messages import AlertRaised, IntentRefused, LiquidationChanged, OrderChanged
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.slippage import SlippagePolicy
from app.domain.values import OrderType, Purpose, TradingState
from tests.scenario.flight import Flight


def at_once(flight: Flight, **exits: Decimal) -> StrategyBlueprint:
    """Buys at the market as soon as it may."""
    rules = ExitRules(**{"stop_loss_percent": Decimal(3), **exits})
    one_step = flight.blueprint("trend-breakout").steps
    return replace(flight.blueprint("dca-ladder"), id="at-once", steps=one_step, exits=rules)


def resting(flight: Flight) -> StrategyBlueprint:
    """Rests far below the market with a limit order."""
    policy = EntryOrderPolicy(OrderType.LIMIT, offset_ticks=-30, timeout_s=3600)
    return replace(at_once(flight), id="resting", entry_order=policy, slippage=SlippagePolicy())


async def test_a_position_lives_from_click_to_stop(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    held = await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    assert Decimal(0) < held.cost <= Decimal(1_000_000)
    await flight.admin.move("KRW-SOL", -5)
    closed = await flight.until_state("KRW-SOL", PositionState.CLOSED)
    assert closed.exit_reason is ExitReason.STOP_LOSS
    assert closed.realised < 0
    ledger = await flight.assert_flat()
    assert [order.side for order in ledger.orders if order.identifier] == ["bid", "ask"]
    money = next(b for b in ledger.balances if b.currency == "KRW")
    assert money.free == Decimal(50_000_000) + closed.realised


async def test_a_position_closed_by_hand_is_gone_at_the_venue(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-XRP", at_once(flight))
    position = await flight.until_state("KRW-XRP", PositionState.ACTIVE)
    flight.terminal.engine.post(ClosePosition(position.position_id))
    closed = await flight.until_state("KRW-XRP", PositionState.CLOSED)
    assert closed.exit_reason is ExitReason.USER
    await flight.assert_flat()


async def test_entries_are_off_until_a_person_enables_them(flight: Flight) -> None:
    flight.start("KRW-XRP", at_once(flight))
    await flight.until(lambda: any(isinstance(e, IntentRefused) for e in flight.events), "a refusal")
    refused = next(e for e in flight.events if isinstance(e, IntentRefused))
    assert refused.refusal.reason is RefusalReason.TRADING_DISABLED
    assert (await flight.admin.ledger()).orders == ()
    flight.enable()
    await flight.until_state("KRW-XRP", PositionState.ACTIVE)


async def test_the_emergency_control_ends_flat_and_says_how_long_it_took(flight: Flight) -> None:
    flight.enable()
    for symbol in ("KRW-BTC", "KRW-XRP", "KRW-SOL"):
        flight.start(symbol, at_once(flight))
    flight.start("KRW-ETH", resting(flight))
    for symbol in ("KRW-BTC", "KRW-XRP", "KRW-SOL"):
        await flight.until_state(symbol, PositionState.ACTIVE)
    await flight.until(lambda: len(flight.terminal.engine.core.tracker.working()) == 1, "the resting order")
    flight.terminal.engine.post(LiquidateAll("press"))
    assert not flight.terminal.engine.core.switch.state.allows_entries
    runs = [e.run for e in flight.events if isinstance(e, LiquidationChanged)]
    assert runs[-1].stage is not LiquidationStage.FLAT
    emergency = flight.terminal.engine.core.emergency
    await flight.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat")
    run = emergency.run
    assert run is not None and run.actual_s is not None
    assert run.actual_s >= 2, "two readings two seconds apart are part of the proof"
    await flight.assert_flat()


async def test_a_lost_answer_never_buys_twice(flight: Flight) -> None:
    await flight.admin.fault("order_answer_lost", 1.0, 3)
    flight.enable()
    flight.start("KRW-XRP", at_once(flight))
    await flight.until_state("KRW-XRP", PositionState.ACTIVE)
    states = [e.order.state for e in flight.events if isinstance(e, OrderChanged)]
    assert OrderState.FILLED in states
    ledger = await flight.admin.ledger()
    assert len([order for order in ledger.orders if order.identifier]) == 1
    assert ledger.repeated_identifiers == ()


async def test_a_server_error_after_acceptance_is_looked_up(flight: Flight) -> None:
    await flight.admin.fault("server_error_after", 1.0, 2)
    await flight.admin.fault("private_frame_lost", 1.0, 6)
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    assert OrderState.UNKNOWN in [e.order.state for e in flight.events if isinstance(e, OrderChanged)]
    assert len((await flight.admin.ledger()).orders) == 1


async def test_a_server_error_before_acceptance_ends_without_a_second_order(flight: Flight) -> None:
    """The venue never got it; only repeated explicit not-founds past the horizon prove that, so it stays UNKNOWN."""
    await flight.admin.fault("server_error_before", 1.0, 2)
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    tracker = flight.terminal.engine.core.tracker
    await flight.until(lambda: any(o.state is OrderState.UNKNOWN for o in tracker.working()), "UNKNOWN")
    await flight.until(lambda: any(o.not_found_count >= 3 for o in tracker.working()), "three not-founds")
    assert all(o.state is OrderState.UNKNOWN for o in tracker.working()), "before the horizon nothing is proven"
    assert flight.position("KRW-SOL").state is PositionState.PENDING


async def test_stops_work_while_the_private_stream_is_silent(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    await flight.admin.fault("private_frame_lost", 1.0, 60)
    await flight.admin.move("KRW-SOL", -5)
    closed = await flight.until_state("KRW-SOL", PositionState.CLOSED)
    assert closed.exit_reason is ExitReason.STOP_LOSS
    await flight.assert_flat()


async def test_a_dropped_stream_blocks_entries_until_the_books_are_compared(flight: Flight) -> None:
    core = flight.terminal.engine.core
    await flight.admin.fault("ws_drop", 1.0, 1)
    await flight.until(lambda: not core.account.reconciled, "the gap is noticed")
    await flight.until(lambda: core.account.reconciled, "compared again")


async def test_a_restart_after_a_crash_finds_its_positions_and_buys_nothing_twice(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-BTC", at_once(flight))
    flight.start("KRW-ETH", resting(flight))
    before = await flight.until_state("KRW-BTC", PositionState.ACTIVE)
    await flight.until(lambda: len(flight.terminal.engine.core.tracker.working()) == 1, "the resting order")
    await flight.terminal.journal.durable()
    await flight.crash()
    await flight.take_off_again()
    core = flight.terminal.engine.core
    assert core.switch.state is TradingState.REDUCING
    assert any(isinstance(e, AlertRaised) and e.key == "unclean_end" for e in flight.events)
    after = flight.position("KRW-BTC")
    assert (after.quantity, after.cost, after.exit_plan) == (before.quantity, before.cost, before.exit_plan)
    assert [o.state for o in core.tracker.working()] == [OrderState.OPEN]
    assert len((await flight.admin.ledger()).orders) == 2
    await flight.admin.move("KRW-BTC", -5)  # exits are at work although entries are off
    await flight.until_state("KRW-BTC", PositionState.CLOSED)


async def test_a_clean_restart_says_so(flight: Flight) -> None:
    await flight.land()
    await flight.take_off_again()
    assert flight.terminal.recovered.clean
    assert flight.terminal.engine.core.switch.state is TradingState.DISABLED


@pytest.mark.timeout(120)
async def test_the_emergency_goes_on_after_a_crash(flight: Flight) -> None:
    """The sale under way at the crash may have reached the venue; only past the horizon is it proven not to have."""
    flight.enable()
    flight.start("KRW-BTC", at_once(flight))
    await flight.until_state("KRW-BTC", PositionState.ACTIVE)
    await flight.admin.fault("market_offline", 1.0, 3)
    flight.terminal.engine.post(LiquidateAll("press"))
    await flight.terminal.journal.durable()
    await flight.crash()
    await flight.take_off_again()
    emergency = flight.terminal.engine.core.emergency
    await flight.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat", 90)
    await flight.assert_flat()


async def test_a_paused_position_keeps_its_stop(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    position = await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    flight.terminal.engine.post(PausePosition(position.position_id))
    assert flight.position("KRW-SOL").state is PositionState.PAUSED
    await flight.admin.move("KRW-SOL", -5)
    closed = await flight.until_state("KRW-SOL", PositionState.CLOSED)
    assert closed.exit_reason is ExitReason.STOP_LOSS


async def test_what_somebody_else_sells_is_noticed_and_never_oversold(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    position = await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    await flight.admin.external_trade("KRW-SOL", "ask", position.quantity)
    flight.terminal.engine.post(ReconcileNow("test"))
    flight.terminal.engine.post(ClosePosition(position.position_id))
    await flight.until_state("KRW-SOL", PositionState.CLOSED)
    orders = [e.order for e in flight.events if isinstance(e, OrderChanged) and e.order.intent.purpose is Purpose.EXIT]
    assert all(order.filled_volume == 0 for order in orders)
    await flight.assert_flat()
