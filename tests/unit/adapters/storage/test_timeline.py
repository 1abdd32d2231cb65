from datetime import timedelta

import pytest

from app.adapters.storage.timeline import Category, timeline_entry
from app.domain.loss import LossBookChanged
from app.domain.messages import (
    EngineStarted,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StateEvent,
    TradingStateChanged,
)
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.values import TradingState
from tests.unit.adapters.storage.samples import BTC, LOSSES, NOW, ONE_OF_EACH, REPORTED, order, position


def test_one_line_for_each_kind() -> None:
    lines = {type(event).__name__: timeline_entry(event) for event in ONE_OF_EACH}
    assert {name: line and (str(line.category), line.title) for name, line in lines.items()} == {
        "EngineStarted": ("system", "engine.started"),
        "TradingStateChanged": ("system", "trading_state.enabled"),
        "PositionChanged": None,
        "InstructionChanged": ("order", "instruction.armed"),
        "OrderChanged": ("order", "order.open"),
        "FillBooked": ("fill", "fill.buy"),
        "ExecutionMeasured": None,
        "SlicingReported": ("fill", "slicing.reported"),
        "IntentRefused": ("risk", "refused.below_minimum"),
        "CommandRefused": ("risk", "refused.below_minimum"),
        "ExitTriggered": ("risk", "exit.stop_loss"),
        "LiquidationChanged": ("risk", "liquidation.selling"),
        "Reconciled": ("system", "reconciled"),
        "ExternalChangeFound": ("risk", "external_change"),
        "AlertRaised": ("risk", "alert.loop_lag"),
        "StreamStateChanged": ("system", "stream.down"),
        "BreakerChanged": ("risk", "breaker.open"),
        "DeadLetterAdded": ("risk", "dead_letter.added"),
        "DeadLetterSettled": ("risk", "dead_letter.arrived"),
        "LossBookChanged": ("risk", "loss.acknowledged"),
        "KillMarked": None,
        "UnlockAttempted": ("risk", "unlock.wrong"),
        "NoticeChanged": None,
        "RemoteTaken": ("risk", "remote.pause"),
        "DailyReported": ("system", "daily_report"),
        "DrillEnded": ("system", "drill.late"),
        "PromotionOverridden": ("risk", "promotion.overridden"),
        "EngineStopped": ("system", "engine.stopped"),
    }


@pytest.mark.parametrize(
    "event",
    [
        OrderChanged(order(state=OrderState.INTENT), "approved"),
        OrderChanged(order(state=OrderState.PARTIAL), "part_filled"),
        OrderChanged(order(state=OrderState.FILLED), "part_filled"),
        PositionChanged(position(), "high_water"),
        Reconciled("upbit", ()),
        LossBookChanged(LOSSES, "sold with -5"),
    ],
)
def test_steps_that_say_nothing_new_stay_away(event: StateEvent) -> None:
    assert timeline_entry(event) is None


def test_what_a_person_must_see_is_critical() -> None:
    unknown = timeline_entry(OrderChanged(order(state=OrderState.UNKNOWN), "no_answer"))
    broken = timeline_entry(PositionChanged(position(state=PositionState.ERROR, note="sum"), "rule_broken"))
    halted = timeline_entry(TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "kill"))
    unclean = timeline_entry(EngineStarted(2, "live", clean=False))
    assert all(line is not None and line.critical for line in (unknown, broken, halted, unclean))
    assert broken is not None and (broken.category, broken.detail) == (Category.RISK, "sum")


def test_a_new_position_and_an_order_say_where_and_how_much() -> None:
    new = timeline_entry(PositionChanged(position(created_at=NOW, updated_at=NOW), "started"))
    assert new is not None and (new.title, new.market, new.detail) == ("position.active", BTC, "breakout v3")
    sent = timeline_entry(OrderChanged(order(state=OrderState.SENT, updated_at=NOW + timedelta(1)), "sending"))
    assert sent is not None and sent.detail == "buy limit 0.00101234 @ 98765000"


def test_a_report_says_what_was_paid_against_what() -> None:
    line = timeline_entry(REPORTED)
    assert line is not None
    assert line.detail == "sell twap 0.5 of 1, +1.2 bp to arrival, -2.5 bp to TWAP"
