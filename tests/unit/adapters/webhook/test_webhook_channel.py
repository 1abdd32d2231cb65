"""The webhook against a real socket: signature, tries, refusals."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web

from app.adapters.webhook.webhook_channel import WebhookChannel, webhook_problem
from app.domain.alert import AlertMessage, Notice, Severity, Topic
from app.domain.errors import ChannelError, InvalidInputError
from tests.unit.engine.playbook import START

NOTICE = Notice("n-1", Topic.RISK, Severity.CRITICAL, "rule_broken", "d", START, START)
MESSAGE = AlertMessage(NOTICE, "규칙", "KRW-BTC", "practice")


@dataclass
class Hook:
    """Takes what is posted; ``statuses`` are answered first."""

    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        status = self.statuses.pop(0) if self.statuses else 204
        extra = {"Location": "/elsewhere"} if status == 302 else {"Retry-After": "9"} if status == 429 else {}
        return web.Response(status=status, headers=extra)


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/{path:.*}", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook?key=hidden"
    yield hook
    await runner.cleanup()


@pytest_asyncio.fixture
async def channel(hook: Hook) -> AsyncIterator[WebhookChannel]:
    channel = WebhookChannel(hook.url, "a-shared-secret", lambda: START)
    yield channel
    await channel.close()


async def test_the_other_side_can_prove_who_spoke(channel: WebhookChannel, hook: Hook) -> None:
    await channel.deliver(MESSAGE)
    stamp, digest = (part.partition("=")[2] for part in hook.headers[0]["X-Gwanje-Signature"].split(","))
    wanted = hmac.new(b"a-shared-secret", stamp.encode() + b"." + hook.bodies[0], hashlib.sha256).hexdigest()
    assert digest == wanted and stamp == str(int(START.timestamp()))
    assert b"a-shared-secret" not in hook.bodies[0]


async def test_the_body_says_everything(channel: WebhookChannel, hook: Hook) -> None:
    await channel.deliver(MESSAGE)
    found = json.loads(hook.bodies[0])
    assert (found["id"], found["severity"], found["mode"], found["title"]) == ("n-1", "critical", "practice", "규칙")
    assert found["needs_acknowledgement"] is True


async def test_trouble_on_the_way_is_tried_again_under_the_same_name(channel: WebhookChannel, hook: Hook) -> None:
    hook.statuses = [500, 503]
    await channel.deliver(MESSAGE)
    assert [header["X-Gwanje-Delivery"] for header in hook.headers] == ["n-1.1.0"] * 3


async def test_three_tries_and_no_more(channel: WebhookChannel, hook: Hook) -> None:
    hook.statuses = [500] * 9
    with pytest.raises(ChannelError, match="500"):
        await channel.deliver(MESSAGE)
    assert len(hook.bodies) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 410, 302])
async def test_a_refusal_is_final_and_a_redirect_is_not_followed(
    channel: WebhookChannel, hook: Hook, status: int
) -> None:
    hook.statuses = [status]
    with pytest.raises(ChannelError) as caught:
        await channel.deliver(MESSAGE)
    assert caught.value.is_final and len(hook.bodies) == 1


async def test_a_wait_that_is_asked_for_is_passed_on(channel: WebhookChannel, hook: Hook) -> None:
    hook.statuses = [429]
    with pytest.raises(ChannelError) as caught:
        await channel.deliver(MESSAGE)
    assert caught.value.retry_after_s == 9


async def test_an_address_that_cannot_be_reached_is_not_named(hook: Hook) -> None:
    channel = WebhookChannel("http://127.0.0.1:9/secret-path", "", lambda: START)
    with pytest.raises(ChannelError) as caught:
        await channel.deliver(MESSAGE)
    assert "secret-path" not in str(caught.value)
    await channel.close()


async def test_without_a_secret_nothing_is_signed(hook: Hook) -> None:
    channel = WebhookChannel(hook.url, "", lambda: START)
    assert await channel.check() == "127.0.0.1"
    assert "X-Gwanje-Signature" not in hook.headers[0]
    await channel.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "ftp://127.0.0.1/x",
        "https://",
        "nonsense",
        "https://user:pw@example.com/",
        "https://h:99999/",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    assert webhook_problem(url)
    with pytest.raises(InvalidInputError):
        WebhookChannel(url, "", lambda: START)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook", "http://127.0.0.1:8080/", "http://localhost/x", "http://[::1]/"]
)
def test_addresses_that_are_fine(url: str) -> None:
    assert webhook_problem(url) == ""
