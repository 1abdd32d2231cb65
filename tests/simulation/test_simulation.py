"""The simulation itself: it repeats byte for byte, knows its faults and invariants by name, and its oracle adds up."""

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.features import FEATURES
from tests.simulation.focus import Focus, forced
from tests.simulation.gate import AIMED, KEPT, survive
from tests.simulation.invariants import COVERED_BY, INVARIANTS, Where
from tests.simulation.knobs import FAULTS, draw
from tests.simulation.venue_ledger import Refused, VenueLedger, VenueMarket

HERE = Path(__file__).parent
D = Decimal


def replay(seed: int, hash_seed: str) -> bytes:
    """Everything the command prints, from another process."""
    command = [sys.executable, "-m", "tests.simulation", "--replay", str(seed)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(HERE.parents[1])}
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120).stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [3, 21, 49])
def test_a_seed_repeats_byte_for_byte(seed: int) -> None:
    first, second = replay(seed, "1"), replay(seed, "2")
    assert first == second
    *trace, report = first.decode().splitlines()
    assert len(trace) > 50 and json.loads(report)["seeds"] == 1


def test_the_command_ends_with_one_json_object() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "2", "--start", "5", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    report = json.loads(done.stdout)
    assert {"seeds", "virtual_hours", "orders", "crashes", "knobs", "violations"} <= set(report)
    assert (report["seeds"], report["violations"]) == (2, []) and report["virtual_hours"] >= 48
    assert set(report["knobs"]) == set(FAULTS)
    assert set(report["features"]) == set(FEATURES) and 0 < report["features"]["sent_market"] <= 2


@pytest.mark.parametrize("seed", sorted(KEPT))
def test_a_seed_that_found_a_bug_stays_well(seed: int) -> None:
    survive([seed])


@pytest.mark.parametrize("focus", Focus, ids=lambda focus: focus.name.lower())
def test_an_aimed_world_gets_to_its_scene_and_breaks_nothing(focus: Focus) -> None:
    outcomes = survive(AIMED[focus])
    for name in forced(focus):
        assert all(outcome.happened[name] for outcome in outcomes), name
    assert all(outcome.orders > 1 for outcome in outcomes)


def code() -> str:
    return "".join(path.read_text() for path in HERE.glob("*.py") if path.name not in ("knobs.py", "invariants.py"))


def test_every_fault_is_really_injected_somewhere() -> None:
    missing = [name for name in FAULTS if f'"{name}"' not in code()]
    assert not missing


def test_every_invariant_is_checked_or_says_where_it_is() -> None:
    checked = set(re.findall(r'broken\(\s*"(I\d+)"', code()))
    claimed = {name for name, (_, _, where, _) in INVARIANTS.items() if where is Where.HERE}
    assert checked | set(COVERED_BY) == claimed
    numbers = [int(name[1:]) for name in INVARIANTS]
    assert numbers[:35] == list(range(1, 36)) and numbers == sorted(set(numbers))


def test_seeds_differ_in_what_they_have() -> None:
    worlds = [frozenset(draw(seed).rates) for seed in range(200)]
    assert len(set(worlds)) > 180
    for name in FAULTS:
        share = sum(name in world for world in worlds) / len(worlds)
        assert 0.15 < share < 0.85, name


@pytest.fixture
def ledger() -> VenueLedger:
    market = VenueMarket("KRW-AAA", D(1_000), D(1))
    return VenueLedger([market], D(1_000_000), {"AAA": D(5)})


def test_the_oracle_adds_up_to_the_last_digit(ledger: VenueLedger) -> None:
    bought = ledger.place("a", "KRW-AAA", True, None, None, D(100_003))
    ledger.match(bought, D("0.37"))
    ledger.match(bought, D(1))
    ledger.match(bought, D(1))
    resting = ledger.place("b", "KRW-AAA", False, D(1_050), D("4.9"), None)
    ledger.end(resting)
    sold = ledger.place("c", "KRW-AAA", False, None, bought.executed, None)
    ledger.match(sold, D(1))
    ledger.flow("KRW", D(-500))
    assert ledger.phone_trade("KRW-AAA", True, D(7))
    assert not any(order.is_open for order in (bought, resting, sold))
    assert ledger.problems() == []
    ledger.free["KRW"] += D("0.00000001")
    assert ledger.problems() != []


def test_the_venue_refuses_what_a_venue_refuses(ledger: VenueLedger) -> None:
    ledger.place("a", "KRW-AAA", True, D(990), D(10), None)
    for words, order in {
        "duplicated_identifier": ("a", "KRW-AAA", True, D(990), D(10), None),
        "invalid_price": ("b", "KRW-AAA", True, D("990.5"), D(10), None),
        "under_min_total_bid": ("c", "KRW-AAA", True, D(990), D(1), None),
        "insufficient_funds_ask": ("d", "KRW-AAA", False, None, D("5.1"), None),
        "insufficient_funds_bid": ("e", "KRW-AAA", True, None, None, D(999_999)),
    }.items():
        with pytest.raises(Refused, match=words):
            ledger.place(*order)
