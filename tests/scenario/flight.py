"""A whole terminal without its screen, flying against a real practice exchange over real sockets."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import msgspec

from app.adapters.files.profile import Profile
from app.adapters.host.practice_admin import ExchangeAdmin, Ledger, flat_proof, last_prices
from app.adapters.host.practice_process import PracticeAddress, PracticeProcess
from app.bootstrap import StartOptions, Terminal, open_terminal
from app.domain.blueprint import StrategyBlueprint
from app.domain.commands import SetTradingState, StartStrategy
from app.domain.messages import Event
from app.domain.position import Position, PositionState
from app.domain.values import Market, TradingState

PATIENCE_S = 20.0


@dataclass(slots=True)
class Flight:
    """One exchange, and one terminal after another on the same profile."""

    folder: Path
    exchange: PracticeProcess
    address: PracticeAddress
    admin: ExchangeAdmin
    terminal: Terminal
    events: list[Event] = field(default_factory=list)
    clicks: int = 0

    def market(self, symbol: str) -> Market:
        return Market("upbit", symbol)

    def blueprint(self, blueprint_id: str) -> StrategyBlueprint:
        return next(b for b in self.terminal.shelf.blueprints if b.id == blueprint_id)

    def enable(self) -> None:
        self.terminal.engine.post(SetTradingState(TradingState.ENABLED, "user"))

    def start(self, symbol: str, blueprint: StrategyBlueprint, budget: int = 1_000_000) -> None:
        self.clicks += 1
        self.terminal.engine.post(
            StartStrategy(f"click-{self.clicks}", self.market(symbol), blueprint, Decimal(budget))
        )

    def position(self, symbol: str) -> Position:
        """The newest position of a market."""
        wanted = self.market(symbol)
        return [p for p in self.terminal.engine.core.positions.positions.values() if p.market == wanted][-1]

    async def until(self, holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until ``holds``; fails with ``what`` after ``patience_s``."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
            await asyncio.sleep(0.02)

    async def until_state(self, symbol: str, state: PositionState) -> Position:
        await self.until(lambda: self.position(symbol).state is state, f"{symbol} {state}")
        return self.position(symbol)

    async def assert_flat(self) -> Ledger:
        ledger = await self.admin.ledger()
        proof = flat_proof(ledger, last_prices(ledger))
        assert proof.holds, proof
        assert ledger.conservation.ok, ledger.conservation.problems
        return ledger

    async def land(self) -> None:
        """End the terminal properly."""
        await self.terminal.close()

    async def crash(self) -> None:
        """End the terminal as a power cut would: nothing more is written, no proper end."""
        self.terminal.engine._running = False  # what kill -9 does to it, without ending the test
        await self.terminal.supervisor.stop()
        await self.terminal.client.close()
        await self.terminal.database.close()

    async def take_off_again(self) -> None:
        """A new terminal on the same profile and the same exchange."""
        self.events.clear()
        self.terminal = await _open(self.folder, self.events)
        await _ready(self)


async def take_off(folder: Path, *arguments: str) -> Flight:
    """Start an exchange and a terminal; returns when books and venue agree."""
    exchange = PracticeProcess(["--venue", "upbit", "--port", "0", "--seed", "3", *arguments])
    address = await exchange.start(os.getpid())
    (folder / "address.json").write_bytes(msgspec.json.encode(address))
    events: list[Event] = []
    terminal = await _open(folder, events)
    flight = Flight(folder, exchange, address, ExchangeAdmin(address.admin), terminal, events)
    await _ready(flight)
    return flight


async def _ready(flight: Flight) -> None:
    core = flight.terminal.engine.core
    await flight.until(lambda: core.account.reconciled and bool(core.board.books), "books and venue agree")
    clock = flight.terminal.clock
    await flight.until(lambda: core.health.venue.skew_s(clock.now()) is not None, "the clocks are compared")


async def _open(folder: Path, events: list[Event]) -> Terminal:
    terminal = await open_terminal(StartOptions(attach=folder / "address.json"), profile_in(folder))
    terminal.bus.subscribe(events.append)
    terminal.start()
    return terminal


def profile_in(folder: Path) -> Profile:
    """The profile of every scenario in ``folder``."""
    profile = Profile(folder / "config", folder / "data", folder / "logs")
    for path in (profile.config, profile.data, profile.logs, profile.blueprint_folder):
        path.mkdir(parents=True, exist_ok=True)
    return profile


async def take_off_alone(folder: Path, options: StartOptions) -> Flight:
    """Start a terminal that brings an exchange of its own; returns when books and venue agree."""
    terminal = await open_terminal(options, profile_in(folder))
    assert terminal.process is not None and terminal.address is not None
    flight = Flight(folder, terminal.process, terminal.address, ExchangeAdmin(terminal.address.admin), terminal)
    terminal.bus.subscribe(flight.events.append)
    terminal.start()
    await _ready(flight)
    return flight
