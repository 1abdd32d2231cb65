"""Every parser against damaged input: it returns something sound or answers with its own typed error, soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.attempts import attempt
from tests.fuzz.damage import TOKENS, Damage, Kind, damaged
from tests.fuzz.findings import FINDINGS
from tests.fuzz.targets import BY_NAME, TARGETS, Target
from tests.property.profile import examples

damages = st.builds(
    Damage,
    st.sampled_from(Kind),
    st.integers(0, 1000),
    st.integers(0, 40),
    st.one_of(st.sampled_from(TOKENS), st.sampled_from(TOKENS), st.binary(max_size=12)),
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_sound_inputs_are_sound(target: Target) -> None:
    """Else the fuzzers would start from inputs that are turned away at the door."""
    for data in target.seeds:
        if target.name not in ("upbit-error", "practice-recording"):
            target.run(data)
        assert attempt(target, data) is None


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_damaged_input_is_answered_with_a_typed_error(target: Target) -> None:
    @given(st.sampled_from(target.seeds), st.lists(damages, min_size=1, max_size=4))
    @examples(60)
    def holds(seed: bytes, done: list[Damage]) -> None:
        found = attempt(target, damaged(seed, done))
        assert found is None, f"{found.what} at {found.where}: {found.words}"

    holds()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(name, data, id=f"{name}-{number}")
        for name, inputs in FINDINGS.items()
        for number, data in enumerate(inputs)
    ],
)
def test_what_was_found_once_stays_fixed(name: str, data: bytes) -> None:
    found = attempt(BY_NAME[name], data)
    assert found is None, f"{found.what} at {found.where}: {found.words}"
