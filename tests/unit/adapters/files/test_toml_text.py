from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.files.toml_text import MAX_DEPTH, parse_toml
from app.domain.errors import InvalidInputError


def test_fractions_are_exact_decimals() -> None:
    assert parse_toml("a = 0.1", "x.toml") == {"a": Decimal("0.1")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = ", "not valid TOML"),
        ("a = 1\na = 2", "not valid TOML"),
        ("a = " + "[" * 50_000, "nested too deeply"),
        ("a." * 5_000 + "a = 1", "nested too deeply"),
        ("a = " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "a[0][0]"),
        ("a = " + "9" * 5_000, "too many digits"),
        ("a = 1e99999999999999999999", "too large an exponent"),
        ("[t]\na = [1, 0x" + "f" * 5_000 + "]", "t.a[1]: is too large a number"),
    ],
    ids=lambda text: text[:20],
)
def test_nonsense_of_every_kind_is_the_same_error_with_the_file_name(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_toml(text, "x.toml")
    assert str(caught.value).startswith("x.toml: ")
    assert words in str(caught.value)


@given(st.text() | st.text(alphabet="=[]{}\"'#.,\n0123456789aexo-_ ", max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        parse_toml(text, "x.toml")
    except InvalidInputError as error:
        assert str(error).startswith("x.toml: ")
