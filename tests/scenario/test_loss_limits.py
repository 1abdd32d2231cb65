"""A loss limit over real sockets: it sells and stays latched; money that comes or goes is no loss."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest_asyncio

from app.adapters.files.settings_file import change_setting
from app.domain.commands import ReconcileNow
from app.domain.emergency import LiquidationStage
from app.domain.exit_plan import ExitReason
from app.domain.loss import AcknowledgeLoss, LossBook, LossBookChanged, LossLimit
from app.domain.messages import AlertRaised, CommandRefused, LiquidationChanged
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import TradingState
from tests.scenario.flight import Flight, take_off
from tests.scenario.test_first_flight import at_once

SYMBOL = "KRW-SOL"
CASH = Decimal(50_000_000)


@pytest_asyncio.fixture
async def invested(tmp_path: Path) -> AsyncIterator[Flight]:
    """A position of about 5,000,000 whose own stop is far away; a day may lose 0.5 % of 50,000,000."""
    file = tmp_path / "config" / "settings.toml"
    file.parent.mkdir()
    change_setting(file, "limits", "daily_loss_ratio", 0.005)
    flight = await take_off(tmp_path)
    flight.enable()
    flight.start(SYMBOL, at_once(flight, stop_loss_percent=Decimal(40)), budget=5_000_000)
    await flight.until_state(SYMBOL, PositionState.ACTIVE)
    yield flight
    await flight.land()
    await flight.exchange.stop()


def book(flight: Flight) -> LossBook:
    found = flight.terminal.engine.core.safety.loss.book
    assert found is not None
    return found


async def weighed(flight: Flight, capital: Decimal) -> None:
    """Readings until the engine believes that the account is worth this, give or take a percent."""

    def agrees() -> bool:
        flight.terminal.engine.post(ReconcileNow("test"))
        return abs(book(flight).capital - capital) < capital / 100

    await flight.until(agrees, f"a capital of {capital}")


async def test_a_crash_sells_everything_and_stays_latched_over_a_restart(invested: Flight) -> None:
    await invested.admin.move(SYMBOL, -12)
    closed = await invested.until_state(SYMBOL, PositionState.CLOSED)
    assert closed.exit_reason is ExitReason.EMERGENCY
    emergency = invested.terminal.engine.core.emergency
    await invested.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat")
    ledger = await invested.assert_flat()
    money = next(balance for balance in ledger.balances if balance.currency == "KRW")
    assert CASH - money.free > CASH * Decimal("0.005"), "the exchange itself counts a loss beyond the limit"
    alerts = [event for event in invested.events if isinstance(event, AlertRaised)]
    assert [alert.critical for alert in alerts if alert.key == "loss_limit_daily"] == [True]

    await invested.land()
    await invested.take_off_again()
    core = invested.terminal.engine.core
    assert book(invested).latched == (LossLimit.DAILY,)
    invested.enable()
    assert core.switch.state is not TradingState.ENABLED
    refused = [event.refusal.reason for event in invested.events if isinstance(event, CommandRefused)]
    assert refused == [RefusalReason.LOSS_LATCHED]
    invested.terminal.engine.post(AcknowledgeLoss("a person"))
    invested.enable()
    assert core.switch.state is TradingState.ENABLED


async def test_a_withdrawal_and_a_deposit_are_no_loss(invested: Flight) -> None:
    held = invested.position(SYMBOL)
    await invested.admin.deposit("KRW", Decimal(-20_000_000))
    await weighed(invested, CASH - 20_000_000)
    await invested.admin.deposit("KRW", Decimal(70_000_000))
    await weighed(invested, CASH + 50_000_000)
    told = [event.reason for event in invested.events if isinstance(event, LossBookChanged)]
    assert len([words for words in told if words.startswith("money moved")]) == 2, told
    assert book(invested).latched == ()
    assert not any(isinstance(event, LiquidationChanged) for event in invested.events)
    assert invested.position(SYMBOL).quantity == held.quantity
    assert invested.terminal.engine.core.switch.state is TradingState.ENABLED
