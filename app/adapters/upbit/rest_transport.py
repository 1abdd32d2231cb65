"""Carries one REST call: place in the rate limit, signature, bytes, answer or the right kind of error.

Sources: upbit.md sections 1 to 4.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import TypeVar

import aiohttp
import msgspec
from aiohttp import ClientTimeout
from multidict import CIMultiDictProxy
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from yarl import URL

from app.adapters.net.backoff import Backoff
from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.upbit.auth import Credentials, Pairs, bearer, encoded_query
from app.adapters.upbit.calls import Call
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.errors import (
    BANNED,
    RATE_LIMITED,
    RETRYABLE_READ_CODES,
    UNUSABLE_ANSWER,
    WITHDRAWN,
    answer_error,
    no_answer,
    transport_error,
)
from app.adapters.upbit.wire import UnusableMessageError, decode
from app.domain.errors import VenueError, VenueUnavailableError
from app.domain.values import Priority

log = logging.getLogger(__name__)

T = TypeVar("T")
_LEFT = re.compile(r"sec=(\d+)")
_BAN_SECONDS = re.compile(r"(\d+)\s*(?:s|초)")

TIMEOUT = ClientTimeout(total=5.0, connect=3.0, sock_connect=3.0)
READ_ATTEMPTS = 3
#: Idle connections are given up well before a proxy on the way would do it, which would look like a lost answer.
KEEPALIVE_S = 15.0
BAN_BASE_S = 10.0
BAN_CAP_S = 600.0


class RestTransport:
    """One HTTP session. ``last_latency_ms`` is request to complete answer of the latest call, without queueing."""

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials | None,
        limiter: PriorityRateLimiter,
        *,
        timeout: ClientTimeout = TIMEOUT,
        on_latency: Callable[[str, float], None] | None = None,
    ) -> None:
        self._base = endpoints.rest
        self._credentials = credentials
        self._limiter = limiter
        self._timeout = timeout
        self._on_latency = on_latency
        self._bans = Backoff(BAN_BASE_S * 2, BAN_CAP_S)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self.last_latency_ms: float | None = None
        #: Date header of the latest answer, as it came; empty when it had none.
        self.last_date = ""

    async def read(self, call: Call, form: type[T], pairs: Pairs, priority: Priority) -> T:
        """A call that changes nothing; tried again after trouble on the way, never after a refusal.

        Raises:
            VenueRefusedError: Upbit said no.
            VenueUnavailableError: no usable answer, however often it was tried.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_may_read_again),
            stop=stop_after_attempt(READ_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.1, max=1.0),
            reraise=True,
        ):
            with attempt:
                return await self.once(call, form, pairs, priority)
        raise AssertionError("the retrying loop returns or raises")

    async def once(
        self,
        call: Call,
        form: type[T],
        pairs: Pairs,
        priority: Priority,
        last_look: Callable[[], str | None] | None = None,
    ) -> T:
        """Exactly one request on the wire; none when ``last_look``, asked after the wait for the quota, says why not.

        Raises:
            VenueRefusedError: Upbit said no and did nothing.
            VenueUnavailableError: nothing was sent or done.
            OutcomeUnknownError: a state-changing request left and no usable answer came back.
        """
        ticket = await self._limiter.acquire(call.group, priority)
        reason = last_look() if last_look is not None else None
        if reason is not None:
            self._limiter.give_back(call.group, ticket)
            raise VenueUnavailableError(WITHDRAWN, reason)
        try:
            status, headers, body = await self._exchange(call, pairs)
        finally:
            self._limiter.arrived(call.group, ticket)
        self._learn(call, ticket, headers)
        if 200 <= status < 300:
            self._bans.reset()
            try:
                return decode(form, body)
            except UnusableMessageError as error:
                raise no_answer(UNUSABLE_ANSWER, f"{call.path}: {error}", changes=call.changes) from error
        raise self._note_ban(call, answer_error(status, body, changes=call.changes))

    async def close(self) -> None:
        """Close the session; calls after this raise VenueUnavailableError."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _exchange(self, call: Call, pairs: Pairs) -> tuple[int, CIMultiDictProxy[str], bytes]:
        url, headers, body = self._prepare(call, pairs)
        session = self._open_session()
        started = time.perf_counter()
        try:
            async with session.request(call.method, url, data=body, headers=headers, allow_redirects=False) as response:
                answer = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise transport_error(error, changes=call.changes) from error
        self.last_latency_ms = (time.perf_counter() - started) * 1000
        self.last_date = response.headers.get("Date", "")
        if self._on_latency is not None:
            self._on_latency(call.path, self.last_latency_ms)
        return response.status, response.headers, answer

    def _prepare(self, call: Call, pairs: Pairs) -> tuple[URL, dict[str, str], bytes | None]:
        headers = {"Accept": "application/json"}
        if call.signed:
            if self._credentials is None:
                raise VenueUnavailableError("no_credentials", "no API key is loaded; nothing was sent")
            headers["Authorization"] = bearer(self._credentials, pairs)
        if call.method == "POST":
            headers["Content-Type"] = "application/json; charset=utf-8"
            return URL(self._base + call.path, encoded=True), headers, msgspec.json.encode(dict(pairs))
        # the hash is over the plain text, so the text on the wire must be ours byte for byte: encoded=True
        query = f"?{encoded_query(pairs)}" if pairs else ""
        return URL(f"{self._base}{call.path}{query}", encoded=True), headers, None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise VenueUnavailableError("closed", "the client has been closed; nothing was sent")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=32, keepalive_timeout=KEEPALIVE_S, ttl_dns_cache=60),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
            # aiohttp silently sends GET and DELETE a second time when a kept connection breaks: a second cancel on the
            # wire, and a nonce used twice. It has no public switch; a unit test counts the requests.
            self._session._retry_connection = False
        return self._session

    def _learn(self, call: Call, ticket: int, headers: CIMultiDictProxy[str]) -> None:
        left = _LEFT.search(headers.get("Remaining-Req", ""))
        if left is not None:
            self._limiter.learn(call.group, ticket, int(left.group(1)))

    def _note_ban(self, call: Call, error: VenueError) -> VenueError:
        if error.code == RATE_LIMITED:
            self._limiter.ban(call.group, 1.0)  # until the venue's next second has surely begun
            log.info("%s: rate limit of group %s hit; waiting a second", call.path, call.group)
        elif error.code == BANNED:
            named = _BAN_SECONDS.search(error.detail)
            seconds = min(BAN_CAP_S, float(named.group(1))) + 1 if named else self._bans.next_delay()
            for group in call.ban_groups:
                self._limiter.ban(group, seconds)
            log.warning("%s: banned by the venue; nothing is sent for %.0f s", call.path, seconds)
        return error


def _may_read_again(error: BaseException) -> bool:
    return isinstance(error, VenueUnavailableError) and error.code in RETRYABLE_READ_CODES
