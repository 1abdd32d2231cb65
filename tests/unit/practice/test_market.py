"""A market knows its two currencies."""

from tests.unit.practice.venue_kit import QuietVenue


def test_quote_and_coin(venue: QuietVenue) -> None:
    assert (venue.market.name.quote, venue.market.name.coin) == ("KRW", "BTC")
    assert not venue.market.halted
