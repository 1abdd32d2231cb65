"""Fixtures of the scenarios."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.scenario.flight import Flight, take_off


@pytest_asyncio.fixture
async def flight(tmp_path: Path) -> AsyncIterator[Flight]:
    """A terminal in the air; landed and swept up afterwards."""
    flight = await take_off(tmp_path)
    yield flight
    await flight.land()
    await flight.exchange.stop()
