"""How the engine reaches time, chance, storage and venues. Adapters implement these; tests pass their own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from app.domain.breaker import BreakerChanged, CallBudget
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.dead_letter import DeadLetter
from app.domain.effects import Effect
from app.domain.emergency import LiquidationRun
from app.domain.instruction import Instruction
from app.domain.kill import KillMark, KillReading, KillRecord
from app.domain.limits import DayUse
from app.domain.loss import LossBook
from app.domain.market_data import Book, Candle
from app.domain.messages import Event, Message, StateEvent
from app.domain.order import Fill, Order
from app.domain.order_chain import OrderChain
from app.domain.order_query import OrderChoices, OrderPage, OrderQuery
from app.domain.position import Position
from app.domain.promotion import PromotionOverridden
from app.domain.slippage import ExecutionMeasured
from app.domain.values import Market, Priority, TradingState
from app.domain.venue_health import VenueReply
from app.domain.venue_reports import AccountSnapshot, OrderReport


class Clock(Protocol):
    """Time of this computer: UTC, never stepping back while the program runs."""

    def now(self) -> datetime:
        """Aware UTC time, monotonic within one run."""
        ...


class IdSource(Protocol):
    """Identifiers that are unique for ever, across restarts and re-installs."""

    def order_id(self) -> str:
        """New order identifier, at most 64 characters; the venue sees it."""
        ...

    def position_id(self) -> str:
        """New position identifier."""
        ...

    def run_id(self) -> str:
        """New identifier of an emergency run."""
        ...

    def owns(self, order_id: str | None) -> bool:
        """True for an order identifier that this installation drew, in this run or an earlier one."""
        ...


class VenueClient(Protocol):
    """State-changing and reading calls of one venue.

    Every call may raise VenueRefusedError (the venue said no), VenueUnavailableError (nothing was done) and, for
    state-changing calls, OutcomeUnknownError. No call retries a state change by itself.
    """

    venue: str

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        """Place the order under its ``order_id`` as client identifier; returns the venue's first report.

        ``last_look`` is asked right before the first byte, after every wait for the rate limit; a reason why not ends
        the call with VenueUnavailableError.
        """
        ...

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        """Ask for a cancel; returning means accepted, not done. Raises VenueNotFoundError when it is not working."""
        ...

    async def cancel_all(self, markets: Sequence[Market]) -> int:
        """Cancel every open order in ``markets``, call by call until nothing is left; returns how many were hit."""
        ...

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        """Full report with all fills. Raises VenueNotFoundError when the venue explicitly does not know it."""
        ...

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        """All balances and all open orders, read to the last page; if asked also what ended since."""
        ...

    async def list_markets(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        """Tradable KRW markets and their rules."""
        ...

    async def load_candles(self, market: Market, seconds: int, count: int) -> tuple[Candle, ...]:
        """Last ``count`` candles, oldest first; intervals without trades are absent."""
        ...

    async def load_book(self, market: Market) -> Book:
        """Current order book."""
        ...

    async def check(self) -> VenueReply:
        """A cheap public call: that the venue answers, how fast, and its time."""
        ...

    def next_slot_s(self, priority: Priority) -> float:
        """Seconds until the rate limit would let an order of this priority through; 0 = now."""
        ...

    def budgets(self) -> tuple[CallBudget, ...]:
        """What the rate limits leave orders and cancels now; empty where none is known."""
        ...

    async def close(self) -> None:
        """Close connections; never raises for a connection already gone."""
        ...


@runtime_checkable
class OrderReplacer(Protocol):
    """What a VenueClient may offer besides, told by ``ExchangeConstraints.replaces_orders``."""

    async def replace_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> None:
        """Cancel ``order.intent.replaces`` and make ``order`` of what is left of it, in one request.

        Returning means asked, not done: it is made only once the other one's cancel is done, and never when that one
        is filled before. Raises as ``place_order``; a refusal says that it is not made, and nothing about the other.
        """
        ...


class MarketStream(Protocol):
    """Public and private streams of one venue, feeding ``post``; reconnects by itself until closed."""

    async def run(self, post: Callable[[Message], None]) -> None:
        """Run until cancelled."""
        ...

    def subscribe(self, markets: Sequence[Market]) -> None:
        """Replace the set of markets; takes effect at once or at the next connection."""
        ...


class RecoveredState(Protocol):
    """What the journal says when the program starts.

    ``earlier`` sums up, per business day of this month, what is not among ``orders`` and ``positions`` any more.
    ``limit_alerts`` are the keys of alerts about limits and when each was raised last.
    """

    epoch: int
    clean: bool
    agreed_at: datetime | None
    instructions: tuple[Instruction, ...]
    unmanaged: tuple[tuple[str, Decimal], ...]
    trading_state: TradingState
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    earlier: tuple[DayUse, ...]
    limit_alerts: tuple[tuple[str, datetime], ...]
    breakers: tuple[BreakerChanged, ...]
    dead_letters: tuple[DeadLetter, ...]
    executions: tuple[ExecutionMeasured, ...]
    loss_book: LossBook | None
    kill: KillRecord
    overrides: tuple[PromotionOverridden, ...]


class KillStore(Protocol):
    """One place outside of the journal that keeps the mark of the kill switch: a file, or the system's keyring."""

    name: str

    async def read(self) -> KillReading:
        """The mark, or why there is none. Never raises for trouble outside, and ends within seconds."""
        ...

    async def write(self, mark: KillMark) -> None:
        """Keep the mark, durable on return, within seconds. Raises StorageError when that failed."""
        ...


class OutsideStop(Protocol):
    """What another program, or a person, did to the stop file meanwhile; cheap enough to be asked at each send."""

    def tripped(self) -> str | None:
        """Why the switch counts as tripped from outside; None when nobody touched it."""
        ...

    def taken_over(self) -> bool:
        """True while another program sells and cancels in our place: then nothing leaves here."""
        ...

    def others_sold(self) -> bool:
        """True once after such a takeover has ended, whether anybody looked meanwhile or not."""
        ...


class PasswordVault(Protocol):
    """Keeps the hash of the kill switch's password. Calls take up to a second; both end in words, not in errors."""

    async def set(self, password: str, keep: str = "") -> str:
        """Keep the hash of a password; returns its fingerprint. Raises InvalidInputError, StorageError.

        The hash with the fingerprint ``keep`` stays, so that whichever of the two a mark names can be looked at.
        """
        ...

    async def check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        """Whether it is the password; the words say why it could not be looked at (another hash, no file)."""
        ...


class Journal(Protocol):
    """Append-only, hash-chained record. ``append`` keeps order; ``durable`` returns once all so far survive a crash."""

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        """Queue the event; never blocks. Raises StorageError once the journal has failed."""
        ...

    def durable(self) -> Awaitable[None]:
        """Wait until everything appended so far is on disk. Raises StorageError when it cannot be written."""
        ...


class OrderArchive(Protocol):
    """All orders ever made, beyond what is live. Every method raises StorageError when it cannot be read."""

    async def find(self, query: OrderQuery) -> OrderPage:
        """One page, newest first. Raises InvalidInputError for a query that makes no sense."""
        ...

    async def choices(self) -> OrderChoices:
        """Markets and strategies that occur."""
        ...

    async def dust(self) -> tuple[Position, ...]:
        """Positions that closed with units too few to be sold, newest first."""
        ...

    async def why(self, about: str | Fill) -> OrderChain:
        """Why an order traded, by its identifier or a fill. Raises InvalidInputError for one that is not known."""
        ...


class FlightRecorder(Protocol):
    """Writes down what enters the core and a digest of what it decided. Never blocks and never raises."""

    def began(
        self, state: RecoveredState, run: LiquidationRun | None, now: datetime, decided: Sequence[Event | Effect]
    ) -> None:
        """The core took over what the journal knew."""
        ...

    def handled(self, message: Message, now: datetime, decided: Sequence[Event | Effect]) -> None:
        """The core handled a message."""
        ...

    def asked(self, order_id: str, now: datetime, answer: str | None) -> None:
        """The core was asked whether an order may leave."""
        ...

    def noted(self, words: str, now: datetime) -> None:
        """Something happened around the core."""
        ...
