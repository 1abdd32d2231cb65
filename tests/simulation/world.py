"""One seed: a virtual day of a terminal, a venue, a computer and a user, with whatever the seed has drawn for them.

First faults and safety; then the faults stop, and within minutes everything must be settled (liveness).
"""

import asyncio
import contextlib
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.adapters.storage.database import FILE_NAME
from app.domain.blueprint import SCHEMA_VERSION, EntryOrderPolicy, EntryStep, LocalText, RestPolicy, StrategyBlueprint
from app.domain.breaker import CallGroup, ResetBreaker, TripBreaker
from app.domain.commands import (
    CancelOrder,
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
    StartStrategy,
)
from app.domain.dead_letter import RetryDeadLetter
from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationRun, LiquidationStage
from app.domain.emergency import Outcome as Profit
from app.domain.errors import StorageError
from app.domain.exit_plan import ExitRules
from app.domain.limits import TradingLimits
from app.domain.loss import AcknowledgeLoss
from app.domain.messages import Message, OrderChanged
from app.domain.order import OrderState, OrderTrigger
from app.domain.position import PositionState
from app.domain.slippage import AboveTolerance, SlippagePolicy
from app.domain.values import Market, OrderType, TradingState
from app.domain.venue_health import HealthSettings
from app.engine.send_queue import ROOM
from tests.simulation.chain_watch import ChainWatch
from tests.simulation.focus import Aimed, aim, focus_of, limits_of
from tests.simulation.health_watch import TROUBLE_S
from tests.simulation.kill_watch import KillWatch
from tests.simulation.knobs import Knobs, draw
from tests.simulation.nonsense_user import NonsenseUser
from tests.simulation.oracle import Oracle, Violation
from tests.simulation.outside import Outside
from tests.simulation.store import Killed
from tests.simulation.terminal import Terminal
from tests.simulation.ticket_user import TicketUser
from tests.simulation.venue_door import VENUE, VenueDoor
from tests.simulation.venue_ledger import STEP, VenueLedger, VenueMarket

DAY_S = 86_400.0
BEGIN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
MOST_CRASHES = 5
MOST_STARTS = 12
#: A terminal that has been up for so long has had time for everything it owes.
LONG_ENOUGH_S = 400.0
#: After the faults: visibility horizon 30 s, three look-ups, a reconciliation every 30 s, retries up to 10 s apart.
SETTLE_S = 200.0
LAST_WORDS_S = 90.0
#: After a press every cancel has left by then: bounded lanes, a disk that hangs for 2 s, answers that take seconds.
CANCELS_LEAVE_S = 15.0
#: So does an exit or a cancel that is due while a circuit breaker is open.
EXITS_LEAVE_S = 20.0
#: Share of the worlds in which the program is on a dry run.
DRY_RUNS = 0.06
#: Calls under way at the same time in a world where the queue fills: urgent ones, look-ups, entries.
NARROW = (4, 1, 1)
#: A silence of the stream in which the market falls, unseen, lasts longer.
LONG_SILENCE_S = 30.0
RESTING = (OrderState.OPEN, OrderState.PARTIAL)
D = Decimal


@dataclass(slots=True)
class Outcome:
    """What one seed brought."""

    seed: int
    violations: list[Violation]
    virtual_s: float
    orders: int
    crashes: int
    happened: Counter[str]
    features: set[str]
    digest: str
    trace: list[str]


def terminal_in_trouble(terminal: Terminal | None) -> bool:
    """True while it is not there, or its journal has failed."""
    return terminal is None or not terminal.is_up or terminal.journal_trouble


def blueprint(chance: random.Random, number: int) -> StrategyBlueprint:
    """A strategy that trades soon, with exits the market will reach."""
    limit = chance.random() < 0.55
    steps = (EntryStep(),)
    if chance.random() < 0.35:
        steps = tuple(EntryStep(D(25), D(drop)) for drop in ("0", "0.3", "0.4", "0.5"))

    def percent(low: float, high: float, wanted: float) -> Decimal | None:
        return D(str(round(chance.uniform(low, high), 2))) if chance.random() < wanted else None

    trailing = percent(0.2, 1.5, 0.5)
    return StrategyBlueprint(
        schema=SCHEMA_VERSION,
        id=f"sim-{number}",
        version=1,
        name=LocalText("시험", "simulated"),
        description=LocalText("시험", "simulated"),
        timeframe="1m",
        warmup_bars=chance.choice([0, 2]),
        entry_when=chance.choice(["true", "close > 0", "close >= lowest(2)"]),
        default_budget=D(1_000_000),
        exits=ExitRules(
            stop_loss_percent=percent(0.3, 3, 0.8),
            take_profit_percent=percent(0.3, 3, 0.5),
            trailing_stop_percent=trailing,
            trailing_activation_percent=percent(0.1, 0.8, 0.5) if trailing else None,
            max_hold_minutes=chance.choice([None, None, 1, 10, 600]),
        ),
        exit_when="held_percent > 0.4" if chance.random() < 0.2 else None,
        entry_order=EntryOrderPolicy(
            OrderType.LIMIT if limit else OrderType.MARKET,
            offset_ticks=chance.choice([-6, -2, 0, 1, 3]),
            timeout_s=chance.choice([5, 20, 60, 3600]),
        ),
        steps=steps,
        max_spread_percent=D(2),
        stop_loss_waived=True,
    )


class World:
    """Everything of one seed. ``folder`` holds the journal; ``template`` is a migrated, empty database."""

    def __init__(self, seed: int, folder: Path, template: Path, traced: bool) -> None:
        self.knobs: Knobs = draw(seed)
        focus = focus_of(seed)
        #: Scenes instead of a usual day.
        self.aimed = Aimed(focus, self, random.Random(f"aimed-{seed}")) if focus is not None else None
        if focus is not None:
            aim(focus, self.knobs)
        self.chance = random.Random(f"world-{seed}")
        self.folder = folder
        shutil.copy(template, folder / FILE_NAME)
        self.limits = self._limits() if focus is None else limits_of(focus)
        self.room = random.Random(f"room-{seed}").choice([ROOM, ROOM, NARROW]) if focus is None else ROOM
        #: In a few worlds the program decides and sends nothing.
        self.dry_run = focus is None and random.Random(f"dry-run-{seed}").random() < DRY_RUNS
        self.ledger = self._ledger()
        self.tickets = TicketUser(seed, self.ledger, lambda command: self.tell(command))
        self.nonsense = NonsenseUser(seed, sorted(self.ledger.markets))
        self.door = VenueDoor(self.ledger, self.knobs, self.utc)
        self.door.left_behind = self._run_away
        self.oracle = Oracle(seed, self.ledger, self.limits, folder / FILE_NAME, self.time, self.utc)
        self.door.watch = self.oracle.tickets.at_venue
        self.outside = Outside(seed, self.knobs, self.oracle, lambda command: self.tell(command))
        self._starts = sorted(self.chance.uniform(10, DAY_S - 600) for _ in range(self.chance.randint(4, 8)))
        self.health = self._health()
        self._tell_oracle()
        self.kill = KillWatch(seed, self.knobs, self.oracle, self.time)
        if traced:
            self.oracle.trace = []
        self.written: list[tuple[str, str]] = []
        self.acknowledged = 0
        self.clock_offset = timedelta()
        self.disk_trouble: str | None = None
        self.lively = False
        self.crashes = 0
        self.terminal: Terminal | None = None
        self._restarting: asyncio.Task[None] | None = None
        self._commands = 0
        self._awake_since = 0.0
        self._moves = random.Random(f"moves-{seed}")
        self._depths = random.Random(f"depths-{seed}")
        self._rests = random.Random(f"rests-{seed}")
        self._losses = random.Random(f"losses-{seed}")
        self._scopes = random.Random(f"scopes-{seed}")
        self._crashes = random.Random(f"crashes-{seed}")
        self._dies_at_work = self._crashes.random() < 0.6
        self._clocks = random.Random(f"clocks-{seed}")
        #: KRW on a usual level; half of the worlds have more than anybody wants.
        self._usual_level = self._depths.choice([10**9, 10**9, 500_000, 100_000])
        for market in self.ledger.markets.values():
            self._quote(market)
        self._next_move: dict[str, asyncio.TimerHandle] = {}

    # ---- time ---------------------------------------------------------------------------------------------------

    def time(self) -> float:
        """Virtual seconds."""
        return asyncio.get_running_loop().time()

    def utc(self) -> datetime:
        """True time."""
        return BEGIN + timedelta(microseconds=round(self.time() * 1e6))

    # ---- running ------------------------------------------------------------------------------------------------

    async def run(self) -> Outcome:
        """The day, the settling, the verdict."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._loop_trouble)
        self.ledger.now = self.time()
        await self._begin()
        for market in self.ledger.markets.values():
            self._keep_moving(market)
        self._plan_maintenance()
        await self._day()
        await self._settle()
        self.oracle.close()
        return Outcome(
            seed=self.oracle.seed,
            violations=self.oracle.violations,
            virtual_s=self.time(),
            orders=sum(1 for o in self.ledger.orders.values() if o.identifier is not None),
            crashes=self.crashes,
            happened=self.knobs.happened,
            features=self.oracle.features.seen,
            digest=self.oracle.digest.hexdigest(),
            trace=self.oracle.trace or [],
        )

    async def _begin(self) -> None:
        """Start the program; one that refuses its files has failed its user."""
        terminal = Terminal(self)
        self.terminal = terminal
        self.oracle.say(lambda: "start")
        try:
            await terminal.start()
        except Killed:
            return
        except StorageError as error:
            self.oracle.broken("I25", f"the program does not start: {error}")
            terminal.kill()

    def _loop_trouble(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if not isinstance(error, Killed):
            self.oracle.broken("I27", f"{context.get('message')}: {error!r}")

    # ---- the day ------------------------------------------------------------------------------------------------

    async def _day(self) -> None:
        """Episodes in which something goes on, and long quiet stretches in between."""
        for start in self._starts:
            await asyncio.sleep(max(start - self.time(), 1.0))
            await self._episode(self.chance.uniform(30, 110))
        await asyncio.sleep(max(DAY_S - self.time(), 0.0))

    async def _episode(self, length: float) -> None:
        terminal = self.terminal
        if (
            terminal is not None
            and terminal.is_up
            and self.time() - max(terminal.up_since, self._awake_since) > LONG_ENOUGH_S
        ):
            self.oracle.check_entries(terminal)
        self._become(lively=True)
        end = self.time() + length
        planned = [(self.time() + at, action) for at, action in self._plan(length)]
        for at, action in sorted(planned, key=lambda pair: pair[0]):
            await asyncio.sleep(max(at - self.time(), 0.0))
            with contextlib.suppress(Killed):
                action()
        await asyncio.sleep(max(end - self.time(), 0.0))
        await self._alive()
        self._become(lively=False)

    def _plan(self, length: float) -> list[tuple[float, Callable[[], None]]]:
        chance, knobs = self.chance, self.knobs
        if self.aimed is not None:
            return [(1.0, self._enable), *self.aimed.scenes(length)]
        plan: list[tuple[float, Callable[[], None]]] = [(at, self._ticket) for at in self.tickets.times(length)]
        plan += [(at, self._look_after_slices) for at in self.tickets.quick_times(length)]
        if "rest_left" in knobs.rates:
            plan += [(self._rests.uniform(4, length * 0.7), self._start_at_once) for _ in range(3)]
        plan += [(at, self._nonsense) for at in self.nonsense.times(length)]
        plan += [(at, lambda name=name: self._from_outside(name)) for at, name in self.outside.times(length)]  # type: ignore[misc]

        def sometimes(name: str, action: Callable[[], None], likely: float = 0.6) -> None:
            if name in knobs.rates and chance.random() < likely:
                plan.append((chance.uniform(3, length), action))

        if chance.random() < 0.9:
            plan += [(float(at), self._enable) for at in range(2, int(length), 12)]
        for _ in range(chance.randint(1, 4)):
            plan.append((chance.uniform(3, length * 0.7), self._start_strategy))
        sometimes("user_pauses", self._pause_or_resume)
        sometimes("user_pauses", self._pause_or_resume)
        sometimes("user_closes", self._close_one)
        sometimes("user_cancels", self._cancel_one)
        sometimes("user_toggles", self._toggle)
        sometimes("emergency", self._press, 0.35)
        sometimes("user_halts", self._halt_all, 0.3)
        sometimes("crash", lambda: self._planned_crash("crash"), 0.4)
        sometimes("clean_restart", self._clean_restart, 0.4)
        sometimes("stream_down", self._cut_stream)
        sometimes("outage", self._outage, 0.4)
        sometimes("venue_sick", self.sicken)
        for name in ("user_trips", "user_trips"):
            sometimes(name, self._trip_or_reset)
        for _ in range(4):
            sometimes("user_retries", self._do_again)
        for name in ("public_silent", "public_silent"):
            sometimes(name, self.silence)
        sometimes("market_halted", self._halt)
        if "market_frozen" in knobs.rates and self._clocks.random() < 0.6:
            plan.append((self._clocks.uniform(3, length * 0.6), self.freeze))
        if "venue_clock" in knobs.rates and self._clocks.random() < 0.5:
            plan.append((self._clocks.uniform(3, length), self._wrong_clock))
        sometimes("rules_change", self._change_rules)
        sometimes("external_trade", self._phone, 0.3)
        sometimes("money_moves", self._flow, 0.3)
        sometimes("suspend", lambda: self._stall("suspend", 60, 1200), 0.4)
        sometimes("loop_stall", lambda: self._stall("loop_stall", 1, 15))
        for name in ("price_jump", "price_jump"):
            sometimes(name, self._jump)
        for name in ("market_crash", "market_crash"):
            sometimes(name, self.fall)
        for name in ("disk_full", "disk_error", "database_locked"):
            sometimes(name, lambda name=name: self._disk(name), 0.3)  # type: ignore[misc]
        return plan

    # ---- the user -----------------------------------------------------------------------------------------------

    def tell(self, command: Message) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return
        name = type(command).__name__
        self.oracle.say(lambda: f"user {name} {getattr(command, 'position_id', '')}")
        if isinstance(command, SetTradingState):
            self.oracle.feeding.enabled = command.state is TradingState.ENABLED
        runs = isinstance(command, LiquidateAll) and command.scope.action is not EmergencyAction.BLOCK_ENTRIES
        if isinstance(command, LiquidateAll):
            self.oracle.feeding.enabled = False
            self.oracle.scopes.press(command.scope)
        if isinstance(command, LiquidateAll) and runs:
            self.oracle.feeding.pressed = True
        if isinstance(command, LiquidateAll) and runs and not terminal.engine.core.emergency.is_running:
            self.oracle.pressed_at = self.time()
            self.oracle.pressed_record = terminal.journal.count
            self.oracle.decided_before = set(terminal.engine.cancels_due)
            if command.scope.is_everything:
                self._expect_cancels(terminal)
        before = self.oracle.starts
        if isinstance(command, TripBreaker):
            self.oracle.breakers.tripped(command.group)
        if isinstance(command, ResetBreaker):
            self.oracle.breakers.reset(command.group)
        terminal.post(command)
        if self.knobs.hits("double_click"):
            terminal.post(command)
        if self.oracle.starts > before + 1:
            self.oracle.broken("I1", f"one {name} started {self.oracle.starts - before} positions")

    def _expect_cancels(self, terminal: Terminal) -> None:
        """What rests at the press is cancelled at once, whatever else is to be done."""
        resting = [o.order_id for o in terminal.engine.core.tracker.working() if o.state in RESTING]
        pressed, awake = self.time(), self._awake_since

        def asked() -> None:
            same = self.terminal is terminal and terminal.is_up and awake == self._awake_since
            if same and not terminal.journal_trouble:
                self.oracle.check_cancelled(resting, pressed)

        self.door.later(CANCELS_LEAVE_S, asked)

    def _from_outside(self, name: str) -> None:
        self.oracle.say(lambda: f"outside: {name}")
        self.outside.happen(name, self.utc())

    def _enable(self) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return
        if terminal.journal_trouble:
            self._clean_restart()  # what the alert asks the user to do
            return
        if terminal.engine.core.safety.loss.latched and self._losses.random() < 0.5:
            self.tell(AcknowledgeLoss("user"))
        if terminal.engine.core.switch.state is TradingState.HALTED:
            self.kill.try_to_leave(terminal)
        elif terminal.engine.core.switch.state is not TradingState.ENABLED:
            self.tell(SetTradingState(TradingState.ENABLED, "user"))

    def _start_strategy(self) -> None:
        if self.terminal is None or not self.terminal.is_up:
            return
        self._commands += 1
        running = self.terminal.engine.core.positions.live()
        taken = {position.market.symbol for position in running}
        free = sorted(set(self.ledger.markets) - taken)
        if running and (not free or len(running) >= self.limits.max_positions) and self.chance.random() < 0.7:
            unneeded = [p for p in running if not (self.tickets.quick and p.blueprint.is_manual)]
            if unneeded:
                self.tell(ClosePosition(self.chance.choice(unneeded).position_id))  # to make room
            return
        market = self.chance.choice(free or sorted(self.ledger.markets))
        budget = D(self.chance.choice([20_000, 300_000, 1_000_000, 3_000_000]))
        plan = self._tolerant(blueprint(self.chance, self._commands))
        self.tell(StartStrategy(f"c-{self._commands}", Market(VENUE, market), plan, budget))

    def _some_position(self, *states: PositionState) -> str | None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return None
        fitting = [p.position_id for p in terminal.engine.core.positions.live() if not states or p.state in states]
        return self.chance.choice(fitting) if fitting else None

    def _ticket(self) -> None:
        terminal = self.terminal
        if terminal is not None and terminal.is_up:
            self.tickets.now = terminal.now
            self.tickets.act(terminal.engine.core)
            self._perhaps_crash_soon()

    def _look_after_slices(self) -> None:
        terminal = self.terminal
        if terminal is not None and terminal.is_up:
            self.tickets.look_after(terminal.engine.core)
            self._perhaps_crash_soon()

    def _perhaps_crash_soon(self) -> None:
        """The program dies, shortly, while a person has something at work or waiting."""
        if self._dies_at_work and self._crashes.random() < 0.25:
            self.door.later(self._crashes.uniform(1, 8), lambda: self._planned_crash("crash", longest=5.0))

    def _nonsense(self) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return
        command, sound = self.nonsense.command(terminal.now()), not terminal.engine._journal_failed
        self.tell(command)
        if sound and terminal.engine._journal_failed:
            self.oracle.broken("I44", f"the journal was asked to write down {command!a}")

    def _pause_or_resume(self) -> None:
        paused = self._some_position(PositionState.PAUSED)
        running = self._some_position(PositionState.PENDING, PositionState.ACTIVE)
        if paused is not None and self.chance.random() < 0.6:
            self.knobs.note("user_pauses")
            self.tell(ResumePosition(paused))
        elif running is not None:
            self.knobs.note("user_pauses")
            self.tell(PausePosition(running))

    def _close_one(self) -> None:
        position = self._some_position()
        if position is not None:
            self.knobs.note("user_closes")
            self.tell(ClosePosition(position))

    def _cancel_one(self) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return
        working = [order.order_id for order in terminal.engine.core.tracker.working()]
        if working:
            self.knobs.note("user_cancels")
            self.tell(CancelOrder(self.chance.choice(working)))

    def _toggle(self) -> None:
        self.knobs.note("user_toggles")
        state = self.chance.choice([TradingState.DISABLED, TradingState.REDUCING])
        self.tell(SetTradingState(state, "user"))

    def _halt_all(self) -> None:
        """On the screen, or by the small program beside it."""
        self.knobs.note("user_halts")
        if self.terminal is None or not self.terminal.is_up or self.chance.random() < 0.6:
            self.tell(SetTradingState(TradingState.HALTED, "user"))
        else:
            self.oracle.say(lambda: "gwanje-kill")
            self.kill.run_gwanje_kill()

    def expect_leaving(self, terminal: Terminal, event: OrderChanged) -> None:
        """Neither an open breaker nor a halt holds back an exit or a cancel."""
        cancel = event.trigger == OrderTrigger.CANCEL_SENT
        exits = event.trigger == "intent" and event.order.intent.purpose.reduces_risk
        halted = terminal.engine.core.switch.state is TradingState.HALTED
        if not (cancel or exits) or not (halted or self.oracle.breakers.is_open(terminal.now())):
            return
        order_id, begun, awake = event.order.order_id, self.time(), self._awake_since

        def left() -> None:
            same = self.terminal is terminal and terminal.is_up and awake == self._awake_since
            if same and not terminal.journal_trouble:
                self.oracle.check_left(order_id, begun, cancel, halted)

        self.door.later(EXITS_LEAVE_S, left)

    def _trip_or_reset(self) -> None:
        self.knobs.note("user_trips")
        group = self.chance.choice(list(CallGroup))
        trips = self.chance.random() < 0.5
        self.tell(TripBreaker(VENUE, group, "user") if trips else ResetBreaker(VENUE, group))

    def trip_at_the_last_moment(self) -> None:
        """An order is approved and waits for the rate limit; the user happens to open the breaker."""
        if self.knobs.hits("user_trips"):
            self.door.later(0.02, lambda: self._tell_the_living(TripBreaker(VENUE, CallGroup.ORDER, "user")))
            later = self.knobs.seconds(5, 40)
            self.door.later(later, lambda: self._tell_the_living(ResetBreaker(VENUE, CallGroup.ORDER)))

    def _tell_the_living(self, command: Message) -> None:
        with contextlib.suppress(Killed):
            self.tell(command)

    def _do_again(self) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up or not terminal.engine.core.dead_letters.letters:
            return
        self.knobs.note("user_retries")
        self._commands += 1
        letter = self.chance.choice(list(terminal.engine.core.dead_letters.letters))
        self.tell(RetryDeadLetter(f"again-{self._commands}", letter))

    def _press(self) -> None:
        self.knobs.note("emergency")
        self.tell(LiquidateAll(f"k-{self._commands}", self._scope()))
        if "emergency_twice" in self.knobs.rates:
            self.knobs.note("emergency_twice")
            self.door.later(self.knobs.seconds(0.05, 4), lambda: self.tell(LiquidateAll("again")))

    def _scope(self) -> EmergencyScope:
        """Everything in half of the presses, else one step of the ladder, here or there."""
        dice = self._scopes
        if dice.random() < 0.5:
            return EmergencyScope()
        actions = [EmergencyAction.REDUCE] * 6 + [EmergencyAction.FLATTEN] * 4
        actions += [EmergencyAction.BLOCK_ENTRIES]
        actions += [EmergencyAction.CANCEL_ENTRIES, EmergencyAction.CANCEL_ALL] * 3
        action = dice.choice(actions)
        percent = dice.choice([25, 50, 75]) if action is EmergencyAction.REDUCE else 100
        name = dice.choice(sorted(self.ledger.markets))
        markets = (Market(VENUE, name),) if dice.random() < 0.5 or action is EmergencyAction.FLATTEN else ()
        outcome = dice.choice([Profit.ALL] * 4 + [Profit.WINNERS, Profit.LOSERS])
        venues = dice.choice([()] * 6 + [(VENUE,), (VENUE,), ("elsewhere",)])
        return EmergencyScope(action, percent, markets, venues, outcome=outcome)

    # ---- the computer -------------------------------------------------------------------------------------------

    def may_crash(self) -> bool:
        """A few crashes a day are plenty."""
        return self.crashes < MOST_CRASHES

    def _planned_crash(self, name: str, longest: float = 40.0) -> None:
        if self.may_crash() and self.terminal is not None and self.terminal.is_up:
            self.knobs.note(name)
            self.crash("at a random time", longest)

    def crash(self, where: str, longest: float = 40.0) -> None:
        """The process is gone; a while later the user starts it again."""
        terminal = self.terminal
        assert terminal is not None
        self.crashes += 1
        self.oracle.say(lambda: f"CRASH {where}")
        terminal.kill()
        self._start_again(terminal, self.knobs.seconds(0.3, longest))

    def _clean_restart(self) -> None:
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return
        self.knobs.note("clean_restart")
        self.oracle.say(lambda: "the user ends the program")
        self._start_again(terminal, self.knobs.seconds(1, 30))

    def _start_again(self, old: Terminal, pause: float) -> None:
        if self._restarting is not None and not self._restarting.done():
            return
        self._restarting = asyncio.get_running_loop().create_task(self._restart(old, pause))

    async def _restart(self, old: Terminal, pause: float) -> None:
        for _ in range(MOST_STARTS):
            if not old.dead:
                with contextlib.suppress(Killed):
                    await old.end()
            await old.buried()
            await asyncio.sleep(pause)
            self.kill.between_runs()
            if self.knobs.hits("clock_step"):
                wrong = self.knobs.seconds(-900, 900)  # half of them so little that trading goes on
                self.clock_offset = timedelta(seconds=wrong / self._clocks.choice([1, 300]))
            await self._begin()
            fresh = self.terminal
            assert fresh is not None
            if self.knobs.hits("crash_again") and self.may_crash() and not fresh.dead:
                await asyncio.sleep(self.knobs.seconds(0, 5))
                if not fresh.dead:
                    self.crashes += 1
                    self.oracle.say(lambda: "CRASH again")
                    fresh.kill()
            if not fresh.dead:
                return
            old = fresh
        self.oracle.broken("I25", f"the program did not start {MOST_STARTS} times in a row")

    async def _alive(self) -> None:
        """Wait for a restart that is under way."""
        while self._restarting is not None and not self._restarting.done():
            await self._restarting

    def _stall(self, name: str, low: float, high: float) -> None:
        self.knobs.note(name)
        self.oracle.say(lambda: name)
        loop = asyncio.get_running_loop()
        seconds = self.knobs.seconds(low, high)
        self._awake_since = self.oracle.urgency.excused_until = self.time() + seconds
        self.oracle.health.trouble_until = max(self.oracle.health.trouble_until, self._awake_since + TROUBLE_S)
        loop.stall(seconds)  # type: ignore[attr-defined]

    def _disk(self, name: str) -> None:
        self.disk_trouble = name
        self.oracle.say(lambda: name)
        self.door.later(self.knobs.seconds(0.5, 30), self._disk_well)

    def _disk_well(self) -> None:
        self.disk_trouble = None

    # ---- the venue ----------------------------------------------------------------------------------------------

    def _cut_stream(self) -> None:
        self.knobs.note("stream_down")
        self.door.private(up=False)
        self.door.later(self.knobs.seconds(0.5, 45), lambda: self.door.private(up=True))

    def _outage(self) -> None:
        self.knobs.note("outage")
        self.begin_outage()

    def sicken(self) -> None:
        self.oracle.say(lambda: "the venue is sick")
        self.door.sick = True
        self.door.later(self.knobs.seconds(10, 90), self._recover)

    def _recover(self) -> None:
        self.door.sick = False

    def begin_outage(self) -> None:
        """Nothing gets through for a while."""
        self.door.private(up=False)
        self.door.outage = True
        self.door.later(self.knobs.seconds(5, 90), self._outage_over)

    def _outage_over(self) -> None:
        self.door.outage = False
        self.door.private(up=True)

    def race(self) -> None:
        """The user happens to act within milliseconds of a decision."""
        act = self.knobs.random.choice([self._toggle, self._press, self._pause_or_resume, self._close_one])

        def meanwhile() -> None:
            with contextlib.suppress(Killed):
                act()

        self.door.later(self.knobs.seconds(0.0, 0.02), meanwhile)

    def surprise(self, name: str) -> None:
        """While an order waits for its turn, what it was approved on changes."""
        what, market = self.knobs.random.choice(["stream", "book", "price"]), self.ledger.markets[name]
        self.oracle.say(lambda: f"surprise: {what} of {name}")
        if what == "stream":
            self.door.private(up=False)
            self.door.later(self.knobs.seconds(3, 20), lambda: self.door.private(up=True))
        elif what == "book":
            self.door.show_nobody(market)
        else:
            self._move(market, D(str(round(self.knobs.random.uniform(-3, 3), 2))) / 100)

    def silence(self, patient: bool | None = None) -> None:
        """The stream says nothing; most of the time just when a stop watches over something."""
        patient = self._clocks.random() < 0.8 if patient is None else patient
        guarded = self._guarded()
        if patient and not guarded and self.lively:
            self.door.later(2.0, lambda: self.silence(patient))
            return
        self.knobs.note("public_silent")
        length = self._clocks.uniform(LONG_SILENCE_S, 60) if guarded else self.knobs.seconds(6, 60)
        self._silent_until = self.time() + length
        if guarded:
            self.door.later(LONG_SILENCE_S / 2, lambda: self._sink(guarded))

    def _guarded(self) -> dict[str, Decimal]:
        """Markets in which something is held, and the stop below it."""
        terminal = self.terminal
        if terminal is None or not terminal.is_up:
            return {}
        held = [p for p in terminal.engine.core.positions.live() if p.quantity > 0 and p.exit_plan is not None]
        stops = {p.market.symbol: p.exit_plan.stop_price for p in held if p.exit_plan is not None}
        return {name: stop for name, stop in stops.items() if stop is not None}

    def _sink(self, stops: dict[str, Decimal]) -> None:
        """What is held falls below its stop, and the stream does not say so."""
        for name, stop in stops.items():
            market = self.ledger.markets[name]
            if self.time() < self._silent_until and market.bid > stop:
                self._move(market, stop / market.price - D("1.01"))

    def freeze(self) -> None:
        """A market stops: an empty side, then nothing; later it goes on, often far away."""
        market = self.ledger.markets[self._clocks.choice(sorted(self.ledger.markets))]
        if market.frozen or market.halted:
            return
        self.knobs.note("market_frozen")
        self.oracle.say(lambda: f"{market.name} stands still")
        market.frozen = market.halted = True
        with contextlib.suppress(Killed):
            self.door.show_nobody(market)
        self.oracle.health.froze(market)
        self.door.later(self._clocks.uniform(6, 60), lambda: self._thaw(market))

    def _thaw(self, market: VenueMarket) -> None:
        if not market.frozen:
            return
        market.frozen = market.halted = False
        far = self._clocks.choice([D("-0.2"), D("-0.14"), D("0.14"), D("0.2"), D("0.01")])
        self.oracle.say(lambda: f"{market.name} goes on, {far} away")
        self._move(market, far)
        self.oracle.health.thawed(market)

    def _wrong_clock(self) -> None:
        self.knobs.note("venue_clock")
        self.door.clock_s = self._clocks.choice([-1, 1]) * self._clocks.choice([2.0, 7.0, 120.0])
        self.oracle.say(lambda: f"the venue's clock is {self.door.clock_s} s ahead")
        self.door.later(self._clocks.uniform(20, 120), self._right_clock)

    def _right_clock(self) -> None:
        self.door.clock_s = 0.0

    def _plan_maintenance(self) -> None:
        for window in self.health.windows:
            begins, ends = ((at - self.utc()).total_seconds() for at in (window.begins, window.ends))
            self.door.later(max(begins, 0), self._close)
            self.door.later(max(ends, 1), self._open)

    def _close(self) -> None:
        if self.knobs.on:
            self.knobs.note("maintenance")
            self.oracle.say(lambda: "the venue closes")
            self.door.private(up=False)
            self.door.closed = True

    def _open(self) -> None:
        if self.door.closed:
            self.door.closed = False
            self.oracle.say(lambda: "the venue opens")
            self.door.private(up=True)

    def _halt(self) -> None:
        self.knobs.note("market_halted")
        market = self._a_market()
        market.halted = True
        if self.chance.random() < 0.5:
            self._list()
        self.door.later(self.knobs.seconds(3, 120), lambda: self._unhalt(market))

    def _unhalt(self, market: VenueMarket) -> None:
        market.halted = False
        self._list()

    def _change_rules(self) -> None:
        self.knobs.note("rules_change")
        market = self._a_market()
        market.highest_min_total = max(market.highest_min_total, market.min_total)
        market.min_total = D(self.chance.choice([1_000, 5_000, 15_000]))
        self.door.later(self.knobs.seconds(0, 20), self._list)

    def _list(self) -> None:
        if self.terminal is not None and self.terminal.is_up:
            with contextlib.suppress(Killed):
                self.terminal.list_markets()

    def _phone(self) -> None:
        market = self._a_market()
        free = self.ledger.free.get(market.coin, D(0))
        buys = self.chance.random() < 0.5
        volume = (D(200_000) / market.price).quantize(D("0.00000001"))
        if not buys:
            volume = min(volume, free)
        if volume > 0 and self.ledger.phone_trade(market.name, buys, volume):
            self.knobs.note("external_trade")
            (self.oracle.outside_bought if buys else self.oracle.outside_in).add(market.name)
            self.oracle.say(lambda: f"phone {'buys' if buys else 'sells'} {volume} {market.name}")

    def _flow(self) -> None:
        self.knobs.note("money_moves")
        self.ledger.flow("KRW", D(self.chance.choice([-500_000, 1_000_000])))

    def _a_market(self) -> VenueMarket:
        return self.ledger.markets[self.chance.choice(sorted(self.ledger.markets))]

    def _jump(self) -> None:
        self.knobs.note("price_jump")
        market = self._a_market()
        self._move(market, D(str(round(self.chance.uniform(-4, 4), 2))) / 100)

    def fall(self) -> None:
        """Everything falls at once; now and then the user pays in or takes out in the middle of it."""
        held = any(self.oracle.managed(name) * market.bid > 10_000 for name, market in self.ledger.markets.items())
        if not held and self.lively:
            self.door.later(3.0, self.fall)
            return
        self.knobs.note("market_crash")
        by = -D(str(round(self._losses.uniform(0.5, 9), 2))) / 100
        for name in sorted(self.ledger.markets):
            self._move(self.ledger.markets[name], by)
        if self._losses.random() < 0.5:
            self.door.later(self._losses.uniform(0, 40), self._flow)

    _silent_until = 0.0

    def _keep_moving(self, market: VenueMarket) -> None:
        """The price goes on for ever: often in an episode, now and then otherwise."""
        gap = self._moves.uniform(0.4, 2.2) if self.lively else self._moves.uniform(200, 900)
        if not self.knobs.on:
            gap = self._moves.uniform(2, 4)
        self._next_move[market.name] = self.door.later(gap, lambda: self._step(market))

    def _step(self, market: VenueMarket) -> None:
        self._move(market, D(str(round(self._moves.gauss(0, 0.12), 3))) / 100)
        self._keep_moving(market)

    def _become(self, lively: bool) -> None:
        """An episode begins or ends; nobody waits for a quiet gap to be over."""
        self.lively = lively
        for market in self.ledger.markets.values():
            self._next_move[market.name].cancel()
            self._keep_moving(market)
        terminal = self.terminal
        if lively and terminal is not None and terminal.is_up:
            terminal.engine.woken.set()

    def _move(self, market: VenueMarket, by: Decimal) -> None:
        if market.frozen:
            return
        wanted = market.price * (1 + by)
        market.price = max((wanted // market.tick) * market.tick, market.bottom)
        self._quote(market)
        for order in self.ledger.open_orders():
            if order.market == market.name and order.price is not None:
                share = D("0.5") if self.knobs.hits("fills_in_parts") else D(1)
                self.door.meet(order, share)
        if (self.time() >= self._silent_until and not self.door.closed) or not self.knobs.on:
            self.show(market)
        else:
            self._unseen(market)

    def _unseen(self, market: VenueMarket) -> None:
        terminal, watch = self.terminal, self.oracle.health
        if terminal is None or not terminal.is_up or self.door.outage or self.door.sick or self.door.closed:
            watch.trouble_until = self.time() + 45
        watch.trouble_until = max(watch.trouble_until, self._awake_since + 45 if self._awake_since else 0.0)
        if not terminal_in_trouble(terminal):
            self.oracle.unseen(market)

    def _run_away(self, name: str) -> None:
        """A purchase was filled for the most part: often the market goes up before the rest of it ends by time."""
        by = D(self._rests.choice(["0", "0", "0", "0.006", "0.025"]))
        if by:
            market = self.ledger.markets[name]
            self.door.later(self.knobs.seconds(0.5, 4), lambda: self._move(market, by))

    def _quote(self, market: VenueMarket) -> None:
        """Other people's orders around a new price: some levels, with holes, of very different size."""
        dice, ticks, levels = self._depths, 0, []
        for _ in range(8):
            worth = self._usual_level * D(str(round(dice.lognormvariate(0, 1.2), 4)))
            levels.append((ticks, max((worth / market.price).quantize(STEP), STEP)))
            ticks += dice.choice([1, 1, 1, 2, 5])
        market.ladder = tuple(levels)

    def _tolerant(self, plan: StrategyBlueprint) -> StrategyBlueprint:
        """The strategy with a tolerance for slippage (a limit order has nothing to split) and a policy for rests."""
        dice, limit = self._depths, plan.entry_order.order_type is OrderType.LIMIT
        kinds = [AboveTolerance.REFUSE, AboveTolerance.WAIT]
        if not limit:
            kinds += [AboveTolerance.SPLIT] * 3
        policy = SlippagePolicy(D(dice.choice(["0.01", "0.03", "0.1", "0.3", "5"])), dice.choice(kinds))
        dice = self._rests
        rest = dice.choice([RestPolicy.CANCEL_AND_MARKET] * 3 + [RestPolicy.CANCEL, RestPolicy.WAIT])
        share, drift = D(dice.choice([30, 50, 80])), D(dice.choice(["0.3", "2", "2"]))
        timeout = min(plan.entry_order.timeout_s or 3600, dice.choice([5, 20, 3600]))
        order = replace(
            plan.entry_order, rest=rest, market_from_percent=share, max_drift_percent=drift, timeout_s=timeout
        )
        return replace(plan, slippage=policy, entry_order=order)

    def _start_at_once(self) -> None:
        """A strategy that buys now, by limit at the best offer; it ends soon, and so does its position."""
        terminal, dice = self.terminal, self._rests
        if terminal is None or not terminal.is_up:
            return
        taken = {position.market.symbol for position in terminal.engine.core.positions.live()}
        free = sorted(set(self.ledger.markets) - taken)
        if not free:
            return
        plan = self.strategy_at_once(dice)
        place = Market(VENUE, dice.choice(free))
        self.tell(StartStrategy(f"c-{self._commands}", place, plan, D(dice.choice([300_000, 1_000_000]))))

    def strategy_at_once(self, dice: random.Random) -> StrategyBlueprint:
        """A strategy whose condition always holds."""
        self._commands += 1
        plan = self._tolerant(blueprint(dice, self._commands))
        order = replace(
            plan.entry_order,
            order_type=OrderType.LIMIT,
            offset_ticks=dice.choice([1, 2, 3]),
            timeout_s=dice.choice([2, 4, 8]),
        )
        return replace(
            plan,
            warmup_bars=0,
            entry_when="true",
            exits=ExitRules(max_hold_minutes=1),
            exit_when=None,
            entry_order=order,
            steps=(EntryStep(),),
            slippage=SlippagePolicy(D(5)),
        )

    def show(self, market: VenueMarket) -> None:
        """The market's frames reach the terminal."""
        try:
            self.door.show_price(market)
        except Killed:
            return
        if self.door.listener is not None:
            self.oracle.last_book[market.name] = self.time()
            self.oracle.health.framed(market.name)
        if self.terminal is not None and self.terminal.is_up and self.oracle.losses_are_known:
            self.oracle.losses.look(max(self._awake_since, self.terminal.up_since))

    # ---- settling -----------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Faults stop. The program must come to rest by itself, then obey, then end properly."""
        await self._alive()
        self.knobs.on, self.disk_trouble, self._silent_until = False, None, 0.0
        self.door.outage = self.door.sick = self.door.closed = False
        self.door.clock_s = 0.0
        for market in self.ledger.markets.values():
            market.halted = market.frozen = False
        if self.terminal is None or self.terminal.dead or self.terminal.journal_trouble:
            self._start_again(self.terminal or Terminal(self), 1.0)
            await self._alive()
        self.oracle.say(lambda: "faults stop")
        self.door.private(up=True)
        self._list()
        self._become(lively=True)
        await asyncio.sleep(SETTLE_S)
        terminal = self.terminal
        assert terminal is not None
        if terminal.dead:
            self.oracle.broken("I6", "the program is not running when everything should be calm")
            return
        await self._nothing_under_way(terminal)
        self.oracle.settled(terminal)
        self.outside.settled(terminal.journal_trouble)
        await self._last_words(terminal)

    async def _nothing_under_way(self, terminal: Terminal) -> None:
        """An exit may have fired this very moment: let it end. Orders that rest are no reason to wait."""
        for _ in range(30):
            working = terminal.engine.core.tracker.working()
            if all(o.state is OrderState.OPEN and o.intent.price is not None for o in working):
                return
            await asyncio.sleep(1)

    async def _last_words(self, terminal: Terminal) -> None:
        """Close everything, or press; then it must be flat, and the end a clean one."""
        core = terminal.engine.core
        if self.chance.random() < 0.5:
            self.tell(LiquidateAll("last"))
        else:
            for position in core.positions.live():
                self.tell(ClosePosition(position.position_id))
        self.tell(ReconcileNow("end"))
        await asyncio.sleep(LAST_WORDS_S)
        for position in core.positions.live():
            self.oracle.broken("I6", f"{position.position_id} is {position.state} after it was to be closed")
        run = core.emergency.run
        if run is not None and core.emergency.is_running and not self._only_strangers(run):
            self.oracle.broken("I14", f"the emergency run does not end: {run.stage} {run.residues}")
        for market in self.ledger.markets.values():
            left = self.oracle.sellable(market.name)
            if left * market.bid >= market.min_total and market.name not in self.oracle.outside_in:
                self.oracle.broken("I14", f"{left} {market.coin} that we bought are left")
        self.oracle.settled(terminal)
        await ChainWatch(self.oracle.broken, self.ledger).check(terminal.database, self.oracle.hidden)
        await terminal.end()
        await self._reopen_once()

    def _only_strangers(self, run: LiquidationRun) -> bool:
        """ATTENTION that names nothing but coins the user bought elsewhere is an end: they are his to keep."""
        named = {words.split(":")[0] for words in run.residues}
        return run.stage is LiquidationStage.ATTENTION and bool(named) and named <= self.oracle.outside_bought

    async def _reopen_once(self) -> None:
        """After a proper end the next start must know everything and call it clean."""
        await self._begin()
        terminal = self.terminal
        assert terminal is not None
        if terminal.dead:
            return
        if not terminal.recovered.clean:
            self.oracle.broken("I23", "a proper end is taken for a crash")
        await asyncio.sleep(1)
        await terminal.end()

    def _tell_oracle(self) -> None:
        rates = self.knobs.rates
        self.oracle.shown = self.door.shown
        # The engine's equity is what it was told: lost balances and wrong prices make it another one.
        odd = {"frame_lost", "frame_late", "account_stale", "account_lags", "stream_down", "outage", "queue_surprise"}
        self.oracle.books_are_whole = not rates.keys() & {"book_one_sided", "queue_surprise"}
        if not self.oracle.books_are_whole:  # a wrong print is told from a right one by the book
            odd |= {"price_spike", "price_garbage"}
        self.oracle.equity_is_known = not rates.keys() & odd
        self.oracle.listings_are_fresh = "account_stale" not in rates
        flows = {"external_trade", "money_moves"}
        if "clock_step" in rates:  # a replayed frame is told from a new one by its time against our clock
            flows.add("frames_replayed")
        self.oracle.money_is_known = self.oracle.equity_is_known and not rates.keys() & flows
        if self.oracle.equity_is_known and "clock_step" not in rates and self.limits.daily_loss_ratio < 1:
            self.oracle.day_loss_ratio = self.limits.daily_loss_ratio
        if self.oracle.equity_is_known and 0 < self.limits.monthly_loss_ratio < 1:
            self.oracle.month_loss_ratio = self.limits.monthly_loss_ratio
        self.oracle.losses_are_known = self.oracle.equity_is_known and not rates.keys() & {"external_trade"}
        self.oracle.limits.days_are_known = "clock_step" not in rates
        health = self.oracle.health
        health.windows = self.health.windows
        health.prices_are_whole = not rates.keys() & {
            "price_garbage",
            "price_spike",
            "book_one_sided",
            "queue_surprise",
        }
        slow = {"slow_answers", "tight_quota", "untyped_error"}  # failures and stalls are told as they happen
        health.line_is_sound = not rates.keys() & slow and self.room is not NARROW

    # ---- drawing ------------------------------------------------------------------------------------------------

    def _limits(self) -> TradingLimits:
        chance = self.chance
        return replace(
            TradingLimits(),
            max_positions=chance.choice([1, 2, 10]),
            max_position_value=D(chance.choice([1_500_000, 20_000_000])),
            max_orders_per_minute=chance.choice([2, 4, 60]),
            max_queued_entries=random.Random(f"queue-{self.knobs.seed}").choice([1, 2, 20]),
            max_exposure_ratio=D(chance.choice(["0.2", "0.5", "0.9"])),
            daily_loss_ratio=D(chance.choice(["0.002", "0.01", "1"])),
            total_loss_ratio=D(random.Random(f"total-loss-{self.knobs.seed}").choice(["0.003", "0.02", "1", "1"])),
            **self._uses(random.Random(f"limits-{self.knobs.seed}")),  # type: ignore[arg-type]
        )

    def _uses(self, chance: random.Random) -> dict[str, object]:
        """Limits on use and on single orders; in most worlds some of them bind, in some they are off."""
        tight = chance.random() < 0.35  # limits that bind leave fewer trades, and other bugs fewer chances

        def one(low: list[str], usual: list[str]) -> Decimal:
            return D(chance.choice(low if tight and chance.random() < 0.3 else usual))

        return {
            "max_daily_entries": int(one(["1", "2", "4"], ["0", "200"])),
            "max_monthly_entries": int(one(["1", "2"], ["0", "3000"])),
            "max_daily_value": one(["300000", "1100000"], ["0", "200000000"]),
            "max_monthly_value": one(["300000", "900000"], ["0", "2000000000"]),
            "max_market_value": one(["250000", "700000"], ["0", "30000000"]),
            "monthly_loss_ratio": one(["0.0002", "0.001"], ["0", "1"]),
            "cooldown_s": float(one(["20", "90", "3600"], ["0", "0.5", "3"])),
            "max_order_value": one(["400000", "1100000"], ["0", "20000000"]),
            "max_book_multiple": one(["0.05", "0.2"], ["0", "90"]),
            "max_ticks_away": int(one(["1", "3"], ["0", "500"])),
            "price_collar_ratio": one(["0.001", "0.004"], ["0.05"]),
        }

    def _health(self) -> HealthSettings:
        """In some worlds the venue has announced an hour in which it is closed, not far from an episode."""
        if "maintenance" not in self.knobs.rates:
            return HealthSettings()
        dice = random.Random(f"maintenance-{self.knobs.seed}")
        begins = BEGIN + timedelta(seconds=round(dice.choice(self._starts) + dice.uniform(-300, 3000)))
        ends = begins + timedelta(minutes=dice.choice([10, 30, 60]))
        text = f"{begins.isoformat()}/{ends.isoformat()}"
        return HealthSettings(maintenance=(text,), liquidate_before_maintenance=dice.random() < 0.5)

    def _ledger(self) -> VenueLedger:
        markets = [
            VenueMarket("KRW-AAA", D(50_000), D(50), bottom=D(10_000)),
            VenueMarket("KRW-BBB", D(1_000), D(1), bottom=D(200)),
            VenueMarket("KRW-CCC", D(80_000_000), D(10_000), bottom=D(20_000_000)),
        ]
        coins = {"AAA": D(3)} if self.chance.random() < 0.4 else {}
        if coins and random.Random(f"purse-{self.knobs.seed}").random() < 0.4:  # rich in coins, short of money
            return VenueLedger(markets, D(1_000_000), {"AAA": D(300)})
        return VenueLedger(markets, D(10_000_000), coins)
