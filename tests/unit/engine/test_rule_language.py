"""Conditions of blueprints: what is understood, what is refused, and that no data never means "buy"."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.market_data import Candle
from app.engine.indicators import IndicatorBoard
from app.engine.rule_language import MAX_RULE_LENGTH, VALUES, RuleFault, condition_holds, rule_problem, rule_problems
from tests.unit.engine.playbook import START, XRP, blueprint

BARS = tuple(
    Candle(XRP, 60, START + timedelta(minutes=n), *(Decimal(1000 + n),) * 4, Decimal(1))  # rises by 1 each minute
    for n in range(60)
)
BOARD = IndicatorBoard(BARS)
KNOWN: dict[str, Decimal | None] = {name: Decimal(1059) for name in VALUES}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("true", True),
        ("false", False),
        ("close > sma(20)", True),
        ("close < sma(20)", False),
        ("close > highest(20) and ema(10) > ema(50)", True),
        ("rsi(14) > 99 or change(5) < 0", True),
        ("not (close > sma(20))", False),
        ("close >= 1059 and price == 1059", True),
        ("(close - lowest(10)) / close * 100 < 5", True),
    ],
)
def test_conditions_mean_what_they_say(text: str, holds: bool) -> None:
    assert rule_problem(text, "rule") is None
    assert condition_holds(text, KNOWN, BOARD) is holds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("close > " + "1" * MAX_RULE_LENGTH, "longer than"),
        ("close =~ 'x'", "regular expressions"),
        ("close >", "ends before"),
        ("clsoe > 1", "did you mean 'close'"),
        ("macd(3) > 1", "macd"),
        ("sma() > 1", "one length in bars"),
        ("sma('x') > 1", "one length in bars"),
        ("close > 'x'", "do not go together"),
        ("rsi(0-5) > 1", "length must be 1 to 200"),
        ("sma(500) > 1", "length must be 1 to 200"),
        ("__import__('os')", "called '__import__'"),
        ("close.__class__", "called '__class__'"),
        ("$now > d'2026-01-01'", "$now is not allowed"),
        ("$random(5) > 2", "$random is not allowed"),
        ("$range(99999999)", "$range is not allowed"),  # eats all memory
        ("[x for x in [1, 2]]", "lists"),
        ("{1: 2}[1] > 1", "lists"),
        ("1 << 999999999 > 1", "arithmetic signs"),
        ("9 ** 9 ** 9 ** 9 > 1", "arithmetic signs"),
        ("close & 1 == 1", "arithmetic signs"),
        ("t'P999999999999D' > t'P1D'", "times and bytes"),
        ("price % 1e-999999999 > 1", "'1e' is not a plain number"),
        ("sma(1e999999999) > 1", "'1e999999999' is not a plain number"),
        ("sma(" + "*".join(["99999999999999999999"] * 20) + ") > 1", "length must be 1 to 200"),
        ("close > 0xff", "'0xff' is not a plain number"),
        ("close > ²", "cannot be read at '²'"),
        ("1 / 0 > 1", "a number that is none"),
        ("close > inf", "no numbers to compare"),
        ("NaN > close", "no numbers to compare"),
        ("-" * 900 + "1 > 0", "nested too deeply"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(text: str, words: str) -> None:
    problem = rule_problem(text, "rule")
    assert problem is not None and words in str(problem)
    assert problem.what in set(RuleFault)


def test_every_condition_of_a_blueprint_is_looked_at() -> None:
    found = rule_problems(blueprint(enter="close >", leave="sma(500) > 1"))
    assert [problem.where for problem in found] == ["entry_when", "exit_when"]
    assert rule_problems(blueprint()) == []


@pytest.mark.parametrize("text", ["sma(20) > 1", "not (sma(20) > 1)", "rsi(14) < 30", "close > 1 and atr(14) < 99999"])
def test_too_few_bars_never_mean_yes(text: str) -> None:
    assert not condition_holds(text, KNOWN, IndicatorBoard(BARS[:5]))


@pytest.mark.parametrize("text", ["held_percent > 1", "not (held_percent > 1)", "spread_percent <= 0.5", "price < 1"])
def test_a_value_that_is_not_known_yet_never_means_yes(text: str) -> None:
    unknown: dict[str, Decimal | None] = dict.fromkeys(VALUES)
    assert not condition_holds(text, unknown, BOARD)


def test_a_condition_that_cannot_be_computed_is_false_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """U8: equal thresholds, division by zero."""
    assert not condition_holds("1 / (price - 1059) > 0", KNOWN, BOARD)
    assert not condition_holds("sma(price) > 1", KNOWN, BOARD)  # length 1059
    assert caplog.text.count("cannot be computed now") == 2


@pytest.mark.parametrize(
    "text", ["$random(5) >= 0", "price % 1e-999999999 >= 0", "-" * 900 + "1 < 2", "sma(close * close) > 1"]
)
def test_a_condition_from_an_older_journal_that_is_refused_today_is_never_met(text: str) -> None:
    assert condition_holds(text, KNOWN, BOARD) is False


def test_a_quoted_word_may_hold_what_is_refused_outside() -> None:
    assert rule_problem("'$now [x] 1e9' == 'y' or close > 1", "rule") is None


def test_a_number_that_is_none_makes_a_condition_false() -> None:
    assert condition_holds("close > 1", {**KNOWN, "close": Decimal("NaN")}, BOARD) is False
