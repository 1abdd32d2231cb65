"""What becomes a notice, and how serious it is."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.alert import DailyReport, DailyReported, Severity, Topic
from app.domain.exit_plan import ExitReason
from app.domain.messages import (
    AlertRaised,
    EngineStarted,
    EngineStopped,
    Event,
    ExitTriggered,
    ExternalChangeFound,
    OrderChanged,
    Reconciled,
    StreamStateChanged,
    TimePassed,
    TradingStateChanged,
)
from app.domain.order import OrderState
from app.domain.values import TradingState
from app.engine.alert_rules import TOLD, draft_of
from tests.unit.engine.playbook import START, XRP, order_of

REPORT = DailyReport(START, 1, 1, Decimal(5), Decimal(1), 0)
FILLED = replace(
    order_of("order-1"), state=OrderState.FILLED, filled_volume=Decimal("12.50"), filled_funds=Decimal(12500)
)


@pytest.mark.parametrize(
    ("event", "topic", "severity", "key"),
    [
        (AlertRaised("journal_failed", "full", critical=True), Topic.RISK, Severity.CRITICAL, "journal_failed"),
        (AlertRaised("breaker_closed", ""), Topic.SYSTEM, Severity.WARNING, "breaker_closed"),
        (EngineStarted(1, "practice", clean=False), Topic.START, Severity.WARNING, "started_unclean"),
        (EngineStopped(1), Topic.START, Severity.INFO, "stopped"),
        (OrderChanged(FILLED, "all_filled"), Topic.EXECUTION, Severity.INFO, "bought"),
        (
            ExitTriggered("p", XRP, ExitReason.STOP_LOSS, Decimal(990)),
            Topic.RISK,
            Severity.WARNING,
            "exit_stop_loss",
        ),
        (
            TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "kill"),
            Topic.RISK,
            Severity.CRITICAL,
            "trading_halted",
        ),
        (ExternalChangeFound("upbit", "BTC"), Topic.RISK, Severity.WARNING, "external_change"),
        (StreamStateChanged("upbit", "private", up=False), Topic.SYSTEM, Severity.WARNING, "stream_down"),
        (
            DailyReported(REPORT),
            Topic.REPORT,
            Severity.INFO,
            "daily_report",
        ),
    ],
)
def test_what_is_told(event: Event, topic: Topic, severity: Severity, key: str) -> None:
    draft = draft_of(event)
    assert draft is not None and type(event) in TOLD
    assert (draft.topic, draft.severity, draft.key) == (topic, severity, key)


@pytest.mark.parametrize(
    "event",
    [
        TimePassed(),
        Reconciled("upbit", ("BTC",)),
        OrderChanged(order_of("order-1"), "accepted"),
        OrderChanged(FILLED, "recovered"),
        StreamStateChanged("upbit", "private", up=True),
    ],
)
def test_what_is_for_the_screen_only(event: Event) -> None:
    assert draft_of(event) is None  # type: ignore[arg-type]


def test_an_execution_names_size_and_price() -> None:
    draft = draft_of(OrderChanged(FILLED, "all_filled"))
    assert draft is not None and draft.detail == "KRW-XRP 12.5 @ 1,000"
