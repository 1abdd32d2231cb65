"""Which records a step leaves, and that a step ends also when it was refused."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from app.practice.journal import Claimed, Journal, Opened, Record
from app.practice.order import Side
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import QuietVenue


class Notebook(Journal):
    """Steps as lists of kinds."""

    def __init__(self) -> None:
        self.steps: list[list[str]] = []
        self.records: list[Record] = []
        self._open: list[str] = []

    def note(self, record: Record) -> None:
        self.records.append(record)
        self._open.append(type(record).__name__)

    def commit(self) -> None:
        if self._open:
            self.steps.append(self._open)
            self._open = []


@pytest.fixture
def book() -> Notebook:
    return Notebook()


@pytest.fixture
def venue(book: Notebook) -> QuietVenue:
    venue = QuietVenue(journal=book)
    venue.exchange.deposit("KRW", Decimal(50_000_000))
    return venue


def test_each_step_is_complete(venue: QuietVenue, book: Notebook) -> None:
    order = venue.buy("100000000", "0.1", identifier="a")
    venue.wait()
    venue.hit(Side.ASK, "0.1")
    venue.wait()
    other = venue.buy("100000000", "0.1")
    venue.wait()
    venue.exchange.cancel(other)
    venue.wait(30)
    assert order.state == "done"
    assert book.steps == [
        ["Deposited"], ["Claimed", "Opened"], ["Rested"], ["Filled", "Ended"],
        ["Opened"], ["Rested"], ["CancelAsked"], ["Ended"],
    ]  # fmt: skip


def test_a_refused_order_still_uses_up_its_identifier(venue: QuietVenue, book: Notebook) -> None:
    with pytest.raises(VenueError):
        venue.buy("100000000", "99", identifier="a")
    assert book.steps[1:] == [["Claimed"]]


def test_self_match_prevention_is_one_step(venue: QuietVenue, book: Notebook) -> None:
    venue.exchange.deposit("BTC", Decimal(1))
    venue.buy("100000000", "0.1", smp_type="reduce")
    venue.wait()
    venue.sell("100000000", "0.1", smp_type="reduce")
    venue.wait()
    assert book.steps[-1] == ["Prevented", "Ended", "Prevented", "Ended"]


def test_records_come_back_from_json(venue: QuietVenue, book: Notebook) -> None:
    venue.quote(asks={"100000000": "1"})
    venue.buy("100000000", "0.12345678", identifier="가", time_in_force="ioc")
    venue.wait()
    data = msgspec.json.encode(book.records)
    assert msgspec.json.decode(data, type=list[Record]) == book.records
    assert b'"t":"opened"' in data


def test_a_plain_journal_keeps_nothing() -> None:
    journal = Journal()
    with journal:
        journal.note(Claimed("a"))
    assert vars(journal) == {}
    assert Opened.__struct_config__.tag == "opened"
