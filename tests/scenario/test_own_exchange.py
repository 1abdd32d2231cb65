"""The first start without keys: the terminal brings its own exchange, and both are found again after a crash."""

import os
import signal
from pathlib import Path

import pytest

from app.bootstrap import StartOptions
from app.domain.commands import LiquidateAll
from app.domain.emergency import LiquidationStage
from app.domain.messages import Reconciled
from app.domain.position import PositionState
from app.domain.values import TradingState
from tests.scenario.flight import take_off_alone
from tests.scenario.test_first_flight import at_once


@pytest.mark.timeout(120)
async def test_positions_and_account_survive_the_end_of_both(tmp_path: Path) -> None:
    flight = await take_off_alone(tmp_path, StartOptions())
    flight.enable()
    flight.start("KRW-BTC", at_once(flight))
    before = await flight.until_state("KRW-BTC", PositionState.ACTIVE)
    await flight.terminal.journal.durable()
    assert flight.exchange.pid is not None
    os.kill(flight.exchange.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    await flight.crash()
    await flight.exchange.stop()

    again = await take_off_alone(tmp_path, StartOptions())
    assert again.terminal.engine.core.switch.state is TradingState.REDUCING
    assert again.position("KRW-BTC").quantity == before.quantity
    compared = [event for event in again.events if isinstance(event, Reconciled)]
    assert compared[0].differences == (), "the exchange remembers what it owes us"
    again.terminal.engine.post(LiquidateAll("press"))
    emergency = again.terminal.engine.core.emergency
    await again.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat")
    await again.land()
