"""What every venue adapter promises the engine, as tests. A venue subclasses VenueContract and brings a rig.

The counterpart is a practice exchange in a process of its own, reached over its real wire protocol; its ledger and its
faults are driven through its admin address.
"""

import asyncio
import itertools
import json
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import pytest

from app.domain.constraints import ExchangeConstraints
from app.domain.errors import (
    OutcomeUnknownError,
    VenueNotFoundError,
    VenueRefusedError,
    VenueUnavailableError,
)
from app.domain.market_data import Book
from app.domain.messages import BalancesReported, Message, OrderReported, StreamStateChanged
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.ports import MarketStream, OrderReplacer, VenueClient
from app.domain.values import Market, OrderType, Priority, Purpose, Side
from app.domain.venue_reports import OrderReport, ReportedState

T = TypeVar("T")
BUDGET = Decimal(20_000)
NUMBERS = itertools.count(1)


class SystemClock:
    """The computer's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Admin:
    """The practice exchange's back door."""

    url: str

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url.rstrip("/") + path, timeout=5) as answer:
            return json.load(answer)

    def post(self, path: str, body: dict[str, object]) -> Any:
        request = urllib.request.Request(
            self.url.rstrip("/") + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def fault(self, name: str, *, rate: float = 1.0, seconds: float = 20.0, **more: object) -> None:
        self.post("/faults", {"name": name, "rate": rate, "seconds": seconds, **more})

    def calm(self) -> None:
        self.post("/faults", {"name": "all", "rate": 0, "seconds": 1})


class NewStream(Protocol):
    """Builds a stream whose public silence limit is short enough for a test."""

    def __call__(self, *, silence_s: float) -> MarketStream: ...


@dataclass(slots=True)
class VenueRig:
    """A client, a stream and the other side's admin; ``markets`` are tradable there."""

    client: VenueClient
    new_stream: NewStream
    admin: Admin
    markets: Sequence[Market]
    rules: dict[Market, ExchangeConstraints] = field(default_factory=dict)

    @property
    def market(self) -> Market:
        return self.markets[0]

    async def book(self) -> Book:
        return await self.client.load_book(self.market)

    def order(self, side: Side, order_type: OrderType, **figures: Decimal) -> Order:
        """A new order with an identifier never used before."""
        now = datetime.now(UTC)
        price, volume, funds = (figures.get(name) for name in ("price", "volume", "funds"))
        intent = OrderIntent(
            "pos", self.market, side, order_type, Purpose.ENTRY, "contract", price=price, volume=volume, funds=funds
        )
        return Order(f"gw-contract-{time.time_ns()}-{next(NUMBERS)}", intent, OrderState.SENT, now, now)

    async def resting_buy(self) -> Order:
        """A buy far below the market: valid, and it does not fill."""
        rules = self.rules[self.market]
        bid = (await self.book()).best_bid
        assert bid is not None
        price = rules.floor_price(bid * Decimal("0.8"))
        return self.order(Side.BUY, OrderType.LIMIT, price=price, volume=rules.floor_volume(BUDGET / price))

    async def replacement(self) -> "tuple[OrderReplacer, Order, Order]":
        """An order that rests, and one at a lower price that is to take its place; skips a venue that has no such."""
        if not self.rules[self.market].replaces_orders:
            pytest.skip("this venue replaces no orders")
        assert isinstance(self.client, OrderReplacer)
        old = await self.resting_buy()
        await self.client.place_order(old, Priority.ENTRY)
        assert old.intent.price is not None
        price = self.rules[self.market].floor_price(old.intent.price * Decimal("0.99"))
        name = f"gw-contract-{time.time_ns()}-{next(NUMBERS)}"
        intent = replace(old.intent, price=price, replaces=old.order_id)
        return self.client, old, replace(old, order_id=name, intent=intent)

    async def appeared(self, order: Order) -> OrderReport:
        """The report once the order exists."""
        for _ in range(100):
            report = await self.find(order)
            if report is not None:
                return report
            await asyncio.sleep(0.02)
        raise AssertionError(f"{order.order_id} did not appear")

    async def settled(self, order: Order) -> OrderReport:
        """The report once the order has ended."""
        report: OrderReport | None = None
        for _ in range(100):
            report = await self.find(order)
            if report is not None and report.state is ReportedState.ENDED:
                return report
            await asyncio.sleep(0.02)
        raise AssertionError(f"{order.order_id} has not ended: {report}")

    async def find(self, order: Order) -> OrderReport | None:
        try:
            return await self.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        except VenueNotFoundError:
            return None

    async def free(self, asset: str) -> Decimal:
        account = await self.client.read_account()
        return next((balance.free for balance in account.balances if balance.asset == asset), Decimal(0))


@asynccontextmanager
async def listening(rig: VenueRig, *, silence_s: float = 5.0) -> AsyncIterator[list[Message]]:
    """Everything the streams post while the block runs."""
    posted: list[Message] = []
    stream = rig.new_stream(silence_s=silence_s)
    stream.subscribe([rig.market])
    task = asyncio.create_task(stream.run(posted.append))
    try:
        yield posted
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(what: Callable[[], T | None], seconds: float = 6.0) -> T:
    """The first truthy answer of ``what``."""
    for _ in range(int(seconds / 0.02)):
        if found := what():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"it did not happen within {seconds} s")


def states(posted: Sequence[Message], stream: str) -> list[bool]:
    return [m.up for m in posted if isinstance(m, StreamStateChanged) and m.stream == stream]


def are_up(posted: Sequence[Message], *streams: str) -> bool:
    """True while all of ``streams`` are up."""
    return all(states(posted, stream)[-1:] == [True] for stream in streams)


def reports_of(posted: Sequence[Message], order: Order) -> list[OrderReport]:
    return [m.report for m in posted if isinstance(m, OrderReported) and m.report.order_id == order.order_id]


async def refusal(call: Coroutine[Any, Any, object]) -> VenueRefusedError:
    with pytest.raises(VenueRefusedError) as caught:
        await call
    return caught.value


class VenueContract:
    """Subclass it with a ``rig`` fixture that is calm again after each test."""

    async def test_markets_have_rules(self, rig: VenueRig) -> None:
        infos, constraints = await rig.client.list_markets()
        assert {info.market for info in infos} == {rules.market for rules in constraints}
        assert {info.market for info in infos} >= set(rig.markets)
        for rules in constraints:
            assert rules.bands[-1].from_price == 0
            assert 0 < rules.min_total < rules.max_total
            assert 0 <= rules.buy_fee < 1

    async def test_book_and_candles(self, rig: VenueRig) -> None:
        book = await rig.book()
        assert book.best_bid is not None and book.best_ask is not None
        assert book.best_bid < book.best_ask
        assert list(book.bids) == sorted(book.bids, key=lambda level: -level.price)
        assert list(book.asks) == sorted(book.asks, key=lambda level: level.price)
        candles = await rig.client.load_candles(rig.market, 60, 5)
        assert [candle.opened_at for candle in candles] == sorted({candle.opened_at for candle in candles})
        assert all(candle.low <= candle.close <= candle.high for candle in candles)

    async def test_a_limit_order_rests_is_found_and_can_be_cancelled(self, rig: VenueRig) -> None:
        order = await rig.resting_buy()
        first = await rig.client.place_order(order, Priority.ENTRY)
        assert (first.order_id, first.market, first.side) == (order.order_id, rig.market, Side.BUY)
        assert first.state is ReportedState.OPEN
        found = await rig.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        assert found.venue_order_id == first.venue_order_id
        account = await rig.client.read_account()
        assert order.order_id in {open_order.order_id for open_order in account.open_orders}
        assert account.started_at <= account.finished_at
        await rig.client.cancel_order(order.order_id, first.venue_order_id, Priority.CANCEL)
        ended = await rig.settled(order)
        assert ended.executed_volume == 0
        with pytest.raises(VenueNotFoundError):
            await rig.client.cancel_order(order.order_id, first.venue_order_id, Priority.CANCEL)

    async def test_a_market_buy_and_the_sale_of_it(self, rig: VenueRig) -> None:
        rules = rig.rules[rig.market]
        before = await rig.free(rules.base)
        buy = rig.order(Side.BUY, OrderType.MARKET, funds=BUDGET)
        await rig.client.place_order(buy, Priority.ENTRY)
        bought = await rig.settled(buy)
        assert bought.executed_volume > 0
        assert bought.fills_complete
        assert sum(fill.volume for fill in bought.fills) == bought.executed_volume
        spent = sum(fill.volume * fill.price for fill in bought.fills)
        assert BUDGET * Decimal("0.95") < spent <= BUDGET
        assert abs(bought.paid_fee - spent * rules.buy_fee) < 1
        assert await rig.free(rules.base) == before + bought.executed_volume
        volume = rules.floor_volume(bought.executed_volume)
        sell = rig.order(Side.SELL, OrderType.MARKET, volume=volume)
        await rig.client.place_order(sell, Priority.EXIT)
        sold = await rig.settled(sell)
        assert sold.executed_volume == volume
        assert sold.side is Side.SELL

    async def test_what_was_never_placed_is_not_found(self, rig: VenueRig) -> None:
        order = await rig.resting_buy()
        with pytest.raises(VenueNotFoundError):
            await rig.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        with pytest.raises(VenueNotFoundError):
            await rig.client.cancel_order(order.order_id, None, Priority.CANCEL)

    async def test_refusals_are_refusals(self, rig: VenueRig) -> None:
        rules = rig.rules[rig.market]
        good = await rig.resting_buy()
        price = good.intent.price
        assert price is not None
        too_much = rig.order(Side.BUY, OrderType.MARKET, funds=Decimal(900_000_000))
        too_little = rig.order(Side.BUY, OrderType.MARKET, funds=rules.min_total / 2)
        off_tick = rig.order(
            Side.BUY, OrderType.LIMIT, price=price + rules.tick_at(price) / 2, volume=good.intent.volume or Decimal(1)
        )
        for order in (too_much, too_little, off_tick):
            error = await refusal(rig.client.place_order(order, Priority.ENTRY))
            assert error.code
            assert await rig.find(order) is None

    async def test_the_same_identifier_again_points_to_the_first_order(self, rig: VenueRig) -> None:
        order = await rig.resting_buy()
        first = await rig.client.place_order(order, Priority.ENTRY)
        with pytest.raises(OutcomeUnknownError):
            await rig.client.place_order(order, Priority.ENTRY)
        found = await rig.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        assert found.venue_order_id == first.venue_order_id

    @pytest.mark.parametrize("fault", ["order_answer_lost", "server_error_after", "html_body", "truncated_body"])
    async def test_a_lost_answer_is_unknown_and_the_lookup_finds_the_order(self, rig: VenueRig, fault: str) -> None:
        order = await rig.resting_buy()
        rig.admin.fault(fault, count=1, path="/v1/orders")
        with pytest.raises(OutcomeUnknownError):
            await rig.client.place_order(order, Priority.ENTRY)
        rig.admin.calm()
        report = await rig.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        assert report.order_id == order.order_id

    @pytest.mark.parametrize("fault", ["server_error_before", "connection_reset"])
    async def test_a_lost_request_is_unknown_and_the_lookup_finds_nothing(self, rig: VenueRig, fault: str) -> None:
        order = await rig.resting_buy()
        rig.admin.fault(fault)
        with pytest.raises(OutcomeUnknownError):
            await rig.client.place_order(order, Priority.ENTRY)
        rig.admin.calm()
        assert await rig.find(order) is None

    @pytest.mark.parametrize("fault", ["rate_limit_storm", "market_offline"])
    async def test_trouble_the_venue_names_means_nothing_was_placed(self, rig: VenueRig, fault: str) -> None:
        order = await rig.resting_buy()
        rig.admin.fault(fault)
        with pytest.raises(VenueUnavailableError):
            await rig.client.place_order(order, Priority.ENTRY)
        rig.admin.calm()
        assert await rig.find(order) is None

    async def test_an_order_may_be_invisible_at_first(self, rig: VenueRig) -> None:
        order = await rig.resting_buy()
        rig.admin.fault("order_not_found", value=1)
        await rig.client.place_order(order, Priority.ENTRY)
        with pytest.raises(VenueNotFoundError):
            await rig.client.look_up_order(order.order_id, None, Priority.LOOKUP)
        for _ in range(100):
            if await rig.find(order):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it stayed invisible")

    async def test_an_order_is_replaced_by_what_is_left_of_it(self, rig: VenueRig) -> None:
        replacer, old, new = await rig.replacement()
        await replacer.replace_order(new, Priority.ENTRY)
        assert (await rig.settled(old)).executed_volume == 0
        report = await rig.appeared(new)
        assert (report.state, report.executed_volume) == (ReportedState.OPEN, 0)
        assert report.remaining_volume == old.intent.volume
        account = await rig.client.read_account()
        assert old.order_id not in {order.order_id for order in account.open_orders}

    async def test_an_order_that_has_ended_is_not_replaced(self, rig: VenueRig) -> None:
        replacer, old, new = await rig.replacement()
        await rig.client.cancel_order(old.order_id, None, Priority.CANCEL)
        await rig.settled(old)
        await refusal(replacer.replace_order(new, Priority.ENTRY))
        assert await rig.find(new) is None

    async def test_a_refused_replacement_leaves_the_order_where_it_is(self, rig: VenueRig) -> None:
        replacer, old, new = await rig.replacement()
        assert new.intent.price is not None
        off_tick = new.intent.price + rig.rules[rig.market].tick_at(new.intent.price) / 2
        await refusal(replacer.replace_order(replace(new, intent=replace(new.intent, price=off_tick)), Priority.ENTRY))
        found = await rig.find(old)
        assert found is not None and found.state is ReportedState.OPEN
        assert await rig.find(new) is None

    @pytest.mark.parametrize("fault", ["order_answer_lost", "server_error_after", "html_body", "truncated_body"])
    async def test_a_replacement_whose_answer_is_lost_is_unknown_and_found(self, rig: VenueRig, fault: str) -> None:
        replacer, old, new = await rig.replacement()
        rig.admin.fault(fault, count=1, path="/v1/orders/cancel_and_new")
        with pytest.raises(OutcomeUnknownError):
            await replacer.replace_order(new, Priority.ENTRY)
        rig.admin.calm()
        assert (await rig.appeared(new)).state is ReportedState.OPEN
        await rig.settled(old)

    @pytest.mark.parametrize("fault", ["server_error_before", "connection_reset"])
    async def test_a_lost_replacement_is_unknown_and_the_order_stays(self, rig: VenueRig, fault: str) -> None:
        replacer, old, new = await rig.replacement()
        rig.admin.fault(fault)
        with pytest.raises(OutcomeUnknownError):
            await replacer.replace_order(new, Priority.ENTRY)
        rig.admin.calm()
        assert await rig.find(new) is None
        found = await rig.find(old)
        assert found is not None and found.state is ReportedState.OPEN

    async def test_a_replacement_that_must_not_leave_any_more_does_not(self, rig: VenueRig) -> None:
        replacer, old, new = await rig.replacement()
        with pytest.raises(VenueUnavailableError):
            await replacer.replace_order(new, Priority.ENTRY, lambda: "not wanted any more")
        found = await rig.find(old)
        assert found is not None and found.state is ReportedState.OPEN

    async def test_an_unanswered_cancel_is_unknown(self, rig: VenueRig) -> None:
        order = await rig.resting_buy()
        placed = await rig.client.place_order(order, Priority.ENTRY)
        rig.admin.fault("server_error_after")
        with pytest.raises(OutcomeUnknownError):
            await rig.client.cancel_order(order.order_id, placed.venue_order_id, Priority.CANCEL)

    async def test_cancel_all_leaves_nothing_open(self, rig: VenueRig) -> None:
        orders = [await rig.resting_buy() for _ in range(4)]
        for order in orders:
            await rig.client.place_order(order, Priority.ENTRY)
        hit = await rig.client.cancel_all(rig.markets)
        assert hit >= len(orders)
        assert (await rig.client.read_account()).open_orders == ()

    async def test_streams_come_up_and_speak(self, rig: VenueRig) -> None:
        async with listening(rig) as posted:
            await until(lambda: are_up(posted, "public", "private"))
            book = await until(lambda: next((m for m in posted if isinstance(m, Book)), None))
            assert book.market == rig.market
            assert 0 < len(book.bids) <= 15

    async def test_the_private_stream_tells_of_our_orders(self, rig: VenueRig) -> None:
        async with listening(rig) as posted:
            await until(lambda: are_up(posted, "private"))
            order = rig.order(Side.BUY, OrderType.MARKET, funds=BUDGET)
            await rig.client.place_order(order, Priority.ENTRY)
            await until(lambda: [r for r in reports_of(posted, order) if r.state is ReportedState.ENDED])
            told = await rig.settled(order)
            reports = reports_of(posted, order)
            fills = {fill.trade_id: fill for report in reports for fill in report.fills}
            assert set(fills) == {fill.trade_id for fill in told.fills}
            assert sum(fill.volume for fill in fills.values()) == told.executed_volume
            assert sum(fill.fee or 0 for fill in fills.values()) == told.paid_fee
            assert reports[-1].executed_volume == told.executed_volume
            await until(lambda: [m for m in posted if isinstance(m, BalancesReported)])

    async def test_dropped_streams_come_back(self, rig: VenueRig) -> None:
        async with listening(rig) as posted:
            await until(lambda: are_up(posted, "public", "private"))
            known = len(posted)
            rig.admin.fault("ws_drop")
            await until(
                lambda: False in states(posted[known:], "public") and False in states(posted[known:], "private")
            )
            rig.admin.calm()
            await until(lambda: are_up(posted, "public", "private"))

    async def test_a_silent_feed_is_noticed(self, rig: VenueRig) -> None:
        async with listening(rig, silence_s=1.0) as posted:
            await until(lambda: are_up(posted, "public"))
            rig.admin.fault("ws_silent")
            await until(lambda: states(posted, "public")[-2:] == [True, False])
            rig.admin.calm()
            await until(lambda: are_up(posted, "public"))

    async def test_no_order_was_ever_placed_twice(self, rig: VenueRig) -> None:
        ledger = rig.admin.get("/ledger")
        assert all(repeated["accepted"] <= 1 for repeated in ledger["repeated_identifiers"])
        assert ledger["conservation"]["ok"]

    async def test_garbage_on_the_private_stream_starts_it_again(self, rig: VenueRig) -> None:
        async with listening(rig) as posted:
            await until(lambda: are_up(posted, "private"))
            known = len(posted)
            rig.admin.fault("garbage_frame")
            await rig.client.place_order(await rig.resting_buy(), Priority.ENTRY)
            await until(lambda: False in states(posted[known:], "private"))
            rig.admin.calm()
            await until(lambda: are_up(posted, "private"))
