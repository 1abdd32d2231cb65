"""The venue contract on Upbit's adapter against the practice exchange."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientTimeout

from app.adapters.net.backoff import Backoff
from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.net.stream_connection import StreamTiming
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import UpbitRestApiClient, new_limiter
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.domain.values import Market
from tests.adapters.venue_contract import Admin, SystemClock, VenueContract, VenueRig

ROOT = Path(__file__).parents[3]
MARKETS = (Market("upbit", "KRW-BTC"), Market("upbit", "KRW-ETH"))


@pytest.fixture(scope="module")
def practice() -> Iterator[dict[str, str]]:
    """Addresses and keys of a running practice exchange."""
    command = [sys.executable, "-m", "app.practice", "--venue", "upbit", "--port", "0", "--seed", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def limiter() -> PriorityRateLimiter:
    """One for all tests: the venue counts calls per key, not per test."""
    return new_limiter()


class TestUpbit(VenueContract):
    @pytest.fixture
    async def rig(self, practice: dict[str, str], limiter: PriorityRateLimiter) -> AsyncIterator[VenueRig]:
        endpoints = Endpoints.practice(practice["rest"], practice["ws"], practice["ws_private"])
        keys = Credentials(practice["access_key"], practice["secret_key"])
        clock = SystemClock()
        client = UpbitRestApiClient(endpoints, keys, clock, limiter, timeout=ClientTimeout(total=2, connect=1))

        def new_stream(*, silence_s: float) -> UpbitWebSocketClient:
            return UpbitWebSocketClient(
                endpoints,
                keys,
                clock,
                limiter,
                public_timing=StreamTiming(silence_s=silence_s),
                new_backoff=lambda: Backoff(0.1, 0.5),
            )

        rig = VenueRig(client, new_stream, Admin(practice["admin"]), MARKETS)
        rig.admin.calm()
        rig.rules = {rules.market: rules for rules in (await client.list_markets())[1]}
        yield rig
        rig.admin.calm()
        await client.close()
