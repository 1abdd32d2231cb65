"""One readable line in the log for everything that goes into the journal."""

import logging

from app.domain.alert import DailyReported, NoticeChanged, RemoteTaken
from app.domain.breaker import BreakerChanged, BreakerState
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded
from app.domain.instruction import InstructionChanged
from app.domain.kill import KillMarked, UnlockAttempted
from app.domain.loss import LossBookChanged
from app.domain.messages import (
    JOURNALED,
    AlertRaised,
    CommandRefused,
    EngineStarted,
    EngineStopped,
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
from app.domain.promotion import PromotionOverridden
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured

_log = logging.getLogger("gwanje.events")
_LOGGED: frozenset[type] = frozenset(JOURNALED)
#: Steps between an intent and its end; the journal has them all, the log only when it is asked for DEBUG.
_DETAILS = frozenset({"sending", "accepted", "part_filled", "fill", "entry_asked", "high_water", "water", "slicing"})


def log_event(event: Event) -> None:
    """Write the line; events that are not journaled (prices, figures) leave none."""
    if type(event) not in _LOGGED:  # asked for every price: no walk over all kinds
        return
    detail = isinstance(event, OrderChanged | PositionChanged | InstructionChanged) and event.trigger in _DETAILS
    if detail and not _log.isEnabledFor(logging.DEBUG):
        return
    level, words = _line(event)
    _log.log(logging.DEBUG if detail else level, words)


def _line(event: Event) -> tuple[int, str]:
    match event:
        case OrderChanged(order, trigger):
            return _order_level(order.state), (
                f"{order.intent.market} {order.intent.purpose} {order.intent.side} {order.order_id}: "
                f"{trigger} -> {order.state}, filled {order.filled_volume.normalize():f}"
                + (f" ({order.note})" if order.note else "")
            )
        case FillBooked(fill, _):
            return logging.INFO, f"{fill.market} {fill.side} filled {fill.volume.normalize():f} at {fill.price:f}"
        case ExecutionMeasured():
            return logging.INFO, (
                f"{event.market} {event.side} {event.order_id}: predicted {event.predicted:.8g}, "
                f"got {event.actual:.8g} ({event.difference:+.4%}, {event.impact} impact)"
            )
        case PositionChanged(position, trigger):
            return logging.INFO, (
                f"{position.market} {position.blueprint.label}: {trigger} -> {position.state}"
                + (f" ({position.note})" if position.note else "")
            )
        case InstructionChanged(instruction, trigger):
            return logging.INFO, (
                f"{instruction.market} {instruction.draft.side} {instruction.instruction_id}: {trigger} -> "
                f"{instruction.state}" + (f" ({instruction.note})" if instruction.note else "")
            )
        case IntentRefused(intent, refusal):
            return logging.WARNING, f"{intent.market} {intent.side} refused: {refusal.reason} ({refusal.detail})"
        case CommandRefused(command, refusal, _):
            return logging.WARNING, f"{command} refused: {refusal.reason} ({refusal.detail})"
        case PromotionOverridden(key, label, missing):
            words = ", ".join(missing) or "never run in paper mode"
            return logging.WARNING, f"{label} ({key[:8]}) let past the promotion gate by a person; missing: {words}"
        case AlertRaised(key, detail, critical):
            return logging.CRITICAL if critical else logging.WARNING, f"{key}: {detail}"
        case _:
            return _rest(event)


def _rest(event: Event) -> tuple[int, str]:
    match event:
        case SlicingReported(report=report):
            costs = {"arrival": report.arrival_bps, "VWAP": report.vwap_bps, "TWAP": report.twap_bps}
            against = "".join(f", {value:+.1f} bp to {name}" for name, value in costs.items() if value is not None)
            return logging.INFO, (
                f"{event.market} {event.side} {event.instruction_id}, {event.algorithm}: filled "
                f"{report.filled_volume.normalize():f} of {report.ordered_volume.normalize():f}{against}"
            )
        case ExitTriggered(_, market, reason, price):
            return logging.WARNING, f"{market} exit: {reason} at {price:f}"
        case TradingStateChanged(before, after, reason):
            return logging.WARNING, f"trading {before} -> {after}: {reason}"
        case LiquidationChanged(run):
            return logging.WARNING, f"emergency {run.run_id}: {run.stage} {'; '.join(run.residues)}".rstrip()
        case Reconciled(venue, differences, _):
            level = logging.WARNING if differences else logging.INFO
            return level, f"{venue} compared: {'; '.join(differences) or 'books and venue agree'}"
        case ExternalChangeFound(venue, detail):
            return logging.WARNING, f"{venue} changed from outside: {detail}"
        case StreamStateChanged(venue, stream, up, detail):
            level = logging.INFO if up else logging.WARNING
            return level, f"{venue} {stream} stream {'up' if up else 'down'} {detail}".rstrip()
        case BreakerChanged(venue, group, state, reason, until):
            level = logging.INFO if state is BreakerState.CLOSED else logging.WARNING
            end = f" until {until:%H:%M:%S} UTC" if until is not None else ""
            return level, f"{venue} {group} breaker {state}{end}: {reason}"
        case DeadLetterAdded(letter):
            return logging.WARNING, f"dead letter {letter.dead_letter_id}: {letter.what} {letter.code} {letter.detail}"
        case DeadLetterSettled(letter_id, outcome, _):
            return logging.INFO, f"dead letter {letter_id} settled: {outcome}"
        case LossBookChanged(book, reason):
            words = f"losses count from {book.day_from:,.0f} today, {book.total_from:,.0f} in all: {reason}"
            return logging.WARNING if book.latched else logging.INFO, words
        case NoticeChanged(notice, trigger):
            return logging.INFO, f"notice {notice.notice_id} {notice.key}: {trigger} {notice.acknowledged_by}".rstrip()
        case RemoteTaken(update_id, user_id, command, outcome):
            return logging.WARNING, f"remote command {command} ({update_id}) of user {user_id}: {outcome}"
        case DailyReported(report):
            return logging.INFO, f"report of {report.day:%Y-%m-%d}: realised {report.realised:f}, fees {report.fees:f}"
        case DrillEnded(drill):
            level = logging.INFO if drill.passed else logging.WARNING
            return level, f"fire drill over {drill.positions} positions: {drill.verdict} {drill.detail}".rstrip()
        case EngineStarted(epoch, mode, clean):
            return logging.INFO, f"run {epoch} started in {mode} mode{'' if clean else ' after an unclean end'}"
        case EngineStopped(epoch):
            return logging.INFO, f"run {epoch} ended"
        case KillMarked(mark):
            level = logging.CRITICAL if mark.halted else logging.WARNING
            return level, f"kill switch {'halted' if mark.halted else 'released'} (mark {mark.epoch}): {mark.reason}"
        case UnlockAttempted(_, outcome, tries, next_at):
            pause = f", {tries} failed, the next from {next_at:%H:%M:%S} UTC" if tries else ""
            return logging.WARNING, f"password of the kill switch: {outcome}{pause}"
        case _:
            return logging.INFO, type(event).__name__


def _order_level(state: OrderState) -> int:
    return logging.WARNING if state in (OrderState.UNKNOWN, OrderState.REJECTED) else logging.INFO
