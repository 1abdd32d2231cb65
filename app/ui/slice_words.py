"""Orders worked in slices, in words: the algorithms, how far one is, what it cost, and what is wrong with a plan."""

from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.constraints import ExchangeConstraints
from app.domain.errors import Problem
from app.domain.instruction import Instruction
from app.domain.money import HUNDRED, MONEY_CONTEXT
from app.domain.slicing import MAX_RANDOMISATION, MAX_SLICES, SliceAlgorithm, SlicePlan, SlicingReported, minimum_volume
from app.engine.order_slicer import next_due
from app.ui import wording
from app.ui.formats import clock, price, volume
from app.ui.problem_words import in_words
from app.ui.slice_form import Chase

translate = QCoreApplication.translate

_ALGORITHMS: dict[SliceAlgorithm, object] = {
    SliceAlgorithm.TWAP: QT_TRANSLATE_NOOP("Slices", "TWAP: evenly over the time"),
    SliceAlgorithm.VWAP: QT_TRANSLATE_NOOP("Slices", "VWAP: with the day's usual volume"),
    SliceAlgorithm.IS: QT_TRANSLATE_NOOP("Slices", "Shortfall: urgent first"),
    SliceAlgorithm.ICEBERG: QT_TRANSLATE_NOOP("Slices", "Iceberg: shows a part"),
    SliceAlgorithm.POV: QT_TRANSLATE_NOOP("Slices", "POV: a share of the trades"),
}
_SHORT: dict[SliceAlgorithm, object] = {
    SliceAlgorithm.TWAP: QT_TRANSLATE_NOOP("Slices", "TWAP"),
    SliceAlgorithm.VWAP: QT_TRANSLATE_NOOP("Slices", "VWAP"),
    SliceAlgorithm.IS: QT_TRANSLATE_NOOP("Slices", "Shortfall"),
    SliceAlgorithm.ICEBERG: QT_TRANSLATE_NOOP("Slices", "Iceberg"),
    SliceAlgorithm.POV: QT_TRANSLATE_NOOP("Slices", "POV"),
}


_CHASES: dict[Chase, object] = {
    Chase.NONE: QT_TRANSLATE_NOOP("Slices", "Takes at once"),
    Chase.CROSSES: QT_TRANSLATE_NOOP("Slices", "Rests, then takes"),
    Chase.RESTS: QT_TRANSLATE_NOOP("Slices", "Only rests"),
}


def chase_words(kind: Chase, of: SliceAlgorithm) -> str:
    """What a slice does first; an iceberg without a chase rests at its limit."""
    if kind is Chase.NONE and of is SliceAlgorithm.ICEBERG:
        return translate("Slices", "Rests at the limit")
    return translate("Slices", str(_CHASES[kind]))


def algorithm(kind: SliceAlgorithm) -> str:
    """Name with half a line of what it does."""
    return translate("Slices", str(_ALGORITHMS[kind]))


def algorithm_short(kind: SliceAlgorithm) -> str:
    """Name alone."""
    return translate("Slices", str(_SHORT[kind]))


def progress_text(instruction: Instruction) -> str:
    """``3/12 · 27%``: slices sent of all, and the filled share; an algorithm that follows the market has no total."""
    plan, progress = instruction.plan, instruction.progress
    if plan is None or progress is None:
        return ""
    share = MONEY_CONTEXT.divide(instruction.filled_volume, plan.volume) * HUNDRED
    total = f"/{len(progress.schedule)}" if progress.schedule else ""
    return f"{progress.number}{total} · {min(share, HUNDRED):.0f}%"


def progress_tip(instruction: Instruction, now: datetime) -> str:
    """Average price and the time of the next slice, as far as they are known; ``now`` in UTC."""
    plan, progress = instruction.plan, instruction.progress
    if plan is None:
        return ""
    lines = [algorithm(plan.algorithm)]
    if instruction.filled_volume:
        average = MONEY_CONTEXT.divide(instruction.filled_funds, instruction.filled_volume)
        lines.append(translate("Slices", "Average price {price}").format(price=price(average)))
    if progress is not None and instruction.state.is_live:
        due = next_due(plan, progress, now)
        if due is not None:
            lines.append(translate("Slices", "Next slice {time}").format(time=clock(due)))
        if progress.paused_at is None:
            lines.append(translate("Slices", "Ends {time}").format(time=clock(progress.at(plan.duration_s))))
    return "\n".join(lines)


def report_text(event: SlicingReported) -> str:
    """What it cost against arrival, VWAP and TWAP, in basis points; a plus is a cost."""
    report = event.report
    words = translate("Events", "{market}: {side} by {algorithm}, {filled} of {ordered} at {price} on average")
    text = words.format(
        market=event.market,
        side=wording.side(event.side),
        algorithm=algorithm_short(event.algorithm),
        filled=volume(report.filled_volume),
        ordered=volume(report.ordered_volume),
        price=price(report.average_price),
    )
    costs = (
        (translate("Events", "to arrival {cost}"), report.arrival_bps),
        (translate("Events", "to VWAP {cost}"), report.vwap_bps),
        (translate("Events", "to TWAP {cost}"), report.twap_bps),
    )
    told = [name.format(cost=_basis_points(value)) for name, value in costs if value is not None]
    return f"{text} ({', '.join(told)})" if told else text


def plan_problem(problem: Problem, plan: SlicePlan, rules: ExchangeConstraints, each: Decimal | None) -> str:
    """Words for a problem of ``plan_problems``; ``each`` is the price the sizes were looked at with."""
    few = volume(None if each is None else minimum_volume(rules, each))
    match problem.where:
        case "plan.duration_s" if "rests" not in problem.what:
            return translate("Slices", "The duration is 1 second a slice at least, and a day at most.")
        case "plan.slices" | "plan.display_volume" if "more than the venue" in problem.what:
            return translate("Slices", "A slice is worth more than the venue takes.")
        case "plan.slices" if 1 <= plan.slices <= MAX_SLICES:
            return translate("Slices", "A slice must be at least {least} {base}.").format(least=few, base=rules.base)
        case "plan.slices":
            return translate("Slices", "Enter 1 to {most} slices.").format(most=MAX_SLICES)
        case "plan.participation_cap":
            return translate("Slices", "The share of the market is above 0 and at most 100 %.")
        case "plan.risk_aversion":
            return translate("Slices", "The urgency is a number from 0 on; a usual value is 1.")
        case "plan.display_volume":
            words = translate("Slices", "The visible part is at least {least} {base}, and not more than the whole.")
            return words.format(least=few, base=rules.base)
        case "plan.price_limit":
            return translate("Slices", "An iceberg needs a limit price, or rests first and then takes.")
        case "plan.volume":
            return translate("Slices", "So little cannot be sent; at least {least} {base}.").format(
                least=few, base=rules.base
            )
        case "plan.randomisation":
            most = f"{MAX_RANDOMISATION * HUNDRED:.0f}"
            return translate("Slices", "Sizes and times move by 0 to {most} %.").format(most=most)
        case "plan":
            return translate("Slices", "The market has no price now.")
        case _:
            return in_words(problem)


def _basis_points(value: Decimal) -> str:
    return f"{value:+.1f} bp".replace("-", "\u2212")
