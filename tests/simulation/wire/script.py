"""What one seed does to a terminal: faults, clicks, falls, cuts, and the settling at the end."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.recovery import fold_journal
from app.domain.blueprint import EntryOrderPolicy, EntryStep, LocalText, StrategyBlueprint
from app.domain.commands import (
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
    StartStrategy,
)
from app.domain.exit_plan import ExitRules
from app.domain.values import Market, OrderType, TradingState
from app.practice.fault_names import MEANINGS
from tests.simulation.store import SimulatedDisk
from tests.simulation.wire.checks import (
    EXACTLY,
    OVERFILLED,
    differences,
    journal_differences,
    over_budget,
    venue_problems,
)
from tests.simulation.wire.wire_loop import WireLoop, run, virtual_time
from tests.simulation.wire.world import CODES, START, Violation, World, build, opened

#: Faults of the practice exchange: highest rate per occasion. Left out is what changes the account from outside
#: (deposits, splits, trades by phone, busts) or what is paid in, for then fills alone do not explain the holdings.
FAULTS: dict[str, float] = {
    # the way there and back
    "order_answer_lost": 0.5, "cancel_answer_lost": 0.6, "answer_delayed": 0.3, "connection_reset": 0.2,
    "request_dropped": 0.2, "slow_body": 0.2, "html_body": 0.2, "truncated_body": 0.2,
    # refusals
    "server_error_before": 0.4, "server_error_after": 0.4, "server_error_storm": 0.5, "refusal_as_200": 0.2,
    "rate_limit_storm": 0.2, "rate_limit_bare": 0.2, "ip_ban": 0.01, "ip_ban_bare": 0.005, "key_expired": 0.2,
    "key_revoked": 0.2, "ip_refused": 0.2, "maintenance": 0.7, "market_offline": 0.4, "cancel_refused": 0.5,
    "identifier_refused": 0.3,
    # what answers and frames say
    "account_stale": 0.5, "balance_row_duplicated": 0.3, "page_cut": 1.0, "order_not_found": 0.6,
    "identifier_off": 0.3, "unknown_state": 0.1, "unknown_side": 0.1, "unknown_frame_type": 0.1,
    "field_renamed": 0.1, "field_added": 0.5, "field_retyped": 0.1, "clock_skew": 1.0,
    "price_zero": 0.05, "price_nan": 0.05, "price_tiny": 0.05, "price_spike": 0.02,
    # streams
    "ws_drop": 0.1, "ws_connect_refused": 0.7, "ws_silent": 1.0, "ws_half_open": 0.05, "garbage_frame": 0.3,
    "public_frame_lost": 0.5, "public_frame_reordered": 0.5, "private_frame_lost": 0.8,
    "private_frame_reordered": 0.5, "private_frame_duplicated": 0.8, "private_frame_late": 0.6,
    "private_replay": 1.0,
    # matching and rules
    "cancel_slow": 0.7, "bulk_cancel_partial": 0.7, "late_fill_after_cancel": 0.7, "late_fill_after_end": 0.3,
    "partial_fills_only": 0.8, "slow_fills": 0.5, "overfill": 0.3, "min_total_change": 1.0, "tick_change": 1.0,
    "market_suspended": 1.0,
}  # fmt: skip
#: Faults whose figure is not a number of seconds; they take the exchange's own.
OWN_FIGURE = frozenset(
    {"page_cut", "price_spike", "private_replay", "overfill", "min_total_change", "tick_change", "ip_ban_bare"}
)
#: Faults that strike at the sending, the cancelling or the matching of an order.
STRIKES_ORDERS = frozenset(
    {"order_answer_lost", "cancel_answer_lost", "answer_delayed", "connection_reset", "request_dropped", "html_body",
     "truncated_body", "server_error_before", "server_error_after", "refusal_as_200", "identifier_refused",
     "order_not_found", "identifier_off", "unknown_state", "field_retyped", "field_renamed", "cancel_slow",
     "late_fill_after_cancel", "late_fill_after_end", "partial_fills_only", "slow_fills", "overfill"}
)  # fmt: skip
#: Seconds between two deeds of the user, the venue or bad luck.
MEAN_PAUSE_S = 8.0
#: Books and venue have so long to agree once the faults are off: the longest pause after a ban, and more.
SETTLE_S = 900.0
_MEMORY_DISK = Path("/dev/shm")
_NAME = LocalText("하나", "one")


@dataclass(slots=True)
class Outcome:
    """What came of one seed."""

    seed: int
    virtual_s: float
    orders: int
    fills: int
    crashes: int
    restarts: int
    faults: Counter[str]
    actions: Counter[str]
    too_many: int
    trace_hash: str
    violations: list[Violation]
    trace: list[str] = field(default_factory=list)


def play(seed: int, hours: float = 1.0, *, traced: bool = False) -> Outcome:
    """Run one seed from an empty account to the comparison at the end."""
    loop = WireLoop(seed)
    in_memory = _MEMORY_DISK if _MEMORY_DISK.is_dir() else None  # thousands of commits; only their order matters here
    with tempfile.TemporaryDirectory(dir=in_memory) as folder, virtual_time(loop, START.timestamp(), seed):
        return run(loop, Play(loop, seed, Path(folder), hours, traced).play())


class Play:
    """One seed."""

    def __init__(self, loop: WireLoop, seed: int, folder: Path, hours: float, traced: bool) -> None:
        self.loop = loop
        self.hours = hours
        self.world: World = build(seed, folder, loop.network)
        self.world.trace = [] if traced else None
        self.random: Random = self.world.random
        self.actions: Counter[str] = Counter()
        self.clicks = 0
        #: Swarm testing: each seed knows only some of the faults.
        self.known = [name for name in FAULTS if name in MEANINGS and self.random.random() < 0.4]
        loop.set_exception_handler(self._unhandled)

    async def play(self) -> Outcome:
        """Faults on; then faults off, settle, compare."""
        world = self.world
        async with opened(world):
            await world.open()
            nurse = asyncio.create_task(self._nurse(), name="nurse")
            await asyncio.sleep(5)
            world.post(SetTradingState(TradingState.ENABLED, "user"))
            for code in CODES[:2]:
                self.start(code)
            until = self.hours * 3600
            while self.loop.time() < until:
                await asyncio.sleep(min(self.random.expovariate(1 / MEAN_PAUSE_S), until - self.loop.time()))
                await self._act()
            await self._settle()
            nurse.cancel()
            await asyncio.gather(nurse, return_exceptions=True)
            await self._compare_the_journal()
            return self._outcome()

    # ---- the user, the venue and bad luck -------------------------------------------------------------------------

    async def _act(self) -> None:
        deeds = {
            "fault": 25, "ambush": 20, "start": 40, "move": 25, "close": 10, "pause": 4, "resume": 5,
            "emergency": 3, "enable": 30, "disable": 2, "kill": 2, "arm": 3, "restart": 1, "cut": 3,
            "reconcile": 2, "storm": 1,
        }  # fmt: skip
        deed = self.random.choices(list(deeds), list(deeds.values()))[0]
        self.actions[deed] += 1
        await getattr(self, f"do_{deed}")()

    async def do_ambush(self) -> None:
        """A fault of those that strike orders, and at once an order for it to strike."""
        self._switch([name for name in self.known if name in STRIKES_ORDERS])
        await self.do_enable()
        await (self.do_start() if self.random.random() < 0.6 else self.do_close())

    async def do_fault(self) -> None:
        self._switch(self.known)

    def _switch(self, names: list[str]) -> None:
        if not names:
            return
        name = self.random.choice(names)
        rate, seconds = FAULTS[name] * self.random.uniform(0.1, 1.0), self.random.uniform(20, 240)
        drawn = Decimal(str(round(self.random.uniform(0.5, 8), 2)))
        value = None if name in OWN_FIGURE else drawn
        self.actions[f"switch {name}"] += 1
        self.world.say(f"fault {name} rate {rate:.2f} for {seconds:.0f} s, figure {value}")
        self.world.exchange.faults.switch(name, rate, seconds, value)

    async def do_start(self) -> None:
        self.start(self.random.choice(CODES))

    def start(self, code: str) -> None:
        self.clicks += 1
        budget = Decimal(self.random.randrange(20_000, 3_000_000))
        self.world.post(StartStrategy(f"click-{self.clicks}", Market("upbit", code), self._blueprint(), budget))

    def _blueprint(self) -> StrategyBlueprint:
        draw = self.random

        def percent(low: float, high: float) -> Decimal:
            return Decimal(str(round(draw.uniform(low, high), 2)))

        limit = draw.random() < 0.5
        policy = EntryOrderPolicy(
            OrderType.LIMIT if limit else OrderType.MARKET, draw.randint(-12, 1) if limit else 0, draw.randint(5, 90)
        )
        steps: tuple[EntryStep, ...] = (EntryStep(),)
        if draw.random() < 0.5:
            steps = (EntryStep(Decimal(50)), EntryStep(Decimal(25), percent(0.1, 0.5)),
                     EntryStep(Decimal(25), percent(0.1, 0.5)))  # fmt: skip
        exits = ExitRules(
            stop_loss_percent=percent(0.3, 3),
            take_profit_percent=percent(0.2, 2) if draw.random() < 0.7 else None,
            trailing_stop_percent=percent(0.2, 1.5) if draw.random() < 0.4 else None,
            max_hold_minutes=draw.randint(1, 15) if draw.random() < 0.5 else None,
        )
        return StrategyBlueprint(
            schema=1, id=f"drawn-{self.clicks}", version=1, name=_NAME, description=_NAME, timeframe="1m",
            warmup_bars=0, entry_when="true", default_budget=Decimal(100_000), exits=exits, entry_order=policy,
            steps=steps,
        )  # fmt: skip

    async def do_move(self) -> None:
        self.world.model.shock(self.random.choice(CODES), self.random.uniform(-3, 3), self.random.randint(200, 20_000))

    def _position(self) -> str | None:
        terminal = self.world.terminal
        live = terminal.engine.core.positions.live() if terminal is not None else []
        return self.random.choice(live).position_id if live else None

    async def do_close(self) -> None:
        if (position_id := self._position()) is not None:
            self.world.post(ClosePosition(position_id))

    async def do_pause(self) -> None:
        if (position_id := self._position()) is not None:
            self.world.post(PausePosition(position_id))

    async def do_resume(self) -> None:
        if (position_id := self._position()) is not None:
            self.world.post(ResumePosition(position_id))

    async def do_emergency(self) -> None:
        if self.world.terminal is not None and not self.world.died.is_set():
            self.world.pressed_at = self.loop.time()
            self.clicks += 1
            self.world.post(LiquidateAll(f"press-{self.clicks}"))

    async def do_enable(self) -> None:
        terminal = self.world.terminal
        if terminal is not None and not terminal.engine.core.emergency.is_running:
            self.world.pressed_at = None
            self.world.post(SetTradingState(TradingState.ENABLED, "user"))

    async def do_disable(self) -> None:
        self.world.post(SetTradingState(TradingState.DISABLED, "user"))

    async def do_reconcile(self) -> None:
        self.world.post(ReconcileNow("user"))

    async def do_storm(self) -> None:
        """More reads at once than the quota of a second."""
        for _ in range(40):
            self.world.post(ReconcileNow("storm"))

    async def do_kill(self) -> None:
        self.world.kill("at a random time")

    async def do_arm(self) -> None:
        self.world.armed = self.random.choice(("send", "commit", "committed"))

    async def do_restart(self) -> None:
        if self.world.terminal is not None and not self.world.died.is_set():
            await self.world.close()
            await asyncio.sleep(self.random.uniform(0.5, 20))
            await self.world.open()

    async def do_cut(self) -> None:
        seconds = self.random.uniform(0.5, 40)
        self.world.say(f"network cut for {seconds:.1f} s")
        self.world.network.cut(seconds)

    async def _nurse(self) -> None:
        """Whoever starts the program again after it was killed."""
        while True:
            await self.world.died.wait()
            await self.world.bury()
            await asyncio.sleep(self.random.choice((0.2, 2, 15, 60)))
            await self.world.open()

    # ---- the end --------------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Without faults books and venue must come to agree, on their own."""
        world = self.world
        world.armed = ""
        world.exchange.faults.switch("all", 0)
        world.network.mend()
        world.say("faults off")
        deadline = self.loop.time() + SETTLE_S
        world.post(SetTradingState(TradingState.DISABLED, "user"))
        found = ["no terminal runs"]
        while self.loop.time() < deadline:
            await asyncio.sleep(1)
            if world.terminal is None or world.died.is_set():
                continue
            found = differences(world.terminal, world.exchange) or self._unfinished()
            if not found:
                return
        for words in found:
            world.violate("L", words)

    def _unfinished(self) -> list[str]:
        core = self.world.running().engine.core
        if core.switch.state is TradingState.ENABLED:
            self.world.post(SetTradingState(TradingState.DISABLED, "user"))
        return ["the emergency run has not ended"] if core.emergency.is_running else []

    async def _compare_the_journal(self) -> None:
        """A proper end, then the books once more: by recovery, and folded from the journal alone."""
        world = self.world
        await world.close()
        await world.open()  # verifies the chain from its first record on
        for _ in range(120):
            await asyncio.sleep(1)
            found = differences(world.running(), world.exchange)
            if not found:
                break
        for words in found:
            world.violate("I23", f"after a restart: {words}")
        await world.close()
        database = Database(sqlite_url(world.folder / "data" / "attached"), connect=SimulatedDisk().connect)
        await database.open()
        books = await fold_journal(database)
        await database.close()
        for words in journal_differences(books, world.exchange):
            world.violate("I7", f"folded from the journal: {words}")
        for words in venue_problems(world.exchange):
            world.violate("I8", words)
        for words in over_budget(books, OVERFILLED if "overfill" in self.known else EXACTLY):
            world.violate("I15", words)
        # A killed program forgets what it has used up of the quota of this very second; nothing else excuses a request.
        if world.too_many > world.crashes:
            world.violate("I20", f"{world.too_many} requests above the quota, {world.crashes} crashes")

    def _outcome(self) -> Outcome:
        world = self.world
        orders = list(world.exchange.orders.all())
        fills = [fill for order in orders for fill in order.fills]
        for fill in fills:
            world.network.note(f"{fill.trade_uuid} {fill.price} {fill.volume}")
        return Outcome(
            seed=world.seed,
            virtual_s=round(self.loop.time(), 3),
            orders=len(orders),
            fills=len(fills),
            crashes=world.crashes,
            restarts=world.restarts,
            faults=world.struck,
            actions=self.actions,
            too_many=world.too_many,
            trace_hash=world.network.digest.hexdigest(),
            violations=world.violations,
            trace=world.trace or [],
        )

    def _unhandled(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self.world.violate("I27", f"unhandled: {context.get('message')} {context.get('exception')!r}")
