"""The exchange calls of Upbit, typed: account, orders, cancels. Source: upbit.md section 6."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.adapters.upbit import calls
from app.adapters.upbit.auth import Pairs
from app.adapters.upbit.errors import UNUSABLE_ANSWER
from app.adapters.upbit.order_fields import Fields, place_fields, replace_fields
from app.adapters.upbit.rest_transport import RestTransport
from app.adapters.upbit.translate import to_time
from app.adapters.upbit.wire import (
    UnusableMessageError,
    WireAccount,
    WireApiKey,
    WireBulkCancel,
    WireChance,
    WireOrder,
    WireWithdrawChance,
)
from app.domain.errors import VenueUnavailableError
from app.domain.order import Order
from app.domain.values import Priority

OPEN_STATES = ("wait", "watch")
PAGE = 100
CLOSED_PAGE = 1000
CLOSED_WINDOW = timedelta(days=7)
MAX_CANCEL_IDS = 20
MAX_LOOKUP_IDS = 100
MAX_PAIRS = 20
MAX_CANCEL_COUNT = 300


class ExchangeApi:
    """One method per call. Errors are those of RestTransport; amounts are decimal strings on the wire."""

    def __init__(self, transport: RestTransport) -> None:
        self._transport = transport

    async def accounts(self, priority: Priority = Priority.LOOKUP) -> tuple[WireAccount, ...]:
        """All assets ever held."""
        return await self._transport.read(calls.ACCOUNTS, tuple[WireAccount, ...], (), priority)

    async def chance(self, market: str, priority: Priority = Priority.ENTRY) -> WireChance:
        """Fees, minimum, maximum and balances of one market."""
        return await self._transport.read(calls.CHANCE, WireChance, [("market", market)], priority)

    async def api_keys(self) -> tuple[WireApiKey, ...]:
        """Keys of the account with their expiry."""
        return await self._transport.read(calls.API_KEYS, tuple[WireApiKey, ...], (), Priority.ENTRY)

    async def withdraw_chance(self) -> WireWithdrawChance:
        """What a withdrawal of won would cost: answered to keys that have to do with withdrawals, and to no others."""
        pairs = [("currency", "KRW"), ("net_type", "KRW")]
        return await self._transport.read(calls.WITHDRAW_CHANCE, WireWithdrawChance, pairs, Priority.ENTRY)

    async def place(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> WireOrder:
        """Place the order under its own identifier; exactly one request, unless ``last_look`` says why not."""
        return await self._transport.once(calls.PLACE_ORDER, WireOrder, place_fields(order), priority, last_look)

    async def test(self, order: Order, priority: Priority = Priority.ENTRY) -> WireOrder:
        """All checks of ``place``, and nothing is placed. Probes whether a market is open."""
        return await self._transport.once(calls.TEST_ORDER, WireOrder, place_fields(order), priority)

    async def get(
        self, *, uuid: str | None = None, identifier: str | None = None, priority: Priority = Priority.LOOKUP
    ) -> WireOrder:
        """One order with its trades."""
        return await self._transport.read(calls.GET_ORDER, WireOrder, _key(uuid, identifier), priority)

    async def by_ids(
        self,
        *,
        uuids: Sequence[str] = (),
        identifiers: Sequence[str] = (),
        priority: Priority = Priority.LOOKUP,
    ) -> tuple[WireOrder, ...]:
        """Orders by uuid or by identifier, without trades; asked in portions of 100."""
        name, ids = ("uuids[]", uuids) if uuids else ("identifiers[]", identifiers)
        found: list[WireOrder] = []
        for start in range(0, len(ids), MAX_LOOKUP_IDS):
            pairs = [(name, value) for value in ids[start : start + MAX_LOOKUP_IDS]]
            found += await self._transport.read(calls.ORDERS_BY_ID, tuple[WireOrder, ...], pairs, priority)
        return tuple(found)

    async def open_orders(
        self, market: str | None = None, priority: Priority = Priority.LOOKUP
    ) -> tuple[WireOrder, ...]:
        """Every open order to the last page, oldest first; waiting stop orders included.

        A page may be shorter than asked: only one that brings nothing new is the end.
        """
        found: dict[str, WireOrder] = {}
        page = 1
        while True:
            pairs: Fields = [("market", market)] if market else []
            pairs += [("states[]", state) for state in OPEN_STATES]
            # oldest first: a new order joins at the end and pushes nothing off the page being read
            pairs += [("page", str(page)), ("limit", str(PAGE)), ("order_by", "asc")]
            batch = await self._transport.read(calls.OPEN_ORDERS, tuple[WireOrder, ...], pairs, priority)
            known = len(found)
            found.update((order.uuid, order) for order in batch)
            if len(found) == known:
                return tuple(found.values())
            page += 1

    async def closed_orders(
        self, start: datetime, end: datetime, market: str | None = None, priority: Priority = Priority.ENTRY
    ) -> tuple[WireOrder, ...]:
        """Orders created from ``start`` to ``end`` that have ended, newest first; walks in windows of seven days.

        An answer may hold fewer orders than the window: the rest of it is asked until it is empty.

        Raises:
            VenueUnavailableError: also when an order does not say when it was created.
        """
        found: dict[str, WireOrder] = {}
        high = end
        while True:
            low = max(start, high - CLOSED_WINDOW)
            batch = await self._closed_window(low, high, market, priority)
            known = len(found)
            found.update((order.uuid, order) for order in batch)
            # creation times are whole seconds: first the oldest second again, then what lies before it
            oldest = max(low, min(map(_created, batch), default=low))
            if len(found) > known:
                high = min(high, oldest + timedelta(seconds=1))
            elif low < oldest < high:
                high = oldest - timedelta(milliseconds=1)
            elif low > start:
                high = low
            else:
                return tuple(found.values())

    async def _closed_window(
        self, low: datetime, high: datetime, market: str | None, priority: Priority
    ) -> tuple[WireOrder, ...]:
        pairs: Fields = [("market", market)] if market else []
        pairs += [("states[]", "done"), ("states[]", "cancel")]
        pairs += [("start_time", _millis(low)), ("end_time", _millis(high))]
        pairs += [("limit", str(CLOSED_PAGE)), ("order_by", "desc")]
        return await self._transport.read(calls.CLOSED_ORDERS, tuple[WireOrder, ...], pairs, priority)

    async def cancel(
        self, *, uuid: str | None = None, identifier: str | None = None, priority: Priority = Priority.CANCEL
    ) -> WireOrder:
        """Ask for one cancel; the answer still shows the order waiting (6.10)."""
        return await self._transport.once(calls.CANCEL_ORDER, WireOrder, _key(uuid, identifier), priority)

    async def cancel_many(self, uuids: Sequence[str], priority: Priority = Priority.CANCEL) -> WireBulkCancel:
        """Ask for the cancel of up to 20 orders."""
        pairs = [("uuids[]", uuid) for uuid in uuids[:MAX_CANCEL_IDS]]
        return await self._transport.once(calls.CANCEL_BY_ID, WireBulkCancel, pairs, priority)

    async def cancel_open(
        self, markets: Sequence[str], priority: Priority = Priority.LIQUIDATION, count: int = MAX_CANCEL_COUNT
    ) -> WireBulkCancel:
        """Ask for the cancel of up to ``count`` waiting orders in up to 20 markets; one such call per two seconds."""
        pairs = [("cancel_side", "all"), ("pairs", ",".join(markets[:MAX_PAIRS])), ("count", str(count))]
        return await self._transport.once(calls.CANCEL_OPEN, WireBulkCancel, pairs, priority)

    async def cancel_and_new(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> WireOrder:
        """Ask to put ``order`` in the place of ``order.intent.replaces``; the answer is that one, still waiting (6.10).

        The new one is made after the cancel, of what is left by then; when the old one fills first, none is made.
        """
        return await self._transport.once(calls.CANCEL_AND_NEW, WireOrder, replace_fields(order), priority, last_look)


def _key(uuid: str | None, identifier: str | None) -> Pairs:
    return [("uuid", uuid)] if uuid else [("identifier", identifier or "")]


def _created(order: WireOrder) -> datetime:
    try:
        return to_time(order.created_at or "")
    except UnusableMessageError as error:
        raise VenueUnavailableError(UNUSABLE_ANSWER, f"closed orders: {error}") from error


def _millis(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
