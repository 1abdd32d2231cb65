"""Upbit as the engine sees it: app.domain.ports.VenueClient over REST. Sources: upbit.md sections 5 to 7."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from aiohttp import ClientTimeout

from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.upbit import calls, translate
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.errors import UNUSABLE_ANSWER
from app.adapters.upbit.exchange_api import ExchangeApi
from app.adapters.upbit.market_rules import constraints_of, tick_bands
from app.adapters.upbit.mass_cancel import MassCancel
from app.adapters.upbit.quotation_api import QuotationApi
from app.adapters.upbit.rest_transport import TIMEOUT, RestTransport
from app.adapters.upbit.wire import UnusableMessageError, WireOrder
from app.domain.breaker import CallBudget, CallGroup
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.errors import OutcomeUnknownError, VenueRefusedError, VenueUnavailableError
from app.domain.market_data import Book, Candle
from app.domain.order import Order
from app.domain.ports import Clock
from app.domain.values import Market, Priority
from app.domain.venue_health import VenueReply
from app.domain.venue_reports import AccountSnapshot, OrderReport

R = TypeVar("R")

#: Longest wait for the venue's own cancel-all before orders are cancelled by id instead, seconds.
CANCEL_ALL_WAIT_S = 0.2
QUOTE = "KRW"
#: A call is at Upbit so long after its first byte, answered or not.
LONGEST_WAY_S = 0.25


def new_limiter() -> PriorityRateLimiter:
    """Upbit's limits in full; one limiter per key, shared by REST and WebSocket."""
    return PriorityRateLimiter(calls.LIMITS, share=1.0, way_s=LONGEST_WAY_S)


#: Market of the check; the oldest there is.
CHECKED = "KRW-BTC"

#: How far the venue's clock may be ahead of ours when orders are looked for by time.
CLOCKS_APART = timedelta(hours=1)


class UpbitRestApiClient:
    """VenueClient of Upbit. ``exchange`` and ``quotation`` give every call of the API in Upbit's own words.

    ``on_latency`` gets path and milliseconds of every answered call. Without credentials only quotation works.
    """

    venue = translate.VENUE

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials | None,
        clock: Clock,
        limiter: PriorityRateLimiter | None = None,
        *,
        timeout: ClientTimeout = TIMEOUT,
        on_latency: Callable[[str, float], None] | None = None,
    ) -> None:
        self.limiter = limiter or new_limiter()
        self._clock = clock
        self._transport = RestTransport(endpoints, credentials, self.limiter, timeout=timeout, on_latency=on_latency)
        self.exchange = ExchangeApi(self._transport)
        self.quotation = QuotationApi(self._transport)

    @property
    def last_latency_ms(self) -> float | None:
        """Milliseconds from request to complete answer of the latest call; None before the first."""
        return self._transport.last_latency_ms

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        """Place the order under its ``order_id``; one request, never repeated, unless ``last_look`` says why not.

        Raises:
            VenueRefusedError, VenueUnavailableError: it does not exist at Upbit.
            OutcomeUnknownError: it may exist; look it up.
        """
        answer = await self.exchange.place(order, priority, last_look)
        foreign = answer.identifier not in (None, order.order_id)
        if foreign or answer.market != order.intent.market.symbol:
            raise OutcomeUnknownError(UNUSABLE_ANSWER, f"the answer to {order.order_id} speaks of another order")
        try:
            return self._report(answer, order.order_id)
        except UnusableMessageError as error:
            raise OutcomeUnknownError(UNUSABLE_ANSWER, str(error)) from error

    async def replace_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> None:
        """Ask for ``order`` in the place of ``order.intent.replaces``; returning means asked, not made (6.10).

        Raises:
            VenueRefusedError, VenueUnavailableError: it is not made.
            OutcomeUnknownError: it may be; look it up.
        """
        answer = await self.exchange.cancel_and_new(order, priority, last_look)
        ours = answer.identifier in (None, order.intent.replaces)
        if not ours or answer.new_order_identifier not in (None, order.order_id):
            raise OutcomeUnknownError(UNUSABLE_ANSWER, f"the answer to {order.order_id} speaks of another order")

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        """Ask for a cancel; returning means asked, not done (6.10).

        Raises:
            VenueNotFoundError: it is not working (any more, or not yet visible).
            VenueUnavailableError: nothing was asked. OutcomeUnknownError: perhaps asked.
        """
        await self.exchange.cancel(uuid=venue_order_id, identifier=order_id, priority=priority)

    async def cancel_all(self, markets: Sequence[Market]) -> int:
        """Cancel every open order in ``markets`` until the list of open orders is empty.

        Raises:
            VenueUnavailableError: the open orders cannot be read. OutcomeUnknownError: some are left after 30 s.
        """
        run = MassCancel(self.exchange, self._cancel_all_is_free)
        return await run.run([market.symbol for market in markets])

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        """The order with its fills.

        Raises:
            VenueNotFoundError: Upbit explicitly does not know it (it may only be slow to see it).
            VenueUnavailableError: no usable answer; that says nothing about the order.
        """
        answer = await self.exchange.get(uuid=venue_order_id, identifier=order_id, priority=priority)
        by_identifier = venue_order_id is None
        if by_identifier and answer.identifier not in (None, order_id):
            raise VenueUnavailableError(UNUSABLE_ANSWER, f"asked for {order_id}, the answer speaks of another order")
        return self._usable(lambda: self._report(answer, order_id))

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        """All balances and all open orders to the last page; with ``ended_since`` also what ended since then.

        Raises:
            VenueUnavailableError: a part is missing; unknown is not flat.
        """
        started = self._clock.now()
        orders = await self.exchange.open_orders()
        # Read after the open ones: an order that ends in between is then in both, and never in neither.
        ended: tuple[WireOrder, ...] = ()
        if ended_since is not None:
            ended = await self.exchange.closed_orders(ended_since, started + CLOCKS_APART)
        accounts = await self.exchange.accounts()
        return self._usable(
            lambda: AccountSnapshot(
                venue=self.venue,
                balances=translate.to_balances(accounts),
                open_orders=tuple(self._report(order) for order in orders),
                started_at=started,
                finished_at=self._clock.now(),
                ended_orders=tuple(self._report(order) for order in ended),
                ended_since=ended_since,
            )
        )

    async def list_markets(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        """All KRW markets and their rules, in four calls: fees and totals are the same within one quote currency.

        Raises:
            VenueUnavailableError, VenueRefusedError: a part could not be read.
        """
        listed = [market for market in await self.quotation.markets() if market.market.startswith(f"{QUOTE}-")]
        symbols = [market.market for market in listed]
        if not symbols:
            return (), ()
        ticks = {entry.market: entry.tick_size for entry in await self.quotation.instruments(symbols)}
        prices = {ticker.market: ticker.trade_price for ticker in await self.quotation.tickers(symbols)}
        chance = await self.exchange.chance(symbols[0])
        known = [market for market in listed if market.market in ticks]
        return self._usable(
            lambda: (
                tuple(translate.to_market_info(market) for market in known),
                tuple(
                    constraints_of(name, chance, tick_bands(QUOTE, ticks[name], prices.get(name)))
                    for name in (market.market for market in known)
                ),
            )
        )

    async def load_constraints(self, market: Market) -> ExchangeConstraints:
        """Rules of one market, fees and totals from its own ``chance``.

        Raises:
            VenueUnavailableError, VenueRefusedError: a part could not be read.
        """
        symbol = market.symbol
        chance = await self.exchange.chance(symbol)
        instruments = await self.quotation.instruments([symbol])
        tickers = await self.quotation.tickers([symbol])
        tick = next((entry.tick_size for entry in instruments if entry.market == symbol), None)
        if tick is None:
            raise VenueUnavailableError(UNUSABLE_ANSWER, f"no price step for {symbol}")
        price = next((ticker.trade_price for ticker in tickers if ticker.market == symbol), None)
        quote = symbol.partition("-")[0]
        return self._usable(lambda: constraints_of(symbol, chance, tick_bands(quote, tick, price)))

    async def load_candles(self, market: Market, seconds: int, count: int) -> tuple[Candle, ...]:
        """Last ``count`` candles, oldest first; intervals without trades are absent.

        Raises:
            InvalidInputError: Upbit has no candles of that length.
            VenueUnavailableError, VenueRefusedError: they could not be read.
        """
        newest_first = await self.quotation.candles(market.symbol, seconds, count)
        return self._usable(lambda: tuple(translate.to_candle(candle, seconds) for candle in reversed(newest_first)))

    async def load_book(self, market: Market) -> Book:
        """Current order book, up to 30 levels.

        Raises:
            VenueUnavailableError, VenueRefusedError: it could not be read.
        """
        books = await self.quotation.books([market.symbol])
        book = next((found for found in books if found.market == market.symbol), None)
        if book is None:
            raise VenueUnavailableError(UNUSABLE_ANSWER, f"no order book for {market.symbol}")
        now = self._clock.now()
        return self._usable(lambda: translate.to_book(book.market, book.timestamp, book.orderbook_units, now))

    async def check(self) -> VenueReply:
        """One public call and what its Date header says; Upbit has no call for its time.

        A refusal is an answer too: a recording may not list the market that is asked for. The answer of another call
        may come in between: then its Date is taken, which came later, and is as good.

        Raises:
            VenueUnavailableError: no usable answer.
        """
        sent = self._clock.now()
        with contextlib.suppress(VenueRefusedError):
            await self.quotation.tickers([CHECKED])
        received = self._clock.now()
        latency = timedelta(milliseconds=self._transport.last_latency_ms or 0.0)
        return VenueReply(_date(self._transport.last_date), max(sent, received - latency), received)

    def next_slot_s(self, priority: Priority) -> float:
        """Seconds until the rate limit would let an order of this priority through; 0 = now."""
        return self.limiter.next_slot_s(calls.PLACE_ORDER.group, priority)

    def budgets(self) -> tuple[CallBudget, ...]:
        """What the rate limits leave orders and cancels now, the reserve for urgent calls included."""
        groups = {status.group: status for status in self.limiter.status()}
        return tuple(
            CallBudget(group, known.limit, known.seconds, known.used, known.waiting, known.next_slot_s)
            for group, known in (
                (CallGroup.ORDER, groups[calls.PLACE_ORDER.group]),
                (CallGroup.CANCEL, groups[calls.CANCEL_ORDER.group]),
            )
        )

    async def close(self) -> None:
        """Close the connections; may be called twice."""
        await self._transport.close()

    def _report(self, order: WireOrder, asked_id: str | None = None) -> OrderReport:
        return translate.to_report(order, self._clock.now(), asked_id)

    def _cancel_all_is_free(self) -> bool:
        return self.limiter.next_slot_s(calls.CANCEL_OPEN.group, Priority.LIQUIDATION) <= CANCEL_ALL_WAIT_S

    @staticmethod
    def _usable(make: Callable[[], R]) -> R:
        """Translate the answer of a read; one that makes no sense counts as no answer."""
        try:
            return make()
        except UnusableMessageError as error:
            raise VenueUnavailableError(UNUSABLE_ANSWER, str(error)) from error


def _date(header: str) -> datetime | None:
    """An HTTP Date, in whole seconds; None for none, or one that is no date."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None
