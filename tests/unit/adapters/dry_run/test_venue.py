"""Nothing of a dry run reaches a venue: its reads go through, its writes end here."""

from typing import Any

import pytest

from app.adapters.dry_run.venue import DryRunVenue
from app.domain.errors import VenueNotFoundError, VenueRefusedError, VenueUnavailableError
from app.domain.values import Priority
from tests.unit.domain.samples import BTC, order


class ReadOnly:
    """A venue that notes what it is asked, and has no way to be written to."""

    venue = "upbit"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        assert name not in ("place_order", "cancel_order", "cancel_all"), f"{name} reached the venue"

        async def answer(*values: object) -> str:
            self.asked.append(name)
            return name

        return answer

    def next_slot_s(self, priority: Priority) -> float:
        return 0.25


async def test_an_order_is_refused_in_words_and_not_sent() -> None:
    venue = DryRunVenue(ReadOnly())  # type: ignore[arg-type]
    with pytest.raises(VenueRefusedError) as caught:
        await venue.place_order(order(), Priority.ENTRY, lambda: None)
    assert (caught.value.code, caught.value.is_failure) == ("dry_run", False)
    with pytest.raises(VenueNotFoundError):
        await venue.cancel_order("o-1", None, Priority.CANCEL)
    assert await venue.cancel_all([BTC]) == 0


async def test_what_the_last_look_stops_would_not_have_been_sent() -> None:
    venue = DryRunVenue(ReadOnly())  # type: ignore[arg-type]
    with pytest.raises(VenueUnavailableError, match="withdrawn: not wanted any more"):
        await venue.place_order(order(), Priority.ENTRY, lambda: "not wanted any more")


async def test_reads_are_those_of_the_venue() -> None:
    real = ReadOnly()
    venue = DryRunVenue(real)  # type: ignore[arg-type]
    await venue.look_up_order("o-1", None, Priority.LOOKUP)
    await venue.read_account()
    await venue.list_markets()
    await venue.load_candles(BTC, 60, 5)
    await venue.load_book(BTC)
    await venue.close()
    reads = ["look_up_order", "read_account", "list_markets", "load_candles", "load_book", "close"]
    assert real.asked == reads
    assert (venue.venue, venue.next_slot_s(Priority.EXIT)) == ("upbit", 0.25)
