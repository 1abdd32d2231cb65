"""The part of the terminal that sends orders, built as app.bootstrap builds it: journal, executor, Upbit client.

Orders are limit bids far below the market, to be filled at once or not at all (IOC): the practice exchange accepts each
and lets nothing pile up. ``granted`` holds when each order got its place from the rate limiter.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.adapters.host.system_clock import SystemClock
from app.adapters.net.rate_limiter import PriorityRateLimiter, RateLimit
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.adapters.upbit import calls
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.domain.effects import ApprovedOrder, SubmitOrder
from app.domain.errors import StorageError
from app.domain.messages import Message, OrderAccepted, OrderChanged, OrderSent
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.values import Market, OrderType, Priority, Purpose, Side, TimeInForce
from app.engine.order_executor import OrderExecutor
from app.engine.task_supervisor import TaskSupervisor
from tests.bench.children import START_PATIENCE_S, BenchError, Child, environment

MARKET = Market("upbit", "KRW-BTC")
WORTH = Decimal(10_000)
#: Prices are cut to this, so that they are on every tick the market can have.
COARSE = Decimal(1_000_000)
OPEN_CALLS = 100_000


class OrderStand:
    """An executor with its journal, its client and the exchange; ``wait_for`` follows one order to its answer."""

    def __init__(self, child: Child, address: dict[str, str], lifted: bool) -> None:
        self.child = child
        self.credentials = Credentials(address["access_key"], address["secret_key"])
        self.endpoints = Endpoints.practice(address["rest"], address["ws"], address["ws_private"])
        self.clock = SystemClock()
        open_limits = dict.fromkeys(calls.LIMITS, (RateLimit(OPEN_CALLS, 1),))
        limiter = PriorityRateLimiter(open_limits) if lifted else None
        self.client = UpbitRestApiClient(self.endpoints, self.credentials, self.clock, limiter)
        self.granted: dict[str, float] = {}
        self._rechecked: set[str] = set()
        self._news = asyncio.Event()
        self.accepted = 0
        self.trouble: list[str] = []
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._supervisor = TaskSupervisor(lambda name, error: self.trouble.append(f"{name}: {error!r}"))

    async def open(self, folder: Path) -> None:
        """Open the journal and start the executor."""
        self._database = Database(sqlite_url(folder))
        await self._database.open()
        recovered = await recover(self._database, datetime.now(UTC))
        self.ids = DurableIds(recovered.install, recovered.epoch)
        self.journal = SqlJournal(self._database, recovered.head, recovered.epoch, self._journal_failed)
        await self.journal.start()
        self.executor = OrderExecutor(
            self.client, self.journal, self.clock, self._post, self._may_send, self._supervisor.spawn
        )
        self.executor.start()
        tickers = await self.client.quotation.tickers([MARKET.symbol])
        self._price = tickers[0].trade_price * Decimal("0.8") // COARSE * COARSE
        self._volume = (WORTH / self._price).quantize(Decimal("0.00000001"))

    async def close(self) -> None:
        """Let go of everything."""
        await self._supervisor.stop()
        await self.journal.stop()
        await self.client.close()
        await self._database.close()

    def order(self, priority: Priority) -> Order:
        """A new order; only its priority tells an exit from an entry here, the venue sees the same bid."""
        now = self.clock.now()
        intent = OrderIntent(
            position_id="p-bench-1",
            market=MARKET,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            purpose=Purpose.ENTRY if priority is Priority.ENTRY else Purpose.EXIT,
            reason="bench",
            price=self._price,
            volume=self._volume,
            time_in_force=TimeInForce.IOC,
        )
        return Order(self.ids.order_id(), intent, OrderState.INTENT, created_at=now, updated_at=now)

    def put(self, priority: Priority) -> str:
        """Write an order down and queue it, as the engine does; returns its identifier."""
        order = self.order(priority)
        self.journal.append(OrderChanged(order, "intent"), order.created_at)
        self.executor.put(SubmitOrder(ApprovedOrder(order, priority)))
        return order.order_id

    async def send(self, priority: Priority) -> float:
        """One order from decision to acknowledgement, in microseconds."""
        started = time.perf_counter()
        order_id = self.put(priority)
        answer = self._answers[order_id] = asyncio.get_running_loop().create_future()
        await answer
        return (time.perf_counter() - started) * 1e6

    async def all_granted(self, order_ids: list[str]) -> None:
        """Wait until the rate limiter has let all of them through."""
        while any(order_id not in self.granted for order_id in order_ids):
            self._news.clear()
            await self._news.wait()

    async def venue(self) -> dict[str, Any]:
        """What the exchange counted."""
        return await self.child.ask("report")

    def _post(self, message: Message) -> None:
        match message:
            case OrderSent():
                return
            case OrderAccepted(order_id):
                self.accepted += 1
                answer = self._answers.pop(order_id, None)
                if answer is not None:
                    answer.set_result(None)
            case _:
                self.trouble.append(repr(message))

    def _may_send(self, order_id: str) -> str | None:
        """Asked twice; the second time is right after the rate limiter's grant."""
        if order_id in self._rechecked:
            self.granted[order_id] = time.monotonic()
            self._news.set()
        self._rechecked.add(order_id)
        return None

    def _journal_failed(self, error: StorageError) -> None:
        self.trouble.append(f"journal: {error}")


@asynccontextmanager
async def order_stand(folder: Path, *, lifted: bool) -> AsyncIterator[OrderStand]:
    """A stand with an exchange of its own; ``lifted``: without rate limits on either side.

    Raises:
        BenchError: the exchange did not start, or an order was not accepted.
    """
    folder.mkdir(parents=True)
    arguments = ["--open"] if lifted else []
    child = await Child.start("tests.bench.practice_stand", arguments, environment(folder))
    try:
        stand = OrderStand(child, await child.line(START_PATIENCE_S), lifted)
        await stand.open(folder)
        try:
            yield stand
        finally:
            await stand.close()
        if stand.trouble:
            raise BenchError(f"{len(stand.trouble)} orders were not accepted: {stand.trouble[0]}")
    finally:
        await child.end()
