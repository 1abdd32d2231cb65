"""TOML that a person wrote, read without surprises: every kind of nonsense is one kind of error."""

import tomllib
from decimal import Decimal

from app.domain.errors import InvalidInputError, Problem

MAX_DEPTH = 10
MAX_INTEGER_BITS = 63
_TOO_DEEP = "is nested too deeply"


def parse_toml(text: str, name: str) -> dict[str, object]:
    """Tables of ``text`` with exact decimals; ``name`` is what the file is called in errors.

    Raises:
        InvalidInputError: no TOML, nested deeper than MAX_DEPTH, or a number no program of ours could use.
    """
    try:
        data: dict[str, object] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError.of(Problem(name, "is not valid TOML: {0}", (str(error),))) from error
    except RecursionError:
        raise InvalidInputError.of(Problem(name, _TOO_DEEP)) from None
    except (ValueError, ArithmeticError) as error:
        # More than 4300 digits, or an exponent that Decimal cannot hold: neither error names the place.
        raise InvalidInputError.of(
            Problem(name, "holds a number with too many digits or too large an exponent")
        ) from error
    _check_values(data, name)
    return data


def _check_values(data: dict[str, object], name: str) -> None:
    waiting: list[tuple[str, int, object]] = [(key, 1, value) for key, value in data.items()]
    while waiting:
        where, depth, value = waiting.pop()
        if depth > MAX_DEPTH:
            raise InvalidInputError.of(Problem(f"{name}: {where}", _TOO_DEEP))
        if isinstance(value, dict):
            waiting += [(f"{where}.{key}", depth + 1, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{where}[{index}]", depth + 1, inner) for index, inner in enumerate(value)]
        elif isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
            raise InvalidInputError.of(Problem(f"{name}: {where}", "is too large a number"))
