"""Faults in words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app.domain.errors import Problem
from app.domain.limits import TradingLimits, limits_problems
from app.domain.messages import AlertRaised
from app.domain.money import ONE, ZERO
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.domain.slicing import ChasePolicy, SliceAlgorithm, SlicePlan, plan_problems
from app.domain.values import Side
from app.engine.rule_language import RuleFault, rule_problem
from app.ui.languages import languages
from app.ui.problem_words import WHAT, alert_detail, in_words, refused, what_is_wrong
from tests.unit.engine.playbook import XRP, market_rules


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


def faults_in(path: Path) -> Iterator[tuple[str, int, str | None]]:
    """Sentences in the functions that make a Problem; None for one that is glued together and has no translation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem"]
        if not made:
            continue
        told = ast.get_docstring(function, clean=False)
        glued = {id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in node.values}
        for call in made:
            if len(call.args) > 1 and isinstance(call.args[1], ast.JoinedStr | ast.BinOp):
                yield path.name, call.lineno, None
        for node in ast.walk(function):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in glued:
                inside = [call for call in calls if node in call.args and isinstance(call.func, ast.Name)]
                no_fault = any(call.func.id in ("Refusal", "BrokenRuleError") for call in inside)  # type: ignore[attr-defined]
                if " " in node.value.strip() and node.value != told and not no_fault:
                    yield path.name, node.lineno, node.value


def test_every_fault_the_program_can_find_has_words() -> None:
    """A new text of a Problem belongs into WHAT, with places for its figures."""
    known = set(map(str, WHAT))
    found = [fault for path in sorted(Path("app").rglob("*.py")) for fault in faults_in(path)]
    assert {name for name, _, _ in found} >= {"limits.py", "slicing.py", "instruction.py", "blueprint.py"}
    assert [fault for fault in found if fault[2] not in known] == []


def test_faults_of_limits_and_slices_are_told_in_korean() -> None:
    wrong = TradingLimits(
        max_positions=0, max_daily_entries=-1, max_position_value=ZERO, max_order_value=-ONE,
        daily_loss_ratio=ONE + ONE, stale_price_s=0.0, cooldown_s=1e9,
    )  # fmt: skip
    chase = ChasePolicy(offset_ticks=101, rest_s=0.0, reprices=-1)
    plan = SlicePlan(SliceAlgorithm.IS, Side.BUY, -ONE, 0, 0, None, ONE, ONE, chase, None, -ONE)
    languages().set("ko")
    for problem in limits_problems(wrong) + plan_problems(plan, market_rules(XRP), ONE):
        assert is_korean(what_is_wrong(problem)) and "{" not in what_is_wrong(problem), problem
        assert is_korean(in_words(problem))


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
