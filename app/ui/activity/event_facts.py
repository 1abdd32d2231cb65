"""What an event is about: when, which lane of the timeline, how serious, which market and position."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from app.domain.breaker import BreakerChanged, BreakerState
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded
from app.domain.emergency import LiquidationStage
from app.domain.instruction import InstructionChanged, InstructionState, InstructionTrigger
from app.domain.kill import KillMarked, UnlockAttempted, UnlockOutcome
from app.domain.loss import ACKNOWLEDGED, LossBookChanged
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    Event,
    ExitTriggered,
    ExternalChangeFound,
    FillBooked,
    IntentRefused,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.promotion import PromotionOverridden
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured
from app.domain.values import Market, Side, TradingState


class Lane(StrEnum):
    """Rows of the timeline, from above."""

    ORDERS = "orders"
    FILLS = "fills"
    RISK = "risk"
    SYSTEM = "system"


class Tone(IntEnum):
    """How serious an event is; the larger one wins where events share a place."""

    PLAIN = 0
    WARNING = 1
    DANGER = 2


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One journaled event with what the lists and the timeline need. ``side`` is set for fills."""

    at: datetime
    lane: Lane
    tone: Tone
    event: Event
    market: Market | None = None
    position_id: str | None = None
    side: Side | None = None
    is_landmark: bool = True
    """False for events that belong in the list only; the timeline would drown in them."""


_ORDER_TONES = {
    OrderState.UNKNOWN: Tone.WARNING,
    OrderState.REJECTED: Tone.DANGER,
    OrderState.EXPIRED: Tone.WARNING,
}
_ORDER_LANDMARKS = frozenset({OrderState.SENT, OrderState.UNKNOWN, OrderState.REJECTED, OrderState.EXPIRED})
_OPENED = (UnlockOutcome.UNLOCKED, UnlockOutcome.CHANGED)
_BREAKER_TONES = {
    BreakerState.CLOSED: Tone.PLAIN,
    BreakerState.HALF_OPEN: Tone.WARNING,
    BreakerState.OPEN: Tone.DANGER,
}
_STATE_TONES = {TradingState.HALTED: Tone.DANGER, TradingState.REDUCING: Tone.WARNING}


def event_facts(event: Event, now: datetime) -> EventFacts:
    """Facts of ``event``; ``now`` is used for events that carry no time of their own."""
    match event:
        case OrderChanged(order=order):
            return EventFacts(
                order.updated_at,
                Lane.ORDERS,
                _ORDER_TONES.get(order.state, Tone.PLAIN),
                event,
                order.intent.market,
                order.intent.position_id,
                order.intent.side,
                order.state in _ORDER_LANDMARKS,
            )
        case FillBooked(fill=fill, position_id=owner):
            return EventFacts(fill.traded_at, Lane.FILLS, Tone.PLAIN, event, fill.market, owner, fill.side)
        case ExecutionMeasured(market=market, side=side, measured_at=at):
            return EventFacts(at, Lane.FILLS, Tone.PLAIN, event, market, side=side, is_landmark=False)
        case PositionChanged(position=position):
            broken = position.state is PositionState.ERROR
            return EventFacts(
                position.updated_at,
                Lane.RISK if broken else Lane.SYSTEM,
                Tone.DANGER if broken else Tone.PLAIN,
                event,
                position.market,
                position.position_id,
                is_landmark=broken,
            )
        case InstructionChanged(instruction=instruction, trigger=trigger):
            failed = instruction.state is InstructionState.FAILED
            return EventFacts(
                instruction.updated_at,
                Lane.ORDERS,
                Tone.DANGER if failed else Tone.PLAIN,
                event,
                instruction.market,
                instruction.position_id,
                instruction.draft.side,
                is_landmark=failed or trigger == InstructionTrigger.FIRED,
            )
        case SlicingReported(position_id=owner, market=market, side=side, ended_at=at):
            return EventFacts(at, Lane.FILLS, Tone.PLAIN, event, market, owner, side, is_landmark=False)
        case IntentRefused(intent=intent):
            return EventFacts(now, Lane.RISK, Tone.WARNING, event, intent.market, intent.position_id)
        case CommandRefused(position_id=owner):
            return EventFacts(now, Lane.RISK, Tone.WARNING, event, position_id=owner or None)
        case DeadLetterAdded(letter=letter):
            subject = (letter.market, letter.position_id or None)
            return EventFacts(letter.at, Lane.RISK, Tone.WARNING, event, *subject, is_landmark=False)
        case DeadLetterSettled(position_id=owner):
            return EventFacts(now, Lane.RISK, Tone.PLAIN, event, position_id=owner or None, is_landmark=False)
        case ExitTriggered(position_id=owner, market=market):
            return EventFacts(now, Lane.RISK, Tone.WARNING, event, market, owner)
        case LossBookChanged(book=book, reason=reason):
            tone = Tone.WARNING if book.latched else Tone.PLAIN
            return EventFacts(now, Lane.RISK, tone, event, is_landmark=reason.startswith(ACKNOWLEDGED))
        case _:
            return EventFacts(now, *_system_place(event), event)


def _system_place(event: Event) -> tuple[Lane, Tone]:
    match event:
        case TradingStateChanged(after=after):
            return (Lane.RISK, _STATE_TONES.get(after, Tone.PLAIN))
        case LiquidationChanged(run=run):
            return (Lane.RISK, Tone.WARNING if run.stage is LiquidationStage.FLAT else Tone.DANGER)
        case AlertRaised(critical=critical):
            return (Lane.RISK, Tone.DANGER if critical else Tone.WARNING)
        case DrillEnded(drill=drill):
            return (Lane.RISK, Tone.PLAIN if drill.passed else Tone.WARNING)
        case ExternalChangeFound():
            return (Lane.RISK, Tone.WARNING)
        case Reconciled(differences=differences):
            return (Lane.SYSTEM, Tone.WARNING if differences else Tone.PLAIN)
        case PromotionOverridden():
            return (Lane.RISK, Tone.DANGER)
        case BreakerChanged(state=state):
            return (Lane.RISK, _BREAKER_TONES[state])
        case KillMarked(mark=mark):
            return (Lane.RISK, Tone.DANGER if mark.halted else Tone.PLAIN)
        case UnlockAttempted(outcome=outcome):
            return (Lane.RISK, Tone.PLAIN if outcome in _OPENED else Tone.WARNING)
        case StreamStateChanged(up=up):
            return (Lane.SYSTEM, Tone.PLAIN if up else Tone.WARNING)
        case _:
            return (Lane.SYSTEM, Tone.PLAIN)
