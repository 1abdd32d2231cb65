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
from enum import StrEnum
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


class RuleFault(StrEnum):
    """What can be wrong with a condition, in plain English; ``{0}`` is the word, number or name it is about."""

    EMPTY = "is empty; write a condition such as 'close > ema(20)' or 'true'"
    TOO_LONG = "is longer than {0} characters"
    PATTERN = "regular expressions are not allowed here"
    DOLLAR = "${0} is not allowed here: a condition speaks of prices, not of the clock, of chance or of lists"
    LIST = "lists are not allowed here"
    SIGN = "of the arithmetic signs only + - * / // and % are allowed here"
    LITERAL = "times and bytes in quotes are not allowed here"
    NO_NUMBER = "'inf' and 'nan' are no numbers to compare with"
    ODD_NUMBER = "'{0}' is not a plain number such as 0.5 or 1000"
    UNKNOWN_NAME = "there is no value or function called '{0}'"
    MISSPELT = "there is no value or function called '{0}'; did you mean '{1}'?"
    BROKEN = "cannot be read at '{0}'"
    UNFINISHED = "ends before it says what is compared with what"
    ARGUMENTS = "'{0}' is given something other than one length in bars"
    MISFIT = "compares or computes with things that do not go together"
    LENGTH = "{0}: the length must be 1 to {1} bars"
    TOO_DEEP = "is nested too deeply"
    NOT_COMPUTED = "computes with a number that is none, or far too large"


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
#: What the grammar knows and a condition must not use. The first would decide otherwise in a replay; the others can
#: make numbers, lists or computing times without bound.
_REFUSED: tuple[tuple[re.Pattern[str], RuleFault], ...] = (
    (re.compile(r"[=!]~"), RuleFault.PATTERN),
    (re.compile(r"\$\s*(\w*)"), RuleFault.DOLLAR),
    (re.compile(r"[\[\]{}]"), RuleFault.LIST),
    (re.compile(r"\*\*|<<|>>|[&|^]"), RuleFault.SIGN),
    (re.compile(r"\b[A-Za-z]+(?=['\"])"), RuleFault.LITERAL),
    (re.compile(r"\b(?:inf|nan)\b", re.IGNORECASE), RuleFault.NO_NUMBER),
)
_NUMBER = re.compile(r"(?<![\w.])(?:\d[\w.]*|\.\d[\w.]*)")
_PLAIN_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?", re.ASCII)


class _NotKnownYet(ArithmeticError):
    """An indicator has too few bars."""


class _BadLength(ValueError):
    """An indicator over a number of bars that there cannot be; its name is the argument."""


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


def rule_problem(text: str, where: str) -> Problem | None:
    """Why ``text`` is not a usable condition, with a suggestion; None when it is fine. ``what`` is a RuleFault."""
    fault = _fault(text)
    return None if fault is None else Problem(where, fault[0], fault[1:])


def _fault(text: str) -> tuple[RuleFault, *tuple[str, ...]] | None:
    """The fault and the words it is about."""
    import rule_engine

    if not text.strip():
        return (RuleFault.EMPTY,)
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
        return _library_fault(error)
    except _BadLength as error:
        return (RuleFault.LENGTH, str(error), str(MAX_LENGTH))
    except RecursionError:
        return (RuleFault.TOO_DEEP,)
    except (ValueError, ArithmeticError):
        return (RuleFault.NOT_COMPUTED,)
    return None


def _library_fault(error: Exception) -> tuple[RuleFault, *tuple[str, ...]]:
    """What the library found, in words of ours."""
    from rule_engine import errors

    match error:
        case errors.SymbolResolutionError(symbol_name=name, suggestion=str(guess)):
            return (RuleFault.MISSPELT, name, guess)
        case errors.SymbolResolutionError(symbol_name=name):
            return (RuleFault.UNKNOWN_NAME, name)
        case errors.RuleSyntaxError(token=None):
            return (RuleFault.UNFINISHED,)
        case errors.RuleSyntaxError(token=token):
            return (RuleFault.BROKEN, str(token.value)[:40])
        case errors.FunctionCallError(function_name=str(name)):
            return (RuleFault.ARGUMENTS, name)
        case errors.ArithmeticError():
            return (RuleFault.NOT_COMPUTED,)
        case errors.AttributeResolutionError(attribute_name=name):
            return (RuleFault.UNKNOWN_NAME, str(name)[:40])
        case _:
            return (RuleFault.MISFIT,)


@lru_cache(maxsize=256)
def _refused(text: str) -> tuple[RuleFault, *tuple[str, ...]] | None:
    """What a condition must not contain, whether or not the grammar could read it."""
    if len(text) > MAX_RULE_LENGTH:
        return (RuleFault.TOO_LONG, str(MAX_RULE_LENGTH))
    bare = _QUOTED.sub("''", text)
    for pattern, fault in _REFUSED:
        found = pattern.search(bare)
        if found is not None:
            return (fault, *found.groups())
    for number in _NUMBER.findall(bare):
        if not _PLAIN_NUMBER.fullmatch(number):
            return (RuleFault.ODD_NUMBER, number[:40])
    return None


def rule_problems(blueprint: StrategyBlueprint) -> list[Problem]:
    """Faults in the conditions of a blueprint; empty when they are sound."""
    found: list[Problem] = []
    for where, text in (("entry_when", blueprint.entry_when), ("exit_when", blueprint.exit_when)):
        problem = rule_problem(text, where) if text is not None else None
        if problem is not None:
            found.append(problem)
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
                    raise _BadLength(name)
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
