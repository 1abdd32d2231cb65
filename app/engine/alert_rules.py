"""Which events become notices, and how serious each is."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.alert import DailyReport, DailyReported, Severity, Topic
from app.domain.emergency import LineState, LiquidationRun, LiquidationStage, Residue
from app.domain.errors import Problem
from app.domain.exit_plan import ExitReason
from app.domain.kill import SUSPICIOUS_TRIES, UnlockAttempted, UnlockOutcome
from app.domain.messages import (
    AlertRaised,
    EngineStarted,
    EngineStopped,
    Event,
    ExitTriggered,
    ExternalChangeFound,
    LiquidationChanged,
    OrderChanged,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.order import Order, OrderState, OrderTrigger
from app.domain.values import Side, TradingState

#: Kinds of events that may become a notice; all others (every price among them) are looked at no further.
TOLD: frozenset[type] = frozenset(
    {
        AlertRaised,
        LiquidationChanged,
        OrderChanged,
        ExitTriggered,
        TradingStateChanged,
        ExternalChangeFound,
        StreamStateChanged,
        EngineStarted,
        EngineStopped,
        DailyReported,
        UnlockAttempted,
    }
)
_DONE = (LineState.SOLD, LineState.CANCELLED, LineState.CONFIRMED, LineState.DUST)


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice before it is known whether it was told already. ``once`` names what is told a single time."""

    topic: Topic
    severity: Severity
    key: str
    detail: str = ""
    once: str = ""
    report: DailyReport | None = None
    problem: Problem | None = None
    left: tuple[Residue, ...] = ()


def draft_of(event: Event) -> Draft | None:
    """What to tell about ``event``; None for what nobody has to be told besides the screen."""
    match event:
        case AlertRaised(key, detail, critical, problem):
            topic = Topic.RISK if critical else Topic.SYSTEM
            severity = Severity.CRITICAL if critical else Severity.WARNING
            return Draft(topic, severity, key, detail, problem=problem)
        case LiquidationChanged(run):
            return _emergency(run)
        case OrderChanged(order, trigger):
            return _order(order, trigger)
        case ExitTriggered(_, market, reason, price):
            severity = Severity.INFO if reason in (ExitReason.USER, ExitReason.EMERGENCY) else Severity.WARNING
            return Draft(Topic.RISK, severity, f"exit_{reason}", f"{market} @ {price:,f}")
        case TradingStateChanged(_, after, reason):
            return _trading_state(after, reason)
        case UnlockAttempted(outcome=UnlockOutcome.WRONG, tries=tries) if tries < SUSPICIOUS_TRIES:
            return Draft(Topic.RISK, Severity.WARNING, "unlock_wrong", f"{tries} ×")  # more: a critical alert
        case ExternalChangeFound(venue, detail):
            return Draft(Topic.RISK, Severity.WARNING, "external_change", f"{venue}: {detail}")
        case StreamStateChanged(venue, stream, up=False):
            return Draft(Topic.SYSTEM, Severity.WARNING, "stream_down", f"{venue} {stream}")
        case EngineStarted(epoch, mode, clean):
            severity = Severity.INFO if clean else Severity.WARNING
            return Draft(Topic.START, severity, "started" if clean else "started_unclean", f"{mode}, {epoch}")
        case EngineStopped(epoch):
            return Draft(Topic.START, Severity.INFO, "stopped", str(epoch))
        case DailyReported(report):
            return Draft(Topic.REPORT, Severity.INFO, "daily_report", report=report)
        case _:
            return None


def _emergency(run: LiquidationRun) -> Draft:
    done = sum(line.state in _DONE for line in run.lines)
    detail = f"{done}/{len(run.lines)}"
    needed = run.stage is LiquidationStage.ATTENTION
    if not needed and run.actual_s is not None:
        detail = f"{detail}, {run.actual_s:.1f} s"
    severity = Severity.CRITICAL if needed else Severity.WARNING
    left = run.left if needed else ()
    return Draft(Topic.EMERGENCY, severity, f"emergency_{run.stage}", detail, once=run.run_id, left=left)


def _order(order: Order, trigger: str) -> Draft | None:
    if trigger == "recovered" or not order.state.is_terminal:
        return None
    market, average = order.intent.market, order.average_price
    if average is not None and trigger in (OrderTrigger.ALL_FILLED, OrderTrigger.ENDED):
        key = "bought" if order.intent.side is Side.BUY else "sold"
        detail = f"{market} {order.filled_volume.normalize():,f} @ {Decimal(f'{average:.8g}'):,f}"
        return Draft(Topic.EXECUTION, Severity.INFO, key, detail, once=order.order_id)
    if order.state is OrderState.REJECTED and order.intent.purpose.reduces_risk:
        return Draft(Topic.EXECUTION, Severity.WARNING, "exit_refused", f"{market} {order.note}".rstrip())
    return None


def _trading_state(after: TradingState, reason: str) -> Draft | None:
    severity = Severity.CRITICAL if after is TradingState.HALTED else Severity.INFO
    return Draft(Topic.RISK, severity, f"trading_{after}", reason)
