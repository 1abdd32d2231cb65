"""One practice exchange and one terminal after another, on one virtual loop."""

import asyncio
import contextlib
import math
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from app import bootstrap
from app.adapters.files import stop_file
from app.adapters.files.profile import Profile
from app.adapters.host import heartbeat, loop_probe
from app.adapters.secrets import key_store
from app.adapters.storage import ids
from app.adapters.storage.database import FILE_NAME, Database
from app.adapters.upbit.auth import Pairs
from app.adapters.upbit.calls import Call
from app.adapters.upbit.rest_transport import RestTransport
from app.bootstrap import StartOptions, Terminal, open_terminal
from app.domain.messages import AlertRaised, Event, LiquidationChanged, Message, PositionChanged
from app.domain.position import Position
from app.practice.auth import Authenticator
from app.practice.clock import Timer, VenueClock
from app.practice.exchange import Exchange
from app.practice.market import Market
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits
from app.practice.order import Order, OrderRequest
from app.practice.rate_limits import RateLimits
from app.practice.server import PracticeServer
from app.practice.settings import Settings
from app.practice.venue_errors import VenueError
from tests.simulation.store import Killed, SimulatedDisk
from tests.simulation.wire.network import Network

CASH = Decimal(50_000_000)
CODES = ("KRW-BTC", "KRW-XRP", "KRW-SOL")
START = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 14:00 in Seoul
#: Share of the usual flow of the market; enough for prices to be fresh, little enough for an hour to take seconds.
QUIET_FLOW = 0.2
BOOKS_PER_S = 0.5
#: Alerts that mean a broken program whatever the venue did.
FATAL_ALERTS = frozenset({"task_died", "decision_failed", "rule_broken", "journal_failed"})
#: Largest minimum order of any seed (the fault min_total_change), and some room for the price to move; KRW.
HIGHEST_DUST = Decimal(10_500)


class LoopClock:
    """Time of this computer in virtual time; stands for SystemClock."""

    def now(self) -> datetime:
        """Aware UTC time."""
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def drift_s(self) -> float:
        """Nobody moves the wall clock."""
        return 0.0


class VenueTime:
    """Runs the exchange's timers when they are due in virtual time; its own server looks every few milliseconds."""

    #: The server's shortest nap, seconds: timers closer together run together.
    NAP_S = 0.002

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._began = loop.time()
        self._wake: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self.clock = VenueClock(int(START.timestamp() * 1e6), lambda: int(loop.time() * 1e6))
        self._schedule = self.clock.call_later
        self.clock.call_later = self._call_later  # type: ignore[method-assign]

    def stop(self) -> None:
        """Run nothing more."""
        self._not_before = math.inf
        if self._wake is not None:
            self._wake.cancel()

    def _call_later(self, delay_us: int, call: Callable[[], None]) -> Timer:
        timer = self._schedule(delay_us, call)
        self._arm()
        return timer

    def _arm(self) -> None:
        due = self.clock.next_due_us()
        if due is None or self._not_before == math.inf:
            return
        at = max(self._began + (self.clock.ticks_us + due + 1) / 1e6, self._not_before)
        if self._wake is not None and self._wake.when() <= at:
            return
        if self._wake is not None:
            self._wake.cancel()
        self._wake = self._loop.call_at(at, self._run)

    def _run(self) -> None:
        self._wake = None
        self._not_before = self._loop.time() + self.NAP_S
        self.clock.catch_up()
        self._arm()


@dataclass(slots=True)
class Violation:
    """Something that must never be."""

    invariant: str
    at_s: float
    words: str


@dataclass
class World:
    """Everything of one seed."""

    seed: int
    folder: Path
    network: Network
    time: VenueTime
    exchange: Exchange
    model: MarketModel
    random: random.Random
    disk: SimulatedDisk = field(default_factory=SimulatedDisk)
    terminal: Terminal | None = None
    died: asyncio.Event = field(default_factory=asyncio.Event)
    violations: list[Violation] = field(default_factory=list)
    crashes: int = 0
    restarts: int = 0
    too_many: int = 0
    #: How often each fault really happened.
    struck: Counter[str] = field(default_factory=Counter)
    #: Loop time of the emergency press while entries are forbidden by it.
    pressed_at: float | None = None
    #: What kills the process next: "send" = an order has just reached the venue, "commit" / "committed" = around one.
    armed: str = ""
    trace: list[str] | None = None

    # ---- the terminal's life --------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Start a terminal on the same files."""
        self.network.revive_clients()
        self.disk = SimulatedDisk(partial(self._at_commit, "commit"), partial(self._at_commit, "committed"))
        self.died.clear()
        profile = Profile(self.folder / "config", self.folder / "data", self.folder / "logs")
        for path in (profile.config, profile.data, profile.logs, profile.blueprint_folder):
            path.mkdir(parents=True, exist_ok=True)
        with patch.object(bootstrap, "Database", partial(Database, connect=self.disk.connect)):
            terminal = await open_terminal(StartOptions(attach=self.folder / "address.json"), profile)
        terminal.bus.subscribe(self._on_event)
        terminal.start()
        self.terminal = terminal
        self.say("terminal starts")

    def kill(self, why: str) -> None:
        """kill -9, in the middle of whatever it does."""
        if self.terminal is None or self.died.is_set():
            return
        self.say(f"killed: {why}")
        self.armed = ""
        self.crashes += 1
        self.terminal.engine._running = False
        self.disk.kill()
        self.network.kill_clients()
        self.died.set()

    async def bury(self) -> None:
        """Sweep up what a dead process leaves in this one."""
        terminal, self.terminal = self.terminal, None
        if terminal is not None:
            await terminal.supervisor.stop()
            await terminal.client.close()
            await terminal.database.close()

    async def close(self) -> None:
        """End the terminal properly."""
        terminal = self.running()
        self.say("terminal ends properly")
        await terminal.close()
        self.terminal = None
        self.restarts += 1

    def running(self) -> Terminal:
        """The terminal; there must be one."""
        assert self.terminal is not None
        return self.terminal

    def post(self, message: Message) -> None:
        """A click."""
        if self.terminal is not None and not self.died.is_set():
            self.say(f"click {type(message).__name__}")
            self.terminal.engine.post(message)

    # ---- watching -------------------------------------------------------------------------------------------------

    def say(self, words: str) -> None:
        """One line of the trace."""
        self.network.note(words)
        if self.trace is not None:
            self.trace.append(f"{self.network.loop.time():10.3f} {words}")

    def violate(self, invariant: str, words: str) -> None:
        """Note a violation."""
        self.say(f"VIOLATION {invariant}: {words}")
        self.violations.append(Violation(invariant, round(self.network.loop.time(), 3), words))

    def place(self, place: Callable[..., Order], request: OrderRequest, source: str = "api") -> Order:
        """An order reaches the venue: what must be true by now?"""
        if source == "api":
            self._check_request(request)
        order = place(request, source)
        self.say(f"venue accepts {request.side} {request.ord_type} {request.market} as {request.identifier}")
        if self.armed == "send" and source == "api":
            self.kill("an order has reached the venue, its answer has not left")
        return order

    def take(self, take: Callable[..., None], limits: RateLimits, group: str) -> None:
        """A request is counted against the real quota."""
        try:
            take(limits, group)
        except VenueError as error:
            self.too_many += 1
            self.say(f"quota of {group} exceeded: {error.status}")
            if error.status == 418:
                self.violate("I20", f"banned in group {group} without any fault")
            raise

    def leave(self, pairs: Pairs) -> None:
        """The bytes of a call are about to leave; an entry may not once the emergency control was pressed."""
        said = dict(pairs)
        now = self.network.loop.time()
        if said.get("side") == "bid" and self.pressed_at is not None and not self.died.is_set():
            self.violate(
                "I13", f"{said.get('identifier')} left {now - self.pressed_at:.2f} s after the emergency press"
            )

    def check_signature(self, check: Callable[..., None], keys: Authenticator, *what: Any) -> None:
        """A request is signed; whatever the faults, it must be signed well and under a nonce of its own."""
        try:
            check(keys, *what)
        except VenueError as error:
            self.violate("I16", f"a request was badly signed, or sent twice: {error.name}")
            raise

    def count(self, happens: bool, fault: str) -> bool:
        """A fault was drawn."""
        self.struck[fault] += happens
        return happens

    def _check_request(self, request: OrderRequest) -> None:
        if request.identifier is None:
            self.violate("I34", f"an order in {request.market} came without identifier")
        elif not self._is_journaled(request.identifier):
            self.violate("I2", f"{request.identifier} is at the venue and not in the journal")
        elif self.exchange.orders.submissions.get(request.identifier, 0) > 0:
            self.violate("I1", f"{request.identifier} was submitted a second time")

    def _is_journaled(self, order_id: str) -> bool:
        path = self.folder / "data" / "attached" / FILE_NAME
        with contextlib.closing(sqlite3.connect(path)) as reader:
            return reader.execute("SELECT 1 FROM orders WHERE order_id = ?", (order_id,)).fetchone() is not None

    async def _at_commit(self, when: str, _name: str) -> None:
        await asyncio.sleep(self.random.choice((0.0002, 0.001, 0.004, 0.04)) if when == "commit" else 0.0001)
        if self.armed == when:
            self.kill(f"at a {when}")
            raise Killed

    def _on_event(self, event: Event) -> None:
        if self.died.is_set():
            return  # the dead tell no tales: this is only its tasks being swept up
        if isinstance(event, AlertRaised):
            self.say(f"alert {event.key}: {event.detail}")
            if event.key in FATAL_ALERTS:
                self.violate("I27", f"{event.key}: {event.detail}")
        elif isinstance(event, LiquidationChanged) and event.run.stage == "flat":
            self.check_flat()
        elif isinstance(event, PositionChanged) and event.trigger == "empty":
            self._check_dust(event.position)
        if self.trace is not None and type(event).__name__ in ("OrderChanged", "PositionChanged"):
            told: Any = event
            thing = getattr(told, "order", None) or told.position
            name = getattr(thing, "order_id", None) or thing.position_id
            self.trace.append(f"{self.network.loop.time():10.3f}   {name} {thing.state} ({told.trigger})")

    def check_flat(self) -> None:
        """The program says: flat. The venue must agree."""
        left = [order for order in self.exchange.orders.open() if order.request.identifier is not None]
        for order in left:
            self.violate("I14", f"flat was shown while {order.request.identifier} was open")
        closed = [p for p in self.running().engine.core.positions.positions.values() if not p.is_live]
        for code, market in self.exchange.markets.items():
            balance = self.exchange.accounts.balance(market.name.coin)
            dust = sum((p.quantity for p in closed if p.market.symbol == code), Decimal(0))
            worth = (balance.free + balance.locked - dust) * market.tape.last_price
            if worth > 0:
                self.violate("I14", f"flat was shown while {code} worth {worth:.0f} KRW was held")

    def _check_dust(self, position: Position) -> None:
        """What a closed position leaves behind must be too little to be sold, at the price the venue really has."""
        market = self.exchange.markets[position.market.symbol]
        worth = position.quantity * market.tape.last_price
        if worth > HIGHEST_DUST:
            self.violate("I8", f"{position.position_id} closed with {worth:.0f} KRW of {market.code} left behind")


def build(seed: int, folder: Path, network: Network) -> World:
    """An exchange with a few quiet markets, not yet open."""
    specs = tuple(
        replace(spec, orders_per_s=spec.orders_per_s * QUIET_FLOW, books_per_s=BOOKS_PER_S)
        for spec in MARKETS
        if spec.name.code in CODES
    )
    time = VenueTime(network.loop)
    exchange = Exchange(time.clock, seed, [Market(spec.name, KrwUnits(), spec.price) for spec in specs])
    exchange.deposit("KRW", CASH)
    return World(
        seed, folder, network, time, exchange, MarketModel(exchange, specs, seed), random.Random(f"user-{seed}")
    )


@contextlib.asynccontextmanager
async def opened(world: World) -> AsyncIterator[None]:
    """The exchange serves, its clock runs with the loop, and the product's few sources of chance are seeded."""
    settings = Settings(seed=world.seed, access_key="a" * 40, secret_key="s" * 40)
    server = PracticeServer(settings, world.exchange.clock, (world.exchange, world.model))
    with _seams(world):
        ends = await server.start()
        address = {name: getattr(ends, name) for name in ends.__slots__}
        (world.folder / "address.json").write_bytes(msgspec.json.encode(address))
        try:
            yield
        finally:
            if world.terminal is not None:
                world.died.set()
                await world.bury()
            await server.stop()
            world.time.stop()


async def _at_once(call: Callable[[], Any], _patience_s: float) -> Any:
    return call()


@contextlib.contextmanager
def _seams(world: World) -> Iterator[None]:
    """Chance and watchers; nothing of the adapters is replaced."""
    place, take, check = world.exchange.place, RateLimits.take, Authenticator.check
    hits, exchange = world.exchange.faults.hits, RestTransport._exchange

    async def watched(transport: RestTransport, call: Call, pairs: Pairs) -> Any:
        world.leave(pairs)
        return await exchange(transport, call, pairs)

    with contextlib.ExitStack() as stack:

        def put(target: Any, name: str, value: Any) -> None:
            stack.enter_context(patch.object(target, name, value))

        put(bootstrap, "SystemClock", LoopClock)
        for module in (stop_file, key_store, heartbeat):  # a thread's answer comes after hours of virtual time
            put(module, "aside", _at_once)
        put(loop_probe.LoopWatch, "start", lambda _: None)  # it watches by the computer's own clock
        put(loop_probe, "PERIOD_S", 5.0)  # nobody looks at it here, and it would be half of all wake-ups
        put(ids, "secrets", random.Random(f"install-{world.seed}"))
        put(world.exchange, "place", lambda request, source="api": world.place(place, request, source))
        put(RestTransport, "_exchange", watched)
        put(Authenticator, "check", lambda keys, *what: world.check_signature(check, keys, *what))
        put(world.exchange.faults, "hits", lambda name, path="": world.count(hits(name, path), name))
        put(RateLimits, "take", lambda limits, group: world.take(take, limits, group))
        yield
