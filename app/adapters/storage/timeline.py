"""Which events a person sees in the timeline, and under which title."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.alert import DailyReported, RemoteTaken
from app.domain.breaker import BreakerChanged, BreakerState
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded
from app.domain.instruction import InstructionChanged, InstructionState
from app.domain.kill import UnlockAttempted
from app.domain.loss import ACKNOWLEDGED, LossBookChanged
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    EngineStarted,
    EngineStopped,
    ExitTriggered,
    ExternalChangeFound,
    FillBooked,
    IntentRefused,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StateEvent,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.order import OrderState, OrderTrigger
from app.domain.position import PositionState, PositionTrigger
from app.domain.promotion import PromotionOverridden
from app.domain.slicing import SlicingReported
from app.domain.values import Market, TradingState

# Intents, partial fills and cancels under way are steps of an order that its next line, or its fills, tell anyway.
_SHOWN_ORDER_STATES = frozenset(OrderState) - {OrderState.INTENT, OrderState.PARTIAL, OrderState.CANCELLING}
_SHOWN_POSITION_TRIGGERS = frozenset(
    {
        PositionTrigger.PAUSED,
        PositionTrigger.RESUMED_EMPTY,
        PositionTrigger.RESUMED_HOLDING,
        PositionTrigger.EXIT_FAILED,
        PositionTrigger.EMPTY,
        PositionTrigger.RULE_BROKEN,
    }
)


class Category(StrEnum):
    """Lane of the timeline."""

    ORDER = "order"
    FILL = "fill"
    RISK = "risk"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line. ``title`` is a key of the translations, ``detail`` plain text."""

    category: Category
    title: str
    detail: str
    market: Market | None = None
    position_id: str | None = None
    critical: bool = False


#: Steps in between; the order that they belong to has its own line.
_QUIET_INSTRUCTION_TRIGGERS = frozenset(
    {"water", "sent", "fill", "order_ended", "slicing", "refused", "replacing", "replaced"}
)


def timeline_entry(event: StateEvent) -> TimelineEntry | None:
    """Line for ``event``; None when it is not for the timeline."""
    match event:
        case OrderChanged() | FillBooked():
            return _trading_entry(event)
        case PositionChanged():
            return _position_entry(event)
        case InstructionChanged():
            return _instruction_entry(event)
        case SlicingReported():
            return _report_entry(event)
        case IntentRefused() | CommandRefused() | ExitTriggered() | LiquidationChanged() | ExternalChangeFound():
            return _risk_entry(event)
        case _:
            return _system_entry(event)


def _trading_entry(event: OrderChanged | FillBooked) -> TimelineEntry | None:
    if isinstance(event, FillBooked):
        fill = event.fill
        detail = f"{fill.volume} @ {fill.price}"
        return TimelineEntry(Category.FILL, f"fill.{fill.side}", detail, fill.market, event.position_id)
    order = event.order
    if order.state not in _SHOWN_ORDER_STATES or event.trigger == OrderTrigger.PART_FILLED:
        return None
    intent = order.intent
    size = intent.funds if intent.volume is None else intent.volume
    words = (intent.side, intent.order_type, size, "" if intent.price is None else f"@ {intent.price}", order.note)
    return TimelineEntry(
        category=Category.ORDER,
        title=f"order.{order.state}",
        detail=" ".join(str(word) for word in words if word not in (None, "")),
        market=intent.market,
        position_id=intent.position_id,
        critical=order.state is OrderState.UNKNOWN,
    )


def _instruction_entry(event: InstructionChanged) -> TimelineEntry | None:
    instruction = event.instruction
    if event.trigger in _QUIET_INSTRUCTION_TRIGGERS:
        return None
    words = (instruction.draft.side, instruction.draft.order_type, instruction.condition.kind, instruction.note)
    return TimelineEntry(
        category=Category.ORDER,
        title=f"instruction.{instruction.state}",
        detail=" ".join(word for word in words if word),
        market=instruction.market,
        position_id=instruction.position_id,
        critical=instruction.state is InstructionState.FAILED,
    )


def _report_entry(event: SlicingReported) -> TimelineEntry:
    report = event.report
    costs = {"arrival": report.arrival_bps, "VWAP": report.vwap_bps, "TWAP": report.twap_bps}
    words = [f"{event.side} {event.algorithm} {report.filled_volume} of {report.ordered_volume}"]
    words += [f"{value:+.1f} bp to {name}" for name, value in costs.items() if value is not None]
    return TimelineEntry(Category.FILL, "slicing.reported", ", ".join(words), event.market, event.position_id)


def _position_entry(event: PositionChanged) -> TimelineEntry | None:
    position = event.position
    is_new = position.created_at == position.updated_at
    if not is_new and event.trigger not in _SHOWN_POSITION_TRIGGERS:
        return None
    in_error = position.state is PositionState.ERROR
    return TimelineEntry(
        category=Category.RISK if in_error else Category.ORDER,
        title=f"position.{position.state}",
        detail=position.note or position.blueprint.label,
        market=position.market,
        position_id=position.position_id,
        critical=in_error,
    )


def _risk_entry(
    event: IntentRefused | CommandRefused | ExitTriggered | LiquidationChanged | ExternalChangeFound,
) -> TimelineEntry:
    match event:
        case IntentRefused(intent, refusal):
            title = f"refused.{refusal.reason}"
            return TimelineEntry(Category.RISK, title, refusal.detail, intent.market, intent.position_id)
        case CommandRefused(command, refusal, position_id):
            detail = f"{command}: {refusal.detail}" if refusal.detail else command
            return TimelineEntry(Category.RISK, f"refused.{refusal.reason}", detail, None, position_id or None)
        case ExitTriggered(position_id, market, reason, price):
            return TimelineEntry(Category.RISK, f"exit.{reason}", f"@ {price}", market, position_id)
        case LiquidationChanged(run):
            detail = ", ".join(f"{line.market} {line.state}" for line in run.lines) or run.run_id
            return TimelineEntry(Category.RISK, f"liquidation.{run.stage}", detail, critical=True)
        case ExternalChangeFound(venue, detail):
            return TimelineEntry(Category.RISK, "external_change", f"{venue}: {detail}")


def _system_entry(event: StateEvent) -> TimelineEntry | None:
    match event:
        case EngineStarted(epoch, mode, clean):
            detail = f"{mode}, run {epoch}" + ("" if clean else ", after an unclean end")
            return TimelineEntry(Category.SYSTEM, "engine.started", detail, critical=not clean)
        case EngineStopped(epoch):
            return TimelineEntry(Category.SYSTEM, "engine.stopped", f"run {epoch}")
        case TradingStateChanged(before, after, reason):
            detail = f"{before} -> {after}: {reason}"
            critical = after is TradingState.HALTED
            return TimelineEntry(Category.SYSTEM, f"trading_state.{after}", detail, critical=critical)
        case DrillEnded(drill):
            return TimelineEntry(Category.SYSTEM, f"drill.{drill.verdict}", drill.detail or drill.drill_id)
        case Reconciled(venue, differences) if differences:
            return TimelineEntry(Category.SYSTEM, "reconciled", f"{venue}: {'; '.join(differences)}")
        case AlertRaised(key, detail, critical):
            category = Category.RISK if critical else Category.SYSTEM
            return TimelineEntry(category, key, detail, critical=critical)
        case LossBookChanged(_, reason) if reason.startswith(ACKNOWLEDGED):
            return TimelineEntry(Category.RISK, "loss.acknowledged", reason)
        case RemoteTaken(_, user_id, command, outcome):
            return TimelineEntry(Category.RISK, f"remote.{command}", f"user {user_id}: {outcome}")
        case DailyReported(report):
            words = f"{report.day:%Y-%m-%d}: {report.realised:f}, {report.bought} + {report.sold}"
            return TimelineEntry(Category.SYSTEM, "daily_report", words)
        case StreamStateChanged(venue, stream, up, detail):
            words = f"{venue} {stream} {detail}".strip()
            return TimelineEntry(Category.SYSTEM, "stream.up" if up else "stream.down", words)
        case BreakerChanged(venue, group, state, reason):
            critical, words = state is BreakerState.OPEN, f"{venue} {group}: {reason}"
            return TimelineEntry(Category.RISK, f"breaker.{state}", words, critical=critical)
        case DeadLetterAdded(letter):
            words = f"{letter.what} {letter.code} {letter.detail}".strip()
            owner = letter.position_id or None
            return TimelineEntry(Category.RISK, "dead_letter.added", words, letter.market, owner)
        case PromotionOverridden(_, label, missing):
            return TimelineEntry(Category.RISK, "promotion.overridden", f"{label}: {', '.join(missing)}", critical=True)
        case DeadLetterSettled(letter_id, outcome, position_id):
            return TimelineEntry(Category.RISK, f"dead_letter.{outcome}", letter_id, None, position_id or None)
        case UnlockAttempted(_, outcome, tries):
            return TimelineEntry(Category.RISK, f"unlock.{outcome}", f"{tries} failed in a row", critical=tries > 0)
        case _:
            return None
