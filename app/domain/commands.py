"""Commands: what a person, or a remote control, wants. They enter by ``TradingEngine.post``."""

import math
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

from app.domain.blueprint import StrategyBlueprint
from app.domain.breaker import ResetBreaker, TripBreaker
from app.domain.dead_letter import RetryDeadLetter
from app.domain.emergency import EmergencyScope
from app.domain.errors import Problem
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    PauseInstruction,
    PlaceInstruction,
    ResumeInstruction,
)
from app.domain.kill import AskUnlock, ChangeKillPassword, EndProgram, SetKillPassword
from app.domain.loss import AcknowledgeLoss
from app.domain.money import LARGEST, is_exact
from app.domain.promotion import OverridePromotion
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
    """Enable or disable entries, or halt; HALTED is left only by ``AskUnlock``."""

    state: TradingState
    reason: str


@dataclass(frozen=True, slots=True)
class LiquidateAll:
    """The emergency control: block entries, cancel everything, sell every managed position, prove it.

    ``scope`` makes it do less, or reach less far.
    """

    command_id: str
    scope: EmergencyScope = field(default_factory=EmergencyScope)


@dataclass(frozen=True, slots=True)
class WatchMarket:
    """The screen looks at this market: load its bars of ``seconds`` and keep them."""

    market: Market
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class ReconcileNow:
    """Compare with the venue now. ``lost``: orders of ours may be there that we know nothing of."""

    reason: str
    lost: bool = False


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
    | AcknowledgeLoss
    | AskUnlock
    | SetKillPassword
    | ChangeKillPassword
    | EndProgram
    | OverridePromotion
)

#: Every kind of command.
COMMANDS: tuple[type, ...] = get_args(Command)
#: Longest text in a command, in characters.
MAX_TEXT = 10_000
_LARGEST_WHOLE = 2**63
_NO_OFFSET = timedelta(0)


def command_problems(command: object, where: str = "") -> list[Problem]:
    """What in a command is no number, time or text that could be written down, with its place; empty when all is.

    Looked at before anything else: such a value would be carried on, and end in the journal, which then refuses it.
    """
    if is_dataclass(command):
        parts = [(f"{where}.{part.name}".lstrip("."), getattr(command, part.name)) for part in fields(command)]
    elif isinstance(command, tuple):
        parts = [(f"{where}[{number}]", part) for number, part in enumerate(command)]
    else:
        words = _value_words(command)
        return [Problem(where, words)] if words else []
    return [problem for place, part in parts for problem in command_problems(part, place)]


def _value_words(value: object) -> str:
    match value:
        case Decimal():
            if not value.is_finite() or abs(value) > LARGEST:
                return "is no number, or far too large a one"
            return "" if is_exact(value) else "has more digits than anything is computed with"
        case float():
            return "" if math.isfinite(value) else "is no number, or far too large a one"
        case int():
            return "" if abs(value) < _LARGEST_WHOLE else "is no number, or far too large a one"
        case datetime():
            return "" if value.utcoffset() == _NO_OFFSET else "must be a time in UTC"
        case str():
            broken = "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
            return "holds signs that cannot be written down" if broken or len(value) > MAX_TEXT else ""
        case _:
            return ""
