from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.adapters.net.rate_limiter import PriorityRateLimiter, RateLimit
from app.adapters.upbit import calls
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.exchange_api import ExchangeApi
from app.adapters.upbit.order_fields import plain
from app.adapters.upbit.rest_transport import RestTransport
from app.domain.errors import VenueUnavailableError
from app.domain.values import Priority
from tests.unit.adapters.upbit.stub_exchange import Reply, Request, StubExchange, limit_order, wire_order

WIDE = {group: (RateLimit(10_000, 1),) for group in calls.LIMITS}
BULK = {"success": {"count": 1, "orders": [{"uuid": "u-1", "market": "KRW-BTC"}]}, "failed": {"count": 0, "orders": []}}


@asynccontextmanager
async def api(answer: Callable[[Request], Reply]) -> AsyncIterator[tuple[ExchangeApi, list[Request]]]:
    async with StubExchange(answer) as stub:
        transport = RestTransport(stub.endpoints, Credentials("a", "s" * 40), PriorityRateLimiter(WIDE))
        try:
            yield ExchangeApi(transport), stub.requests
        finally:
            await transport.close()


async def test_open_orders_are_read_to_the_last_page() -> None:
    book = [wire_order(uuid=f"u-{number}", market="KRW-BTC") for number in range(250)]

    def answer(request: Request) -> Reply:
        query = dict(request.query)
        first = (int(query["page"]) - 1) * int(query["limit"])
        return Reply(book[first : first + int(query["limit"])])

    async with api(answer) as (exchange, requests):
        found = await exchange.open_orders()
        assert [order.uuid for order in found] == [str(order["uuid"]) for order in book]
        assert [dict(request.query)["page"] for request in requests] == ["1", "2", "3", "4"]
        assert requests[0].query[:2] == [("states[]", "wait"), ("states[]", "watch")]


async def test_open_orders_on_an_exact_page_border_and_with_one_seen_twice() -> None:
    pages = [[wire_order(uuid=f"u-{n}") for n in range(100)], [wire_order(uuid="u-99"), wire_order(uuid="u-100")], []]

    async with api(lambda request: Reply(pages[int(dict(request.query)["page"]) - 1])) as (exchange, requests):
        assert len(await exchange.open_orders("KRW-BTC")) == 101
        assert len(requests) == 3
        assert requests[0].query[0] == ("market", "KRW-BTC")


async def test_a_page_shorter_than_asked_is_not_the_last() -> None:
    book = [wire_order(uuid=f"u-{number}") for number in range(5)]

    def answer(request: Request) -> Reply:
        first = (int(dict(request.query)["page"]) - 1) * 2
        return Reply(book[first : first + 2])

    async with api(answer) as (exchange, _):
        assert [order.uuid for order in await exchange.open_orders()] == [str(order["uuid"]) for order in book]


async def test_an_exchange_that_knows_no_pages_is_asked_twice() -> None:
    async with api(lambda _: Reply([wire_order()])) as (exchange, requests):
        assert len(await exchange.open_orders()) == 1
        assert len(requests) == 2


async def test_closed_orders_walk_in_windows_of_seven_days() -> None:
    async with api(lambda _: Reply([])) as (exchange, requests):
        end = datetime(2026, 11, 20, tzinfo=UTC)
        await exchange.closed_orders(end - timedelta(days=16), end)
        windows = [dict(request.query) for request in requests]
        spans = [int(w["end_time"]) - int(w["start_time"]) for w in windows]
        assert spans == [7 * 86_400_000, 7 * 86_400_000, 2 * 86_400_000]
        assert windows[0]["end_time"] == str(int(end.timestamp() * 1000))
        assert windows[1]["end_time"] == windows[0]["start_time"]


@pytest.mark.parametrize(("count", "page", "apart_s"), [(1440, 1000, 120), (41, 2, 60), (9, 3, 0.4), (1, 1000, 1)])
async def test_a_window_with_more_orders_than_an_answer_is_walked_to_its_end(
    count: int, page: int, apart_s: float
) -> None:
    end = datetime(2026, 11, 20, tzinfo=UTC)
    start = end - timedelta(days=2)
    made = [start + timedelta(seconds=1 + apart_s * number) for number in range(count)]

    def answer(request: Request) -> Reply:
        query = dict(request.query)
        low, high = (datetime.fromtimestamp(int(query[name]) / 1000, UTC) for name in ("start_time", "end_time"))
        rows = [
            wire_order(uuid=f"u-{number}", state="done", created_at=at.isoformat(timespec="seconds"))
            for number, at in enumerate(made)
            if low <= at <= high
        ]
        return Reply(rows[::-1][:page])

    async with api(answer) as (exchange, _):
        assert len(await exchange.closed_orders(start, end)) == count


async def test_an_exchange_that_ignores_the_window_does_not_keep_us() -> None:
    async with api(lambda _: Reply([wire_order(state="done")])) as (exchange, requests):
        end = datetime(2026, 11, 20, tzinfo=UTC)
        assert len(await exchange.closed_orders(end - timedelta(days=9), end)) == 1
        assert len(requests) <= 5


async def test_closed_orders_without_a_creation_time_are_no_answer() -> None:
    async with api(lambda _: Reply([wire_order(state="done", created_at=None)])) as (exchange, _):
        end = datetime(2026, 11, 20, tzinfo=UTC)
        with pytest.raises(VenueUnavailableError):
            await exchange.closed_orders(end - timedelta(days=1), end)


async def test_one_order_is_asked_by_uuid_when_known() -> None:
    async with api(lambda _: Reply(wire_order())) as (exchange, requests):
        await exchange.get(uuid="u-1", identifier="gw-1")
        await exchange.get(identifier="gw-1")
        await exchange.cancel(uuid="u-1", identifier="gw-1")
        assert [request.query for request in requests] == [
            [("uuid", "u-1")],
            [("identifier", "gw-1")],
            [("uuid", "u-1")],
        ]
        assert requests[2].method == "DELETE"


async def test_ids_are_asked_in_portions() -> None:
    async with api(lambda _: Reply([])) as (exchange, requests):
        await exchange.by_ids(identifiers=[f"gw-{n}" for n in range(150)])
        await exchange.by_ids(uuids=["u-1"])
        assert [len(request.query) for request in requests] == [100, 50, 1]
        assert requests[0].query[0] == ("identifiers[]", "gw-0")


async def test_placing_and_testing_send_the_same_fields() -> None:
    async with api(lambda _: Reply(wire_order(), 201)) as (exchange, requests):
        placed = await exchange.place(limit_order(), Priority.ENTRY)
        await exchange.test(limit_order())
        assert placed.uuid == "u-1"
        assert [request.path for request in requests] == ["/v1/orders", "/v1/orders/test"]
        assert requests[0].fields == requests[1].fields
        assert requests[0].fields["identifier"] == "gw-1"


async def test_bulk_cancels() -> None:
    async with api(lambda _: Reply(BULK)) as (exchange, requests):
        answer = await exchange.cancel_many([f"u-{n}" for n in range(30)])
        await exchange.cancel_open(["KRW-BTC", "KRW-ETH"])
        assert answer.success.orders[0].uuid == "u-1"
        assert len(requests[0].query) == 20
        assert dict(requests[1].query) == {"cancel_side": "all", "pairs": "KRW-BTC,KRW-ETH", "count": "300"}


async def test_cancel_and_new_names_both_orders() -> None:
    answer = Reply(wire_order(new_order_uuid="u-2", new_order_identifier="gw-2"), 201)
    async with api(lambda _: answer) as (exchange, requests):
        order = limit_order()
        order = replace(order, intent=replace(order.intent, replaces="gw-0"))
        old = await exchange.cancel_and_new(order, Priority.ENTRY)
        assert (old.uuid, old.new_order_uuid) == ("u-1", "u-2")
        assert requests[0].fields == {
            "prev_order_identifier": "gw-0",
            "new_ord_type": "limit",
            "new_volume": "remain_only",
            "new_price": plain(order.intent.price or Decimal(0)),
            "new_identifier": "gw-1",
        }


async def test_chance_accounts_and_keys() -> None:
    key = {"access_key": "a", "expire_at": "2027-03-01T00:00:00+09:00"}
    async with api(lambda request: Reply([key] if request.path == "/v1/api_keys" else [])) as (exchange, requests):
        assert await exchange.accounts() == ()
        assert (await exchange.api_keys())[0].expire_at.startswith("2027")
        assert [request.path for request in requests] == ["/v1/accounts", "/v1/api_keys"]
