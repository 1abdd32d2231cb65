"""Commands: what a person, or a remote control, wants. They enter by ``TradingEngine.post``."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.blueprint import StrategyBlueprint
from app.domain.breaker import ResetBreaker, TripBreaker
from app.domain.dead_letter import RetryDeadLetter
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    PauseInstruction,
    PlaceInstruction,
    ResumeInstruction,
)
from app.domain.values import Market, TradingState


@dataclass(frozen=True, slots=True)
class StartStrategy:
    """Open a position for ``blueprint`` in ``market`` with ``budget`` (quote currency). Same id = same intent."""

    command_id: str
    market: Market
    blueprint: StrategyBlueprint
    budget: Decimal


@dataclass(frozen=True, slots=True)
class PausePosition:
    """Stop entries and strategy exits of one position; its protective exits stay armed."""

    position_id: str


@dataclass(frozen=True, slots=True)
class ResumePosition:
    """Let a paused position go on."""

    position_id: str


@dataclass(frozen=True, slots=True)
class ClosePosition:
    """Cancel what works and sell what is held, at market, now."""

    position_id: str


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel one working order."""

    order_id: str


@dataclass(frozen=True, slots=True)
class SetTradingState:
    """Enable or disable entries. HALTED is left only by ``unlocked`` = True."""

    state: TradingState
    reason: str
    unlocked: bool = False


@dataclass(frozen=True, slots=True)
class LiquidateAll:
    """The emergency control: block entries, cancel everything, sell every managed position, prove it."""

    command_id: str


@dataclass(frozen=True, slots=True)
class WatchMarket:
    """The screen looks at this market: load its bars of ``seconds`` and keep them."""

    market: Market
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class ReconcileNow:
    """Compare with the venue now."""

    reason: str


Command = (
    StartStrategy
    | PausePosition
    | ResumePosition
    | ClosePosition
    | CancelOrder
    | PlaceInstruction
    | CancelInstruction
    | PauseInstruction
    | ResumeInstruction
    | AmendInstruction
    | SetTradingState
    | LiquidateAll
    | WatchMarket
    | ReconcileNow
    | TripBreaker
    | ResetBreaker
    | RetryDeadLetter
)
