"""The story has every link of the chain, in words, and says what is not known."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.exit_plan import ExitReason
from app.domain.grounds import CheckName
from app.domain.instruction import Condition, ConditionKind, Instruction, InstructionState, OrderDraft
from app.domain.order import OrderState, OrderTrigger
from app.domain.order_chain import ChainStep, OrderChain, SignalKind
from app.domain.slippage import ImpactClass
from app.domain.values import Side
from app.ui.activity.why_story import Fact, StoryStep, headline, impact, story
from app.ui.languages import languages
from tests.ui.charts import samples
from tests.ui.story_archive import chain_of

D = Decimal
POSITION = samples.position(entry=D(100_000), now=samples.NOW)


def chain(side: Side = Side.BUY, **signal: object) -> OrderChain:
    made = chain_of(samples.order(7, OrderState.FILLED, side, D(100_000), filled="0.02"), POSITION)
    return replace(made, signal=replace(made.signal, **signal))  # type: ignore[arg-type]


def fact(step: StoryStep, label: str) -> Fact:
    return next(found for found in step.facts if found.label == label)


def test_every_link_is_told_in_order() -> None:
    steps = story(chain())
    assert [step.title for step in steps] == [
        "Signal: the entry rule of Trend breakout held",
        "The risk gate approved it",
        "Intent written down",
        "Request: the order leaves for the venue",
        "The venue acknowledged it",
        "The venue reports it filled",
        "Fill",
        "Fill",
        "Cost",
    ]
    assert [step.seq for step in steps] == [1842, 0, 1842, 1843, 1844, 1845, 1846, 1847, 0]
    assert [step.since for step in steps[2:6]] == [timedelta(milliseconds=ms) for ms in (0, 4, 32, 15)]
    assert headline(chain()) == "KRW-BTC · Buy · Limit · Trend breakout v3"


def test_the_figures_are_those_of_the_decision() -> None:
    signal, checks, intent, *_, fill, cost = story(chain())
    assert fact(signal, "Rule") == Fact("Rule", "close > highest(20) and rsi(14) < 70", is_words=True)
    assert fact(signal, "Best bid and offer") == Fact("Best bid and offer", "99,000", "100,000")
    assert fact(checks, "Age of the book") == Fact("Age of the book", "0.014 s", "≤ 5.000 s")
    assert fact(checks, "Daily loss limit used") == Fact("Daily loss limit used", "4%", "≤ 100%")
    assert fact(intent, "Limit price").value == "100,000"
    assert fact(fill, "Price, units") == Fact("Price, units", "101,000", "0.0100")
    label = "Slippage against the last price"
    assert fact(cost, label) == Fact(label, "+10", "+50.0 bp")
    assert fact(cost, "Fee") == Fact("Fee", "+1,590", "+7,911.0 bp")


@pytest.mark.parametrize(
    ("side", "signal", "words"),
    [
        (Side.BUY, {"reason": "rung 2 of 4"}, "Trend breakout, rung 2 of 4"),
        (Side.BUY, {"reason": "entry signal, part 3"}, "Trend breakout, part 3 of an entry"),
        (Side.SELL, {"reason": "strategy"}, "the exit rule of Trend breakout held"),
        (Side.SELL, {"kind": SignalKind.PROTECTION, "reason": ExitReason.STOP_LOSS}, "Stop-loss was reached"),
        (Side.SELL, {"kind": SignalKind.BY_HAND, "reason": "user"}, "a person closed the position"),
        (Side.SELL, {"kind": SignalKind.EMERGENCY, "run_id": "kill-1"}, "the emergency control was pressed"),
        (Side.SELL, {"kind": SignalKind.RECOVERED}, "Found at the venue"),
    ],
)
def test_who_asked_for_it(side: Side, signal: dict[str, object], words: str) -> None:
    assert words in story(chain(side, **signal))[0].title


def test_an_instruction_tells_what_it_waited_for() -> None:
    condition = Condition(ConditionKind.AT_OR_BELOW, price=D(99_500))
    draft = OrderDraft(Side.SELL, volume=D("0.02"))
    at = samples.NOW
    waited = Instruction("i-1", "p1", samples.BTC, draft, condition, InstructionState.WORKING, at, at)
    first = story(chain(Side.SELL, kind=SignalKind.INSTRUCTION, instruction=waited))[0]
    assert fact(first, "Waited for").value == "≤ 99,500"
    by_hand = story(chain(kind=SignalKind.BY_HAND, instruction=replace(waited, condition=Condition())))[0]
    assert by_hand.title == "Signal: a person placed the order"


def test_what_was_not_written_down_is_said_so() -> None:
    made = chain()
    older = replace(made, order=replace(made.order, grounds=None, estimate=None), cost=None)
    steps = story(older)
    assert [one.label for one in steps[1].facts] == ["An older version did not write down what the gate measured."]
    assert [one.label for one in steps[-1].facts] == ["Nothing is filled, so it cost nothing."]


def test_a_note_and_the_venues_identifier_are_told_once() -> None:
    at, made = samples.NOW, chain()
    notes = (("no_answer", "time-out"), ("no_answer", "time-out"), ("expired_unsent", "stale_price: 9 s"))
    steps = tuple(
        ChainStep(n, at, trigger, OrderState.UNKNOWN, "v-1", note) for n, (trigger, note) in enumerate(notes, 1)
    )
    told = story(replace(made, steps=steps))[2:-1]
    assert [[one.value for one in step.facts] for step in told] == [
        ["v-1", "time-out"], [], ["The last price is too old. (9 s)"],
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_has_words_in_both_languages(language: str) -> None:
    languages().set(language)
    made = chain()
    assert made.grounds is not None
    one = made.grounds.checks[0]
    checks = tuple(replace(one, name=name) for name in CheckName)
    told = replace(made, order=replace(made.order, grounds=replace(made.grounds, checks=checks)))
    triggers = (*OrderTrigger, "intent", "adopted")
    steps = tuple(ChainStep(n, samples.NOW, trigger, OrderState.OPEN) for n, trigger in enumerate(triggers))
    words = [step.title for step in story(replace(told, steps=steps))]
    words += [found.label for step in story(told) for found in step.facts]
    words += [impact(value) for value in ImpactClass]
    assert all(words) and not set(words) & {*triggers, *CheckName}
    english = {"Cost", "Spread", "It did not leave", "negligible"}
    assert (english <= set(words)) is (language == "en")
