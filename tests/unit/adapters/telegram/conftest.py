"""A bot and its server."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.adapters.telegram.bot_api import BotAddress, BotApi
from tests.adapters.telegram.bot_api_server import TOKEN, BotApiServer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApiServer]:
    server = await BotApiServer().start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def api(server: BotApiServer) -> AsyncIterator[BotApi]:
    api = BotApi(TOKEN, BotAddress(server.address), poll_s=1)
    yield api
    await api.close()
