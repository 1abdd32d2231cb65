"""The safe language of entry and exit conditions: rule-engine's grammar over bar values and indicators.

Names: open, high, low, close, volume (last closed bar), price (now), spread_percent, held_percent (gain since entry).
Functions: sma(n), ema(n), rsi(n), atr(n), highest(n), lowest(n), change(n) in %, average_volume(n).
A value that is not known yet makes the condition false, and so does a function that is needed and not known yet: no
data never means "buy". What the grammar could do besides is refused: its clock and its dice (a replay must decide the
same), and whatever can make numbers or lists without bound.
"""

import logging
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from app.domain.blueprint import StrategyBlueprint
from app.domain.errors import Problem
from app.domain.money import MONEY_CONTEXT
from app.engine.indicators import FUNCTIONS, MAX_LENGTH, IndicatorBoard

if TYPE_CHECKING:
    from rule_engine import Context, Rule

_log = logging.getLogger(__name__)

VALUES = ("open", "high", "low", "close", "volume", "price", "spread_percent", "held_percent")
MAX_RULE_LENGTH = 1000
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
#: What the grammar knows and a condition must not use. The first would decide otherwise in a replay; the others can
#: make numbers, lists or computing times without bound.
_REFUSED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[=!]~"), "regular expressions are not allowed here"),
    (
        re.compile(r"\$\s*(?P<word>\w*)"),
        "${word} is not allowed here: a condition speaks of prices, not of the clock, of chance or of lists",
    ),
    (re.compile(r"[\[\]{}]"), "lists are not allowed here"),
    (re.compile(r"\*\*|<<|>>|[&|^]"), "of the arithmetic signs only + - * / // and % are allowed here"),
    (re.compile(r"\b[A-Za-z]+(?=['\"])"), "times and bytes in quotes are not allowed here"),
    (re.compile(r"\b(?:inf|nan)\b", re.IGNORECASE), "'inf' and 'nan' are no numbers to compare with"),
)
_NUMBER = re.compile(r"(?<![\w.])(?:\d[\w.]*|\.\d[\w.]*)")
_PLAIN_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?", re.ASCII)


class _NotKnownYet(ArithmeticError):
    """An indicator has too few bars."""


@lru_cache(maxsize=1)
def _context() -> "Context":
    import rule_engine  # 0.3 s to import: only when the first rule is compiled

    kinds = rule_engine.DataType
    types: dict[str, object] = {name: kinds.FLOAT for name in VALUES}
    for name in FUNCTIONS:
        types[name] = kinds.FUNCTION(name, return_type=kinds.FLOAT, argument_types=(kinds.FLOAT,), minimum_arguments=1)
    # Named, else a rule would compute with the digits of whoever asks for one first.
    return rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types), decimal_context=MONEY_CONTEXT)


@lru_cache(maxsize=256)
def _compiled(text: str) -> "Rule":
    import rule_engine

    return rule_engine.Rule(text, context=_context())


def rule_problem(text: str) -> str | None:
    """Why ``text`` is not a usable condition, in words with a suggestion; None when it is fine."""
    import rule_engine

    if not text.strip():
        return "is empty; write a condition such as 'close > ema(20)' or 'true'"
    refused = _refused(text)
    if refused is not None:
        return refused
    try:
        _compiled(text)
        sample = {name: Decimal(1) for name in VALUES}
        _matches(text, sample, IndicatorBoard(()))
    except _NotKnownYet:
        return None
    except rule_engine.errors.EngineError as error:
        suggestion = getattr(error, "suggestion", None)
        return f"{error.message}; did you mean '{suggestion}'?" if suggestion else str(error.message or error)
    except ValueError as error:
        return str(error)
    except RecursionError:
        return "is nested too deeply"
    except ArithmeticError:
        return "computes with a number that is none, or far too large"
    return None


@lru_cache(maxsize=256)
def _refused(text: str) -> str | None:
    """What a condition must not contain, whether or not the grammar could read it."""
    if len(text) > MAX_RULE_LENGTH:
        return f"is longer than {MAX_RULE_LENGTH} characters"
    bare = _QUOTED.sub("''", text)
    for pattern, words in _REFUSED:
        found = pattern.search(bare)
        if found is not None:
            return words.format(**found.groupdict()) if found.groupdict() else words
    for number in _NUMBER.findall(bare):
        if not _PLAIN_NUMBER.fullmatch(number):
            return f"'{number[:40]}' is not a plain number such as 0.5 or 1000"
    return None


def rule_problems(blueprint: StrategyBlueprint) -> list[Problem]:
    """Faults in the conditions of a blueprint; empty when they are sound."""
    found: list[Problem] = []
    for where, text in (("entry_when", blueprint.entry_when), ("exit_when", blueprint.exit_when)):
        problem = rule_problem(text) if text is not None else None
        if problem:
            found.append(Problem(where, problem))
    return found


def condition_holds(text: str, values: Mapping[str, Decimal | None], board: IndicatorBoard) -> bool:
    """True when the condition is met; an unknown value, or one that cannot be computed (x / 0), makes it False."""
    import rule_engine

    if _refused(text) is not None or any(values.get(name) is None for name in _values_in(text)):
        return False
    try:
        return _matches(text, values, board)
    except _NotKnownYet:
        return False
    except (ValueError, ArithmeticError, RecursionError, rule_engine.errors.EngineError) as error:
        _log.warning("the condition %r cannot be computed now: %s", text, error)
        return False


@lru_cache(maxsize=256)
def _values_in(text: str) -> tuple[str, ...]:
    """Values a condition speaks of; words inside quotes are none of them."""
    words = set(re.findall(r"[a-z_]+", _QUOTED.sub(" ", text)))
    return tuple(name for name in VALUES if name in words)


def _matches(text: str, values: Mapping[str, Decimal | None], board: IndicatorBoard) -> bool:
    import rule_engine

    raised: list[Exception] = []

    def function(name: str) -> object:
        def call(length: Decimal) -> Decimal:
            try:
                # Looked at before int(): a computed length may have more digits than memory holds.
                if not 1 <= length < MAX_LENGTH + 1:
                    raise ValueError(f"{name}: the length must be 1 to {MAX_LENGTH} bars")
                value = board.value(name, int(length))
            except ValueError as error:
                raised.append(error)
                raise
            if value is None:
                raised.append(_NotKnownYet(f"{name}({length})"))
                raise raised[-1]
            return value

        return call

    thing: dict[str, object] = {name: function(name) for name in FUNCTIONS}
    thing.update(values)
    try:
        return bool(_compiled(text).matches(thing))
    except rule_engine.errors.EngineError:
        if raised:
            raise raised[0] from None
        raise
