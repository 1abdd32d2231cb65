"""A venue that is out, silent, or tells another time, over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from app.adapters.files.settings_file import change_setting
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Book
from app.domain.messages import IntentRefused
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.venue_health import VenueState
from tests.scenario.flight import Flight, take_off
from tests.scenario.test_first_flight import at_once

SYMBOL = "KRW-SOL"


@pytest_asyncio.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Flight]:
    """A terminal that checks its venue every second and calls two seconds of silence silence."""
    file = tmp_path / "config" / "settings.toml"
    file.parent.mkdir()
    change_setting(file, "venue_health", "check_every_s", 1.0)
    change_setting(file, "venue_health", "silent_feed_s", 2.0)
    flight = await take_off(tmp_path)
    yield flight
    await flight.land()
    await flight.exchange.stop()


def refusals(flight: Flight) -> list[RefusalReason]:
    return [event.refusal.reason for event in flight.events if isinstance(event, IntentRefused)]


async def test_an_outage_refuses_entries_until_everything_was_read_again(watched: Flight) -> None:
    health = watched.terminal.engine.core.health.venue
    watched.enable()
    await watched.admin.fault("server_error_storm", 1.0, 60)
    await watched.until(lambda: health.state is VenueState.DOWN, "the outage", patience_s=60)
    refusal = health.entry_refusal(watched.terminal.clock.now())
    assert refusal is not None and refusal.reason is RefusalReason.VENUE_DOWN
    await watched.admin.fault("server_error_storm", 0.0, 1)
    await watched.until(lambda: health.state is VenueState.UP, "back, and read again", patience_s=60)
    watched.start(SYMBOL, at_once(watched))
    await watched.until_state(SYMBOL, PositionState.ACTIVE)


async def test_a_stop_fires_by_books_that_are_asked_for_while_the_stream_is_silent(watched: Flight) -> None:
    watched.enable()
    watched.start(SYMBOL, at_once(watched))
    await watched.until_state(SYMBOL, PositionState.ACTIVE)
    await watched.admin.fault("ws_silent", 1.0, 120)
    await watched.admin.move(SYMBOL, -5)
    await watched.until(lambda: watched.position(SYMBOL).state is PositionState.CLOSED, "the stop", patience_s=60)
    assert watched.position(SYMBOL).exit_reason is ExitReason.STOP_LOSS
    assert any(isinstance(event, Book) and event.polled for event in watched.events)
    await watched.assert_flat()


async def test_a_clock_that_is_a_minute_off_refuses_entries(watched: Flight) -> None:
    watched.enable()
    await watched.admin.fault("clock_skew", 1.0, 120)
    health, clock = watched.terminal.engine.core.health.venue, watched.terminal.clock
    await watched.until(lambda: (health.skew_s(clock.now()) or 0.0) > 50, "the skew is measured")
    watched.start(SYMBOL, at_once(watched))
    await watched.until(lambda: RefusalReason.CLOCK_SKEW in refusals(watched), "a refusal with its reason")


async def test_a_book_without_offers_is_a_halt(watched: Flight) -> None:
    core = watched.terminal.engine.core
    await watched.admin.fault("book_one_sided", 1.0, 120)
    await watched.until(lambda: bool(core.health.halts.halted()), "the halt is seen")
