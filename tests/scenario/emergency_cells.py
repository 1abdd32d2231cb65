"""One cell of the table: the program in some state, a fault in the world, a press; and what the screen says then.

Virtual time, the real core, engine, executor, journal and widgets; the venue is the simulation's own ledger. Whatever
the widgets say is compared with that ledger, never with our own books.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.adapters.storage.database import FILE_NAME
from app.domain.blueprint import EntryOrderPolicy, StrategyBlueprint
from app.domain.breaker import CallGroup, TripBreaker
from app.domain.commands import ClosePosition, LiquidateAll, PausePosition, SetTradingState, StartStrategy
from app.domain.emergency import LiquidationRun, LiquidationStage
from app.domain.exit_plan import ExitRules
from app.domain.limits import TradingLimits
from app.domain.messages import LiquidationChanged, Message
from app.domain.slippage import SlippagePolicy
from app.domain.values import Market, OrderType, TradingState
from app.engine.outbox import Outbox
from app.ui import wording
from app.ui.emergency_control import EmergencyControl
from app.ui.liquidation_panel import LiquidationPanel
from app.ui.run_history_dialog import RunHistoryDialog
from app.ui.ui_feed import UiFeed
from tests.simulation.terminal import Terminal
from tests.simulation.venue_door import VENUE
from tests.simulation.venue_ledger import STEP, VenueLedger, VenueMarket
from tests.simulation.world import World
from tests.unit.engine.playbook import blueprint

D = Decimal
A, B, C = "KRW-AAA", "KRW-BBB", "KRW-CCC"
#: How long the fault lasts after the press, and how long everything may take afterwards.
FAULT_S, AFTER_S = 75.0, 150.0
SEED = 1_000_003
#: Column of the history that says how a run ended.
RESULT = 2


@dataclass(slots=True)
class Screen:
    """The real panel and control of one run of the program."""

    feed: UiFeed
    panel: LiquidationPanel
    control: EmergencyControl
    history: RunHistoryDialog
    owner: QWidget
    #: Every text the stage label ever had here.
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, terminal: Terminal) -> "Screen":
        """Widgets that follow a program, fed by its own bus."""
        feed = UiFeed(terminal.bus)
        owner = QWidget()
        screen = cls(feed, LiquidationPanel(owner), EmergencyControl(owner), RunHistoryDialog(owner), owner)
        screen.panel.bind(feed)
        screen.control.bind(feed)
        screen.history.bind(feed)
        return screen

    def replay(self, runs: Sequence[LiquidationRun]) -> None:
        """What the journal knew, as at every start."""
        self.feed.replay(LiquidationChanged(run) for run in runs)

    @property
    def stage(self) -> str:
        """What the panel says; of a run that was proven before this start, the history. Empty when nothing is told."""
        if self.panel.stage.text() or not self.history.table.rowCount():
            return self.panel.stage.text()
        return self.history.table.item(0, RESULT).text()

    @property
    def says_done(self) -> bool:
        """True while the screen claims the proof."""
        return self.stage == wording.liquidation_stage(LiquidationStage.FLAT)

    @property
    def asks_for_attention(self) -> bool:
        """True while it names what is left."""
        return self.stage == wording.liquidation_stage(LiquidationStage.ATTENTION)

    def close(self) -> None:
        """The program is gone, and its window with it."""
        self.feed.close()
        self.owner.deleteLater()


class Cell(World):
    """A small world without chance: three markets, a position in two of them, an entry that rests in the third."""

    def __init__(self, folder: Path, template: Path) -> None:
        super().__init__(SEED, folder, template / FILE_NAME, traced=False)
        self.knobs.rates.clear()
        self._tell_oracle()
        self.screen: Screen | None = None
        self.lies: list[str] = []
        self.lively = True

    def _limits(self) -> TradingLimits:
        return replace(TradingLimits(), daily_loss_ratio=D("0.02"), max_orders_per_minute=60)

    def _quote(self, market: VenueMarket) -> None:
        """A deep book: what is held fits on its first level."""
        worth = (D(10**8) / market.price).quantize(STEP)
        market.ladder = tuple((ticks, worth) for ticks in range(5))

    def _ledger(self) -> VenueLedger:
        ledger = super()._ledger()
        return VenueLedger(list(ledger.markets.values()), D(10_000_000), {"AAA": D(3)})  # the user's own coins

    async def _begin(self) -> None:
        await self._open()

    async def _open(self) -> None:
        if self.screen is not None:
            self.screen.close()
        terminal = self.terminal = Terminal(self)
        screen = self.screen = Screen.of(terminal)
        terminal.bus.subscribe(lambda event: self._show(screen) if isinstance(event, LiquidationChanged) else None)
        await terminal.start()
        screen.replay(terminal.recovered.runs)

    def _show(self, screen: Screen) -> None:
        screen.feed.flush()
        screen.told.append(screen.stage)
        if screen.says_done:
            self.lies += [f"the screen says done: {words}" for words in self.left_at_the_venue().values()]

    def left_at_the_venue(self) -> dict[str, str]:
        """Market -> what the ledger still holds there: orders of ours, and units we bought beyond dust."""
        left: dict[str, str] = {}
        for order in self.ledger.open_orders():
            if order.identifier is not None:
                left[order.market] = f"{order.identifier} works"
        for market in self.ledger.markets.values():
            held = self.oracle.managed(market.name)
            if held * market.bid >= market.min_total:
                left[market.name] = f"{held} {market.coin} are held"
        return left

    # ---- what a cell needs --------------------------------------------------------------------------------------

    def command(self) -> str:
        """A fresh name."""
        self._commands += 1
        return f"c-{self._commands}"

    def say_to(self, command: Message) -> None:
        """The user acts, if the program runs."""
        self.tell(command)

    async def keep_showing(self) -> None:
        """Prices go on: books and trades twice a second."""
        while True:
            for market in self.ledger.markets.values():
                self._move(market, D(0))
            await asyncio.sleep(0.5)

    async def ready(self) -> None:
        """Two positions and an entry that rests."""
        await self._open()
        asyncio.get_running_loop().set_exception_handler(self._loop_trouble)
        self._prices = asyncio.get_running_loop().create_task(self.keep_showing())
        await asyncio.sleep(4)
        self.say_to(SetTradingState(TradingState.ENABLED, "user"))
        self.start(A)
        self.start(B)
        self.start(C, limit=True)
        await asyncio.sleep(6)
        assert set(self.left_at_the_venue()) == {A, B, C}, self.left_at_the_venue()

    def start(self, market: str, limit: bool = False) -> None:
        """Run a strategy there; a limit entry rests far below the market."""
        plan: StrategyBlueprint = blueprint(id=f"plan-{market}", slippage=SlippagePolicy(D(5)), max_spread_percent=D(5))
        order = EntryOrderPolicy(OrderType.LIMIT if limit else OrderType.MARKET, -6 if limit else 0, 3600)
        plan = replace(plan, entry_order=order, exits=ExitRules(), stop_loss_waived=True)
        self.say_to(StartStrategy(self.command(), Market(VENUE, market), plan, D(1_000_000)))

    def press(self) -> None:
        """Two presses of the keys, as on the real control."""
        assert self.screen is not None
        control = self.screen.control
        assert control.isEnabled()
        control.triggered.connect(lambda: self.say_to(LiquidateAll(self.command())))
        control.press_key()
        control.press_key()

    async def restart(self, kill: bool) -> None:
        """End or kill the program and start it again."""
        terminal = self.terminal
        assert terminal is not None
        if kill:
            terminal.kill()
        else:
            await terminal.end()
        await terminal.buried()
        await self._open()

    def positions(self) -> dict[str, str]:
        """Market -> position id of what runs."""
        assert self.terminal is not None
        return {p.market.symbol: p.position_id for p in self.terminal.engine.core.positions.live()}

    async def over(self) -> None:
        """Everything ends."""
        self._prices.cancel()
        if self.screen is not None:
            self.screen.close()
        if self.terminal is not None and not self.terminal.dead:
            await self.terminal.end()
        self.oracle.close()


Step = Callable[[Cell], Awaitable[None]]

# ---- the states ------------------------------------------------------------------------------------------------------


async def trading(cell: Cell) -> None:
    """Entries on, everything as usual."""


async def stopped(cell: Cell) -> None:
    """Ended and started again: entries are off until a person enables them."""
    await cell.restart(kill=False)
    await asyncio.sleep(4)


async def paused(cell: Cell) -> None:
    for position_id in cell.positions().values():
        cell.say_to(PausePosition(position_id))
    await asyncio.sleep(0.2)


async def halted(cell: Cell) -> None:
    cell.say_to(SetTradingState(TradingState.HALTED, "kill"))


async def signals_pending(cell: Cell) -> None:
    """Entries have been decided and wait for their turn at the rate limit."""
    cell.knobs.rates["quota_wait"] = 1.0
    cell.say_to(ClosePosition(cell.positions()[C]))
    await asyncio.sleep(1.0)
    cell.start(C)
    await asyncio.sleep(0.05)
    cell.door.later(3, lambda: cell.knobs.rates.pop("quota_wait", None))


async def limit_latched(cell: Cell) -> None:
    """The daily loss limit is used up."""
    for name in (A, B):
        cell._move(cell.ledger.markets[name], D("-0.12"))
    await asyncio.sleep(1)


async def breaker_open(cell: Cell) -> None:
    for group in CallGroup:
        cell.say_to(TripBreaker(VENUE, group, "user"))


async def reconnecting(cell: Cell) -> None:
    cell.door.private(up=False)
    cell.door.later(30, lambda: cell.door.private(up=True))


async def exit_under_way(cell: Cell) -> None:
    cell.knobs.rates["fills_slow"] = 1.0
    cell.say_to(ClosePosition(cell.positions()[A]))
    await asyncio.sleep(0.05)
    cell.knobs.rates.clear()


async def broken_rule(cell: Cell) -> None:
    """A position is in error, the engine reduces only."""
    assert cell.terminal is not None
    core = cell.terminal.engine.core
    core.position_desk.broken(cell.positions()[B], "a rule was broken", cell.terminal.now(), Outbox())
    cell.say_to(SetTradingState(TradingState.REDUCING, "a rule was broken"))


async def pressed_already(cell: Cell) -> None:
    cell.knobs.rates["slow_answers"] = 1.0
    cell.press()
    await asyncio.sleep(0.3)
    cell.knobs.rates.clear()


async def just_crashed(cell: Cell) -> None:
    """Killed and started again this very second: nothing has been compared with the venue yet."""
    await cell.restart(kill=True)


async def order_unknown_here(cell: Cell) -> None:
    """A purchase under an identifier of this installation rests where no position runs; our books do not know it."""
    cell.say_to(ClosePosition(cell.positions()[C]))
    await asyncio.sleep(8)
    ours = next(o.identifier for o in cell.ledger.orders.values() if o.identifier is not None)
    market = cell.ledger.markets[C]
    price = market.bid - 100 * market.tick
    cell.ledger.place(f"{ours}x", C, True, price, (D(20_000) / price).quantize(STEP), None)
    assert C not in cell.positions() and C in cell.left_at_the_venue()


STATES: tuple[Step, ...] = (
    trading, stopped, paused, halted, signals_pending, limit_latched,
    breaker_open, reconnecting, exit_under_way, broken_rule, pressed_already, just_crashed,
    order_unknown_here,
)  # fmt: skip

# ---- the faults: begun before the press, ended FAULT_S after it ------------------------------------------------------


async def answers_lost(cell: Cell) -> None:
    """Orders are accepted, their answers never come, nor does the stream tell."""
    cell.knobs.rates |= {"submit_answer_lost": 0.7, "frame_lost": 0.7}


async def kinds_refused(cell: Cell) -> None:
    """The venue refuses most orders without a reason anybody could act on."""
    cell.knobs.rates["submit_refused"] = 0.8


async def cancels_lost(cell: Cell) -> None:
    """Cancels are lost, refused, slow; and the rest is filled just before they are done."""
    cell.knobs.rates |= {"cancel_lost": 0.5, "cancel_refused": 0.4, "cancel_slow": 1.0, "fill_while_cancelling": 1.0}


async def venue_down(cell: Cell) -> None:
    cell.door.private(up=False)
    cell.door.outage = True


async def market_halted(cell: Cell) -> None:
    cell.ledger.markets[A].halted = True
    cell._list()


async def account_blind(cell: Cell) -> None:
    """No reading of the account succeeds, or it shows an old state."""
    cell.knobs.rates |= {"account_read_fails": 0.5, "account_stale": 0.7, "account_lags": 1.0}


async def disk_full(cell: Cell) -> None:
    cell.disk_trouble = "disk_full"


async def killed_after_the_press(cell: Cell) -> None:
    """kill -9 some milliseconds after the press, and once more while it recovers."""


FAULTS: tuple[Step, ...] = (
    answers_lost, kinds_refused, cancels_lost, venue_down, market_halted, account_blind, disk_full,
    killed_after_the_press,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cell came to: while the fault lasted, and long after it."""

    during: str
    named: bool
    lies: tuple[str, ...]
    unnamed: tuple[str, ...]
    at_the_end: str
    left_at_the_end: tuple[str, ...]


async def run_cell(cell: Cell, state: Step, fault: Step) -> Verdict:
    """Bring the program into the state, let the fault begin, press, look; let the fault end, and look again."""
    await cell.ready()
    await state(cell)
    await fault(cell)
    cell.press()
    if fault is killed_after_the_press:
        await asyncio.sleep(0.06)
        await cell.restart(kill=True)
        await asyncio.sleep(1.5)
        await cell.restart(kill=True)
    await asyncio.sleep(FAULT_S)
    assert cell.screen is not None
    cell.screen.feed.flush()
    during, left = cell.screen.stage, cell.left_at_the_venue()
    texts = cell.screen.panel.residues.text() + "\n".join(" ".join(line) for line in cell.screen.panel.line_texts())
    unnamed = tuple(words for market, words in left.items() if market not in texts)
    # A full disk keeps no run: the next start knows of none, and says nothing while nothing is left.
    silent = not during and not left
    named = cell.screen.says_done or cell.screen.asks_for_attention or silent
    await _end_of_the_fault(cell)
    await asyncio.sleep(AFTER_S)
    cell.screen.feed.flush()
    end = cell.screen.stage
    verdict = Verdict(
        during, named, tuple(cell.lies), unnamed, end, tuple(cell.left_at_the_venue().values())
    )  # fmt: skip
    await cell.over()
    return verdict


async def _end_of_the_fault(cell: Cell) -> None:
    cell.knobs.rates.clear()
    for market in cell.ledger.markets.values():
        market.halted = False
    cell._list()
    if cell.door.outage:
        cell.door.outage = False
    cell.door.private(up=True)
    if cell.disk_trouble is not None:
        cell.disk_trouble = None
        await cell.restart(kill=True)  # what the alert asks the user to do
    cell.clock_offset = timedelta()
