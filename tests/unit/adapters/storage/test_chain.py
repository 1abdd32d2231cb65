import pytest

from app.adapters.storage.chain import ChainHead, genesis, link

PARTS = (3, "2026-01-01T00:00:00.000000Z", "EngineStopped", '{"epoch":3}')


def test_every_installation_has_its_own_beginning() -> None:
    assert genesis("abcdef").seq == 0
    assert genesis("abcdef").hash != genesis("abcdeg").hash


def test_the_hash_does_not_change_between_versions() -> None:
    head = link(genesis("abcdef"), *PARTS)
    assert head == ChainHead(1, "97676a99a33769026ac61dbfbb3ab0b18d027257ffc7cbda3c8cb0d7b80bdbe1")


@pytest.mark.parametrize("position", range(4))
def test_every_part_is_sealed(position: int) -> None:
    changed: list[object] = list(PARTS)
    changed[position] = 4 if position == 0 else f"{PARTS[position]} "
    assert link(genesis("abcdef"), *changed) != link(genesis("abcdef"), *PARTS)  # type: ignore[arg-type]


def test_place_and_history_are_sealed() -> None:
    first = genesis("abcdef")
    assert link(first, *PARTS).hash != link(ChainHead(1, first.hash), *PARTS).hash
    assert link(first, *PARTS).hash != link(genesis("other2"), *PARTS).hash
