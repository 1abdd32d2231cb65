"""gwanje-kill against a real terminal and a real exchange: running, hung (stopped by a signal), and dead."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.files.profile import Profile
from app.adapters.files.stop_file import StopFile
from app.adapters.host.heartbeat import Vital, examine
from app.domain.commands import LiquidateAll
from app.domain.kill import KillMark
from app.domain.position import PositionState
from app.domain.values import TradingState
from app.kill.program import Wish, run_kill
from tests.scenario.flight import Flight, profile_in
from tests.scenario.test_first_flight import at_once, resting

#: Coins the user had before, more than the program ever holds: the venue refuses no sale of them.
OWN = Decimal(5000)


def profile_of(flight: Flight) -> Profile:
    return profile_in(flight.folder)


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
from app.domain.commands import LiquidateAll

async def main():
    folder = Path(sys.argv[1])
    profile = Profile(folder / "config", folder / "data", folder / "logs")
    terminal = await open_terminal(StartOptions(attach=folder / "address.json"), profile)
    terminal.start()
    print("up", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        terminal.engine.post(LiquidateAll(line.strip()))

asyncio.run(main())
"""


@asynccontextmanager
async def finished_while_hung(flight: Flight, presses: int = 0) -> AsyncIterator[list[str]]:
    """Another terminal hangs, gwanje-kill sells in its place, then it wakes up; yields what gwanje-kill said.

    Right after it woke up somebody presses its emergency button, ``presses`` times.
    """
    await flight.crash()
    flight.terminal.heartbeat.end()
    root = Path(__file__).resolve().parents[2]
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HUNG, str(flight.folder), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        assert other.stdin is not None and other.stdout is not None and await other.stdout.readline() == b"up\n"
        await asyncio.sleep(3)
        other.send_signal(signal.SIGSTOP)
        assert await asyncio.to_thread(examine, flight.folder / "data" / "attached") is Vital.HUNG
        said: list[str] = []
        assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
        for _ in range(presses):
            other.stdin.write(b"a person\n")
        other.send_signal(signal.SIGCONT)
        yield said
        assert other.returncode is None
    finally:
        other.kill()
        await other.wait()


async def sales(flight: Flight) -> list[str | None]:
    return [order.identifier for order in (await flight.admin.ledger()).orders if order.side == "ask"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
async def test_a_hung_terminal_is_told_from_a_dead_one_and_sends_nothing_meanwhile(flight: Flight) -> None:
    await trading(flight)
    async with finished_while_hung(flight) as said:
        assert any("hangs" in line for line in said)
        await asyncio.sleep(3)
        found = await stop_file(flight).read()
        assert isinstance(found, KillMark) and found.halted
        assert len(await sales(flight)) == 1
    await flight.take_off_again()
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    await flight.assert_flat()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
@pytest.mark.parametrize("presses", [0, 2])
async def test_a_terminal_that_wakes_up_leaves_the_own_coins_of_the_user_alone(flight: Flight, presses: int) -> None:
    """Its books still hold what gwanje-kill has sold, and with coins of his own there the venue refuses nothing."""
    await flight.admin.deposit("XRP", OWN)
    await trading(flight)
    async with finished_while_hung(flight, presses):
        await asyncio.sleep(6)
        await only_sold_by_gwanje_kill(flight)
    await flight.take_off_again()
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    await only_sold_by_gwanje_kill(flight)


async def only_sold_by_gwanje_kill(flight: Flight) -> None:
    (sale,) = await sales(flight)
    assert sale is not None and "-kill-" in sale
    held = {balance.currency: balance.free + balance.locked for balance in (await flight.admin.ledger()).balances}
    assert held["XRP"] == OWN


async def test_what_was_sold_after_a_proper_end_is_not_sold_again_by_the_next_run(flight: Flight) -> None:
    """Nothing says that this end was an unclean one; the mark that gwanje-kill left does."""
    await flight.admin.deposit("XRP", OWN)
    await trading(flight)
    await flight.land()
    said: list[str] = []
    assert await run_kill(profile_of(flight), Wish.FLATTEN, None, 20, said.append) == 0, said
    await flight.take_off_again()
    flight.terminal.engine.post(LiquidateAll("a person"))
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    await asyncio.sleep(2)
    await only_sold_by_gwanje_kill(flight)
