from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.upbit import mass_cancel
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.exchange_api import ExchangeApi
from app.adapters.upbit.mass_cancel import MassCancel
from app.adapters.upbit.rest_transport import RestTransport
from app.domain.errors import OutcomeUnknownError, VenueRefusedError
from tests.unit.adapters.upbit.stub_exchange import Reply, Request, StubExchange, wire_order
from tests.unit.adapters.upbit.test_exchange_api import WIDE


class OpenBook:
    """Open orders of an account, and cancels that may be slow, partial or lost."""

    def __init__(self, count: int, market: str = "KRW-BTC") -> None:
        self.orders = {f"u-{n}": market for n in range(count)}
        self.cancel_all_takes = 300
        self.dies_on: str | None = None
        self.immune: set[str] = set()
        self.paths: list[str] = []

    def __call__(self, request: Request) -> Reply:
        self.paths.append(f"{request.method} {request.path}")
        if request.method == "GET":
            page = int(dict(request.query)["page"])
            rows = [wire_order(uuid=uuid, market=market) for uuid, market in self.orders.items()]
            return Reply(rows[(page - 1) * 100 : page * 100])
        if request.path.endswith("/open"):
            pairs = dict(request.query)["pairs"].split(",")
            wanted = [uuid for uuid, market in self.orders.items() if market in pairs][: self.cancel_all_takes]
        else:
            wanted = [uuid for _, uuid in request.query]
        hit = [uuid for uuid in wanted if uuid not in self.immune]
        for uuid in hit:
            self.orders.pop(uuid, None)
        if self.dies_on == request.path:
            self.dies_on = None
            return Reply(fault="reset")
        keys = [{"uuid": uuid, "market": "KRW-BTC"} for uuid in hit]
        return Reply({"success": {"count": len(keys), "orders": keys}, "failed": {"count": 0, "orders": []}})


@asynccontextmanager
async def account(book: OpenBook, *, free: bool = True) -> AsyncIterator[MassCancel]:
    async with StubExchange(book) as stub:
        transport = RestTransport(stub.endpoints, Credentials("a", "s" * 40), PriorityRateLimiter(WIDE))
        try:
            yield MassCancel(ExchangeApi(transport), lambda: free)
        finally:
            await transport.close()


async def test_one_call_and_one_look_when_all_goes_well() -> None:
    book = OpenBook(5)
    async with account(book) as run:
        assert await run.run(["KRW-BTC"]) == 5
    assert book.paths == ["DELETE /v1/orders/open", "GET /v1/orders/open"]


async def test_what_the_first_call_leaves_goes_by_id() -> None:
    book = OpenBook(65)
    book.cancel_all_takes = 20
    async with account(book) as run:
        assert await run.run(["KRW-BTC"]) == 65
    assert not book.orders
    assert book.paths.count("DELETE /v1/orders/open") == 1
    assert book.paths.count("DELETE /v1/orders/uuids") == 3


async def test_other_markets_are_left_alone() -> None:
    book = OpenBook(3)
    book.orders["foreign"] = "KRW-ETH"
    async with account(book) as run:
        assert await run.run(["KRW-BTC"]) == 3
    assert list(book.orders) == ["foreign"]


async def test_without_a_free_place_for_cancel_all_everything_goes_by_id() -> None:
    book = OpenBook(3)
    async with account(book, free=False) as run:
        assert await run.run(["KRW-BTC"]) == 3
    assert "DELETE /v1/orders/open" not in book.paths


async def test_a_lost_answer_is_settled_by_reading() -> None:
    book = OpenBook(3)
    book.dies_on = "/v1/orders/open"
    async with account(book) as run:
        assert await run.run(["KRW-BTC"]) == 0  # nobody told us how many; the list is empty, which counts
    assert not book.orders


async def test_an_order_that_will_not_go_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mass_cancel, "DEADLINE_S", 0.3)
    book = OpenBook(2)
    book.immune = {"u-1"}
    async with account(book) as run:
        with pytest.raises(OutcomeUnknownError, match="1 orders are still open"):
            await run.run(["KRW-BTC"])


async def test_no_markets_no_calls() -> None:
    book = OpenBook(2)
    async with account(book) as run:
        assert await run.run([]) == 0
    assert book.paths == []


async def test_a_key_that_may_not_cancel_is_told_at_once() -> None:
    async with StubExchange(lambda _: Reply({"error": {"name": "out_of_scope", "message": ""}}, 401)) as stub:
        transport = RestTransport(stub.endpoints, Credentials("a", "s" * 40), PriorityRateLimiter(WIDE))
        with pytest.raises(VenueRefusedError):
            await MassCancel(ExchangeApi(transport), lambda: True).run(["KRW-BTC"])
        await transport.close()
