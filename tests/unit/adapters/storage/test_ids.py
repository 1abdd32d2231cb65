import re

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage.ids import DurableIds, base36, new_install_id
from app.domain.ports import IdSource


@given(st.integers(0, 10**20))
def test_base36_is_the_number(number: int) -> None:
    assert int(base36(number), 36) == number


def test_install_ids_are_random_base32() -> None:
    found = {new_install_id() for _ in range(200)}
    assert len(found) > 195
    assert all(re.fullmatch("[a-z2-7]{6}", install) for install in found)


def test_ids_are_deterministic_and_short() -> None:
    one: IdSource = DurableIds("abc234", 36)
    assert [one.order_id(), one.order_id()] == ["gw-abc234-10-1", "gw-abc234-10-2"]
    assert (one.position_id(), one.run_id()) == ("p-abc234-10-1", "kill-abc234-10-1")
    assert len(DurableIds("abc234", 2**63).order_id()) <= 64


@given(st.lists(st.integers(1, 2000), min_size=2, max_size=6, unique=True))
def test_no_two_runs_share_an_id(epochs: list[int]) -> None:
    made = [ids.order_id() for ids in (DurableIds("abc234", epoch) for epoch in epochs) for _ in range(40)]
    assert len(set(made)) == len(made)
