import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientTimeout

from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.upbit import calls
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_transport import RestTransport
from app.adapters.upbit.wire import WireAccount, WireOrder
from app.domain.errors import OutcomeUnknownError, VenueRefusedError, VenueUnavailableError
from app.domain.values import Priority
from tests.unit.adapters.upbit.stub_exchange import Reply, Request, StubExchange, wire_order

KEYS = Credentials("access", "secret" * 7)
FAST = ClientTimeout(total=0.3, connect=0.2)
BODY = [("market", "KRW-BTC"), ("price", "100.0")]


def in_turn(replies: Sequence[Reply]) -> Callable[[Request], Reply]:
    """The n-th request gets the n-th reply, the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@asynccontextmanager
async def wired(*replies: Reply) -> AsyncIterator[tuple[RestTransport, StubExchange, PriorityRateLimiter]]:
    async with StubExchange(in_turn(replies)) as stub:
        limiter = PriorityRateLimiter(calls.LIMITS, patience_s=2.0)
        transport = RestTransport(stub.endpoints, KEYS, limiter, timeout=FAST)
        try:
            yield transport, stub, limiter
        finally:
            await transport.close()


async def place(transport: RestTransport) -> WireOrder:
    return await transport.once(calls.PLACE_ORDER, WireOrder, BODY, Priority.EXIT)


async def read(transport: RestTransport) -> tuple[WireAccount, ...]:
    return await transport.read(calls.ACCOUNTS, tuple[WireAccount, ...], (), Priority.LOOKUP)


UNUSABLE = [
    Reply(fault="hang"),
    Reply(fault="reset"),
    Reply(fault="close"),
    Reply(wire_order(), 201, fault="cut"),
    Reply(b"<html>login please</html>", 200),
    Reply(b'{"uuid":', 201),
    Reply(b"", 201),
    Reply({"error": {"name": "internal_server_error", "message": ""}}, 500),
    Reply(b"<html>bad gateway</html>", 502),
    Reply(b"", 302, {"Location": "http://127.0.0.1:1/"}),
]


@pytest.mark.parametrize("reply", UNUSABLE, ids=lambda reply: f"{reply.fault or reply.status}")
async def test_a_change_without_a_usable_answer_is_unknown_and_sent_once(reply: Reply) -> None:
    async with wired(reply) as (transport, stub, _):
        with pytest.raises(OutcomeUnknownError):
            await place(transport)
        assert len(stub.requests) == 1


@pytest.mark.parametrize("reply", UNUSABLE, ids=lambda reply: f"{reply.fault or reply.status}")
async def test_a_read_without_a_usable_answer_is_tried_again(reply: Reply) -> None:
    async with wired(reply, Reply([])) as (transport, stub, _):
        assert await read(transport) == ()
        assert len(stub.requests) == 2


async def test_a_read_gives_up_after_three_tries() -> None:
    async with wired(Reply(fault="reset")) as (transport, stub, _):
        with pytest.raises(VenueUnavailableError) as caught:
            await read(transport)
        assert caught.value.code == "connection_lost"
        assert len(stub.requests) == 3


async def test_a_refused_read_is_not_tried_again() -> None:
    refusal = Reply({"error": {"name": "out_of_scope", "message": "권한"}}, 403)
    async with wired(refusal) as (transport, stub, _):
        with pytest.raises(VenueRefusedError, match="out_of_scope"):
            await read(transport)
        assert len(stub.requests) == 1


@pytest.mark.parametrize("call", [calls.CANCEL_ORDER, calls.PLACE_ORDER, calls.CANCEL_OPEN])
async def test_a_kept_connection_that_breaks_does_not_send_a_change_twice(call: calls.Call) -> None:
    """aiohttp would repeat a DELETE by itself (fault T5)."""
    async with wired(Reply([]), Reply(fault="close"), Reply(wire_order())) as (transport, stub, _):
        await read(transport)
        with pytest.raises(OutcomeUnknownError):
            await transport.once(call, WireOrder, [("uuid", "u-1")], Priority.CANCEL)
        assert len(stub.requests) == 2


async def test_every_try_has_its_own_nonce() -> None:
    async with wired(Reply(fault="reset"), Reply([])) as (transport, stub, _):
        await read(transport)
        tokens = {request.headers["Authorization"] for request in stub.requests}
        assert len(tokens) == 2


async def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        endpoints = Endpoints.practice(f"http://{host}", f"ws://{host}", f"ws://{host}")
        transport = RestTransport(endpoints, KEYS, PriorityRateLimiter(calls.LIMITS), timeout=FAST)
        with pytest.raises(VenueUnavailableError) as caught:
            await place(transport)
        assert caught.value.code == "connect_failed"
        await transport.close()


async def test_bodies_travel_once_as_json_and_queries_encoded() -> None:
    async with wired(Reply(wire_order(), 201)) as (transport, stub, _):
        await place(transport)
        await transport.read(calls.GET_ORDER, WireOrder, [("states[]", "a:b+c,d")], Priority.LOOKUP)
        post, get = stub.requests
        assert (post.method, post.target, post.body) == (
            "POST",
            "/v1/orders",
            b'{"market":"KRW-BTC","price":"100.0"}',
        )
        assert post.headers["Content-Type"] == "application/json; charset=utf-8"
        assert post.headers["Authorization"].startswith("Bearer ey")
        assert get.target == "/v1/order?states[]=a%3Ab%2Bc%2Cd"
        assert get.body == b""


async def test_public_calls_carry_no_key_and_private_ones_need_one() -> None:
    async with StubExchange(lambda _: Reply([])) as stub:
        transport = RestTransport(stub.endpoints, None, PriorityRateLimiter(calls.LIMITS))
        await transport.read(calls.MARKETS, tuple[WireAccount, ...], (), Priority.ENTRY)
        assert "Authorization" not in stub.requests[0].headers
        with pytest.raises(VenueUnavailableError, match="no_credentials"):
            await place(transport)
        assert len(stub.requests) == 1
        await transport.close()


async def test_429_is_not_placed_and_the_group_rests() -> None:
    async with wired(Reply(b"Too many API requests.", 429)) as (transport, _, limiter):
        with pytest.raises(VenueUnavailableError) as caught:
            await place(transport)
        assert caught.value.code == "rate_limited"
        assert 0.5 < limiter.next_slot_s("order", Priority.LIQUIDATION) <= 1.0
        assert limiter.next_slot_s("default", Priority.LIQUIDATION) == 0


async def test_418_stops_the_whole_family_for_the_named_time(caplog: pytest.LogCaptureFixture) -> None:
    banned = Reply({"error": {"name": "too_many_requests", "message": "blocked for 40 seconds"}}, 418)
    async with wired(banned) as (transport, stub, limiter):
        for _ in range(2):
            with pytest.raises(VenueUnavailableError):
                await place(transport)
        assert len(stub.requests) == 1  # the second one did not even leave
        assert 39 < limiter.next_slot_s("default", Priority.LIQUIDATION) <= 41
        assert limiter.next_slot_s("ticker", Priority.LIQUIDATION) == 0
    assert "banned" in caplog.text


async def test_418_without_a_time_grows(caplog: pytest.LogCaptureFixture) -> None:
    async with wired(Reply(b"", 418)) as (transport, _, limiter):
        with pytest.raises(VenueUnavailableError):
            await place(transport)
        assert 9 < limiter.next_slot_s("order", Priority.LIQUIDATION) <= 20
    assert "banned" in caplog.text


async def test_the_venues_count_reaches_the_limiter() -> None:
    left = {"Remaining-Req": "group=order; min=1800; sec=0"}
    async with wired(Reply(wire_order(), 201, left)) as (transport, _, limiter):
        await place(transport)
        assert limiter.next_slot_s("order", Priority.LIQUIDATION) > 0.5


async def test_latency_is_measured_per_call() -> None:
    seen: list[tuple[str, float]] = []
    async with StubExchange(lambda _: Reply([])) as stub:
        transport = RestTransport(
            stub.endpoints,
            KEYS,
            PriorityRateLimiter(calls.LIMITS),
            on_latency=lambda path, ms: seen.append((path, ms)),
        )
        assert transport.last_latency_ms is None
        await read(transport)
        ((path, milliseconds),) = seen
        assert path == "/v1/accounts"
        assert milliseconds == transport.last_latency_ms
        await transport.close()


async def test_a_closed_client_sends_nothing() -> None:
    async with wired(Reply([])) as (transport, stub, _):
        await read(transport)
        await transport.close()
        await transport.close()
        with pytest.raises(VenueUnavailableError, match="closed"):
            await place(transport)
        assert len(stub.requests) == 1


async def test_secrets_never_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for reply in (Reply(b"", 429), Reply(b"", 418), Reply(b"", 500), Reply(fault="reset")):
        async with wired(reply) as (transport, _, _):
            with pytest.raises((VenueUnavailableError, OutcomeUnknownError)):
                await place(transport)
    assert caplog.records
    assert "secretsecret" not in caplog.text and "Bearer" not in caplog.text


async def test_the_last_look_comes_after_the_wait_for_the_quota() -> None:
    """An entry that waits for a slot must not leave after the emergency press."""
    async with wired(Reply(wire_order(), 201)) as (transport, stub, limiter):
        limiter.ban("order", 0.2)
        asked: list[int] = []

        def last_look() -> str | None:
            asked.append(len(stub.requests))
            return "trading is reducing"

        with pytest.raises(VenueUnavailableError, match="withdrawn: trading is reducing"):
            await transport.once(calls.PLACE_ORDER, WireOrder, BODY, Priority.ENTRY, last_look)
        assert (asked, stub.requests) == ([0], [])
