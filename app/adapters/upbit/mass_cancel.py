"""Cancels everything in some markets, fast, and believes only the list of open orders. Source: upbit.md 6.10."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from app.adapters.upbit.exchange_api import MAX_CANCEL_IDS, MAX_PAIRS, ExchangeApi
from app.adapters.upbit.wire import WireBulkCancel
from app.domain.errors import OutcomeUnknownError, VenueNotFoundError, VenueUnavailableError
from app.domain.values import Priority

log = logging.getLogger(__name__)

#: Accepted cancels take a moment to show; after this time an order that is still open is asked again.
ASK_AGAIN_S = 2.0
POLL_S = 0.1
DEADLINE_S = 30.0


class MassCancel:
    """One run. The venue's own cancel-all goes first; what it misses (stop orders, more than its count) goes by id.

    The cancel-all is limited to one call per two seconds, the cancel by id is not: so it is never repeated here.
    """

    def __init__(self, api: ExchangeApi, cancel_all_is_free: Callable[[], bool]) -> None:
        self._api = api
        self._cancel_all_is_free = cancel_all_is_free
        self._accepted: dict[str, float] = {}

    async def run(self, markets: Sequence[str]) -> int:
        """Until no order is open in ``markets``; returns how many cancels were accepted.

        Raises:
            VenueUnavailableError: the open orders cannot be read.
            VenueRefusedError: the key may not cancel.
            OutcomeUnknownError: orders are still open after 30 s.
        """
        if not markets:
            return 0
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DEADLINE_S
        if self._cancel_all_is_free():
            await self._ask(self._api.cancel_open(markets[:MAX_PAIRS]), loop.time())
        while left := await self._open_in(frozenset(markets)):
            now = loop.time()
            if now >= deadline:
                raise OutcomeUnknownError("cancel_all_incomplete", f"{len(left)} orders are still open")
            due = [uuid for uuid in left if now - self._accepted.get(uuid, -ASK_AGAIN_S) >= ASK_AGAIN_S]
            for start in range(0, len(due), MAX_CANCEL_IDS):
                portion = due[start : start + MAX_CANCEL_IDS]
                await self._ask(self._api.cancel_many(portion, Priority.LIQUIDATION), now)
            await asyncio.sleep(POLL_S)
        return len(self._accepted)

    async def _ask(self, call: Awaitable[WireBulkCancel], now: float) -> None:
        try:
            answer = await call
        except (OutcomeUnknownError, VenueUnavailableError, VenueNotFoundError) as error:
            # the next reading of the open orders tells what became of it
            log.info("a bulk cancel brought no answer (%s); reading the open orders", error)
            return
        self._accepted.update((order.uuid, now) for order in answer.success.orders)

    async def _open_in(self, markets: frozenset[str]) -> list[str]:
        orders = await self._api.open_orders(priority=Priority.LIQUIDATION)
        return [order.uuid for order in orders if order.market in markets]
