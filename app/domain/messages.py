"""Every message that travels: commands are imperative, events are past tense; all are frozen and typed.

Commands and venue answers enter by ``TradingEngine.post``. Events leave by the EventBus; those in ``JOURNALED`` are
written to the journal first. State events carry the whole new state, so that folding the journal is "last one wins".
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import get_args

from app.domain.alert import DailyReported, NoticeChanged, RemoteTaken
from app.domain.breaker import BreakerChanged, CallBudget, CallGroup, CallRate, CandlesFailed
from app.domain.commands import Command
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded, DrillMoved
from app.domain.emergency import EmergencyPreview, LiquidationRun
from app.domain.errors import Problem
from app.domain.exit_plan import ExitReason
from app.domain.heartbeat import LoopStarved, TasksBeat, TasksMarked
from app.domain.instruction import InstructionChanged
from app.domain.kill import KillMarked, PasswordChecked, UnlockAttempted
from app.domain.latency import StageLatency
from app.domain.limits import LimitUse
from app.domain.loss import LossBookChanged, LossMarked
from app.domain.market_data import Book, Candle, Ticker, Trade
from app.domain.order import Fill, Order, OrderIntent
from app.domain.position import Position
from app.domain.promotion import PromotionOverridden
from app.domain.refusal import Refusal
from app.domain.slicing import SlicingReported
from app.domain.slippage import DepthMarked, ExecutionMeasured
from app.domain.values import Market, Priority, TradingState
from app.domain.venue_health import BookFailed, CallTimed, HealthFigures, VenueChecked, VenueCheckFailed
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport

# ---- what the outside answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderSent:
    """The journal record is durable and the bytes are about to leave."""

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    """The venue answered the submit with this report."""

    order_id: str
    report: OrderReport


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The venue answered no; nothing was placed."""

    order_id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class OrderNotSent:
    """No byte left: the order does not exist. ``failed``: its call group, when the line to the venue was the reason."""

    order_id: str
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class OrderOutcomeUnknown:
    """Bytes left and no usable answer came."""

    order_id: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReplacementTaken:
    """The venue took the request to put this order in the place of another: it is made once that one has been
    cancelled, or never when that one is filled before. Only a report of the order itself says that it exists.
    """

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderLookedUp:
    """A lookup found the order, or (``report`` None) the venue explicitly does not know it."""

    order_id: str
    report: OrderReport | None


@dataclass(frozen=True, slots=True)
class LookupFailed:
    """A lookup or cancel brought nothing usable; ``failed`` names its group, None when the venue did say no."""

    order_id: str
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class CancelAnswered:
    """The venue answered a cancel. ``accepted`` False means it refused it (ended already, or not found)."""

    order_id: str
    accepted: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OrderReported:
    """The private stream, or a poll, spoke about an order."""

    report: OrderReport


@dataclass(frozen=True, slots=True)
class BalancesReported:
    """The private stream spoke about some assets."""

    venue: str
    balances: tuple[Balance, ...]
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class AccountRead:
    """A reconciliation read finished."""

    snapshot: AccountSnapshot


@dataclass(frozen=True, slots=True)
class AccountReadFailed:
    """A reconciliation read failed; unknown is not flat. ``failed`` as in LookupFailed."""

    venue: str
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class MarketsListed:
    """Markets of a venue with their rules."""

    venue: str
    infos: tuple[MarketInfo, ...]
    constraints: tuple[ExchangeConstraints, ...]


@dataclass(frozen=True, slots=True)
class CandlesLoaded:
    """History of one market, oldest first."""

    market: Market
    seconds: int
    candles: tuple[Candle, ...]


@dataclass(frozen=True, slots=True)
class StreamStateChanged:
    """A stream went up or down. After the private stream comes up the account is read again before entries go on."""

    venue: str
    stream: str
    up: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """What waits to leave, twice a second: calls waiting per priority, calls under way (waiting for the disk, the rate
    limit or the answer), age of the oldest waiting one, and when the rate limit lets the next order through, in ms.
    ``budgets`` is what the venue's rate limits leave. The core hears it too: the forecast of the emergency control
    counts on it.
    """

    venue: str
    waiting: tuple[tuple[Priority, int], ...]
    in_flight: int
    oldest_s: float | None
    next_exit_ms: float
    next_entry_ms: float
    latencies: tuple[StageLatency, ...]
    checked_at: datetime
    budgets: tuple[CallBudget, ...] = ()


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The engine's own tick (about 10 per second)."""


Answer = (
    OrderSent
    | OrderAccepted
    | OrderRefused
    | OrderNotSent
    | OrderOutcomeUnknown
    | ReplacementTaken
    | OrderLookedUp
    | LookupFailed
    | CancelAnswered
    | OrderReported
    | BalancesReported
    | AccountRead
    | AccountReadFailed
    | MarketsListed
    | CandlesLoaded
    | CandlesFailed
    | VenueChecked
    | VenueCheckFailed
    | BookFailed
    | CallTimed
    | StreamStateChanged
    | PasswordChecked
    | QueueStatus
    | TimePassed
    | TasksBeat
    | LoopStarved
)
MarketMessage = Trade | Book | Ticker
Message = Command | Answer | MarketMessage

# ---- events: what happened here ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EngineStarted:
    """A run of the program began; ``clean`` tells whether the one before ended properly."""

    epoch: int
    mode: str
    clean: bool


@dataclass(frozen=True, slots=True)
class EngineStopped:
    """The program ended properly."""

    epoch: int


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order is in a new state."""

    order: Order
    trigger: str


@dataclass(frozen=True, slots=True)
class FillBooked:
    """A fill was booked, exactly once per (order id, trade id)."""

    fill: Fill
    position_id: str


@dataclass(frozen=True, slots=True)
class PositionChanged:
    """A position is in a new state, or its figures changed."""

    position: Position
    trigger: str


@dataclass(frozen=True, slots=True)
class IntentRefused:
    """The gate said no."""

    intent: OrderIntent
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command could not be carried out; nothing changed."""

    command: str
    refusal: Refusal
    position_id: str = ""


@dataclass(frozen=True, slots=True)
class ExitTriggered:
    """An exit rule fired; it owns the exit from now on."""

    position_id: str
    market: Market
    reason: ExitReason
    price: Decimal


@dataclass(frozen=True, slots=True)
class TradingStateChanged:
    """What may leave has changed."""

    before: TradingState
    after: TradingState
    reason: str


@dataclass(frozen=True, slots=True)
class LiquidationChanged:
    """The emergency run moved on."""

    run: LiquidationRun


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Books and venue were compared; ``differences`` is empty when they agree.

    ``unmanaged`` is what the account holds besides our positions, in units per asset; None when not known yet.
    """

    venue: str
    differences: tuple[str, ...]
    unmanaged: tuple[tuple[str, Decimal], ...] | None = None


@dataclass(frozen=True, slots=True)
class ExternalChangeFound:
    """The venue's holding or an open order is not explained by us. It is never traded automatically."""

    venue: str
    detail: str


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """Something a person must know. ``key`` names the text in the translations, ``detail`` is for the log.

    ``problem`` is the fault in a file or figure that it is about, if there is one.
    """

    key: str
    detail: str
    critical: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PositionMarked:
    """Live figures of one position, at most ten per second. Money in quote currency, ratios as 0.01 = 1 %."""

    position_id: str
    price: Decimal
    priced_at: datetime
    value: Decimal
    unrealised: Decimal
    unrealised_ratio: Decimal
    exit_reason: ExitReason | None
    exit_price: Decimal | None
    exit_distance: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountMarked:
    """Live figures of the account, at most ten per second. Money in quote currency, ratios as 0.01 = 1 %."""

    equity: Decimal
    cash_free: Decimal
    cash_locked: Decimal
    exposure_ratio: Decimal
    unrealised: Decimal
    realised_today: Decimal
    day_profit: Decimal
    day_profit_ratio: Decimal
    daily_loss_used: Decimal
    total_loss_used: Decimal
    trades_today: int
    working_orders: int
    positions: int
    reconciled: bool
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """How much of every limit that is on is used, about once a second."""

    uses: tuple[LimitUse, ...]
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class EmergencyPreviewed:
    """What the emergency control would do now."""

    preview: EmergencyPreview


@dataclass(frozen=True, slots=True)
class CandleUpdated:
    """The forming or a just closed bar of one market."""

    candle: Candle
    closed: bool


@dataclass(frozen=True, slots=True)
class VenueStatus:
    """Health of a venue connection for the lamps. Latency in ms; ages are for the screen to compute.

    ``calls`` is what the circuit breakers count, one row per call group; ``health`` is about the venue itself.
    """

    venue: str
    public_up: bool
    private_up: bool
    last_market_at: datetime | None
    order_latency_ms: float | None
    checked_at: datetime
    calls: tuple[CallRate, ...] = ()
    health: HealthFigures | None = None


StateEvent = (
    EngineStarted
    | EngineStopped
    | OrderChanged
    | FillBooked
    | ExecutionMeasured
    | PositionChanged
    | InstructionChanged
    | SlicingReported
    | IntentRefused
    | CommandRefused
    | ExitTriggered
    | TradingStateChanged
    | LiquidationChanged
    | Reconciled
    | ExternalChangeFound
    | AlertRaised
    | StreamStateChanged
    | BreakerChanged
    | DeadLetterAdded
    | DeadLetterSettled
    | LossBookChanged
    | KillMarked
    | UnlockAttempted
    | NoticeChanged
    | RemoteTaken
    | DailyReported
    | DrillEnded
    | PromotionOverridden
)
ViewEvent = (
    PositionMarked
    | AccountMarked
    | LimitUsage
    | EmergencyPreviewed
    | DrillMoved
    | CandleUpdated
    | CandlesLoaded
    | VenueStatus
    | QueueStatus
    | DepthMarked
    | LossMarked
    | TasksMarked
    | MarketsListed
    | MarketMessage
)
Event = StateEvent | ViewEvent

#: Events that are written to the hash-chained journal, in the order in which they happened.
JOURNALED: tuple[type[StateEvent], ...] = get_args(StateEvent)
