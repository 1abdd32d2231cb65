"""Keys checked against the practice exchange, which knows permissions as the real venue does."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from app.adapters.host.system_clock import SystemClock
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.live_keys import LiveKeys
from app.domain.api_key import KeyFinding
from app.practice.auth import ALL_SCOPES
from app.practice.server import PracticeServer
from app.practice.settings import Settings
from tests.unit.adapters.secrets.test_api_key_vault import Drawer

ACCESS, SECRET = "A" * 36 + "wxyz", "S" * 40


class Desk:
    def __init__(self, server: PracticeServer, keys: LiveKeys) -> None:
        self.server, self.keys = server, keys

    def grant(self, *scopes: str, expire_at: str = "2099-01-01T00:00:00+09:00") -> None:
        key = replace(self.server._key, scopes=frozenset(scopes), expire_at=expire_at)
        self.server._keys.key = key

    async def findings(self, access: str = ACCESS, secret: str = SECRET) -> tuple[KeyFinding, ...]:
        return (await self.keys.check(access, secret)).findings


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    server = PracticeServer(Settings(access_key=ACCESS, secret_key=SECRET))
    ends = await server.start()
    endpoints = Endpoints.practice(ends.rest, ends.ws, ends.ws_private)
    yield Desk(server, LiveKeys(ApiKeyVault(Drawer()), SystemClock(), endpoints))
    await server.stop()


async def test_a_key_that_may_read_and_trade_is_usable(desk: Desk) -> None:
    report = await desk.keys.check(f" {ACCESS} ", f"{SECRET}\n")
    assert report.is_usable and report.tail == "wxyz"
    assert report.expires_at is not None


@pytest.mark.parametrize(
    ("scopes", "found"),
    [
        ({*ALL_SCOPES, "withdraw"}, (KeyFinding.MAY_WITHDRAW,)),
        (ALL_SCOPES - {"view_account"}, (KeyFinding.CANNOT_READ_ACCOUNT,)),
        (ALL_SCOPES - {"view_orders"}, (KeyFinding.CANNOT_READ_ORDERS,)),
    ],
)
async def test_permissions_are_found_out_by_asking(desk: Desk, scopes: set[str], found: tuple[KeyFinding, ...]) -> None:
    desk.grant(*scopes)
    assert await desk.findings() == found


async def test_wrong_keys_are_told_apart(desk: Desk) -> None:
    assert await desk.findings(access="B" * 40) == (KeyFinding.UNKNOWN_KEY,)
    assert await desk.findings(secret="T" * 40) == (KeyFinding.WRONG_SECRET,)
    assert await desk.findings(access="") == (KeyFinding.NOT_A_KEY,)
    assert await desk.findings(secret="with a blank") == (KeyFinding.NOT_A_KEY,)


async def test_what_cannot_be_found_out_is_not_usable(desk: Desk) -> None:
    await desk.server.stop()
    assert await desk.findings() == (KeyFinding.NO_ANSWER,)


async def test_a_key_is_kept_shown_by_its_end_and_forgotten(desk: Desk) -> None:
    assert await desk.keys.tail() is None
    assert await desk.keys.check_kept() is None
    await desk.keys.keep(f"{ACCESS}\n", SECRET)
    assert await desk.keys.tail() == "wxyz"
    report = await desk.keys.check_kept()
    assert report is not None and report.is_usable
    await desk.keys.forget()
    assert await desk.keys.tail() is None
