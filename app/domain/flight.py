"""Entries of a flight log: all a core was built from, all that entered it, and digests of what it decided."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

from app.domain.breaker import BreakerChanged
from app.domain.dead_letter import DeadLetter
from app.domain.emergency import LiquidationRun
from app.domain.instruction import Instruction
from app.domain.kill import KillRecord
from app.domain.limits import DayUse, TradingLimits
from app.domain.loss import LossBook
from app.domain.messages import Message
from app.domain.order import Fill, Order
from app.domain.ports import RecoveredState
from app.domain.position import Position
from app.domain.promotion import PromotionCard, PromotionOverridden
from app.domain.slippage import ExecutionMeasured
from app.domain.values import TradingState
from app.domain.venue_health import USUAL_HEALTH, HealthSettings


@dataclass(frozen=True, slots=True)
class FlightHeader:
    """Which program recorded, and with what its core was built. ``format`` is the version of the file format."""

    format: int
    app_version: str
    venue: str
    quote: str
    limits: TradingLimits
    install: str
    epoch: int
    mode: str
    health: HealthSettings = USUAL_HEALTH
    promotion: tuple[PromotionCard, ...] | None = None


@dataclass(slots=True)
class FlightBooks:
    """RecoveredState port: what the journal said when the recorded run started."""

    epoch: int
    clean: bool
    trading_state: TradingState
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    agreed_at: datetime | None = None
    unmanaged: tuple[tuple[str, Decimal], ...] = ()
    instructions: tuple[Instruction, ...] = ()
    earlier: tuple[DayUse, ...] = ()
    limit_alerts: tuple[tuple[str, datetime], ...] = ()
    breakers: tuple[BreakerChanged, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()
    executions: tuple[ExecutionMeasured, ...] = ()
    loss_book: LossBook | None = None
    kill: KillRecord = field(default_factory=KillRecord)
    overrides: tuple[PromotionOverridden, ...] = ()

    @classmethod
    def of(cls, state: RecoveredState) -> "FlightBooks":
        """Copy of any recovered state."""
        return cls(**{part.name: getattr(state, part.name) for part in fields(cls)})


@dataclass(frozen=True, slots=True)
class FlightStart:
    """The core took over the books. ``ids`` are what the IdSource answered meanwhile, ``out`` the digest of what came
    out."""

    now: datetime
    books: FlightBooks
    run: LiquidationRun | None
    ids: tuple[str, ...]
    out: str


@dataclass(frozen=True, slots=True)
class FlightStep:
    """The core handled one message."""

    now: datetime
    message: Message
    ids: tuple[str, ...]
    out: str


@dataclass(frozen=True, slots=True)
class FlightAsk:
    """The core was asked whether an order may leave."""

    now: datetime
    order_id: str
    out: str


@dataclass(frozen=True, slots=True)
class FlightNote:
    """Something happened around the core (it is ending, the journal failed); nothing to decide."""

    now: datetime
    words: str


@dataclass(frozen=True, slots=True)
class FlightEnd:
    """The recording ended properly: how many messages and decisions it holds, and the hash of all decisions."""

    messages: int
    decisions: int
    decision_hash: str


FlightEntry = FlightHeader | FlightStart | FlightStep | FlightAsk | FlightNote | FlightEnd
