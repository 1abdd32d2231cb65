"""The network between the engine and the simulated venue: calls with answers that may get lost, streams with gaps.

The venue goes on when the terminal dies: a request that has left is carried out whether or not anybody waits for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Protocol, TypeVar

from app.adapters.net.rate_limiter import PriorityRateLimiter, RateLimit
from app.domain.breaker import CallBudget
from app.domain.constraints import ExchangeConstraints, MarketInfo, TickBand
from app.domain.errors import (
    OutcomeUnknownError,
    VenueNotFoundError,
    VenueRefusedError,
    VenueUnavailableError,
)
from app.domain.market_data import Book, BookLevel, Candle, Trade
from app.domain.messages import BalancesReported, Message, OrderReported, StreamStateChanged
from app.domain.order import Order, OrderIntent
from app.domain.values import Market, OrderType, Priority, Side, TimeInForce
from app.domain.venue_health import VenueReply
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedFill, ReportedState
from tests.simulation.knobs import Knobs
from tests.simulation.store import Killed
from tests.simulation.venue_ledger import FEE, STEP, Refused, VenueFill, VenueLedger, VenueMarket, VenueOrder

VENUE = "upbit"
TIMEOUT_S = 5.0
KEPT_FRAMES = 40
#: Of a world with a tight quota: calls and seconds for orders, and for everything else.
TIGHT = {"order": (RateLimit(1, 3),), "default": (RateLimit(2, 1),)}
ZERO = Decimal(0)
T = TypeVar("T")


class Process(Protocol):
    """The running terminal, as far as the network can see it."""

    dead: bool

    def now(self) -> datetime:
        """Clock of the terminal's computer."""
        ...

    def post(self, message: Message) -> None:
        """The engine's door."""
        ...

    def at(self, point: str) -> None:
        """A point where the power may go. Raises Killed."""
        ...

    def cut_off(self) -> None:
        """The network is gone from now on."""
        ...

    def surprise(self, market: str) -> None:
        """Something happens to the market or the stream while an order waits."""
        ...

    def read(self, begun: float, named: set[str]) -> None:
        """A reading of the account that began then was answered; it named these orders of ours."""
        ...

    def tries(self, order_id: str) -> None:
        """An order is handed to the network."""
        ...

    def waits(self) -> None:
        """An order waits for the rate limit before its first byte leaves."""
        ...

    def answered(self, group: str, failed: bool | None, order_id: str) -> None:
        """A call came to its end; ``failed`` is None when it says nothing about the line."""
        ...

    def health_told(self, failed: bool | None, skew_s: float | None = None, way_s: float = 0.0) -> None:
        """A check, or a book that was asked for, came to its end; with ``skew_s`` the venue told its time."""
        ...

    def wire(self, what: str, order_id: str, order: Order | None) -> None:
        """Bytes of a state-changing request are leaving."""
        ...

    def lacked_money(self, order: Order) -> None:
        """The venue refused an entry, because the account has not the money for it."""
        ...

    def call(self, what: str, order_id: str, priority: Priority) -> AbstractContextManager[None]:
        """A call from its beginning to its end."""
        ...

    def limit(self, group: str, order_id: str, priority: Priority) -> AbstractContextManager[None]:
        """The wait for the rate limit."""
        ...


class VenueDoor:
    """One venue for the life of a world; terminals come and go."""

    def __init__(self, ledger: VenueLedger, knobs: Knobs, utc: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.knobs = knobs
        self.utc = utc
        self.private_up = False
        self.outage = False
        self.sick = False
        #: The venue is closed, and its clock is ahead by so much.
        self.closed = False
        self.clock_s = 0.0
        self.calls: deque[float] = deque()
        self.listener: Process | None = None
        #: Looks at every order of ours that changes at the venue, in the moment of it.
        self.watch: Callable[[VenueOrder], None] = lambda order: None
        #: The last book each market showed to the running terminal: bids and asks.
        self.shown: dict[str, tuple[tuple[BookLevel, ...], tuple[BookLevel, ...]]] = {}
        self._dry: set[str] = set()  # numbers of orders the market turned away from
        self.left_behind: Callable[[str], None] = lambda market: None
        self._past: deque[Message] = deque(maxlen=KEPT_FRAMES)
        self._states: deque[tuple[float, tuple[Balance, ...], tuple[OrderReport, ...]]] = deque(maxlen=60)
        ledger.changed = self._order_changed
        ledger.money = self._money_moved

    # ---- the loop -----------------------------------------------------------------------------------------------

    def later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Run ``action`` at the venue in ``seconds``, whoever is alive then."""

        def run() -> None:
            self.ledger.now = asyncio.get_running_loop().time()
            action()

        return asyncio.get_running_loop().call_later(seconds, run)

    def venue_clock(self) -> datetime:
        """What the venue takes for the time."""
        return self.utc() + timedelta(seconds=self.clock_s)

    # ---- streams ------------------------------------------------------------------------------------------------

    def connect(self, process: Process) -> None:
        """A terminal opens its streams."""
        self.listener = process
        process.post(StreamStateChanged(VENUE, "public", up=True))
        self.private(up=True)

    def private(self, up: bool) -> None:
        """The private stream comes up or goes down."""
        process = self.listener
        if process is None or process.dead or self.private_up is up:
            return
        self.private_up = up
        process.post(StreamStateChanged(VENUE, "private", up))
        if up and self._past and self.knobs.hits("frames_replayed"):
            for message in list(self._past):
                self._deliver(message, self.knobs.seconds(0, 0.5))

    def disconnect(self) -> None:
        """The terminal is gone."""
        self.listener, self.private_up = None, False
        self.shown.clear()

    def _order_changed(self, order: VenueOrder, fill: VenueFill | None) -> None:
        self.watch(order)
        report = self.report(order, (fill,) if fill else (), complete=False)
        self._frame(OrderReported(report))
        self._remember()

    def _money_moved(self, assets: tuple[str, ...]) -> None:
        balances = tuple(b for b in self.balances() if b.asset in assets)
        self._frame(BalancesReported(VENUE, balances, self.utc()))

    def _frame(self, message: Message) -> None:
        self._past.append(message)
        if not self.private_up or self.knobs.hits("frame_lost"):
            return
        delay = self.knobs.seconds(0.005, 0.05)
        if self.knobs.hits("frame_late"):
            delay = self.knobs.seconds(0.5, 6)
        elif isinstance(message, BalancesReported) and self.knobs.hits("account_lags"):
            delay = self.knobs.seconds(1, 8)
        self._deliver(message, delay)
        if self.knobs.hits("frame_doubled"):
            self._deliver(message, delay + self.knobs.seconds(0, 2))

    def _deliver(self, message: Message, delay: float) -> None:
        process = self.listener

        def arrive() -> None:
            if process is not None and not process.dead and self.private_up and self.listener is process:
                process.post(_received(message, process.now()))

        self.later(delay, arrive)

    def meet(self, order: VenueOrder, share: Decimal) -> None:
        """An order meets the market, which may turn away from it before it is filled."""
        if order.number in self._dry and self.knobs.on:
            return
        resting = order.price is not None and self.ledger.reaches(order)
        if resting and order.buys and not order.fills and self.knobs.hits("rest_left"):
            self._dry.add(order.number)
            share = Decimal(str(round(self.knobs.seconds(0.75, 0.97), 2)))
            self.left_behind(order.market)
        elif resting and self.knobs.hits("fill_runs_dry"):
            self._dry.add(order.number)
            share = min(share, Decimal(str(round(self.knobs.seconds(0.2, 0.97), 2))))
        self.ledger.match(order, share)

    def show_price(self, market: VenueMarket) -> None:
        """Public frames of one market: a book, then a trade."""
        process = self.listener
        if process is None or process.dead:
            return
        now, place, price = process.now(), Market(VENUE, market.name), market.price
        if self.knobs.hits("price_garbage"):
            price = self.knobs.random.choice([ZERO, Decimal("NaN"), Decimal("1e-9")])
        elif self.knobs.hits("price_spike"):
            price *= 10
        bids = tuple(BookLevel(*level) for level in market.levels(asks=False))
        asks = tuple(BookLevel(*level) for level in market.levels(asks=True))
        if self.knobs.hits("book_one_sided"):
            bids, asks = self.knobs.random.choice([((), asks), (bids, ()), ((), ())])
        self.shown[market.name] = (bids, asks)
        process.post(Book(place, bids, asks, self.venue_clock(), now))
        process.post(Trade(place, price, Decimal(1), Side.BUY, self.utc(), now))

    def show_nobody(self, market: VenueMarket) -> None:
        """A book without offers."""
        process = self.listener
        if process is not None and not process.dead:
            bids = (BookLevel(market.bid, Decimal(50)),)
            process.post(Book(Market(VENUE, market.name), bids, (), self.utc(), process.now()))

    # ---- words --------------------------------------------------------------------------------------------------

    def report(self, order: VenueOrder, fills: Sequence[VenueFill], complete: bool) -> OrderReport:
        """What the venue says about an order now; like Upbit, fees of single fills only in the stream."""
        told = tuple(
            ReportedFill(f.trade_id, f.price, f.volume, self._venue_time(f.at), None if complete else f.fee)
            for f in fills
        )
        return OrderReport(
            order_id=order.identifier,
            venue_order_id=order.number,
            market=Market(VENUE, order.market),
            side=Side.BUY if order.buys else Side.SELL,
            state=ReportedState.OPEN if order.is_open else ReportedState.ENDED,
            executed_volume=order.executed,
            paid_fee=order.paid_fee,
            reported_at=self.utc(),
            remaining_volume=None if order.volume is None else order.volume - order.executed,
            fills=told,
            fills_complete=complete and len(told) == len(order.fills),
        )

    def balances(self) -> tuple[Balance, ...]:
        """Every asset the account has seen."""
        ledger = self.ledger
        assets = sorted({*ledger.free, *ledger.locked})
        return tuple(Balance(a, ledger.free.get(a, ZERO), ledger.locked.get(a, ZERO)) for a in assets)

    def account(self, old: float = 0.0) -> tuple[tuple[Balance, ...], tuple[OrderReport, ...]]:
        """Balances and open orders, as of ``old`` seconds ago."""
        if old:
            for at, balances, orders in reversed(self._states):
                if at <= self.ledger.now - old:
                    return balances, orders
        return self.balances(), tuple(self.report(o, o.fills, True) for o in self.ledger.open_orders())

    def ended(self, since: datetime) -> tuple[OrderReport, ...]:
        """Orders accepted since then that have ended, as a list: without their fills."""
        return tuple(
            self.report(order, (), complete=False)
            for order in self.ledger.orders.values()
            if not order.is_open and self._venue_time(order.accepted_at) >= since
        )

    def rules(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        """Listing of the venue."""
        infos, rules = [], []
        for market in self.ledger.markets.values():
            place = Market(VENUE, market.name)
            infos.append(MarketInfo(place, market.coin, market.coin))
            bands = (TickBand(ZERO, market.tick),)
            most = Decimal(1_000_000_000)
            rules.append(
                ExchangeConstraints(
                    place,
                    market.coin,
                    "KRW",
                    bands,
                    STEP,
                    market.min_total,
                    most,
                    FEE,
                    FEE,
                    not market.halted,
                    replaces_orders=True,
                )
            )
        return tuple(infos), tuple(rules)

    def _venue_time(self, at: float) -> datetime:
        return self.utc() - timedelta(seconds=self.ledger.now - at)

    def _remember(self) -> None:
        if "account_stale" in self.knobs.rates:
            self._states.append((self.ledger.now, *self.account()))


def _received(message: Message, now: datetime) -> Message:
    """Stamped by the receiver's clock, as the adapter does."""
    if isinstance(message, BalancesReported):
        return BalancesReported(message.venue, message.balances, now)
    return message


class VenueLine:
    """VenueClient port of one process over the door."""

    venue = VENUE

    def __init__(self, door: VenueDoor, process: Process) -> None:
        self._door = door
        self._knobs = door.knobs
        self._process = process
        self._limiter = PriorityRateLimiter(TIGHT, share=1.0)

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        """See VenueClient."""
        self._process.tries(order.order_id)
        with self._process.call("submit", order.order_id, priority):
            accept = partial(self._accept, order)
            return await self._told("order", self._place(order, priority, last_look, accept), order.order_id)

    async def replace_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> None:
        """See OrderReplacer."""
        self._process.tries(order.order_id)
        with self._process.call("submit", order.order_id, priority):
            accept = partial(self._swap, order)
            await self._told("order", self._place(order, priority, last_look, accept), order.order_id)

    async def _place(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None, accept: Callable[[], T]
    ) -> T:
        process, knobs = self._process, self._knobs
        process.at("submit.before")
        if knobs.hits("submit_not_sent"):
            raise VenueUnavailableError("connect_failed", "connection refused")
        await self._pass_limit("order", order.order_id, priority)
        if knobs.hits("quota_wait"):
            process.waits()
            await asyncio.sleep(knobs.seconds(0.1, 10))
        if knobs.hits("queue_surprise"):
            process.surprise(order.intent.market.symbol)
            await asyncio.sleep(knobs.seconds(0.1, 2))
        reason = last_look() if last_look is not None else None
        if reason is not None:
            raise VenueUnavailableError("withdrawn", reason)
        process.wire("submit", order.order_id, order)
        if knobs.hits("submit_dropped"):
            await self._no_answer("timed_out")
        if knobs.hits("submit_error_before"):
            await self._wait()
            raise OutcomeUnknownError("server_error", "500")
        if knobs.hits("submit_refused"):
            await self._wait()
            raise VenueRefusedError("validation_error", "refused by the simulation")
        slow = knobs.seconds(1, 12) if knobs.hits("submit_arrives_late") else 0.0
        report = await self._ask(accept, slow, changes=True)
        process.at("submit.answered")
        if knobs.hits("untyped_error"):
            raise RuntimeError("a bug in the adapter")
        if knobs.hits("outage"):
            process.cut_off()
            await self._no_answer("connection_lost")
        if knobs.hits("submit_answer_lost"):
            await self._no_answer("connection_lost")
        if knobs.hits("submit_error_after"):
            raise OutcomeUnknownError("server_error", "500 after the order was accepted")
        if knobs.hits("duplicate_refusal"):
            raise OutcomeUnknownError("duplicated_identifier", "the identifier was used before")
        if knobs.hits("submit_answer_late"):
            await asyncio.sleep(knobs.seconds(0.5, 4.5))
        return report

    def _accept(self, order: Order) -> OrderReport:
        door, intent = self._door, order.intent
        try:
            placed = door.ledger.place(
                order.order_id,
                intent.market.symbol,
                intent.side is Side.BUY,
                intent.price if intent.order_type is OrderType.LIMIT else None,
                intent.volume,
                intent.funds,
            )
        except Refused as refusal:
            if str(refusal) == "insufficient_funds_bid":
                self._process.lacked_money(order)
            raise
        delay = self._to_market(placed, intent)
        if intent.time_in_force in (TimeInForce.IOC, TimeInForce.FOK):
            door.later(delay + 0.01, lambda: door.ledger.end(placed))
        return door.report(placed, (), complete=False)

    def _to_market(self, placed: VenueOrder, intent: OrderIntent) -> float:
        door = self._door
        if self._knobs.hits("lookup_blind"):
            placed.visible_at = door.ledger.now + self._knobs.seconds(1, 20)
        delay = self._knobs.seconds(1, 6) if self._knobs.hits("fills_slow") else 0.003
        if intent.time_in_force is TimeInForce.POST_ONLY and door.ledger.reaches(placed):
            door.later(delay, lambda: door.ledger.end(placed))
        else:
            door.later(delay, lambda: self._meet(placed, intent))
        return delay

    def _swap(self, order: Order) -> None:
        """Cancel the old order; once that is done, make the new one of what is left, whoever cancelled it meanwhile."""
        door, intent = self._door, order.intent
        if self._knobs.hits("cancel_refused"):
            raise VenueRefusedError("bad_request", "not now")
        old = door.ledger.swap(self._find(intent.replaces, None), order.order_id, intent.price)

        def carry_out() -> None:
            self._carry_out(old)
            try:
                placed = door.ledger.swapped(old, order.order_id, intent.price)
            except Refused as refusal:
                if str(refusal) == "insufficient_funds_bid":
                    self._process.lacked_money(order)
                return
            if placed is not None:
                self._knobs.note("replaced")
                self._to_market(placed, intent)
            else:
                self._knobs.note("replaced_too_late")

        door.later(self._knobs.seconds(1, 8) if self._knobs.hits("cancel_slow") else 0.025, carry_out)

    def _meet(self, placed: VenueOrder, intent: OrderIntent) -> None:
        """A piece of the order is filled; a market order comes back for the rest."""
        whole = intent.time_in_force is TimeInForce.FOK
        if intent.order_type is OrderType.BEST:
            self._door.ledger.take_best(placed, whole)
            return
        if whole:
            self._door.ledger.match(placed, Decimal(1))
            return
        share = Decimal(1)
        if self._knobs.hits("fills_in_parts"):
            share = Decimal(str(round(self._knobs.seconds(0.2, 0.8), 2)))
        self._door.meet(placed, share)
        if placed.is_open and placed.price is None:
            self._door.later(self._knobs.seconds(0.05, 1.5), lambda: self._meet(placed, intent))

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        """See VenueClient."""
        with self._process.call("cancel", order_id, priority):
            await self._told("cancel", self._ask_cancel(order_id, venue_order_id, priority))

    async def _ask_cancel(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        process, knobs = self._process, self._knobs
        process.at("cancel.before")
        await self._pass_limit("default", order_id, priority)
        process.wire("cancel", order_id, None)
        if knobs.hits("cancel_lost"):
            await self._no_answer("timed_out")
        await self._ask(lambda: self._cancel(order_id, venue_order_id), 0.0, changes=True)
        process.at("cancel.answered")
        if knobs.hits("cancel_lost"):
            await self._no_answer("connection_lost")

    def _cancel(self, order_id: str, number: str | None) -> None:
        order = self._find(order_id, number)
        if order is None or not order.is_open:
            raise VenueNotFoundError("order_not_found", order_id)
        if self._knobs.hits("cancel_refused"):
            raise VenueRefusedError("bad_request", "not now")
        if order.cancelling:
            return
        order.cancelling = True
        delay = self._knobs.seconds(1, 8) if self._knobs.hits("cancel_slow") else 0.025
        self._door.later(delay, lambda: self._carry_out(order))

    def _carry_out(self, order: VenueOrder) -> None:
        ledger = self._door.ledger
        price = order.price
        if order.is_open and price is not None and self._knobs.hits("fill_while_cancelling"):
            ledger.fill(order, price, ledger.left(order, price))
        ledger.end(order)

    async def cancel_all(self, markets: Sequence[Market]) -> int:
        """See VenueClient; the engine cancels order by order."""
        raise VenueUnavailableError("not_offered", "")

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        """See VenueClient."""
        with self._process.call("look-up", order_id, priority):
            return await self._told("lookup", self._look_up(order_id, venue_order_id, priority))

    async def _look_up(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        await self._pass_limit("default", order_id, priority)
        if self._knobs.hits("lookup_fails"):
            await self._wait()
            raise VenueUnavailableError("timed_out", "")
        report = await self._ask(lambda: self._look(order_id, venue_order_id), 0.0, changes=False)
        self._process.at("lookup.answered")
        if self._knobs.hits("untyped_error"):
            raise RuntimeError("a bug in the adapter")
        return report

    def _look(self, order_id: str, number: str | None) -> OrderReport:
        order = self._find(order_id, number)
        if order is None or (order.visible_at > self._door.ledger.now and self._knobs.on):
            raise VenueNotFoundError("order_not_found", order_id)
        fills = list(order.fills)
        if len(fills) > 1 and self._knobs.hits("lookup_partial"):
            fills = fills[: len(fills) // 2]
        return self._door.report(order, fills, complete=True)

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        """See VenueClient."""
        with self._process.call("reading", "", Priority.CANCEL):
            return await self._told("lookup", self._read(ended_since))

    async def _read(self, ended_since: datetime | None) -> AccountSnapshot:
        await self._pass_limit("default", "", Priority.LOOKUP)
        started, begun = self._process.now(), asyncio.get_running_loop().time()
        if self._knobs.hits("account_read_fails"):
            await self._wait()
            raise VenueUnavailableError("timed_out", "")
        old = self._knobs.seconds(1, 30) if self._knobs.hits("account_stale") else 0.0
        balances, orders = await self._ask(lambda: self._door.account(old), 0.0, changes=False)
        ended: tuple[OrderReport, ...] = ()
        if ended_since is not None:
            ended = await self._ask(lambda: self._door.ended(ended_since), 0.0, changes=False)
        self._process.at("account.answered")
        self._process.read(begun, {report.order_id for report in (*orders, *ended) if report.order_id})
        return AccountSnapshot(VENUE, balances, orders, started, self._process.now(), ended, ended_since)

    async def list_markets(self) -> tuple[tuple[MarketInfo, ...], tuple[ExchangeConstraints, ...]]:
        """See VenueClient."""
        return await self._ask(self._door.rules, 0.0, changes=False)

    async def load_candles(self, market: Market, seconds: int, count: int) -> tuple[Candle, ...]:
        """See VenueClient: a flat history, enough for every warm-up."""
        return await self._told("quotation", self._history(market, seconds))

    async def _history(self, market: Market, seconds: int) -> tuple[Candle, ...]:
        await self._wait()
        if self._knobs.hits("history_fails"):
            raise VenueUnavailableError("timed_out", "")
        price = self._door.ledger.markets[market.symbol].price
        step = timedelta(seconds=seconds)
        stamp = int(self._process.now().timestamp()) // seconds * seconds
        last = datetime.fromtimestamp(stamp, self._process.now().tzinfo)
        bars = 30 if seconds == 3600 else 3  # a day and more for those who ask for its usual volume by the hour
        return tuple(
            Candle(market, seconds, last - step * back, price, price, price, price, Decimal(1))
            for back in range(bars, 0, -1)
        )

    async def load_book(self, market: Market) -> Book:
        """See VenueClient: what the stream would show."""
        bids, asks = await self._about_health(lambda: self._levels(market))
        book = Book(market, bids, asks, self._door.venue_clock(), self._process.now())
        self._process.health_told(False)
        return book

    def _levels(self, market: Market) -> tuple[tuple[BookLevel, ...], tuple[BookLevel, ...]]:
        shown = self._door.ledger.markets[market.symbol]
        if shown.frozen:
            return (BookLevel(shown.bid, Decimal(50)),), ()
        bids, asks = shown.levels(asks=False), shown.levels(asks=True)
        return tuple(BookLevel(*level) for level in bids), tuple(BookLevel(*level) for level in asks)

    async def check(self) -> VenueReply:
        """See VenueClient."""
        sent = self._process.now()
        told, apart = await self._about_health(self._clocks)
        reply = VenueReply(told, sent, self._process.now(), 0.0)
        self._process.health_told(False, apart.total_seconds(), (reply.received_at - sent).total_seconds())
        return reply

    def _clocks(self) -> tuple[datetime, timedelta]:
        """What the venue's clock says at the venue, and how far that is from ours at the same moment."""
        there = self._door.venue_clock()
        return there, there - self._process.now()

    async def _about_health(self, action: Callable[[], T]) -> T:
        try:
            if self._knobs.hits("check_fails"):
                await self._wait()
                raise VenueUnavailableError("timed_out", "")
            return await self._ask(action, 0.0, changes=False)
        except (VenueUnavailableError, VenueRefusedError) as error:
            self._process.health_told(_is_failure(error))
            raise

    def next_slot_s(self, priority: Priority) -> float:
        """See VenueClient; the simulated limit is a chance, not a count."""
        return 0.0

    def budgets(self) -> tuple[CallBudget, ...]:
        """See VenueClient."""
        return ()

    async def close(self) -> None:
        """Nothing is held open."""

    # ---- inside -------------------------------------------------------------------------------------------------

    async def _told(self, group: str, call: Coroutine[object, object, T], order_id: str = "") -> T:
        """Carry out a call and tell the judge how it ended."""
        try:
            result = await call
        except Exception as error:  # whatever it is, it passes on
            self._process.answered(group, _is_failure(error), order_id)
            raise
        self._process.answered(group, False, order_id)
        return result

    async def _pass_limit(self, group: str, order_id: str, priority: Priority) -> None:
        """The real rate limiter, in worlds with a tight quota."""
        if not self._knobs.has("tight_quota"):
            return
        if self._limiter.next_slot_s(group, priority) > 0:
            self._knobs.note("tight_quota")
        with self._process.limit(group, order_id, priority):
            await self._limiter.acquire(group, priority)
        if self._process.dead:
            raise Killed

    def _find(self, order_id: str, number: str | None) -> VenueOrder | None:
        ledger = self._door.ledger
        return ledger.orders.get(number) if number is not None else ledger.by_identifier.get(order_id)

    async def _ask(self, action: Callable[[], T], extra: float, changes: bool) -> T:
        """Send a request; what the venue does is scheduled there and happens even if this process dies meanwhile."""
        loop = asyncio.get_running_loop()
        self._door.calls.append(loop.time())
        answer: asyncio.Future[T] = loop.create_future()
        way = self._knobs.seconds(0.005, 0.06)
        if self._knobs.hits("slow_answers"):
            way = self._knobs.seconds(0.2, 3)

        def carry_out() -> None:
            try:
                result = action()
            except (Refused, VenueRefusedError, VenueNotFoundError) as error:
                failure = _as_adapter(error)
                loop.call_later(way, lambda: None if answer.done() else answer.set_exception(failure))
            else:
                loop.call_later(way, lambda: None if answer.done() else answer.set_result(result))

        if self._door.sick and self._knobs.hits("venue_sick"):
            await self._wait()
            raise (OutcomeUnknownError if changes else VenueUnavailableError)("server_error", "500")
        if self._door.outage:
            await self._wait()
            raise VenueUnavailableError("connect_failed", "no network")
        if self._door.closed:
            await self._wait()
            raise VenueUnavailableError("market_offline", "maintenance")
        self._door.later(way + extra, carry_out)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await answer
        except TimeoutError:
            failed = OutcomeUnknownError if changes else VenueUnavailableError
            raise failed("timed_out", "no answer") from None
        finally:
            if self._process.dead:
                raise Killed

    async def _wait(self) -> None:
        await asyncio.sleep(self._knobs.seconds(0.01, 0.2))
        if self._process.dead:
            raise Killed

    async def _no_answer(self, code: str) -> None:
        await asyncio.sleep(self._knobs.seconds(0.05, TIMEOUT_S))
        if self._process.dead:
            raise Killed
        raise OutcomeUnknownError(code, "no answer")


def _is_failure(error: Exception) -> bool | None:
    """A no in words is no failure; a call that was held back says nothing."""
    if isinstance(error, VenueRefusedError):
        return False
    if isinstance(error, VenueUnavailableError) and error.code in ("withdrawn", "market_offline", "no_free_place"):
        return None
    return True


def _as_adapter(error: Exception) -> Exception:
    """The same errors the Upbit adapter makes of the venue's words."""
    if isinstance(error, Refused):
        code = str(error)
        if code == "market_offline":
            return VenueUnavailableError(code, "")
        if code == "order_not_found":
            return VenueNotFoundError(code, "")
        if code == "duplicated_identifier":
            return OutcomeUnknownError(code, "")
        return VenueRefusedError(code, "")
    return error
