"""The other half of the gate: whole virtual days with faults, against the venue's ledger."""

import pytest

from tests.simulation.gate import PORTION, portions, survive


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", portions(1))
def test_no_invariant_is_broken(first: int) -> None:
    outcomes = survive(list(range(first, first + PORTION)))
    assert sum(outcome.orders for outcome in outcomes) > PORTION, "a world without orders tests nothing"
    assert all(outcome.virtual_s >= 86_400 for outcome in outcomes)
