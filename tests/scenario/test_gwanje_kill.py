"""gwanje-kill against a real terminal and a real exchange: running, hung (stopped by a signal), and dead."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from app.adapters.files.profile import Profile
from app.adapters.files.stop_file import StopFile
from app.adapters.host.heartbeat import Vital, examine
from app.domain.kill import KillMark
from app.domain.position import PositionState
from app.domain.values import TradingState
from app.kill.program import Wish, run_kill
from tests.scenario.flight import Flight
from tests.scenario.test_first_flight import at_once, resting


def profile_of(flight: Flight) -> Profile:
    return Profile(flight.folder / "config", flight.folder / "data", flight.folder / "logs")


def stop_file(flight: Flight) -> StopFile:
    return StopFile(flight.folder / "data" / "attached")


async def trading(flight: Flight) -> None:
    """One position, one entry that rests."""
    flight.enable()
    flight.start("KRW-XRP", at_once(flight))
    flight.start("KRW-ETH", resting(flight))
    await flight.until_state("KRW-XRP", PositionState.ACTIVE)
    await flight.until(lambda: len(flight.terminal.engine.core.tracker.working()) == 1, "the resting order")


async def test_a_running_terminal_halts_itself_and_proves_it(flight: Flight) -> None:
    await trading(flight)
    said: list[str] = []
    assert await run_kill(profile_of(flight), Wish.TRIP, None, 10, said.append) == 0
    assert any("runs and has halted itself" in line for line in said), said
    assert flight.terminal.engine.core.switch.state is TradingState.HALTED
    await flight.until(lambda: not flight.terminal.engine.core.tracker.working(), "the entry is cancelled")
    assert flight.position("KRW-XRP").state is PositionState.ACTIVE, "a trip alone sells nothing"


async def test_a_running_terminal_sells_by_itself_when_asked_to(flight: Flight) -> None:
    await trading(flight)
    said: list[str] = []
    assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
    assert not any("selling" in line for line in said), "the terminal did it"
    await flight.assert_flat()
    assert flight.terminal.engine.core.switch.state is TradingState.HALTED


async def test_a_dead_terminal_is_finished_for_it_and_finds_it_done(flight: Flight) -> None:
    await trading(flight)
    await flight.crash()
    flight.terminal.heartbeat.end()  # this process lives on, the terminal in it does not
    said: list[str] = []
    assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
    ledger = await flight.assert_flat()
    sales = [order for order in ledger.orders if order.side == "ask"]
    assert len(sales) == 1 and "-kill-krw-xrp-1" in (sales[0].identifier or "")
    again: list[str] = []
    assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, again.append) == 0, again
    assert len([o for o in (await flight.admin.ledger()).orders if o.side == "ask"]) == 1, "never sold twice"
    await flight.take_off_again()
    assert flight.terminal.engine.core.switch.state is TradingState.HALTED
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    await flight.assert_flat()


async def test_the_own_coins_of_the_user_are_left_alone(flight: Flight) -> None:
    await flight.crash()
    flight.terminal.heartbeat.end()
    said: list[str] = []
    assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
    assert [o for o in (await flight.admin.ledger()).orders if o.side == "ask"] == []


HUNG = """
import asyncio, sys
from pathlib import Path
from app.adapters.files.profile import Profile
from app.bootstrap import StartOptions, open_terminal

async def main():
    folder = Path(sys.argv[1])
    profile = Profile(folder / "config", folder / "data", folder / "logs")
    terminal = await open_terminal(StartOptions(attach=folder / "address.json"), profile)
    terminal.start()
    print("up", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
async def test_a_hung_terminal_is_told_from_a_dead_one_and_sends_nothing_meanwhile(flight: Flight) -> None:
    await trading(flight)
    await flight.crash()
    flight.terminal.heartbeat.end()
    root = Path(__file__).resolve().parents[2]
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HUNG, str(flight.folder), stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        assert other.stdout is not None and await other.stdout.readline() == b"up\n"
        await asyncio.sleep(3)
        folder = flight.folder / "data" / "attached"
        other.send_signal(signal.SIGSTOP)
        assert await asyncio.to_thread(examine, folder) is Vital.HUNG
        said: list[str] = []
        assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
        assert any("hangs" in line for line in said)
        sales = [o for o in (await flight.admin.ledger()).orders if o.side == "ask"]
        other.send_signal(signal.SIGCONT)
        await asyncio.sleep(3)
        found = await stop_file(flight).read()
        assert isinstance(found, KillMark) and found.halted
        assert len([o for o in (await flight.admin.ledger()).orders if o.side == "ask"]) == len(sales) == 1
    finally:
        other.kill()
        await other.wait()
    await flight.take_off_again()
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    await flight.assert_flat()
