"""What is shown of a key."""

from app.domain.api_key import KeyFinding, KeyReport, key_tail


def test_only_the_end_of_a_key_is_ever_shown() -> None:
    assert key_tail("A" * 36 + "wxyz") == "wxyz"
    assert KeyReport("wxyz").is_usable
    assert not KeyReport("wxyz", (KeyFinding.MAY_WITHDRAW,)).is_usable
