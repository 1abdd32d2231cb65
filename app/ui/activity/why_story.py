"""A chain as a short story: steps with their times, and what each of them says, in the language of the screen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.exit_plan import ExitReason
from app.domain.grounds import CheckName
from app.domain.order import Fill, Order, OrderTrigger
from app.domain.order_chain import ChainStep, Difference, ExecutionCost, OrderChain, Signal, SignalKind
from app.domain.slippage import ImpactClass, SlippageEstimate
from app.domain.values import Side, TimeInForce
from app.ui import instruction_words, wording
from app.ui.formats import basis_points, clock, clock_ms, krw, percent, price, signed_krw, volume

translate = QCoreApplication.translate

_CHECKS: dict[CheckName, object] = {
    CheckName.BOOK_AGE: QT_TRANSLATE_NOOP("Why", "Age of the book"),
    CheckName.SPREAD: QT_TRANSLATE_NOOP("Why", "Spread"),
    CheckName.SLIPPAGE: QT_TRANSLATE_NOOP("Why", "Expected slippage"),
    CheckName.CASH: QT_TRANSLATE_NOOP("Why", "Money needed, of what is free"),
    CheckName.POSITION_VALUE: QT_TRANSLATE_NOOP("Why", "Position with this order"),
    CheckName.EXPOSURE: QT_TRANSLATE_NOOP("Why", "Total exposure with this order"),
    CheckName.DAY_LOSS: QT_TRANSLATE_NOOP("Why", "Daily loss limit used"),
    CheckName.HOLDING: QT_TRANSLATE_NOOP("Why", "Units to sell, of what is free"),
    CheckName.MINIMUM: QT_TRANSLATE_NOOP("Why", "Value of the order"),
}
_STEPS: dict[str, object] = {
    "intent": QT_TRANSLATE_NOOP("Why", "Intent written down"),
    "adopted": QT_TRANSLATE_NOOP("Why", "Taken over from the venue"),
    "fill": QT_TRANSLATE_NOOP("Why", "Fill"),
    OrderTrigger.SENDING: QT_TRANSLATE_NOOP("Why", "Request: the order leaves for the venue"),
    OrderTrigger.TAKEN: QT_TRANSLATE_NOOP("Why", "The venue took it: it comes once the other order is cancelled"),
    OrderTrigger.ACCEPTED: QT_TRANSLATE_NOOP("Why", "The venue acknowledged it"),
    OrderTrigger.REFUSED: QT_TRANSLATE_NOOP("Why", "The venue refused it"),
    OrderTrigger.NO_ANSWER: QT_TRANSLATE_NOOP("Why", "No usable answer: unknown, looked up at the venue"),
    OrderTrigger.PART_FILLED: QT_TRANSLATE_NOOP("Why", "The venue reports it partly filled"),
    OrderTrigger.ALL_FILLED: QT_TRANSLATE_NOOP("Why", "The venue reports it filled"),
    OrderTrigger.CANCEL_SENT: QT_TRANSLATE_NOOP("Why", "Request: cancel it"),
    OrderTrigger.CANCEL_REFUSED: QT_TRANSLATE_NOOP("Why", "The venue refused the cancel"),
    OrderTrigger.ENDED: QT_TRANSLATE_NOOP("Why", "It ended at the venue"),
    OrderTrigger.NEVER_ARRIVED: QT_TRANSLATE_NOOP("Why", "It never arrived at the venue"),
    OrderTrigger.EXPIRED_UNSENT: QT_TRANSLATE_NOOP("Why", "It did not leave"),
}
_IMPACTS: dict[ImpactClass, object] = {
    ImpactClass.NEGLIGIBLE: QT_TRANSLATE_NOOP("Why", "negligible"),
    ImpactClass.LOW: QT_TRANSLATE_NOOP("Why", "low"),
    ImpactClass.MEDIUM: QT_TRANSLATE_NOOP("Why", "medium"),
    ImpactClass.HIGH: QT_TRANSLATE_NOOP("Why", "high"),
    ImpactClass.BEYOND_DEPTH: QT_TRANSLATE_NOOP("Why", "more than the visible book"),
}
_RUNG = re.compile(r"rung (\d+) of (\d+)")
_PART = re.compile(r"part (\d+)$")
_LEAST = "\u2265"
_MOST = "\u2264"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, its figure, and a second one (a bound, basis points). ``is_words``: no figure, a text."""

    label: str
    value: str
    second: str = ""
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step: when (None: a sum), what happened, its journal record (0: none) and the time since the step before."""

    at: datetime | None
    title: str
    seq: int = 0
    since: timedelta | None = None
    facts: tuple[Fact, ...] = ()


def headline(chain: OrderChain) -> str:
    """What the story is about: ``KRW-BTC · Buy · Market · Trend breakout v3``."""
    intent = chain.order.intent
    words = [intent.market.symbol, wording.side(intent.side), wording.order_type(intent.order_type)]
    if chain.position is not None:
        blueprint = chain.position.blueprint
        words.append(wording.local(blueprint.name) + ("" if blueprint.is_manual else f" v{blueprint.version}"))
    return " · ".join(words)


def story(chain: OrderChain) -> tuple[StoryStep, ...]:
    """Signal, checks, intent, requests and answers, fills, cost."""
    signal = chain.signal
    steps = [
        StoryStep(signal.at, _signal_title(chain), signal.seq, None, tuple(_signal_facts(chain))),
        StoryStep(
            chain.order.created_at, translate("Why", "The risk gate approved it"), 0, None, tuple(_check_facts(chain))
        ),
    ]
    if signal.kind is SignalKind.RECOVERED:
        steps = steps[:1]
    before: ChainStep | None = None
    last = signal.at
    for step in chain.steps:
        since = max(step.at - last, timedelta(0))
        steps.append(StoryStep(step.at, _step_title(step), step.seq, since, tuple(_facts(step, before, chain.order))))
        last = step.at
        before = step if step.fill is None else before  # a fill repeats nothing of the order
    steps.append(StoryStep(None, translate("Why", "Cost"), 0, None, tuple(_cost_facts(chain.cost))))
    return tuple(steps)


def impact(value: ImpactClass) -> str:
    """How much an order moves the market."""
    return translate("Why", str(_IMPACTS[value]))


# ---- the signal -----------------------------------------------------------------------------------------------------


def _signal_title(chain: OrderChain) -> str:
    signal = chain.signal
    name = "" if chain.position is None else wording.local(chain.position.blueprint.name)
    match signal.kind:
        case SignalKind.STRATEGY if chain.order.intent.side is Side.SELL:
            return translate("Why", "Signal: the exit rule of {name} held").format(name=name)
        case SignalKind.STRATEGY:
            return _entry_title(signal, name)
        case SignalKind.PROTECTION:
            return translate("Why", "Signal: {reason} was reached").format(
                reason=wording.exit_reason(ExitReason(signal.reason))
            )
        case SignalKind.BY_HAND if signal.instruction is None:
            return translate("Why", "Signal: a person closed the position")
        case SignalKind.BY_HAND:
            return translate("Why", "Signal: a person placed the order")
        case SignalKind.INSTRUCTION:
            return translate("Why", "Signal: what an instruction waited for has happened")
        case SignalKind.EMERGENCY:
            return translate("Why", "Signal: the emergency control was pressed")
        case _:
            return translate("Why", "Found at the venue: the journal had lost it")


def _entry_title(signal: Signal, name: str) -> str:
    """The engine names rungs and parts in its own words."""
    rung, part = _RUNG.search(signal.reason), _PART.search(signal.reason)
    if part is not None:
        return translate("Why", "Signal: {name}, part {number} of an entry").format(name=name, number=part[1])
    if rung is not None:
        return translate("Why", "Signal: {name}, rung {number} of {count}").format(
            name=name, number=rung[1], count=rung[2]
        )
    return translate("Why", "Signal: the entry rule of {name} held").format(name=name)


def _signal_facts(chain: OrderChain) -> Iterator[Fact]:
    signal, grounds = chain.signal, chain.grounds
    if signal.instruction is not None and signal.kind is SignalKind.INSTRUCTION:
        yield Fact(translate("Why", "Waited for"), instruction_words.waits_for(signal.instruction), is_words=True)
        yield Fact(translate("Why", "Since"), clock_ms(signal.instruction.created_at))
    elif signal.rule:
        yield Fact(translate("Why", "Rule"), signal.rule, is_words=True)
    if signal.run_id:
        yield Fact(translate("Why", "Emergency run"), signal.run_id, is_words=True)
    if signal.level is not None and signal.kind is SignalKind.PROTECTION:
        yield Fact(translate("Why", "Level"), price(signal.level))
    if signal.price is not None:
        yield Fact(translate("Why", "Last price"), price(signal.price))
    if grounds is None:
        return
    if grounds.bar is not None and (signal.kind is SignalKind.STRATEGY or signal.rule):
        end = grounds.bar.opened_at + timedelta(seconds=grounds.bar.seconds)
        words = translate("Why", "Close of the bar {begin} to {end}").format(
            begin=clock(grounds.bar.opened_at), end=clock(end)
        )
        yield Fact(words, price(grounds.bar.close))
    if grounds.bid is not None and grounds.ask is not None:
        yield Fact(translate("Why", "Best bid and offer"), price(grounds.bid), price(grounds.ask))


# ---- the checks -----------------------------------------------------------------------------------------------------


def _check_facts(chain: OrderChain) -> Iterator[Fact]:
    if chain.grounds is None:
        yield Fact(translate("Why", "An older version did not write down what the gate measured."), "", is_words=True)
    else:
        for check in chain.grounds.checks:
            sign = _LEAST if check.name is CheckName.MINIMUM else _MOST
            bound = "" if check.bound is None else f"{sign} {_figure(check.name, check.bound)}"
            yield Fact(translate("Why", str(_CHECKS[check.name])), _figure(check.name, check.found), bound)
    if chain.estimate is not None:
        yield from _estimate_facts(chain.estimate)


def _figure(name: CheckName, value: Decimal) -> str:
    match name:
        case CheckName.BOOK_AGE:
            return f"{value:.3f} s"
        case CheckName.SPREAD | CheckName.SLIPPAGE:
            return percent(value, 3, signed=False)
        case CheckName.DAY_LOSS:
            return percent(value, 0, signed=False)
        case CheckName.HOLDING:
            return volume(value)
        case _:
            return f"₩{krw(value)}"


def _estimate_facts(estimate: SlippageEstimate) -> Iterator[Fact]:
    yield Fact(
        translate("Why", "Estimated average price"), price(estimate.average_price), basis_points(estimate.against_best)
    )
    yield Fact(translate("Why", "Worst price of the walk"), price(estimate.worst_price))
    share = percent(estimate.depth_share, 1, signed=False)
    yield Fact(translate("Why", "Impact, share of the visible side"), impact(estimate.impact), share)


# ---- requests, answers, fills ---------------------------------------------------------------------------------------


def _step_title(step: ChainStep) -> str:
    source = _STEPS.get(step.trigger)
    return step.trigger if source is None else translate("Why", str(source))


def _facts(step: ChainStep, before: ChainStep | None, order: Order) -> Iterator[Fact]:
    """What is new in a step; the venue's identifier and a note stay with the order once they are there."""
    if step.fill is not None:
        yield from _fill_facts(step.fill)
        return
    if step.trigger == "intent":
        yield from _intent_facts(order)
    if step.venue_order_id and (before is None or step.venue_order_id != before.venue_order_id):
        yield Fact(translate("Why", "Order ID of the venue"), step.venue_order_id, is_words=True)
    if step.note and (before is None or step.note != before.note):
        yield Fact(translate("Why", "Note"), _note(step.note), is_words=True)


def _note(words: str) -> str:
    """A refusal of the gate, or a word of the venue, with its figures."""
    known, detail = wording.note(words), words.partition(":")[2].strip()
    return f"{known} ({detail})" if known != words and detail else known


def _intent_facts(order: Order) -> Iterator[Fact]:
    intent = order.intent
    yield Fact(translate("Why", "Order ID"), order.order_id, is_words=True)
    if intent.replaces:
        yield Fact(translate("Why", "In the place of the order"), intent.replaces, is_words=True)
    size = f"₩{krw(intent.funds)}" if intent.volume is None else volume(intent.volume)
    yield Fact(f"{wording.side(intent.side)} · {wording.order_type(intent.order_type)}", size)
    if intent.price is not None:
        yield Fact(translate("Why", "Limit price"), price(intent.price))
    if intent.time_in_force is not TimeInForce.GTC:
        yield Fact(translate("Why", "Duration"), instruction_words.duration(intent.time_in_force), is_words=True)


def _fill_facts(fill: Fill) -> Iterator[Fact]:
    yield Fact(translate("Why", "Price, units"), price(fill.price), volume(fill.volume))
    yield Fact(translate("Why", "Amount"), f"₩{krw(fill.funds)}")
    yield Fact(translate("Why", "Fee"), f"₩{krw(fill.fee)}")
    yield Fact(translate("Why", "Time at the venue"), clock_ms(fill.traded_at))


# ---- the cost -------------------------------------------------------------------------------------------------------


def _cost_facts(cost: ExecutionCost | None) -> Iterator[Fact]:
    if cost is None:
        yield Fact(translate("Why", "Nothing is filled, so it cost nothing."), "", is_words=True)
        return
    yield Fact(translate("Why", "Filled, average price"), volume(cost.volume), price(cost.average_price))
    yield Fact(translate("Why", "Amount"), f"₩{krw(cost.funds)}")
    yield Fact(translate("Why", "Fee"), signed_krw(cost.fee), basis_points(cost.fee_ratio))
    yield _difference(translate("Why", "Slippage against the estimate"), cost.against_estimate)
    yield _difference(translate("Why", "Slippage against the last price"), cost.against_decision)
    if cost.total is not None:
        yield Fact(
            translate("Why", "Fee and slippage (worse is +)"),
            signed_krw(cost.total),
            basis_points(cost.total_ratio),
        )


def _difference(label: str, found: Difference | None) -> Fact:
    if found is None:
        return Fact(label, "–", "–")
    return Fact(label, signed_krw(found.money), basis_points(found.ratio))
