"""The whole terminal and the practice exchange over the wire, in virtual time."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.commands import SetTradingState
from app.domain.values import TradingState
from app.engine.order_executor import OrderExecutor
from tests.simulation.wire.script import Play, play
from tests.simulation.wire.wire_loop import WireLoop, run, virtual_time
from tests.simulation.wire.world import START, Violation, opened

ROOT = Path(__file__).resolve().parents[3]
#: Seeds that once found something stay here for ever: (seed, hours).
KEPT: list[tuple[int, float]] = []


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A world full of faults is full of warnings."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(before)


@pytest.mark.parametrize(("seed", "hours"), [(1, 0.2), (3, 0.2), *KEPT])
def test_books_and_venue_agree_after_a_bad_time(seed: int, hours: float) -> None:
    outcome = play(seed, hours)
    assert outcome.violations == []
    assert outcome.fills > 0, "a world in which nothing happens proves nothing"


def test_a_program_that_sends_before_it_writes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_executor: OrderExecutor, _order_id: str, urgent: bool) -> bool:
        return True

    monkeypatch.setattr(OrderExecutor, "_is_written", at_once)
    found = play(100, 0.15).violations
    assert "I2" in {violation.invariant for violation in found}


def test_an_entry_that_waits_for_the_quota_does_not_leave_after_the_press(tmp_path: Path) -> None:
    loop = WireLoop(1)

    async def story() -> list[Violation]:
        scene = Play(loop, 1, tmp_path, hours=1, traced=False)
        async with opened(scene.world):
            await scene.world.open()
            await asyncio.sleep(5)
            scene.world.post(SetTradingState(TradingState.ENABLED, "user"))
            scene.world.running().client.limiter.ban("order", 6)  # as after a 418 that names six seconds
            scene.start("KRW-BTC")
            await asyncio.sleep(1)
            await scene.do_emergency()
            await asyncio.sleep(20)
        return scene.world.violations

    with virtual_time(loop, START.timestamp(), 1):
        assert run(loop, story()) == []


def test_the_same_seed_gives_the_same_trace_in_another_process() -> None:
    here = play(4, 0.05)
    command = [sys.executable, "-m", "tests.simulation.wire", "--seeds", "1", "--start", "4", "--hours", "0.05"]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    told = json.loads(ended.stdout)
    assert told["trace_hashes"] == {"4": here.trace_hash}
    assert ended.returncode == 0, ended.stderr


def test_another_seed_gives_another_trace() -> None:
    assert play(4, 0.02).trace_hash != play(5, 0.02).trace_hash
