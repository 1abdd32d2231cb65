"""Defaults a newcomer gets."""

from app.practice.settings import Settings


def test_the_account_starts_with_fifty_million_won() -> None:
    assert Settings().cash == 50_000_000
    assert Settings().replay is None
    assert Settings().state is None
