"""What a child does with the terminal: fly (trade until killed or landed) or settle (start again, come to rest)."""

import asyncio
import gc
import os
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec

import app.bootstrap
from app.adapters.files.blueprint_files import read_shelf
from app.adapters.files.profile import Profile
from app.adapters.host.practice_admin import ExchangeAdmin
from app.adapters.host.system_clock import SystemClock
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.recovery import recover
from app.bootstrap import RESOURCES, StartOptions, Terminal, open_terminal
from app.domain.blueprint import EntryOrderPolicy, StrategyBlueprint
from app.domain.commands import CancelOrder, ClosePosition, LiquidateAll, SetTradingState, StartStrategy
from app.domain.emergency import LiquidationStage
from app.domain.exit_plan import ExitRules
from app.domain.order import OrderState
from app.domain.position import Position, PositionState
from app.domain.slippage import SlippagePolicy
from app.domain.values import Market, OrderType, TradingState
from app.engine.rule_language import rule_problems
from tests.crash import points, witness

STOPPED, CLOSED, HELD, RESTING = "KRW-SOL", "KRW-XRP", "KRW-BTC", "KRW-ETH"
BOUGHT = (STOPPED, CLOSED, HELD)
BUDGET = Decimal(1_000_000)
#: How long a flight waits for one thing before it goes on without it, and how long a restart may take to settle.
STEP_PATIENCE_S = 4.0
SETTLE_PATIENCE_S = 30.0
POLL_S = 0.02
#: Seconds the terminal's clock runs ahead per poll while nothing but time is waited for (about 13 times as fast).
SKIP_S = 0.25
#: Troubles half of the flights meet: rate, seconds, and their figure (seconds) where they have one. The figures are
#: short because a waiting terminal's clock runs ahead: its horizon of 30 s must stay longer than what the venue hides.
TROUBLES: tuple[tuple[str, float, float, float | None], ...] = (
    ("order_answer_lost", 0.5, 1.0, None),
    ("server_error_after", 0.5, 1.0, None),
    ("server_error_before", 0.3, 1.0, None),
    ("private_frame_lost", 0.5, 2.0, None),
    ("private_frame_duplicated", 0.5, 2.0, None),
    ("private_frame_late", 0.5, 2.0, 0.3),
    ("partial_fills_only", 1.0, 2.0, None),
    ("slow_fills", 0.5, 2.0, 0.3),
    ("cancel_slow", 1.0, 2.0, 0.5),
    ("order_not_found", 0.5, 2.0, 0.5),
)
#: Neither answer nor stream: what became of an order must be looked up.
SILENCE = ("server_error_after", "private_frame_lost")


@dataclass(slots=True)
class Fuse:
    """Counts the points that are passed and ends the process at the n-th pass of one of them."""

    name: str = ""
    nth: int = 1
    passed: dict[str, int] = field(default_factory=dict)

    def hit(self, name: str) -> None:
        count = self.passed[name] = self.passed.get(name, 0) + 1
        if name == self.name and count == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)


class WaitingClock(SystemClock):
    """Time that can be made to pass while nothing but time is waited for; the next run goes on from there."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        stored = os.pread(self._file, 8, 0)
        self._ahead = timedelta(seconds=struct.unpack("d", stored)[0] if len(stored) == 8 else 0.0)

    def now(self) -> datetime:
        """Aware UTC time that never steps back."""
        return super().now() + self._ahead

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += timedelta(seconds=seconds)
        os.pwrite(self._file, struct.pack("d", self._ahead.total_seconds()), 0)


@dataclass(frozen=True, slots=True)
class Task:
    """One child: on which files, against which exchange, with which script, and where it is to die."""

    folder: Path
    address_file: Path
    admin: str
    seed: int
    armed: str = ""
    nth: int = 1
    patient: bool = False

    @property
    def report_file(self) -> Path:
        """What a child that was not killed has to say."""
        return self.folder / "report.json"

    @property
    def witness_file(self) -> Path:
        """What all children of a run swore to."""
        return self.folder / witness.FILE_NAME

    @property
    def database_file(self) -> Path:
        """The journal."""
        return self.folder / "data" / "attached" / "gwanje.db"


class Report(msgspec.Struct):
    """How a child ended that was not killed."""

    passed: dict[str, int]
    words: list[str] = msgspec.field(default_factory=list)


class Pilot:
    """One terminal in one child process."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.random = Random(task.seed)
        self.fuse = Fuse(task.armed, task.nth)
        self.clock = WaitingClock(task.folder / "clock-ahead")
        self.admin = ExchangeAdmin(task.admin)
        self.terminal: Terminal
        self.clicks = 0

    # ---- scripts ------------------------------------------------------------------------------------------------

    async def fly(self, everything: bool) -> Report:
        """Trade as the seed says; ``everything`` in order when the points are to be counted."""
        draw = 1.0 if everything else self.random.random()
        await self._open()
        await self._until(self._is_ready)
        if draw < 0.5:
            name, rate, seconds, figure = self.random.choice(TROUBLES)
            body: dict[str, object] = {"name": name, "rate": rate, "seconds": seconds}
            await self.admin._call("POST", "/faults", body if figure is None else body | {"value": figure})
        self._post(SetTradingState(TradingState.ENABLED, "user"))
        if everything:
            for trouble in SILENCE:
                await self.admin.fault(trouble, 1, STEP_PATIENCE_S)
        await self._buy(looked_up=everything)
        if draw < 0.85 or everything:
            await self._until(lambda: all(map(self._is_active, BOUGHT)) and bool(self._open_orders()))
            acts = [self._stop_out, self._close_by_hand, self._cancel]
            for act in acts if everything else self.random.sample(acts, self.random.randint(0, 3)):
                await act()
        else:
            await asyncio.sleep(self.random.uniform(0, 0.15))
        if everything or self.random.random() < 0.7:
            self._post(LiquidateAll("press"))
            await self._until(self._is_flat, skipping=True)
        await self.terminal.close()
        return Report(self.fuse.passed)

    async def settle(self) -> Report:
        """Come to rest after a kill, then prove with the emergency control that everything is still under control."""
        report = Report(self.fuse.passed)
        patience_s = SETTLE_PATIENCE_S * (3 if self.task.patient else 1)
        await self._open()
        if not await self._until(self._is_at_rest, skipping=True, patience_s=patience_s):
            report.words.append(f"not at rest: {'; '.join(self._unrest())}")
        self._post(LiquidateAll("after the crash"))
        if not await self._until(self._is_flat, skipping=True, patience_s=patience_s):
            run = self.terminal.engine.core.emergency.run
            report.words.append(f"the emergency control did not end flat: {run}")
        await self.terminal.close()
        return report

    async def _buy(self, looked_up: bool) -> None:
        self._start(BOUGHT[0], self._at_once())
        if looked_up:
            await self._until(lambda: self._is_active(BOUGHT[0]))
            for trouble in SILENCE:
                await self.admin.fault(trouble, 0, STEP_PATIENCE_S)
        for symbol in BOUGHT[1:]:
            self._start(symbol, self._at_once())
        self._start(RESTING, self._resting())

    # ---- acts ---------------------------------------------------------------------------------------------------

    async def _stop_out(self) -> None:
        await self._move(STOPPED, -5)
        await self._until(lambda: self._is_closed(STOPPED))
        await self._move(STOPPED, 5.25)

    async def _close_by_hand(self) -> None:
        position = self._position(CLOSED)
        if position is not None:
            self._post(ClosePosition(position.position_id))
            await self._until(lambda: self._is_closed(CLOSED))

    async def _cancel(self) -> None:
        orders = self._open_orders()
        for order_id in orders:
            self._post(CancelOrder(order_id))
        await self._until(lambda: not self._open_orders())

    async def _move(self, symbol: str, percent: float) -> None:
        await self.admin._call("POST", "/market", {"market": symbol, "move_pct": percent, "over_ms": 100})

    # ---- looking ------------------------------------------------------------------------------------------------

    def _is_ready(self) -> bool:
        core = self.terminal.engine.core
        wanted = {Market("upbit", symbol) for symbol in (*BOUGHT, RESTING)}
        return core.account.reconciled and wanted <= core.board.books.keys() and wanted <= core.board.constraints.keys()

    def _is_at_rest(self) -> bool:
        return not self._unrest()

    def _unrest(self) -> list[str]:
        """Why the terminal has not come to rest."""
        core = self.terminal.engine.core
        moving = [o for o in core.tracker.working() if o.state not in (OrderState.OPEN, OrderState.PARTIAL)]
        closing = [p for p in core.positions.live() if p.state in (PositionState.CLOSING, PositionState.ERROR)]
        words = [f"order {order.order_id} is {order.state}" for order in moving]
        words += [f"position {position.position_id} is {position.state}: {position.note}" for position in closing]
        if core.emergency.is_running:
            words.append(f"the emergency run is {core.emergency.run}")
        if not self._is_ready():
            words.append("books and venue were not compared")
        return words

    def _is_flat(self) -> bool:
        run = self.terminal.engine.core.emergency.run
        return run is not None and run.stage is LiquidationStage.FLAT

    def _position(self, symbol: str) -> Position | None:
        """The newest of a market; None when its start was refused (an emergency run of an earlier start goes on)."""
        positions = self.terminal.engine.core.positions.positions.values()
        return next((position for position in reversed(positions) if position.market.symbol == symbol), None)

    def _is_active(self, symbol: str) -> bool:
        position = self._position(symbol)
        return position is not None and position.state is PositionState.ACTIVE

    def _is_closed(self, symbol: str) -> bool:
        position = self._position(symbol)
        return position is not None and position.state is PositionState.CLOSED

    def _open_orders(self) -> list[str]:
        working = self.terminal.engine.core.tracker.working()
        return [order.order_id for order in working if order.intent.market.symbol == RESTING]

    # ---- doing --------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        task = self.task
        profile = Profile(task.folder / "config", task.folder / "data", task.folder / "logs")
        for path in (profile.config, profile.data, profile.logs, profile.blueprint_folder):
            path.mkdir(parents=True, exist_ok=True)
        self.terminal = await open_terminal(StartOptions(attach=task.address_file), profile)
        self.terminal.start()
        self.terminal.supervisor.spawn(self._ask_always(), name="crash-witness")

    async def _ask_always(self) -> None:
        """Ask ``durable`` again and again, so that every commit is sworn to as soon as it is acknowledged."""
        while True:
            await self.terminal.journal.durable()
            await asyncio.sleep(0.003)

    async def _until(
        self, holds: Callable[[], bool], skipping: bool = False, patience_s: float = STEP_PATIENCE_S
    ) -> bool:
        """Wait; False when it took too long. A flight then just goes on: troubles may have changed its course."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while not holds():
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await asyncio.sleep(POLL_S)
            if skipping and not self.task.patient:
                self.clock.skip(SKIP_S)
        return True

    def _post(self, command: Any) -> None:
        self.terminal.engine.post(command)

    def _start(self, symbol: str, blueprint: StrategyBlueprint) -> None:
        self.clicks += 1
        self._post(StartStrategy(f"click-{self.clicks}", Market("upbit", symbol), blueprint, BUDGET))

    def _at_once(self) -> StrategyBlueprint:
        shelf = {blueprint.id: blueprint for blueprint in self.terminal.shelf.blueprints}
        one_step = shelf["trend-breakout"].steps
        rules = ExitRules(stop_loss_percent=Decimal(3))
        return replace(shelf["dca-ladder"], id="at-once", steps=one_step, exits=rules)

    def _resting(self) -> StrategyBlueprint:
        policy = EntryOrderPolicy(OrderType.LIMIT, offset_ticks=-30, timeout_s=3600)
        return replace(self._at_once(), id="resting", entry_order=policy, slippage=SlippagePolicy())


def warm_up(folder: Path) -> None:
    """Import and compile once, before any fork, what every child needs. No thread is left over."""

    async def open_and_close() -> None:
        database = Database(sqlite_url(folder))
        await database.open()
        await recover(database, datetime.now(UTC))
        await database.close()

    for blueprint in read_shelf((RESOURCES / "blueprints",)).blueprints:
        rule_problems(blueprint)
    asyncio.run(open_and_close())
    gc.collect()
    gc.freeze()  # children copy no page just because the collector looked at it


def run_child(task: Task, script: str) -> None:
    """Body of a child: ``script`` is fly, everything or settle."""
    pilot = Pilot(task)
    witness.install(task.witness_file)
    points.install(pilot.fuse.hit)
    patched: Any = app.bootstrap
    patched.SystemClock = lambda: pilot.clock
    report = asyncio.run(pilot.settle() if script == "settle" else pilot.fly(everything=script == "everything"))
    task.report_file.write_bytes(msgspec.json.encode(report))
