"""Faults in words, in both languages."""

from string import Formatter

import pytest

from app.domain.errors import Problem
from app.domain.messages import AlertRaised
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.engine.rule_language import RuleFault, rule_problem
from app.ui.languages import languages
from app.ui.problem_words import WHAT, alert_detail, in_words, refused


def is_korean(text: str) -> bool:
    return any("\uac00" <= sign <= "\ud7a3" for sign in text)


def test_every_fault_of_a_rule_has_words_with_the_same_figures() -> None:
    assert {str(fault) for fault in RuleFault} <= set(map(str, WHAT))
    languages().set("ko")
    for text in map(str, WHAT):
        places = [name for _, name, _, _ in Formatter().parse(text) if name]
        words = in_words(Problem("entry_when", text, tuple(f"<{name}>" for name in places)))
        assert words.startswith("진입 조건식: ") and is_korean(words.removeprefix("진입 조건식: ")), text
        assert all(f"<{name}>" in words for name in places)


def test_a_rule_that_is_misspelt_is_told_in_both_languages() -> None:
    problem = rule_problem("clsoe > 1", "condition.rule")
    assert problem is not None
    assert in_words(problem) == "rule: there is no value or function called 'clsoe'; did you mean 'close'?"
    languages().set("ko")
    assert in_words(problem) == "조건식: 'clsoe'(이)라는 값이나 함수는 없습니다. 'close'을(를) 뜻했나요?"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("mine.toml: exits.stop_loss_percent", "mine.toml: stop-loss: is missing"),
        ("mine.toml: steps[1].share_percent", "mine.toml: steps[1].share_percent: is missing"),
        ("mine.toml", "mine.toml: is missing"),
    ],
)
def test_file_and_place_stand_before_the_fault(where: str, words: str) -> None:
    assert in_words(Problem(where, "is missing")) == words


def test_a_refusal_names_its_first_fault() -> None:
    refusal = unusable([Problem("volume", "changes nothing"), Problem("price", "must be a price above 0")])
    assert refused(refusal) == "A figure is not usable. (size: changes nothing)"
    assert refused(Refusal(RefusalReason.NO_PRICE, "no book")) == "There is no price for this market yet."


def test_an_alert_about_a_file_is_told_in_words_and_any_other_as_it_came() -> None:
    problem = Problem("mine.toml: id", "is missing")
    languages().set("ko")
    assert alert_detail(AlertRaised("blueprint_unusable", str(problem), problem=problem)) == "mine.toml: id: 없습니다"
    assert alert_detail(AlertRaised("task_died", "stream")) == "stream"
