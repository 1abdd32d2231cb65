"""The harness itself: it sees what it should see, and calm targets stay calm."""

import time
from decimal import Decimal

import pytest

from tests.fuzz.attempts import attempt, smaller
from tests.fuzz.damage import Dice
from tests.fuzz.targets import BY_NAME, Target


def wrong(data: bytes) -> object:
    if b"boom" in data:
        raise KeyError("boom")
    if b"refused" in data:
        raise ValueError("typed")
    if b"slow" in data:
        end = time.thread_time() + 1.2
        while time.thread_time() < end:
            pass
    return Decimal("1e999999999") if b"bomb" in data else Decimal("NaN") if b"nan" in data else [Decimal(1)]


WRONG = Target("wrong", wrong, (ValueError,), (b"seed",))


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"boom", "KeyError"), (b"bomb", "UnsoundError"), (b"nan", "UnsoundError"), (b"slow", "TooSlow")],
)
def test_what_goes_wrong_is_seen(data: bytes, what: str) -> None:
    found = attempt(WRONG, data)
    assert found is not None and found.what == what


@pytest.mark.parametrize("data", [b"refused", b"fine"])
def test_a_typed_error_and_a_sound_value_are_no_findings(data: bytes) -> None:
    assert attempt(WRONG, data) is None


def test_a_finding_is_made_small() -> None:
    found = attempt(WRONG, b"x" * 700 + b"boom" + b"y" * 300)
    assert found is not None and smaller(WRONG, found).data == b"boom"


def test_the_same_seed_rolls_the_same_dice() -> None:
    seeds = BY_NAME["upbit-order"].seeds
    rolls = [[dice.roll() for _ in range(50)] for dice in (Dice(seeds, 7), Dice(seeds, 7))]
    assert rolls[0] == rolls[1] and len(set(rolls[0])) > 25
