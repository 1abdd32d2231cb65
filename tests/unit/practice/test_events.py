"""The hub tells every listener, in order."""

from decimal import Decimal

from tests.unit.practice.venue_kit import Diary, QuietVenue


def test_every_listener_hears_everything(venue: QuietVenue) -> None:
    second = Diary()
    venue.exchange.hub.listeners.append(second)
    venue.quote(asks={"100000000": "1"})
    venue.buy("100000000", "0.1", identifier="a")
    venue.wait()
    assert second.orders == venue.diary.orders == [("a", "wait"), ("a", "trade"), ("a", "done")]
    assert [trade.volume for trade in second.trades] == [Decimal("0.1")]
    assert ("KRW", "BTC") in second.assets
