"""One run of the program in virtual time: the real core, engine, executor and journal, on a disk that may fail."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.adapters.dry_run.venue import DryRunVenue
from app.adapters.storage.codec import encode
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import Recovered, recover
from app.domain.effects import Effect, SendCancel
from app.domain.errors import StorageError
from app.domain.kill import KillMark
from app.domain.market_data import Trade
from app.domain.messages import (
    Event,
    LiquidationChanged,
    MarketsListed,
    Message,
    OrderChanged,
    StateEvent,
    StreamStateChanged,
    TimePassed,
)
from app.domain.order import Order, OrderState
from app.domain.ports import VenueClient
from app.domain.position import PositionState
from app.domain.values import OrderType, Priority, Purpose
from app.engine.event_bus import EventBus
from app.engine.kill_recorder import KillRecorder
from app.engine.order_executor import JOURNAL_PATIENCE
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine
from tests.simulation.store import Killed, SimulatedDisk
from tests.simulation.urgency_watch import TURN_S
from tests.simulation.venue_door import VENUE, VenueLine

if TYPE_CHECKING:
    from tests.simulation.world import World

INSTALL = "abc234"
#: Seconds between two ticks of the engine while something goes on; while nothing does, it may sleep for QUIET_TICK_S.
BUSY_TICK_S = 0.5
SETTLING_TICK_S = 1.0
QUIET_TICK_S = 600.0
#: How often the figures of the screen are told, which nobody looks at here; they were a quarter of all the work.
FIGURES_EVERY = timedelta(seconds=600)
TRADES_COUNT_WITHIN = timedelta(seconds=25)


class WatchedJournal:
    """The real journal; notes what was handed in and up to where it was acknowledged."""

    #: Number of the last record that somebody no longer waited for: the disk took longer than JOURNAL_PATIENCE.
    given_up = 0
    #: Number of the last record about an emergency run.
    last_run = 0

    def __init__(self, inner: SqlJournal, world: "World", first: int) -> None:
        self._inner = inner
        self._world = world
        self.count = first
        self._record_of: dict[str, int] = {}
        self._runs: list[int] = []

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        """See Journal."""
        self._inner.append(event, happened_at)
        self._world.written.append(encode(event))
        self.count += 1
        if isinstance(event, LiquidationChanged):
            self.last_run = self.count
            self._runs.append(self.count)
        if isinstance(event, OrderChanged):
            self._record_of.setdefault(event.order.order_id, self.count)

    def durable(self) -> Awaitable[None]:
        """See Journal."""
        return self._durable(self.count)

    def first_run_after(self, record: int | None) -> int | None:
        """Number of the first record about an emergency run after this one; None when there is no such moment."""
        return next((number for number in self._runs if record is not None and number > record), None)

    def know(self, order_id: str) -> None:
        """An order of an earlier run is on disk already."""
        self._record_of[order_id] = 0

    def record_of(self, order_id: str) -> int | None:
        """Number of the first record about an order."""
        return self._record_of.get(order_id)

    async def _durable(self, count: int) -> None:
        begun = self._world.time()
        try:
            await self._inner.durable()
        finally:
            waited = self._world.time() - begun + 1e-3
            if waited > TURN_S:
                self._world.oracle.urgency.excused_until = self._world.time()
            if waited > JOURNAL_PATIENCE.total_seconds():
                self.given_up = max(self.given_up, count)
        self._world.acknowledged = max(self._world.acknowledged, count)


class QuietEngine(TradingEngine):
    """The engine with a tick that slows down while nothing happens; a day has 864,000 ticks otherwise."""

    woken: asyncio.Event
    ticks = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Orders a cancel was decided for, whose bytes have not left yet.
        self.cancels_due: set[str] = set()

    def _emit(self, items: list[Event | Effect], now: datetime, signal: datetime | None = None) -> None:
        self.cancels_due.update(item.order_id for item in items if isinstance(item, SendCancel))
        super()._emit(items, now, signal)

    def _tell_queue(self, now: datetime) -> None:
        """Nobody looks at the queue here."""

    def busy(self) -> bool:
        """True while time matters."""
        core = self.core
        if not all(map(_rests, core.tracker.working())) or core.emergency.is_running or core.account_desk.is_searching:
            return True
        return any(p.state in (PositionState.CLOSING, PositionState.ERROR) for p in core.positions.live())

    async def _tick(self) -> None:
        while True:
            self.woken.clear()
            self._look_outside()
            try:
                async with asyncio.timeout(self.busy_tick() if self.busy() or self.lively() else QUIET_TICK_S):
                    await self.woken.wait()
            except TimeoutError:
                self.ticks += 1
                self.post(TimePassed())

    def lively(self) -> bool:
        """Set by the world: an episode is on."""
        return False

    def busy_tick(self) -> float:
        """Set by the world: the usual pause between two ticks."""
        return BUSY_TICK_S

    def wake(self) -> None:
        """Something began: do not sleep on."""
        if self.busy():
            self.woken.set()


def _rests(order: Order) -> bool:
    """A sale in the book: time alone does not end it."""
    there = order.state in (OrderState.OPEN, OrderState.PARTIAL) and order.intent.order_type is OrderType.LIMIT
    return there and order.intent.purpose is Purpose.EXIT


class Terminal:
    """One process. ``start`` raises StorageError when the journal is refused."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.dead = False
        self.ended = False
        self.up = False
        self.journal_trouble = False
        self.offset = world.clock_offset
        self.disk = SimulatedDisk(self._before_commit, self._after_commit)
        self.bus = EventBus()
        self.supervisor = TaskSupervisor(self._task_died)

    @property
    def ticks(self) -> int:
        """How often the engine ticked."""
        return self.engine.ticks

    @property
    def is_lively(self) -> bool:
        """True while the engine ticks at its usual pace."""
        return self.world.lively

    @property
    def is_up(self) -> bool:
        """True while the engine decides."""
        return self.up and not self.dead and not self.ended

    # ---- Process port -------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """This computer's clock."""
        return self.world.utc() + self.offset

    def post(self, message: Message) -> None:
        """The engine's door."""
        if self.dead:
            raise Killed
        if isinstance(message, StreamStateChanged) and message.stream == "private":
            self.world.oracle.feeding.private_down_at = None if message.up else self.world.time()
        self.world.oracle.limits.shown(message, self.world.time())
        self.world.oracle.tickets.shown(message)
        self.engine.post(message)
        self.engine.wake()
        # With a clock further ahead than this the engine takes live trades for old ones and goes by the book alone.
        if isinstance(message, Trade) and abs(self.offset) < TRADES_COUNT_WITHIN:
            self.world.oracle.on_trade(message, self)

    def at(self, point: str) -> None:
        """A point where the power may go."""
        if self.dead:
            raise Killed
        if self.world.may_crash() and self.world.knobs.hits("crash_at_point"):
            self.world.crash(point)
            raise Killed

    def cut_off(self) -> None:
        """The network is gone from now on."""
        self.world.begin_outage()

    def surprise(self, market: str) -> None:
        """Something happens to the market or the stream while an order waits."""
        self.world.surprise(market)

    def read(self, begun: float, named: set[str]) -> None:
        """A reading of the account was answered."""
        self.world.oracle.on_reading(begun, named)

    def tries(self, order_id: str) -> None:
        """An order is handed to the network."""
        self.world.oracle.tried.add(order_id)

    def waits(self) -> None:
        """An order waits for the rate limit before its first byte leaves."""
        self.world.trip_at_the_last_moment()

    def answered(self, group: str, failed: bool | None, order_id: str) -> None:
        """A call came to its end."""
        if self.dead:
            return
        self.world.oracle.health.answered(failed)
        if failed is None:
            self.world.oracle.breakers.not_counted(order_id)
        else:
            self.world.oracle.breakers.answered(group, failed, order_id, self.now())

    def health_told(self, failed: bool | None, skew_s: float | None = None, way_s: float = 0.0) -> None:
        """A check, or a book that was asked for, came to its end."""
        if self.dead:
            return
        self.world.oracle.health.answered(failed)
        if skew_s is not None:
            self.world.oracle.health.checked(skew_s, way_s)

    def wire(self, what: str, order_id: str, order: Order | None) -> None:
        """Bytes are leaving."""
        if self.dead:
            raise Killed
        if self.world.dry_run:
            self.world.oracle.broken("I55", f"a {what} of {order_id} leaves on a dry run")
        if order is not None:
            self.world.oracle.on_submit(order, self)
            if not order.intent.purpose.reduces_risk:
                self.world.kill.on_entry(order_id)
        else:
            self.world.oracle.on_cancel(order_id, self)
            self.engine.cancels_due.discard(order_id)

    def lacked_money(self, order: Order) -> None:
        """The venue refused an entry, because the account has not the money for it."""
        self.world.oracle.on_lack_of_money(order)

    def call(self, what: str, order_id: str, priority: Priority) -> AbstractContextManager[None]:
        """The executor calls the venue."""
        return self.world.oracle.urgency.call(what, order_id, priority)

    def limit(self, group: str, order_id: str, priority: Priority) -> AbstractContextManager[None]:
        """A call waits for the rate limit."""
        return self.world.oracle.urgency.limit(group, order_id, priority)

    # ---- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the files, recover, begin to decide."""
        world = self.world
        self.database = Database(sqlite_url(world.folder), connect=self.disk.connect)
        await self.database.open()
        self.recovered: Recovered = await recover(self.database, self.now(), install_source=lambda: INSTALL)
        found = self.recovered
        found.kill = await world.kill.open(self, found.kill, found.epoch, self.now())
        inner = SqlJournal(self.database, found.head, found.epoch, self._journal_failed, self.supervisor.spawn)
        self.inner = inner
        self.journal = WatchedJournal(inner, world, found.head.seq)
        for order in found.orders:
            self.journal.know(order.order_id)
        world.oracle.reopened(self)
        world.oracle.urgency.restarted(world.room[0], world.limits.max_queued_entries)
        ids = DurableIds(found.install, found.epoch)
        core = TradingCore(VENUE, "KRW", world.limits, ids, world.health)
        core.figures.slow_every = FIGURES_EVERY
        stores = (world.kill.stop_file, world.kill.keyring)
        self.recorder = KillRecorder(self.journal, stores, self.supervisor.spawn, self._mark_failed)
        line: VenueClient = VenueLine(world.door, self)
        if world.dry_run:
            line = DryRunVenue(line)
        self.engine = QuietEngine(
            core,
            line,
            self.recorder,
            self.bus,
            _Clock(self),
            self.supervisor.spawn,
            room=world.room,
            outside=world.kill,
        )
        self.engine.woken = asyncio.Event()
        self.engine.lively = lambda: world.lively  # type: ignore[method-assign]
        self.engine.busy_tick = lambda: BUSY_TICK_S if world.knobs.on else SETTLING_TICK_S  # type: ignore[method-assign]
        self.bus.subscribe(self._on_event)
        await inner.start()
        self.up, self.up_since = True, world.time()
        self.alerts = world.outside.attach(self)
        self.alerts.start()
        world.outside.connect(self.alerts)
        self.engine.start(found, found.liquidation, "practice")
        world.kill.started(core.switch.state)
        await asyncio.sleep(world.knobs.seconds(0.05, 1.5))
        self.list_markets()
        await asyncio.sleep(world.knobs.seconds(0.05, 1.0))
        world.door.connect(self)

    def list_markets(self) -> None:
        """The venue's rules, as the hourly listing brings them."""
        if not self.dead and not self.ended:
            self.post(MarketsListed(VENUE, *self.world.door.rules()))

    async def end(self) -> None:
        """The user closes the program."""
        self.ended = True
        self._testify()
        self.world.door.disconnect()
        await self.engine.stop(self.recovered.epoch)
        await self.recorder.drained()
        await self.alerts.close()
        await self.inner.stop()
        await self.supervisor.stop()
        await self.database.close()
        self.dead = True

    def kill(self) -> None:
        """kill -9."""
        self.dead = True
        self._testify()
        self.disk.kill()
        self.world.door.disconnect()

    def _testify(self) -> None:
        """For how long it has lived, and whether what it wrote down can be trusted to be there."""
        self.world.oracle.ticks_of_the_dead = self.engine.ticks if self.up else 0
        self.world.oracle.sound_disk = not self.journal_trouble and self.world.disk_trouble is None

    async def buried(self) -> None:
        """Wait until nothing of it runs any more."""
        await self.supervisor.stop()

    def has_order(self, order_id: str) -> bool:
        """True when the journal knows the order."""
        row = self.world.oracle.reader().execute("SELECT 1 FROM orders WHERE order_id = ?", (order_id,)).fetchone()
        return row is not None

    # ---- inside -------------------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        self.world.oracle.on_event(event)
        self.world.kill.on_event(event)
        if isinstance(event, OrderChanged):
            self.world.expect_leaving(self, event)
            if event.trigger == "intent" and self.world.knobs.hits("user_races"):
                self.world.race()
            self.at(f"event.{event.trigger}")

    def _task_died(self, name: str, error: BaseException) -> None:
        if not isinstance(error, Killed):
            self.world.oracle.broken("I27", f"task {name} died: {error!r}")

    def _journal_failed(self, error: StorageError) -> None:
        self.journal_trouble = True
        self.world.oracle.say(lambda: "journal failed")
        self.engine.journal_failed(str(error))

    def _mark_failed(self, mark: KillMark, words: str) -> None:
        self.engine.mark_failed(mark, words)

    async def _before_commit(self, _name: str) -> None:
        self.at("commit.before")
        knobs, world = self.world.knobs, self.world
        if knobs.hits("disk_slow"):
            await asyncio.sleep(knobs.seconds(0.05, 3))
        if world.disk_trouble is not None and knobs.on:
            knobs.note(world.disk_trouble)
            raise _disk_error(world.disk_trouble)

    async def _after_commit(self, _name: str) -> None:
        self.at("commit.after")


class _Clock:
    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def now(self) -> datetime:
        """See Clock."""
        return self._terminal.now()


_ERRORS = {
    "disk_full": (sqlite3.OperationalError, "database or disk is full", "SQLITE_FULL"),
    "disk_error": (sqlite3.OperationalError, "disk I/O error", "SQLITE_IOERR_WRITE"),
    "database_locked": (sqlite3.OperationalError, "database is locked", "SQLITE_BUSY"),
}


def _disk_error(name: str) -> sqlite3.Error:
    kind, words, code = _ERRORS[name]
    error = kind(words)
    error.sqlite_errorname = code  # type: ignore[misc]
    return error
