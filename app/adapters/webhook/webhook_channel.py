"""Notices as JSON to an address of the user's own, signed so that the other side knows who speaks.

``X-Gwanje-Signature: t=<unix seconds>,v1=<hex>`` is HMAC-SHA256 over ``<t>.<body>`` with the shared secret, as other
webhooks do it (Stripe: docs.stripe.com/webhooks#verify-manually); ``X-Gwanje-Delivery`` is the same for every try.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiohttp import ClientTimeout
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from app.adapters.net.loopback import is_loopback
from app.domain.alert import AlertMessage, ChannelName
from app.domain.errors import ChannelError, InvalidInputError

TIMEOUT = ClientTimeout(total=8.0, connect=4.0)
TRIES = 3
LONGEST_RETRY_AFTER_S = 600.0


def webhook_problem(url: str) -> str:
    """What is wrong with an address; empty when it can be used."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return "is no address"
    if not host or not port_is_sound:
        return "is no address"
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        return "must begin with https:// (http:// only on this computer)"
    if parts.username is not None or parts.password is not None:
        return "must not hold a name or password"
    return ""


def signature(secret: str, at: datetime, body: bytes) -> str:
    """Value of the signature header."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


class WebhookChannel:
    """AlertChannel. Without a secret nothing is signed.

    Raises:
        InvalidInputError: the address cannot be used.
    """

    name = ChannelName.WEBHOOK

    def __init__(self, url: str, secret: str, now: Callable[[], datetime]) -> None:
        problem = webhook_problem(url)
        if problem:
            raise InvalidInputError(f"alerts.webhook_url {problem}")
        self._url = url
        self._secret = secret
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, message: AlertMessage) -> None:
        """See AlertChannel."""
        notice = message.notice
        await self._post(
            f"{notice.notice_id}.{notice.count}.{notice.reminders}",
            {
                "id": notice.notice_id,
                "topic": notice.topic,
                "severity": notice.severity,
                "key": notice.key,
                "mode": message.mode,
                "title": message.title,
                "text": message.text,
                "raised_at": notice.raised_at,
                "last_at": notice.last_at,
                "count": notice.count,
                "reminders": notice.reminders,
                "needs_acknowledgement": notice.is_open,
            },
        )

    async def check(self) -> str:
        """Host of the address, after a test message was taken."""
        await self._post(
            "test", {"id": "test", "topic": "system", "severity": "info", "key": "test", "title": "Gwanje"}
        )
        return urlsplit(self._url).hostname or ""

    async def close(self) -> None:
        """See AlertChannel."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _post(self, delivery: str, content: Mapping[str, object]) -> None:
        body = msgspec.json.encode(content)
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_may_try_again),
            stop=stop_after_attempt(TRIES),
            wait=wait_random_exponential(multiplier=0.2, max=2.0),
            reraise=True,
        ):
            with attempt:
                await self._once(delivery, body)

    async def _once(self, delivery: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json", "X-Gwanje-Delivery": delivery}
        if self._secret:
            headers["X-Gwanje-Signature"] = signature(self._secret, self._now(), body)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                status, wait = response.status, response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # An address may hold a secret of its own in its path.
            raise ChannelError(f"the webhook cannot be reached ({type(error).__name__})") from None
        if 200 <= status < 300:
            return
        if status == 429 or status >= 500:
            seconds = min(float(wait), LONGEST_RETRY_AFTER_S) if wait.isdecimal() else None
            raise ChannelError(f"the webhook answered with HTTP {status}", retry_after_s=seconds)
        raise ChannelError(f"the webhook refused (HTTP {status})", is_final=True)


def _may_try_again(error: BaseException) -> bool:
    return isinstance(error, ChannelError) and not error.is_final and error.retry_after_s is None
