"""Every journaled event as one readable sentence, in the language of the screen."""

from PySide6.QtCore import QCoreApplication

from app.domain.alert import DailyReported, NoticeChanged, RemoteTaken
from app.domain.breaker import BreakerChanged
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded
from app.domain.emergency import LineState
from app.domain.instruction import Instruction, InstructionChanged
from app.domain.kill import KillMarked, UnlockAttempted
from app.domain.loss import ACKNOWLEDGED, LossBookChanged
from app.domain.messages import (
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
from app.domain.order import Order, OrderIntent
from app.domain.position import Position, PositionState
from app.domain.promotion import PromotionOverridden
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured
from app.domain.values import TradingMode
from app.ui import drill_words, emergency_words, instruction_words, mode_words, wording
from app.ui.alerts.notice_words import acknowledger, notice_title
from app.ui.alerts.notice_words import report_text as day_text
from app.ui.detail_words import detail_words
from app.ui.formats import krw, percent, price, signed_krw, volume
from app.ui.halt_words import halt_reason, unlock_outcome
from app.ui.problem_words import alert_detail, refused
from app.ui.slice_words import progress_text, report_text

translate = QCoreApplication.translate


def sentence(event: Event) -> str:
    """What happened, in one line; the name of the message for anything that is not journaled."""
    match event:
        case OrderChanged(order=order):
            return _order_changed(order)
        case FillBooked(fill=fill):
            return translate("Events", "{market}: {side} filled, {volume} at {price}").format(
                market=fill.market,
                side=wording.side(fill.side),
                volume=volume(fill.volume),
                price=price(fill.price),
            )
        case PositionChanged(position=position):
            return _position_changed(position)
        case InstructionChanged(instruction=instruction):
            return _instruction_changed(instruction)
        case ExecutionMeasured():
            return _execution(event)
        case SlicingReported():
            return report_text(event)
        case IntentRefused(intent=intent, refusal=refusal):
            return translate("Events", "{market}: {side} order refused. {reason}").format(
                market=intent.market, side=wording.side(intent.side), reason=refused(refusal)
            )
        case CommandRefused(refusal=refusal):
            return translate("Events", "Command refused, nothing changed. {reason}").format(reason=refused(refusal))
        case ExitTriggered(market=market, reason=reason, price=level):
            return translate("Events", "{market}: {reason} triggered at {price}").format(
                market=market, reason=wording.exit_reason(reason), price=price(level)
            )
        case _:
            return _system_sentence(event)


def _system_sentence(event: Event) -> str:
    match event:
        case EngineStarted(epoch=epoch, mode=mode, clean=clean):
            text = (
                translate("Events", "Program started, run {epoch}, {mode}")
                if clean
                else translate("Events", "Program started after an unclean end, run {epoch}, {mode}")
            )
            return text.format(epoch=epoch, mode=_mode(mode))
        case EngineStopped(epoch=epoch):
            return translate("Events", "Program ended properly, run {epoch}").format(epoch=epoch)
        case TradingStateChanged(before=before, after=after, reason=reason):
            text = translate("Events", "Trading: {before} → {after}").format(
                before=wording.trading_state(before), after=wording.trading_state(after)
            )
            return f"{text} ({detail_words(halt_reason(reason))})" if reason else text
        case LiquidationChanged():
            return _liquidation(event)
        case AlertRaised(key=key):
            text, detail = wording.alert(key), alert_detail(event)
            return f"{text} ({detail})" if detail and detail != text else text
        case _:
            return _venue_sentence(event)


def _venue_sentence(event: Event) -> str:
    match event:
        case Reconciled(venue=venue, differences=()):
            return translate("Events", "Books and {venue} agree").format(venue=venue)
        case Reconciled(venue=venue, differences=differences):
            return translate("Events", "{count} differences from {venue}: {first}").format(
                count=len(differences), venue=venue, first=detail_words(differences[0])
            )
        case DrillEnded(drill=drill):
            return translate("Events", "Fire drill: {verdict}").format(verdict=drill_words.told(drill))
        case ExternalChangeFound(venue=venue, detail=detail):
            return translate("Events", "Change from outside at {venue}: {detail}").format(
                venue=venue, detail=detail_words(detail)
            )
        case StreamStateChanged(venue=venue, stream=stream, up=True):
            return translate("Events", "{venue}: {stream} stream connected").format(
                venue=venue, stream=stream_name(stream)
            )
        case StreamStateChanged(venue=venue, stream=stream, detail=detail):
            text = translate("Events", "{venue}: {stream} stream lost").format(venue=venue, stream=stream_name(stream))
            return f"{text} ({detail})" if detail else text
        case _:
            return _breaker_sentence(event)


def _breaker_sentence(event: Event) -> str:
    match event:
        case PromotionOverridden(label=name, missing=missing):
            words = ", ".join(mode_words.promotion_rule(rule) for rule in missing)
            return translate("Events", "{name} was let past the gate from paper to live. Missing: {rules}").format(
                name=name, rules=words or translate("Events", "everything, it never ran in paper mode")
            )
        case BreakerChanged(venue=venue, group=group, state=state, reason=reason):
            text = translate("Events", "{venue}, circuit breaker of {group}: {state}").format(
                venue=venue, group=wording.call_group(group), state=wording.breaker_state(state)
            )
            return f"{text} ({reason})"
        case DeadLetterAdded(letter=letter):
            return translate("Events", "{what} ended without effect: {reason}").format(
                what=" ".join(str(part) for part in (letter.market, wording.dead_thing(letter.what)) if part),
                reason=wording.dead_reason(letter.code),
            )
        case DeadLetterSettled(outcome=outcome):
            return translate("Events", "Off the list of what can be done again: {reason}").format(
                reason=wording.letter_outcome(outcome)
            )
        case LossBookChanged(reason=reason) if reason.startswith(ACKNOWLEDGED):
            return translate("Events", "Loss acknowledged; both limits count from now on")
        case LossBookChanged(book=book):
            return translate("Events", "Losses count from a profit of {day} today, of {total} in all").format(
                day=signed_krw(book.day_from), total=signed_krw(book.total_from)
            )
        case _:
            return _switch_sentence(event)


def _switch_sentence(event: Event) -> str:
    match event:
        case KillMarked(mark=mark):
            text = (
                translate("Events", "Halt written down (mark {number}): {reason}")
                if mark.halted
                else translate("Events", "Kill switch ready, written down (mark {number}): {reason}")
            )
            return text.format(number=mark.epoch, reason=halt_reason(mark.reason))
        case UnlockAttempted(outcome=outcome, tries=0):
            return unlock_outcome(outcome)
        case UnlockAttempted(outcome=outcome, tries=tries):
            return translate("Events", "{outcome}, {count} failed in a row").format(
                outcome=unlock_outcome(outcome), count=tries
            )
        case _:
            return _notice_sentence(event)


def _notice_sentence(event: Event) -> str:
    match event:
        case NoticeChanged(notice=notice):
            return translate("Events", "Acknowledged: {notice} ({who})").format(
                notice=notice_title(notice), who=acknowledger(notice.acknowledged_by)
            )
        case RemoteTaken(user_id=user_id, command=command, outcome=outcome):
            return translate("Events", "Remote command {command} of user {user}: {outcome}").format(
                command=command, user=user_id, outcome=outcome
            )
        case DailyReported(report=report):
            return translate("Events", "Report of the day: {report}").format(
                report=" · ".join(day_text(report).splitlines())
            )
        case _:
            return type(event).__name__


def stream_name(stream: str) -> str:
    """Word for a stream of a venue."""
    match stream:
        case "public":
            return translate("Events", "market data")
        case "private":
            return translate("Events", "account")
        case _:
            return stream


def size_text(intent: OrderIntent) -> str:
    """How much an order is for: money for a market buy, units at a price for a limit order."""
    if intent.volume is None:
        return f"₩{krw(intent.funds)}"
    if intent.price is None:
        return volume(intent.volume)
    return translate("Events", "{volume} at {price}").format(volume=volume(intent.volume), price=price(intent.price))


def _order_changed(order: Order) -> str:
    intent = order.intent
    text = translate("Events", "{market}: {side} order, {type} {size}: {state}").format(
        market=intent.market,
        side=wording.side(intent.side),
        type=wording.order_type(intent.order_type),
        size=size_text(intent),
        state=wording.order_state(order.state),
    )
    return f"{text} ({wording.note(order.note)})" if order.note else text


def _execution(event: ExecutionMeasured) -> str:
    return translate(
        "Events", "{market}: {side} at {actual} on average, {predicted} by the book ({difference})"
    ).format(
        market=event.market,
        side=wording.side(event.side),
        actual=price(event.actual),
        predicted=price(event.predicted),
        difference=percent(event.difference, 3),
    )


def _position_changed(position: Position) -> str:
    name = wording.local(position.blueprint.name)
    if position.state is PositionState.CLOSED and position.exit_reason is not None:
        return translate("Events", "{market}: {strategy} closed by {reason}, realised {profit}").format(
            market=position.market,
            strategy=name,
            reason=wording.exit_reason(position.exit_reason),
            profit=signed_krw(position.realised),
        )
    text = translate("Events", "{market}: {strategy} is now {state}").format(
        market=position.market, strategy=name, state=wording.position_state(position.state)
    )
    return f"{text} ({wording.note(position.note)})" if position.note else text


def _instruction_changed(instruction: Instruction) -> str:
    text = translate("Events", "{market}: {side} instruction ({condition}) is now {state}").format(
        market=instruction.market,
        side=wording.side(instruction.draft.side),
        condition=wording.condition(instruction.condition.kind),
        state=wording.instruction_state(instruction.state),
    )
    text = text if instruction.progress is None else f"{text}, {progress_text(instruction)}"
    return f"{text} ({instruction_words.note(instruction)})" if instruction.note else text


def _liquidation(event: LiquidationChanged) -> str:
    run = event.run
    over = (LineState.CONFIRMED, LineState.SOLD, LineState.DUST)
    text = translate("Events", "Emergency liquidation: {stage}, {done} of {total} positions sold").format(
        stage=wording.liquidation_stage(run.stage),
        done=sum(line.state in over for line in run.lines),
        total=len(run.lines),
    )
    if run.left:
        return f"{text} ({'; '.join(emergency_words.residue(left) for left in run.left)})"
    return text


def _mode(mode: str) -> str:
    known = next((item for item in TradingMode if item.value == mode), None)
    return mode if known is None else mode_words.trading_mode(known)
