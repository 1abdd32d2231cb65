"""The judge: named invariants, checked against the venue's ledger and the bytes of the journal, never our own books.

Every check is independent of the code it judges: it recomputes from what the venue did and what was on disk.
"""

import hashlib
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.domain.breaker import BreakerChanged
from app.domain.dead_letter import MOST_DEAD_LETTERS, DeadLetter, DeadLetterSettled, LetterOutcome
from app.domain.emergency import EmergencyScope, LiquidationRun, LiquidationStage
from app.domain.exit_plan import ExitReason
from app.domain.instruction import Instruction, InstructionChanged
from app.domain.limits import TradingLimits
from app.domain.loss import LossBookChanged
from app.domain.market_data import BookLevel, Trade
from app.domain.messages import (
    JOURNALED,
    AlertRaised,
    CandlesLoaded,
    Event,
    ExitTriggered,
    FillBooked,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    TradingStateChanged,
)
from app.domain.order import TERMINAL_STATES, Order, OrderState, OrderTrigger
from app.domain.position import Position, PositionState
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured
from app.domain.values import Purpose, Side, TradingState
from tests.simulation.breaker_watch import BreakerWatch
from tests.simulation.exit_watch import ExitWatch
from tests.simulation.features import FeatureWatch
from tests.simulation.health_watch import HealthWatch
from tests.simulation.instruction_watch import InstructionWatch
from tests.simulation.limit_judge import LimitJudge
from tests.simulation.loss_watch import LossWatch
from tests.simulation.profit_watch import ProfitWatch
from tests.simulation.scope_watch import ScopeWatch
from tests.simulation.slippage_watch import SlippageWatch
from tests.simulation.urgency_watch import UrgencyWatch
from tests.simulation.venue_ledger import VenueLedger, VenueMarket, VenueOrder

if TYPE_CHECKING:
    from tests.simulation.terminal import Terminal

ZERO = Decimal(0)
#: Differences of rounding in an average; money itself is compared exactly.
HAIR = Decimal("1e-9")
#: Rounding of the clock.
CLOCK_HAIR_S = 1e-3
#: Two clean readings are 2 s apart (emergency_liquidation.CONFIRM_GAP); rounding of the clock aside.
TWO_READINGS_S = 1.99
MOST_CALLS_PER_SECOND = 60
RANK = {
    OrderState.INTENT: 0,
    OrderState.SENT: 1,
    OrderState.UNKNOWN: 2,
    OrderState.OPEN: 3,
    OrderState.PARTIAL: 4,
    OrderState.CANCELLING: 5,
}
_PROVEN = tuple(stage.value for stage in LiquidationStage if stage.is_proven)
#: The only step back: the venue refused a cancel, so the order works on.
STEP_BACK = (OrderState.CANCELLING, (OrderState.OPEN, OrderState.PARTIAL))


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken invariant: its name, the world, when (virtual seconds and step), and what was seen."""

    invariant: str
    seed: int
    step: int
    words: str


@dataclass(slots=True)
class Feeding:
    """What the world told the terminal; the terminal may not know more."""

    private_down_at: float | None = 0.0
    enabled: bool = False
    pressed: bool = False


class Oracle:
    """Watches one world through restarts of its terminal."""

    def __init__(
        self,
        seed: int,
        ledger: VenueLedger,
        limits: TradingLimits,
        journal: Path,
        time: Callable[[], float],
        utc: Callable[[], datetime],
    ) -> None:
        self.time = time
        self.utc = utc
        self.seed = seed
        self.violations: list[Violation] = []
        self.step = 0
        self.trace: list[str] | None = None
        self.digest = hashlib.sha256()
        self.feeding = Feeding()
        self.last_book: dict[str, float] = {}
        #: Markets in which the user sold, or bought, by phone.
        self.outside_in: set[str] = set()
        self.outside_bought: set[str] = set()
        self.wrongly_refused: set[str] = set()
        self.alerts: Counter[str] = Counter()
        self._ledger = ledger
        self._limits = limits
        self._journal = journal
        self._reader: sqlite3.Connection | None = None
        self._wired: Counter[str] = Counter()
        self._orders: dict[str, Order] = {}
        self._positions: dict[str, Position] = {}
        self._fills: set[tuple[str, str]] = set()
        self._entries: deque[float] = deque()
        self._calls: deque[float] = deque()
        self._started: set[str] = set()
        self._exits = ExitWatch(self.broken, time)
        self._profits = ProfitWatch(self.broken)
        self.tickets = InstructionWatch(self.broken, ledger)
        self.scopes = ScopeWatch(self.broken, ledger, self.sellable)
        self.features = FeatureWatch(ledger)
        self.limits = LimitJudge(ledger, limits, self.broken)
        self.losses = LossWatch(ledger, limits, self.broken, time, lambda: self._fills, self.last_book)
        self.losses_are_known = True
        self.breakers = BreakerWatch(self.broken)
        self.health = HealthWatch(self.broken, time)
        #: Clock of the terminal's computer.
        self.here: Callable[[], datetime] = utc
        #: Orders that were handed to the network.
        self.tried: set[str] = set()
        self._done_again: set[str] = set()
        self.urgency = UrgencyWatch(self.broken, time)
        self._slippage = SlippageWatch(self.broken, ledger)
        #: The last book of each market that reached the terminal.
        self.shown: dict[str, tuple[tuple[BookLevel, ...], tuple[BookLevel, ...]]] = {}
        self.pressed_at = 0.0
        #: Number of journal records when the emergency control was pressed in this run of the program.
        self.pressed_record: int | None = None
        #: Orders whose cancel had been decided before that press and had not left yet.
        self.decided_before: set[str] = set()
        self.starts = 0
        self.day_loss_ratio: Decimal | None = None
        self.month_loss_ratio: Decimal | None = None
        self.equity_is_known = True
        self.books_are_whole = True
        self.listings_are_fresh = True
        self.money_is_known = True
        self._cancelled: dict[str, float] = {}
        self.sound_disk = True
        self.ticks_of_the_dead = 0
        self._readings: list[float] = []
        #: When the last answered reading of this run began.
        self._last_reading = -1.0
        #: Orders that a reading has named in this run of the program.
        self._named: set[str] = set()
        self._histories: set[str] = set()

    # ---- words --------------------------------------------------------------------------------------------------

    def say(self, words: Callable[[], str]) -> None:
        """One line of the trace; always part of the digest."""
        self.step += 1
        text = f"{self.time():10.3f} {words()}"
        self.digest.update(text.encode())
        if self.trace is not None:
            self.trace.append(text)

    def broken(self, invariant: str, words: str) -> None:
        """Note a violation; the same words once."""
        found = Violation(invariant, self.seed, self.step, words)
        if not any(v.invariant == invariant and v.words == words for v in self.violations):
            self.violations.append(found)
            self.say(lambda: f"VIOLATION {invariant}: {words}")

    def reader(self) -> sqlite3.Connection:
        """A connection of our own to the journal file; kept open, so that a dead process leaves its WAL behind."""
        if self._reader is None:
            self._reader = sqlite3.connect(self._journal, isolation_level=None)
        return self._reader

    def close(self) -> None:
        """Let go of the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def committed(self) -> int:
        """Number of the last record on disk."""
        row = self.reader().execute("SELECT max(seq) FROM journal").fetchone()
        return int(row[0] or 0)

    # ---- on the wire --------------------------------------------------------------------------------------------

    def on_call(self, now: float) -> None:
        """I20: no busy loop against the venue."""
        self._calls.append(now)
        while now - self._calls[0] > 1:
            self._calls.popleft()
        if len(self._calls) > MOST_CALLS_PER_SECOND:
            self.broken("I20", f"{len(self._calls)} calls within a second")

    def on_submit(self, order: Order, terminal: "Terminal") -> None:
        """Bytes of a submit are leaving: everything that must be true at this moment."""
        oid, intent = order.order_id, order.intent
        self._wired[oid] += 1
        self.say(lambda: f"submit {oid} {intent.side} {intent.market} {intent.purpose} p={intent.price}"
                 f" v={intent.volume} f={intent.funds}")  # fmt: skip
        if self._wired[oid] > 1 or oid in self._ledger.used:
            self.broken("I1", f"{oid} is sent a second time")
        number = terminal.journal.record_of(oid)
        reducing = intent.purpose is not Purpose.ENTRY
        self.breakers.leaves(oid, not reducing, terminal.now())
        # A disk that failed or hangs must not keep anybody in a position: exits leave after JOURNAL_PATIENCE anyway.
        given_up = number is not None and number <= terminal.journal.given_up
        excused = reducing and (terminal.journal_trouble or given_up)
        if (number is None or number > self.committed()) and not excused:
            self.broken("I2", f"{oid} leaves, its intent is record {number}, on disk are {self.committed()}")
        known = self._orders.get(oid)
        if known is None or known.intent != intent:
            self.broken("I16", f"{oid} on the wire is not what was approved")
        if intent.position_id not in self._started:
            self.broken("I34", f"{oid} belongs to no position that a command started")
        numbers = [n for n in (intent.price, intent.volume, intent.funds) if n is not None]
        if not numbers or not all(n.is_finite() and n > ZERO for n in numbers):
            self.broken("I17", f"{oid} carries {numbers}")
        for other in self._orders.values():
            same = other.intent.market == intent.market and other.intent.side is intent.side
            if same and other.state is OrderState.UNKNOWN and other.order_id != oid:
                self.broken("I4", f"{oid} leaves while {other.order_id} is unknown")
        self.tickets.on_submit(order, self._positions)
        self.scopes.on_submit(order)
        self.features.on_submit(order)
        if reducing:
            self._check_exit(order)
        else:
            self._check_entry(order, terminal)

    def _check_exit(self, order: Order) -> None:
        intent, ledger = order.intent, self._ledger
        market, volume = intent.market.symbol, intent.volume or ZERO
        # An order the journal lost is nobody's knowledge while no listing of this run can have named it: a stale one,
        # or one that began before the request, held up on its way, had arrived.
        known = {*self._orders, *self._named}
        listed = self._last_reading if self.listings_are_fresh else -1.0
        ours = [
            o
            for o in ledger.orders.values()
            if o.market == market and o.identifier is not None and (o.identifier in known or o.accepted_at < listed)
        ]
        open_sells = [o for o in ours if o.is_open and not o.buys]
        by_hand = {o.order_id for o in self._orders.values() if o.intent.instruction_id}
        if open_sells and not intent.instruction_id and open_sells[0].identifier not in by_hand:
            self.broken("I11", f"{order.order_id} sells while {open_sells[0].identifier} still works")
        bought = sum((o.executed for o in ours if o.buys), ZERO)
        bound = sum((o.executed if not o.is_open else o.volume or ZERO for o in ours if not o.buys), ZERO)
        if intent.side is not Side.SELL or bound + volume > bought:
            self.broken("I9", f"{order.order_id} sells {volume}, bought {bought}, sold or bound {bound}")

    def _check_entry(self, order: Order, terminal: "Terminal") -> None:
        oid, intent, feeding = order.order_id, order.intent, self.feeding
        now = self.time()
        if not terminal.journal_trouble:
            self.urgency.entry_leaves(oid)
        if not feeding.enabled:
            self.broken("I13", f"{oid} enters although nobody enabled trading in this run")
        if feeding.pressed:
            self.broken("I13", f"{oid} enters while the emergency control is at work")
        if terminal.journal_trouble:
            self.broken("I24", f"{oid} enters although the journal has failed")
        if order.reserved < (intent.funds or (intent.price or ZERO) * (intent.volume or ZERO)):
            self.broken("I4", f"{oid} reserves {order.reserved}")
        # Asked again right before the bytes leave: nothing is older than it may be, nothing has changed meanwhile.
        age = now - self.last_book.get(intent.market.symbol, -1e9)
        if age > self._limits.stale_price_s + CLOCK_HAIR_S:
            self.broken("I19", f"{oid} enters on a book {age:.1f} s old")
        if feeding.private_down_at is not None and now - feeding.private_down_at > CLOCK_HAIR_S:
            self.broken("I19", f"{oid} enters while the private stream is down")
        position = self._positions.get(intent.position_id)
        if position is not None and position.state not in (PositionState.PENDING, PositionState.ACTIVE):
            self.broken("I13", f"{oid} enters, its position is {position.state}")
        worth = intent.funds or (intent.price or ZERO) * (intent.volume or ZERO)
        replaced = self._ledger.by_identifier.get(intent.replaces)
        if replaced is not None:  # of that the venue makes no more than what is left
            worth = min(worth, (intent.price or ZERO) * ((replaced.volume or ZERO) - replaced.executed))
        self._check_money(order, worth)
        self.health.on_entry(oid, intent.market.symbol, bool(intent.instruction_id), terminal.now())
        self.limits.on_entry(oid, intent, now, terminal.now())
        self.losses.on_entry(oid)
        if position is not None:
            self._slippage.on_entry(order, position, self.shown.get(intent.market.symbol, ((), ())))
            self._slippage.on_step(order, position, self._orders)
            self._slippage.on_rest(order, position, self._orders)
        if worth > self._limits.max_position_value:
            self.broken("I15", f"{oid} is worth {worth}")
        holding = {p.position_id for p in self._positions.values() if p.quantity > ZERO and p.is_live}
        if intent.position_id not in holding and len(holding) >= self._limits.max_positions:
            self.broken("I15", f"{oid} would be position {len(holding) + 1}")
        self._entries.append(now)
        while now - self._entries[0] > 58:
            self._entries.popleft()
        if len(self._entries) > self._limits.max_orders_per_minute:
            self.broken("I15", f"{len(self._entries)} entries within a minute")
        for other in self._ledger.open_orders():
            ours = other.identifier not in (None, intent.replaces)
            if ours and other.market == intent.market.symbol and other.buys:
                self.broken("I4", f"{oid} enters while {other.identifier} still works")

    def _check_money(self, order: Order, worth: Decimal) -> None:
        """Budget of the position, exposure of the account, loss of the day; all by the venue's ledger."""
        oid, ledger, pid = order.order_id, self._ledger, order.intent.position_id
        spent, exposed = worth, worth
        for theirs in ledger.orders.values():
            known = self._orders.get(theirs.identifier or "")
            if known is not None and known.intent.position_id == pid and theirs.buys:
                spent += theirs.spent + theirs.paid_fee
                by_hand = order.intent.instruction_id
                if theirs.executed and known.intent.reason == order.intent.reason and not by_hand:
                    self.broken("I15", f"{oid}: {order.intent.reason} of {pid} is bought again")
            if theirs.identifier is not None and theirs.is_open and theirs.buys:
                exposed += theirs.locked
        budget = self._positions[pid].budget if pid in self._positions else spent
        if spent > budget and not self.tickets.spends_freely(pid):
            self.broken("I15", f"{oid}: {pid} would have spent {spent} of {budget}")
        exposed += sum((self.managed(m.name) * m.price for m in ledger.markets.values()), ZERO)
        owned = ledger.total("KRW") + sum((ledger.total(m.coin) * m.price for m in ledger.markets.values()), ZERO)
        if self.equity_is_known and exposed > owned * self._limits.max_exposure_ratio * Decimal("1.1"):
            self.broken("I15", f"{oid}: {exposed} of {owned} would be at risk")
        self._check_market(order, worth)
        self._check_loss(oid, owned, f"{self.utc():%Y-%m-%d}", self.day_loss_ratio)
        self._check_loss(oid, owned, f"{self.utc():%Y-%m}", self.month_loss_ratio)

    def _check_market(self, order: Order, worth: Decimal) -> None:
        """Money in one market; the engine may know the price a few seconds late."""
        most, market = self._limits.max_market_value, self._ledger.markets[order.intent.market.symbol]
        inside = worth + self.managed(market.name) * market.price
        inside += sum((o.locked for o in self._ledger.open_orders() if o.market == market.name and o.buys), ZERO)
        if most and self.equity_is_known and inside > most * Decimal("1.1"):
            self.broken("I15", f"{order.order_id}: {inside} would be in {market.name}, allowed are {most}")

    def _check_loss(self, oid: str, owned: Decimal, period: str, ratio: Decimal | None) -> None:
        if ratio is None:
            return
        profit = self._profits.loss_of(period)
        for p in self._positions.values():
            if p.is_live and p.quantity > ZERO:
                price = self.limits.last_price(p.market.symbol)  # the stream may be silent on a fall
                profit += p.quantity * max(self._ledger.markets[p.market.symbol].price, price) - p.cost
        if -profit > (owned - profit) * ratio * Decimal("1.25"):
            self.broken("I15", f"{oid} enters after a loss of {profit} in {period}")

    def on_cancel(self, order_id: str, terminal: "Terminal") -> None:
        """Bytes of a cancel are leaving."""
        self.say(lambda: f"cancel {order_id}")
        self._cancelled[order_id] = self.time()
        number = terminal.journal.record_of(order_id)
        if terminal.journal_trouble:
            return
        on_disk = max(self.committed(), terminal.journal.given_up)
        if number is None or number > on_disk:
            self.broken("I2", f"a cancel of {order_id} leaves, which is not on disk")
        if order_id in self.decided_before:
            self.decided_before.discard(order_id)
            return
        if self.pressed_record is not None and terminal.journal.last_run <= self.pressed_record:
            self.broken("I2", f"a cancel of {order_id} leaves before the emergency run is written down")
        first = terminal.journal.first_run_after(self.pressed_record)
        if first is not None and first > on_disk:
            self.broken("I2", f"a cancel of {order_id} leaves before the emergency run is on disk")

    def check_cancelled(self, resting: Iterable[str], pressed: float) -> None:
        """Orders that rested at a press and still do must have been asked to end."""
        for oid in resting:
            theirs = self._ledger.by_identifier.get(oid)
            if theirs is not None and theirs.is_open and self._cancelled.get(oid, -1.0) < pressed:
                self.broken("I14", f"{oid} rests on: no cancel left after the press")

    @property
    def readings(self) -> list[float]:
        """When the readings of the account began."""
        return self._readings

    def has_unknown(self) -> bool:
        """True while the outcome of an order is unknown."""
        return any(order.state is OrderState.UNKNOWN for order in self._orders.values())

    def check_left(self, order_id: str, since: float, cancel: bool, halted: bool) -> None:
        """I37, I47: an exit, or a cancel, that was due while a breaker was open, or all was halted, has been tried."""
        order, words = self._orders.get(order_id), ""
        by_hand = order is not None and order.intent.instruction_id  # withdrawn when an exit takes over
        if not cancel and order_id not in self.tried and not by_hand:
            words = f"the exit {order_id} was not tried while"
        ended = order is not None and order.state in TERMINAL_STATES  # by a lookup: nothing is there to be cancelled
        if cancel and not ended and self._cancelled.get(order_id, -1.0) < since:
            words = f"no cancel of {order_id} left while"
        if words and halted:
            self.broken("I47", f"{words} trading was halted")
        elif words:
            self.broken("I37", f"{words} a breaker was open")

    def on_lack_of_money(self, order: Order) -> None:
        """The venue refused an entry for want of money: it was promised twice."""
        if self.money_is_known:
            self.broken("I15", f"{order.order_id} was sent without the money for it")

    # ---- what the engine tells ----------------------------------------------------------------------------------

    def on_event(self, event: Event) -> None:
        """Everything the engine publishes, in order."""
        if isinstance(event, JOURNALED):
            self.features.on_event(event)
        match event:
            case OrderChanged(order, trigger):
                self._on_order(order, trigger)
            case ExecutionMeasured():
                self._slippage.on_measured(event)
            case CandlesLoaded(market):
                self._histories.add(market.symbol)
            case FillBooked(fill, pid):
                self._profits.on_fill(fill, pid)
                self.say(lambda: f"fill {fill.order_id} {fill.trade_id} {fill.volume} @ {fill.price} fee {fill.fee}")
                key = (fill.order_id, fill.trade_id)
                if key in self._fills:
                    self.broken("I7", f"{key} is booked twice")
                self._fills.add(key)
            case PositionChanged(position, trigger):
                self._on_position(position, trigger)
            case InstructionChanged(instruction, trigger):
                self.say(lambda: f"instruction {instruction.instruction_id} {instruction.state} ({trigger})")
                self.tickets.on_event(event)
            case SlicingReported():
                self.tickets.on_report(event)
            case ExitTriggered(pid, market, reason, price):
                self.say(lambda: f"exit {pid} {reason} at {price}")
                by_price = reason in (ExitReason.STOP_LOSS, ExitReason.TAKE_PROFIT, ExitReason.TRAILING_STOP)
                if by_price and not (price.is_finite() and price > ZERO):
                    self.broken("I17", f"{pid} leaves by {reason} at price {price}")
                elif by_price and self.books_are_whole and not self._is_near(market.symbol, price):
                    self.broken("I17", f"{pid} leaves by {reason} at a wrong print of {price}")
            case TradingStateChanged(_, after, reason):
                self.say(lambda: f"state {after} ({reason})")
                if after is not TradingState.ENABLED:
                    self.feeding.enabled = False
            case LossBookChanged(book, loss_words):
                self.say(lambda: f"losses {' '.join(book.latched)} ({loss_words})")
                self.losses.on_book(book, loss_words, judged=self.losses_are_known)
                if book.latched:
                    self.scopes.press(EmergencyScope())  # a loss limit presses, for everything
            case LiquidationChanged(run):
                self.losses.on_run(run.stage)
                self.say(lambda: f"emergency {run.run_id} {run.stage} {len(run.residues)} residues")
                self.scopes.on_run(run, self.outside_in)
                if run.stage.is_proven:
                    self._on_proof(run)
            case BreakerChanged(group=group, state=breaker_state, reason=reason):
                self.say(lambda: f"breaker {group} {breaker_state} ({reason})")
                self.breakers.told(group, breaker_state, self.here())
            case DeadLetterSettled(letter, outcome):
                self.say(lambda: f"dead letter {letter} {outcome}")
                if outcome is LetterOutcome.RETRIED:
                    self._on_done_again(letter)
            case AlertRaised(key, detail):
                self.alerts[key] += 1
                self.say(lambda: f"alert {key}")
                if key == "task_hung":
                    self.broken("I27", f"a part is said to stand still: {detail}")
                if key == "maintenance_liquidation":
                    self.feeding.enabled, self.feeding.pressed, self.pressed_at = False, True, self.time()
                    self.scopes.press(EmergencyScope())
                if key in ("rule_broken", "decision_failed"):
                    self.broken("I5", f"{key}: {detail}")

    def _on_done_again(self, letter: str) -> None:
        if letter in self._done_again:
            self.broken("I38", f"{letter} is done again a second time")
        self._done_again.add(letter)
        if letter in self._ledger.by_identifier:
            self.broken("I38", f"{letter} is done again, and the venue has it")

    def _on_order(self, order: Order, trigger: str) -> None:
        oid = order.order_id
        self.say(lambda: f"order {oid} {order.state} ({trigger}) filled {order.filled_volume}")
        self.urgency.on_order(order, trigger)
        before = self._orders.get(oid)
        self._orders[oid] = order
        if trigger == OrderTrigger.CANCEL_SENT:
            self._exits.asked.add(oid)
        if order.state not in (OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN):
            self.breakers.arrived(oid)
        if before is None:
            return
        if order.filled_volume < before.filled_volume:
            self.broken("I5", f"{oid}: filled fell from {before.filled_volume} to {order.filled_volume}")
        if before.state in TERMINAL_STATES:
            if order.state is not before.state:
                self.broken("I5", f"{oid} went from {before.state} to {order.state}")
        elif order.state not in TERMINAL_STATES and RANK[order.state] < RANK[before.state]:
            refused = before.state is STEP_BACK[0] and order.state in STEP_BACK[1]
            if not refused:
                self.broken("I5", f"{oid} went back from {before.state} to {order.state}")
        if order.state is OrderState.UNKNOWN and order.intent.side is Side.BUY and order.reserved <= ZERO:
            self.broken("I4", f"{oid} is unknown and reserves nothing")

    def _on_position(self, position: Position, trigger: str) -> None:
        pid = position.position_id
        self.say(lambda: f"position {pid} {position.state} ({trigger}) holds {position.quantity}")
        self._profits.on_position(position, trigger)
        if trigger == "started":
            self._started.add(pid)
            self.starts += 1
        before = self._positions.get(pid)
        self._positions[pid] = position
        plan, old = position.exit_plan, before.exit_plan if before else None
        if plan is not None and old is not None:
            if plan.high_water < old.high_water:
                self.broken("I18", f"{pid}: high water fell from {old.high_water} to {plan.high_water}")
            loosened = old.trail_price is not None and (plan.trail_price is None or plan.trail_price < old.trail_price)
            if loosened:
                self.broken("I18", f"{pid}: trailing stop loosened from {old.trail_price} to {plan.trail_price}")
            if old.fired is not None and plan.fired is not old.fired:
                self.broken("I11", f"{pid}: {old.fired} owned the exit, now {plan.fired}")
        if position.quantity < ZERO:
            self.broken("I9", f"{pid} is short: {position.quantity}")
        if position.state is PositionState.CLOSED and (before is None or before.is_live):
            self._check_dust(position)
            for order in self._orders.values():
                if order.intent.position_id == pid and order.is_working:
                    self.broken("I28", f"{pid} is shown closed while {order.order_id} is {order.state}")

    def _check_dust(self, position: Position) -> None:
        market = self._ledger.markets[position.market.symbol]
        if position.dust * market.bid >= max(market.min_total, market.highest_min_total):
            self.broken("I14", f"{position.position_id} is closed with {position.dust} left, which can be sold")

    def _on_proof(self, run: LiquidationRun) -> None:
        """I14: FLAT is only said when the venue really holds no order of ours and nothing we bought."""
        self.feeding.pressed = False
        ledger = self._ledger
        since = [at for at in self._readings if at >= self.pressed_at]
        if not since or since[-1] - since[0] < TWO_READINGS_S:
            self.broken("I14", f"{run.stage} after {len(since)} readings")
        if run.stage is not LiquidationStage.FLAT:
            return
        for order in ledger.open_orders():
            if order.identifier is not None:
                self.broken("I14", f"FLAT while {order.identifier} is open")
        for market in ledger.markets.values():
            left = self.sellable(market.name)
            if left * market.bid >= market.min_total and market.name not in self.outside_in:
                self.broken("I14", f"FLAT while {left} of {market.coin} that we bought are held")
        for known in self._orders.values():
            if known.is_working:
                self.broken("I14", f"FLAT while {known.order_id} is {known.state}")

    def managed(self, market: str) -> Decimal:
        """Units we bought and have not sold, by the venue's ledger; sales by phone may have eaten into them."""
        ours = [o for o in self._ledger.orders.values() if o.market == market and o.identifier is not None]
        return sum((o.executed if o.buys else -o.executed for o in ours), ZERO)

    def sellable(self, market: str) -> Decimal:
        """What we bought and have not sold, without the dust that was too small when its position closed."""
        return self.managed(market) - self._dust(market)

    # ---- after a restart ----------------------------------------------------------------------------------------

    def reopened(self, terminal: "Terminal") -> None:
        """I23, I25: the file is the committed prefix, unbroken; what the engine goes on with is its fold."""
        rows = self.reader().execute(
            "SELECT seq, happened_at, epoch, kind, payload, previous, hash FROM journal ORDER BY seq"
        )
        state = {str(k): str(v) for k, v in self.reader().execute("SELECT key, value FROM state")}
        head = hashlib.sha256(f"gwanje journal {state.get('install', 'abc234')}".encode()).hexdigest()
        orders: dict[str, object] = {}
        positions: dict[str, object] = {}
        instructions: dict[str, Instruction] = {}
        executions: list[ExecutionMeasured] = []
        reports: list[SlicingReported] = []
        number, written = 0, terminal.world.written
        for seq, at, epoch, kind, payload, previous, sealed in rows:
            number += 1
            text = f"{head}\n{seq}\n{epoch}\n{at}\n{kind}\n{payload}"
            mine = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
            if seq != number or previous != head or sealed != mine:
                self.broken("I25", f"record {seq} breaks the chain")
                return
            head = mine
            if number <= len(written) and written[number - 1] != (kind, payload):
                self.broken("I23", f"record {seq} is not what was written: {kind}")
            if kind == "OrderChanged":
                body = msgspec.json.decode(payload)["order"]
                orders[body["order_id"]] = body
            elif kind == "PositionChanged":
                body = msgspec.json.decode(payload)["position"]
                positions[body["position_id"]] = body
            elif kind == "InstructionChanged":
                told = msgspec.json.decode(payload, type=InstructionChanged).instruction
                instructions[told.instruction_id] = told
            elif kind == "SlicingReported":
                reports.append(msgspec.json.decode(payload, type=SlicingReported))
            elif kind == "ExecutionMeasured":
                executions.append(msgspec.json.decode(payload, type=ExecutionMeasured))
        if number < terminal.world.acknowledged:
            self.broken("I23", f"{terminal.world.acknowledged} records were acknowledged, {number} are there")
        del written[number:]
        terminal.world.acknowledged = number
        for path in self._journal.parent.iterdir():
            if path.stat().st_mode & 0o077:
                self.broken("I35", f"{path.name} can be read by others")
        found = terminal.recovered
        self._slippage.on_restart(executions, found.executions)
        self._compare(found.positions, positions, "position_id")
        self._compare(found.orders, orders, "order_id")
        self.tickets.restarted(instructions.values(), found.instructions, reports, orders)
        self.features.restarted(found.instructions, found.positions)
        live = {pid for pid, body in positions.items() if body["state"] != "closed"}  # type: ignore[index]
        if live - {p.position_id for p in found.positions}:
            self.broken("I23", "a position that is not closed was not recovered")
        working = {oid for oid, body in orders.items() if body["state"] not in set(TERMINAL_STATES)}  # type: ignore[index]
        if working - {o.order_id for o in found.orders}:
            self.broken("I23", "an order that may work was not recovered")
        self._orders = {oid: msgspec.convert(body, Order, strict=False) for oid, body in orders.items()}
        self._positions = {pid: msgspec.convert(body, Position, strict=False) for pid, body in positions.items()}
        self._fills = {(str(o), str(t)) for o, t in self.reader().execute("SELECT order_id, trade_id FROM fills")}
        self._started |= set(positions)
        self.feeding.enabled = False
        self.feeding.pressed = self._unfinished_run()
        self._exits.restarted(self._positions.values(), self.ticks_of_the_dead, self.sound_disk)
        self._profits.restarted(self._positions, self._sales_on_disk())
        self.losses.restarted(self.reader())
        self._histories.clear()
        self.pressed_record = None
        self.decided_before.clear()
        self._named.clear()
        self._last_reading = -1.0
        self.here = terminal.now
        self.breakers.restarted(self.reader(), terminal.now())
        self.health.restarted()
        self._check_letters(found.dead_letters)

    def _check_letters(self, found: Iterable[DeadLetter]) -> None:
        """The list is the fold of its records, and every order that ended without effect was once in it."""
        letters: dict[str, object] = {}
        ever, done = set[str](), set[str]()
        query = "SELECT kind, payload FROM journal WHERE kind LIKE 'DeadLetter%' ORDER BY seq"
        for kind, payload in self.reader().execute(query):
            body = msgspec.json.decode(payload)
            if kind == "DeadLetterAdded":
                letters[body["letter"]["dead_letter_id"]] = body["letter"]
                if len(letters) > MOST_DEAD_LETTERS:
                    del letters[next(iter(letters))]
                ever.add(body["letter"]["dead_letter_id"])
            else:
                letters.pop(body["dead_letter_id"], None)
                if body["outcome"] == LetterOutcome.RETRIED.value:
                    done.add(body["dead_letter_id"])
        self._done_again = done
        if {x.dead_letter_id: msgspec.json.decode(msgspec.json.encode(x)) for x in found} != letters:
            self.broken("I38", "the dead letters were recovered otherwise than their records say")
        for order in self._orders.values():
            ended = order.state in (OrderState.REJECTED, OrderState.EXPIRED)
            on_purpose = order.note.startswith("dry_run:")
            if ended and not order.intent.replaces and (order.order_id in ever) is on_purpose:
                words = "a dead letter of a dry run" if on_purpose else "no dead letter"
                self.broken("I38", f"{order.order_id} ended {order.state} and is {words}")

    def _sales_on_disk(self) -> list[tuple[datetime, Decimal]]:
        books = ProfitWatch(lambda invariant, words: None)
        rows = self.reader().execute("SELECT payload FROM journal WHERE kind = 'FillBooked' ORDER BY seq")
        for (payload,) in rows:
            booked = msgspec.json.decode(payload, type=FillBooked)
            books.on_fill(booked.fill, booked.position_id)
        return books.realised

    def on_reading(self, begun: float, named: set[str]) -> None:
        """A reading of the account was answered."""
        self._readings.append(begun)
        self._last_reading = begun
        self._named |= named
        self.health.reading(begun)

    def unseen(self, market: VenueMarket) -> None:
        """The price moved while the stream says nothing."""
        self.health.silent(market, [p for p in self._positions.values() if p.is_live])

    def check_entries(self, terminal: "Terminal") -> None:
        """I6: no limit entry works beyond its time."""
        self._exits.check_entries(self._orders.values(), terminal)

    def on_trade(self, trade: Trade, terminal: "Terminal") -> None:
        """The engine has handled a public trade."""
        if self._is_near(trade.market.symbol, trade.price):
            self.tickets.on_trade(trade)
            self._exits.on_trade(trade, [p for p in self._positions.values() if p.is_live], terminal)
            self._exits.check_drift(trade, self._orders.values(), self._positions, terminal)

    def _is_near(self, market: str, price: Decimal) -> bool:
        """False for a print that the book contradicts."""
        true = self._ledger.markets[market].price
        return price.is_finite() and true / 3 < price < true * 3

    def _compare(self, found: tuple[object, ...], folded: dict[str, object], key: str) -> None:
        for thing in found:
            name = getattr(thing, key)
            if msgspec.json.decode(msgspec.json.encode(thing)) != folded.get(name):
                self.broken("I23", f"{name} was recovered otherwise than its last record says")

    def _unfinished_run(self) -> bool:
        row = (
            self.reader()
            .execute("SELECT payload FROM journal WHERE kind = 'LiquidationChanged' ORDER BY seq DESC LIMIT 1")
            .fetchone()
        )
        return row is not None and msgspec.json.decode(row[0])["run"]["stage"] not in _PROVEN

    def hidden(self, identifier: str) -> bool:
        """True for an order the journal lost, where a listing may be an old one: named after its position has closed,
        it is told to a person and is nobody's any more."""
        return not self.listings_are_fresh and identifier not in self._orders

    # ---- when everything has settled ----------------------------------------------------------------------------

    def settled(self, terminal: "Terminal") -> None:
        """I6, I7, I8, I10, I12 against the ledger, after faults stopped and time passed."""
        for problem in self._ledger.problems():
            self.broken("I8", f"the oracle itself is wrong: {problem}")
        by_id = self._ledger.by_identifier
        for order in self._orders.values():
            theirs = by_id.get(order.order_id)
            self._compare_order(order, theirs)
        for identifier in by_id:
            if terminal.world.dry_run:
                self.broken("I55", f"{identifier} of a dry run is at the venue")
            if identifier not in self._orders and not terminal.has_order(identifier) and not self.hidden(identifier):
                self.broken("I7", f"{identifier} exists at the venue only")
        self.check_entries(terminal)
        self.tickets.settled(self._positions)
        self.limits.settled()
        self._check_alerts()
        for position in self._positions.values():
            waits = position.state is PositionState.PENDING and not position.blueprint.is_manual
            if waits and position.market.symbol not in self._histories:
                self.broken("I6", f"{position.position_id} waits for a history that never comes")
        self._compare_fills()
        self._compare_positions()

    def _check_alerts(self) -> None:
        """I22: a limit that is nearly used up is told once per business day; a restart knows what is on disk."""
        rows = self.reader().execute("SELECT happened_at, payload FROM journal WHERE kind = 'AlertRaised'")
        keys = ((str(at)[:10], str(msgspec.json.decode(payload)["key"])) for at, payload in rows)
        told = Counter((day, key) for day, key in keys if key.startswith("limit_near_"))
        for (day, key), times in told.items():
            if times > 1 and self.limits.days_are_known:
                self.broken("I22", f"{key} is told {times} times on {day}")

    def _compare_order(self, order: Order, theirs: VenueOrder | None) -> None:
        oid = order.order_id
        if order.state in (OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING):
            self.broken("I6", f"{oid} is still {order.state}")
        if theirs is None:
            if order.state not in (OrderState.REJECTED, OrderState.EXPIRED):
                self.broken("I6", f"{oid} is {order.state}, the venue never had it")
            return
        if theirs.is_open and order.state in TERMINAL_STATES:
            self.broken("I6", f"{oid} is {order.state}, at the venue it is open")
        if not theirs.is_open and order.state not in TERMINAL_STATES:
            self.broken("I6", f"{oid} is {order.state}, at the venue it has ended")
        if order.filled_volume != theirs.executed:
            self.broken("I7", f"{oid}: {order.filled_volume} filled here, {theirs.executed} at the venue")
        if order.paid_fee != theirs.paid_fee:
            self.broken("I8", f"{oid}: {order.paid_fee} fee here, {theirs.paid_fee} at the venue")

    def _compare_fills(self) -> None:
        rows = self.reader().execute("SELECT order_id, trade_id, volume FROM fills")
        booked = Counter((str(o), str(t)) for o, t, _ in rows)
        real = {
            (o.identifier, f.trade_id)
            for o in self._ledger.orders.values()
            if o.identifier is not None
            for f in o.fills
        }
        for key in real - set(booked):
            self.broken("I7", f"fill {key} is not booked")
        for key in set(booked) - real:  # type: ignore[arg-type]
            self.broken("I7", f"fill {key} never happened")

    def _compare_positions(self) -> None:
        held: Counter[str] = Counter()
        for position in self._positions.values():
            if position.is_live:
                held[position.market.symbol] += position.quantity  # type: ignore[assignment]
        for market in self._ledger.markets.values():
            if market.name in self.outside_in:
                continue  # the user's own phone trades may have sold ours: told as external, never corrected by itself
            left = self.managed(market.name) - self._dust(market.name)
            if Decimal(held[market.name]) != left:
                self.broken("I8", f"{market.name}: {held[market.name]} in our books, {left} bought and not sold")
        for position in self._positions.values():
            self._check_profit(position)

    def _dust(self, market: str) -> Decimal:
        closed = [p for p in self._positions.values() if p.market.symbol == market and not p.is_live]
        return sum((position.quantity for position in closed), ZERO)

    def _check_profit(self, position: Position) -> None:
        """I10: profit recomputed from the venue's own fills."""
        ids = {o.order_id for o in self._orders.values() if o.intent.position_id == position.position_id}
        if position.market.symbol in self.outside_in or position.quantity != ZERO:
            return
        earned = spent = ZERO
        for identifier in ids:
            theirs = self._ledger.by_identifier.get(identifier)
            if theirs is not None and theirs.buys:
                spent += theirs.spent + theirs.paid_fee
            elif theirs is not None:
                earned += theirs.spent - theirs.paid_fee
        if abs(position.realised - (earned - spent)) > HAIR:
            self.broken("I10", f"{position.position_id}: profit {position.realised}, by the venue {earned - spent}")
