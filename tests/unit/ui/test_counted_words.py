"""Numbers and the words after them agree, in both languages."""

import pytest

from app.ui.counted_words import _COUNTED, counted
from app.ui.languages import languages


@pytest.mark.parametrize("what", _COUNTED)
def test_one_is_not_many(what: str) -> None:
    languages().set("en")
    one, two = counted(what, 1), counted(what, 2)
    assert one.startswith("1 ") and two.startswith("2 ") and one[1:] != two[1:]
    assert counted(what, 0) == two.replace("2", "0")
    languages().set("ko")
    assert (
        "1" in counted(what, 1) and counted(what, 1) != one and counted(what, 1) == counted(what, 2).replace("2", "1")
    )


def test_what_is_not_known_is_no_single_one() -> None:
    assert counted("positions", "–") == "– positions"
