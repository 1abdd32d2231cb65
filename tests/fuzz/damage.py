"""Damage done to an input, as data: hypothesis draws and shrinks it, the random mutator rolls dice for it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

#: Words that have broken parsers before: decimal bombs, numbers that are none, half characters, depth, other zones.
TOKENS: tuple[bytes, ...] = (
    b"1e999999999", b"1e-999999999", b"1E+999999999999999999", b"-1e999999999", b"1e400", b"9" * 5000,
    b"0." + b"0" * 400,
    b"NaN", b'"NaN"', b'"sNaN"', b'"Infinity"', b"-Infinity", b"-0", b"-1", b"0", b"1e5", b"0x10", b"1_000", b"0e0",
    b"9223372036854775808", b"-9223372036854775809", b"18446744073709551616", b"253402300800000", b"4300",
    b"null", b"true", b"[]", b"{}", b'""', b"''", b'"', b"'", b"\\", b"\\ud800", b'"\\ud800"', b"\\u0000",
    b"\xed\xa0\x80", b"\xff", b"\x00", b"\xef\xbb\xbf", "²".encode(), "１".encode(), "٣".encode(), b"\r", b"\n",
    b"[" * 3000, b'{"a":' * 3000, b"(" * 500, b"," * 50, b"a=[" + b"[" * 400, b"not " * 200, b"-" * 900,
    b"0001-01-01T00:00:00+09:00", b"9999-12-31T23:59:59-09:00", b"2026-02-30", b"24:00:00", b"+23:59:59.999999",
    b" ** ", b"9 ** 9 ** 9", b"99999 ** 99999", b"'a' * 999999999", b" in ", b"[x for x in [1, 2]]", b".real",
    b"sma(1e9)",
    b"=", b"&", b"%", b"%00", b"[]=", b":", b": b'", b"inf", b"nan", b"1979-05-27T07:32:00Z", b"[[steps]]\n", b"#",
)  # fmt: skip


class Kind(Enum):
    """What is done at one place."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"
    DOUBLE = "double"
    FLIP = "flip"
    CUT = "cut"
    NUMBER = "number"


@dataclass(frozen=True)
class Damage:
    """``at`` is a place in thousandths of the input; ``length`` bytes are meant; ``token`` is put there."""

    kind: Kind
    at: int
    length: int
    token: bytes


def damaged(data: bytes, damages: Sequence[Damage]) -> bytes:
    """``data`` after all ``damages``, one after the other."""
    for damage in damages:
        data = _done(data, damage)
    return data


def _done(data: bytes, damage: Damage) -> bytes:
    start = len(data) * damage.at // 1000
    end = min(start + damage.length, len(data))
    before, meant, after = data[:start], data[start:end], data[end:]
    match damage.kind:
        case Kind.REPLACE:
            return before + damage.token + after
        case Kind.INSERT:
            return before + damage.token + meant + after
        case Kind.DELETE:
            return before + after
        case Kind.DOUBLE:
            return before + meant + meant + after
        case Kind.FLIP:
            return before + bytes(byte ^ (1 << damage.length % 8) for byte in meant[:1]) + meant[1:] + after
        case Kind.CUT:
            return before
        case Kind.NUMBER:
            return _other_number(data, start, damage.token)


def _other_number(data: bytes, start: int, token: bytes) -> bytes:
    """The next run of digits (with its sign, point and exponent) becomes ``token``."""
    digits = b"0123456789"
    first = next((i for i in range(start, len(data)) if data[i] in digits), None)
    if first is None:
        return data
    last = first
    while last < len(data) and data[last] in b"0123456789.eE+-":
        last += 1
    return data[:first] + token + data[last:]


class Dice:
    """Endless damaged inputs from a seed; used where no coverage-guided fuzzer is installed."""

    def __init__(self, seeds: Sequence[bytes], seed: int) -> None:
        self._seeds = seeds
        self._random = random.Random(seed)

    def roll(self) -> bytes:
        """One more input."""
        dice = self._random
        data = dice.choice(self._seeds)
        if dice.random() < 0.05:
            return dice.randbytes(dice.randrange(200))
        if dice.random() < 0.2:  # the head of one, the tail of another
            other = dice.choice(self._seeds)
            data = data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1) :]
        return self.damage(data)

    def damage(self, data: bytes) -> bytes:
        """``data`` with a few things done to it."""
        return damaged(data, [self._damage() for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 5)))])

    def _damage(self) -> Damage:
        dice = self._random
        length = dice.choice((1, 1, 2, 4, 8, 16, 64))
        token = dice.choice(TOKENS) if dice.random() < 0.8 else dice.randbytes(length)
        return Damage(dice.choice(list(Kind)), dice.randrange(1001), length, token)
