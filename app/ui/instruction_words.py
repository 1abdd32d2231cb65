"""An instruction in words: how long its order may rest, what it waits for, and why it ended."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.blueprint import RestPolicy
from app.domain.instruction import ConditionKind, Instruction
from app.domain.values import TimeInForce
from app.ui import wording
from app.ui.formats import date_clock, price

translate = QCoreApplication.translate

_DURATIONS: dict[TimeInForce, object] = {
    TimeInForce.GTC: QT_TRANSLATE_NOOP("Instructions", "Until cancelled"),
    TimeInForce.IOC: QT_TRANSLATE_NOOP("Instructions", "IOC: rest cancelled"),
    TimeInForce.FOK: QT_TRANSLATE_NOOP("Instructions", "FOK: all or nothing"),
    TimeInForce.POST_ONLY: QT_TRANSLATE_NOOP("Instructions", "Post-only: only rests"),
}
_ENDINGS: dict[RestPolicy, object] = {
    RestPolicy.WAIT: QT_TRANSLATE_NOOP("Instructions", "Rest waits"),
    RestPolicy.CANCEL: QT_TRANSLATE_NOOP("Instructions", "Rest is cancelled"),
    RestPolicy.CANCEL_AND_MARKET: QT_TRANSLATE_NOOP("Instructions", "Rest is cancelled, a small one bought at market"),
}
_ENDING_TIPS: dict[RestPolicy, object] = {
    RestPolicy.WAIT: QT_TRANSLATE_NOOP("Instructions", "What is not filled waits until you end it."),
    RestPolicy.CANCEL: QT_TRANSLATE_NOOP(
        "Instructions", "What is not filled ends by time, or when the price has risen."
    ),
    RestPolicy.CANCEL_AND_MARKET: QT_TRANSLATE_NOOP(
        "Instructions", "It ends by time or drift; when nearly all is filled by then, the rest is bought at market."
    ),
}
#: What the engine notes, in its own words.
_NOTES = {
    "the position closes": QT_TRANSLATE_NOOP("Instructions", "The position closes"),
    "the position is paused": QT_TRANSLATE_NOOP("Instructions", "The position is paused"),
    "its alternative came first": QT_TRANSLATE_NOOP("Instructions", "Its alternative came first"),
    "what it waited for did not happen": QT_TRANSLATE_NOOP("Instructions", "What it waited for did not happen"),
    "the time is over": QT_TRANSLATE_NOOP("Instructions", "The time is over"),
    "the rest is too small to be sent": QT_TRANSLATE_NOOP("Instructions", "The rest is too small to be sent"),
    "ended in part": QT_TRANSLATE_NOOP("Instructions", "Ended in part"),
    "ended": QT_TRANSLATE_NOOP("Instructions", "Ended without a trade"),
}


def duration(value: TimeInForce) -> str:
    """Words for how long an order may rest."""
    return translate("Instructions", str(_DURATIONS[value]))


def ending(rest: RestPolicy) -> str:
    """What becomes of what is not filled."""
    return translate("Instructions", str(_ENDINGS[rest]))


def ending_tip(rest: RestPolicy) -> str:
    """The same in a sentence."""
    return translate("Instructions", str(_ENDING_TIPS[rest]))


def note(instruction: Instruction) -> str:
    """Why it is as it is; refusals by their reason, and the venue's word."""
    words = _NOTES.get(instruction.note)
    if words is not None:
        return translate("Instructions", str(words))
    return wording.note(instruction.note)


def waits_for(instruction: Instruction) -> str:
    """What it waits for with its level; a trailing stop shows where it is now."""
    condition, kind = instruction.condition, wording.condition(instruction.condition.kind)
    match condition.kind:
        case ConditionKind.AT_OR_ABOVE:
            return f"≥ {price(condition.price)}"
        case ConditionKind.AT_OR_BELOW:
            return f"≤ {price(condition.price)}"
        case ConditionKind.TRAILING:
            return f"{kind} {condition.percent:f}% → {price(instruction.stop_price)}"
        case ConditionKind.TIME:
            return date_clock(condition.at)
        case ConditionKind.RULE:
            return condition.rule
        case _:
            return kind
