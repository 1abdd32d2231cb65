"""Lane, tone, time and owner of every journaled event."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.domain.loss import LossBook, LossBookChanged, LossLimit
from app.domain.messages import JOURNALED, AlertRaised, FillBooked, OrderChanged, PositionChanged, TradingStateChanged
from app.domain.order import OrderState
from app.domain.values import Side, TradingState
from app.ui.activity.event_facts import Lane, Tone, event_facts
from tests.ui.charts import samples
from tests.ui.charts.samples import BTC, NOW


def test_the_samples_hold_every_journaled_kind() -> None:
    assert {type(event) for event in samples.journaled()} == set(JOURNALED)


def test_orders_are_landmarks_when_they_leave_or_go_wrong() -> None:
    found = {
        state: event_facts(OrderChanged(samples.order(1, state), ""), NOW)
        for state in (OrderState.SENT, OrderState.OPEN, OrderState.UNKNOWN, OrderState.REJECTED)
    }
    assert {state for state, facts in found.items() if facts.is_landmark} == set(found) - {OrderState.OPEN}
    assert found[OrderState.UNKNOWN].tone is Tone.WARNING
    assert found[OrderState.REJECTED].tone is Tone.DANGER
    assert all(facts.lane is Lane.ORDERS for facts in found.values())


def test_a_fill_has_its_own_time_side_and_owner() -> None:
    fill = samples.fills()[1]
    facts = event_facts(FillBooked(fill, "p"), NOW)
    assert (facts.at, facts.side, facts.market, facts.position_id) == (fill.traded_at, Side.SELL, BTC, "p")
    assert facts.lane is Lane.FILLS


def test_events_without_time_happened_now() -> None:
    assert event_facts(AlertRaised("x", "", critical=True), NOW).at == NOW
    assert event_facts(PositionChanged(samples.position(now=NOW - timedelta(hours=1)), ""), NOW).at < NOW


def test_only_an_acknowledged_loss_is_a_landmark() -> None:
    book = LossBook(NOW, Decimal(1), Decimal(0), Decimal(0), Decimal(0))
    told = event_facts(LossBookChanged(book, "sold with -5"), NOW)
    seen = event_facts(LossBookChanged(book, "acknowledged: a person"), NOW)
    latched = event_facts(LossBookChanged(replace(book, latched=(LossLimit.DAILY,)), "daily: lost 5"), NOW)
    assert (told.lane, told.tone, told.is_landmark, seen.is_landmark) == (Lane.RISK, Tone.PLAIN, False, True)
    assert latched.tone is Tone.WARNING


def test_tones() -> None:
    assert event_facts(AlertRaised("x", "", critical=True), NOW).tone is Tone.DANGER
    assert event_facts(AlertRaised("x", ""), NOW).tone is Tone.WARNING
    halted = TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "")
    assert event_facts(halted, NOW).tone is Tone.DANGER
    assert all(isinstance(event_facts(event, NOW).lane, Lane) for event in samples.journaled())
