"""One answer, two answers, and news that are none."""

from dataclasses import replace

import pytest

from app.domain.instruction import Condition, Instruction, InstructionState, OrderDraft
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import OrderType, Side
from app.ui.ticket_answers import TicketAnswers
from app.ui.ticket_form import Ticket
from tests.ui.screen_story import BTC, NOW, D

DRAFT = OrderDraft(Side.SELL, OrderType.LIMIT, D(160_000_000), D("0.01"))
NO_PRICE = Refusal(RefusalReason.NO_PRICE)


def taken(name: str, **changes: object) -> Instruction:
    made = Instruction(name, "p1", BTC, DRAFT, Condition(), InstructionState.WORKING, NOW, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def answers() -> TicketAnswers:
    return TicketAnswers()


def test_nothing_is_answered_while_nothing_is_asked(answers: TicketAnswers) -> None:
    assert answers.outcome({"a": taken("a")}) is None


def test_one_order_has_one_answer(answers: TicketAnswers) -> None:
    answers.expect("a")
    assert answers.outcome({"b": taken("b")}) is None
    assert answers.outcome({"a": taken("a")}) == (True, "The engine has taken it.")
    answers.refuse(NO_PRICE)
    assert answers.outcome({}) == (False, "Not sent: There is no price for this market yet.")


def test_an_order_that_failed_at_once_is_not_sent(answers: TicketAnswers) -> None:
    answers.expect("a")
    failed = taken("a", state=InstructionState.FAILED, note="below_minimum: 3 is below 5000")
    assert answers.outcome({"a": failed}) == (False, "Not sent: The amount is below the venue's minimum.")


def test_a_pair_is_answered_when_both_are(answers: TicketAnswers) -> None:
    answers.expect("sale", "stop")
    both = {"sale": taken("sale"), "stop": taken("stop")}
    assert answers.outcome({"sale": both["sale"]}) is None
    assert answers.outcome(both) == (True, "The engine has taken it.")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("sale", "The sale was taken, its stop was not: There is no price for this market yet."),
        ("stop", "The stop was taken, the sale was not: There is no price for this market yet."),
    ],
)
def test_one_of_a_pair_may_be_refused(answers: TicketAnswers, known: str, words: str) -> None:
    answers.expect("sale", "stop")
    answers.refuse(NO_PRICE)
    assert answers.outcome({}) is None
    assert answers.outcome({known: taken(known)}) == (False, words)


def test_both_of_a_pair_may_be_refused(answers: TicketAnswers) -> None:
    answers.expect("sale", "stop")
    answers.refuse(NO_PRICE)
    answers.refuse(Refusal(RefusalReason.HALTED))
    assert answers.outcome({}) == (False, "Not sent: There is no price for this market yet.")


def test_a_fill_is_no_answer_to_a_change(answers: TicketAnswers) -> None:
    wanted = replace(DRAFT, price=D(161_000_000))
    answers.expect("a", change=Ticket(wanted, Condition()))
    assert answers.outcome({"a": taken("a", filled_volume=D("0.001"))}) is None
    assert answers.outcome({"a": taken("a", draft=wanted)}) == (True, "The engine has changed it.")
