"""A quiet venue, alone or behind real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from app.practice.clock import US_PER_MS
from app.practice.server import PracticeServer
from app.practice.settings import Endpoints, Settings
from tests.unit.practice.venue_kit import QuietVenue, RestClient, StillDriver, bearer


@pytest.fixture
def venue() -> QuietVenue:
    return QuietVenue()


class Desk:
    """A quiet venue behind sockets, with a signing client. Time moves only by `wait`."""

    def __init__(self, venue: QuietVenue, server: PracticeServer, rest: RestClient, ends: Endpoints) -> None:
        self.venue = venue
        self.server = server
        self.rest = rest
        self.ends = ends
        self.call = rest.call
        self.admin = rest.admin

    async def wait(self, milliseconds: int = 50) -> None:
        await self.server.advance(milliseconds)

    async def connect(self, private: bool = False) -> aiohttp.ClientWebSocketResponse:
        url = self.ends.ws_private if private else self.ends.ws
        headers = {"Authorization": bearer(self.ends)} if private else {}
        return await self.rest.session.ws_connect(url, headers=headers)

    async def subscribe(self, *types: dict[str, Any], private: bool = False, **more: Any) -> Any:
        socket = await self.connect(private)
        await socket.send_str(json.dumps([{"ticket": "t"}, *types, *([more] if more else [])]))
        await asyncio.sleep(0.02)
        return socket


async def read(socket: aiohttp.ClientWebSocketResponse) -> list[Any]:
    """Everything that has arrived, as parsed messages; ends at the first silence."""
    found: list[Any] = []
    while True:
        try:
            message = await asyncio.wait_for(socket.receive(), 0.05)
        except TimeoutError:
            return found
        if message.type is not aiohttp.WSMsgType.BINARY:
            found.append(message.type)
            return found
        found.append(json.loads(message.data, parse_float=Decimal))


@pytest.fixture
async def desk(venue: QuietVenue) -> AsyncIterator[Desk]:
    server = PracticeServer(Settings(), venue.clock, (venue.exchange, StillDriver()))
    async with server as ends, aiohttp.ClientSession() as session:
        yield Desk(venue, server, RestClient(session, ends), ends)


def milliseconds(count: int) -> int:
    return count * US_PER_MS
