"""Strategy blueprints as TOML files: the shipped ones and a person's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import msgspec

from app.adapters.files.toml_text import parse_toml
from app.domain.blueprint import StrategyBlueprint, blueprint_problems
from app.domain.errors import InvalidInputError, Problem

MAX_BYTES = 65536


@dataclass(frozen=True, slots=True)
class BlueprintShelf:
    """Blueprints that are sound, and every fault of the files that are not; ``where`` begins with the file."""

    blueprints: tuple[StrategyBlueprint, ...]
    problems: tuple[Problem, ...]


def read_blueprint(path: Path) -> StrategyBlueprint:
    """Read and validate one file. Unknown fields are errors: a misspelt stop-loss must not be ignored.

    Raises:
        InvalidInputError: the file cannot be read, is no TOML, or its figures are unsound; the text names the place.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInputError.of(Problem(path.name, "is larger than {0} bytes", (f"{MAX_BYTES:,}",)))
        data = parse_toml(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise InvalidInputError.of(Problem(path.name, "cannot be read ({0})", (str(error.strerror),))) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError.of(Problem(path.name, "is not UTF-8 text (byte {0})", (str(error.start),))) from error
    unknown = sorted(set(data) - set(StrategyBlueprint.__slots__))
    unknown += _unknown_inside(data)
    if unknown:
        raise InvalidInputError.of(*(Problem(f"{path.name}: {name}", "is an unknown field") for name in unknown))
    try:
        blueprint = msgspec.convert(_exact(data), StrategyBlueprint, strict=True)
    except msgspec.ValidationError as error:
        raise InvalidInputError.of(_kind_problem(str(error), path.name)) from error
    problems = blueprint_problems(blueprint)
    if problems:
        raise InvalidInputError.of(*(replace(item, where=f"{path.name}: {item.where}") for item in problems))
    return blueprint


def read_shelf(folders: Sequence[Path]) -> BlueprintShelf:
    """All ``*.toml`` of the folders; a later folder's blueprint replaces one with the same id."""
    found: dict[str, StrategyBlueprint] = {}
    problems: list[Problem] = []
    for folder in folders:
        here: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                blueprint = read_blueprint(path)
            except InvalidInputError as error:
                problems += error.problems
                continue
            if blueprint.id in here:
                names = (blueprint.id, here[blueprint.id])
                problems.append(Problem(path.name, "id '{0}' is already that of {1}; change it", names))
                continue
            here[blueprint.id] = path.name
            found[blueprint.id] = blueprint
    return BlueprintShelf(tuple(found.values()), tuple(problems))


def _unknown_inside(data: dict[str, object]) -> list[str]:
    known = {
        "name": {"ko", "en"},
        "description": {"ko", "en"},
        "exits": {
            "stop_loss_percent",
            "take_profit_percent",
            "trailing_stop_percent",
            "trailing_activation_percent",
            "max_hold_minutes",
        },
        "entry_order": {"order_type", "offset_ticks", "timeout_s", "rest", "market_from_percent", "max_drift_percent"},
        "slippage": {"max_percent", "when_above"},
    }
    found: list[str] = []
    for table, fields in known.items():
        inner = data.get(table)
        if isinstance(inner, dict):
            found += [f"{table}.{name}" for name in sorted(set(inner) - fields)]
    steps = data.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            found += [f"steps[{number}].{name}" for name in sorted(set(step) - {"share_percent", "drop_percent"})]
    return found


#: How msgspec says what is wrong, and where.
_PLACE = re.compile(r"(?P<words>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_KINDS = re.compile(r"Expected `(.*)`, got `(.*)`")
_CHOICE = re.compile(r"Invalid enum value (.*)")


def _kind_problem(words: str, name: str) -> Problem:
    """A value that is missing or not of its kind."""
    found = _PLACE.fullmatch(words)
    said, place = (words, "") if found is None else (found["words"], found["place"] or "")
    missing = _MISSING.fullmatch(said)
    if missing is not None:
        return Problem(": ".join((name, ".".join(part for part in (place, missing[1]) if part))), "is missing")
    where = f"{name}: {place}" if place else name
    kinds, choice = _KINDS.fullmatch(said), _CHOICE.fullmatch(said)
    if kinds is not None:
        return Problem(where, "must be {0}, not {1}", (kinds[1], kinds[2]))
    if choice is not None:
        return Problem(where, "cannot be {0}; there is no such choice", (choice[1],))
    return Problem(where, "is not of the kind it must be ({0})", (said,))


def _exact(value: object) -> object:
    """Whole numbers of money fields as Decimal too: TOML integers are as good as decimals there."""
    if isinstance(value, dict):
        return {key: _exact_field(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_exact(inner) for inner in value]
    return value


def _exact_field(key: str, value: object) -> object:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and (key.endswith("_percent") or key == "default_budget"):
        return Decimal(str(value))
    return _exact(value)
