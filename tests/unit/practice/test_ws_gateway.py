"""The WebSocket door."""

from __future__ import annotations

import aiohttp
import pytest

from tests.unit.practice.conftest import Desk
from tests.unit.practice.venue_kit import bearer


async def status(desk: Desk, url: str, header: str | None = None) -> int:
    headers = {} if header is None else {"Authorization": header}
    try:
        async with desk.rest.session.ws_connect(url, headers=headers):
            return 101
    except aiohttp.WSServerHandshakeError as error:
        return error.status


async def test_the_private_door_needs_a_key(desk: Desk) -> None:
    assert await status(desk, desk.ends.ws_private) == 401
    assert await status(desk, desk.ends.ws_private, "Bearer x.y.z") == 401
    assert await status(desk, desk.ends.ws_private, bearer(desk.ends)) == 101
    assert await status(desk, desk.ends.ws) == 101


async def test_five_connections_a_second(desk: Desk) -> None:
    assert [await status(desk, desk.ends.ws) for _ in range(6)] == [101] * 5 + [429]
    await desk.wait(1_000)
    assert await status(desk, desk.ends.ws) == 101


@pytest.mark.parametrize("path", ["/websocket/v1/private", ""])
async def test_a_refused_handshake_is_a_switchable_fault(desk: Desk, path: str) -> None:
    desk.venue.exchange.faults.switch("ws_connect_refused", 1, path=path)
    assert await status(desk, desk.ends.ws_private, bearer(desk.ends)) == 429
