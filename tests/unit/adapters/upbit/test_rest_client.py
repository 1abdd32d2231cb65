from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.market_rules import KRW_TICKS
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.domain.errors import OutcomeUnknownError, VenueNotFoundError, VenueRefusedError, VenueUnavailableError
from app.domain.order import Order
from app.domain.ports import OrderReplacer, VenueClient
from app.domain.values import Market, Priority
from app.domain.venue_reports import ReportedState
from tests.unit.adapters.upbit.stub_exchange import (
    MARKET,
    Reply,
    Request,
    SteppingClock,
    StubExchange,
    limit_order,
    wire_order,
)

NOT_FOUND = Reply({"error": {"name": "order_not_found", "message": "주문을 찾지 못했습니다."}}, 404)
ASSET = {"currency": "KRW", "balance": "1000000.0", "locked": "15584.9886", "avg_buy_price": "0"}
SIDE = {"currency": "KRW", "min_total": "5000"}
CHANCE = {
    "bid_fee": "0.0005",
    "ask_fee": "0.0005",
    "market": {"id": "KRW-BTC", "bid": SIDE, "ask": SIDE, "max_total": "1000000000", "state": "active"},
}
LISTED = [
    {"market": symbol, "korean_name": symbol, "english_name": symbol}
    for symbol in ("KRW-BTC", "BTC-ETH", "KRW-USDT", "KRW-NEW")
]
PRICES = {"KRW-BTC": 155772000, "KRW-USDT": 1400}
TICKS = {"KRW-BTC": "1000", "KRW-USDT": "0.5"}
TICKER_FIELDS = ("prev_closing_price", "opening_price", "high_price", "low_price", "acc_trade_price_24h", "timestamp")


def listing(request: Request) -> Reply:
    """Market list, price steps, prices and fees; KRW-NEW is listed but has no instrument yet."""
    if request.path == "/v1/market/all":
        return Reply(LISTED)
    if request.path == "/v1/orders/chance":
        return Reply(CHANCE)
    asked = dict(request.query)["markets"].split(",")
    if request.path == "/v1/orderbook/instruments":
        return Reply([{"market": s, "quote_currency": "KRW", "tick_size": TICKS[s]} for s in asked if s in TICKS])
    rest = dict.fromkeys(TICKER_FIELDS, 1)
    return Reply([{"market": s, "trade_price": PRICES[s], **rest} for s in asked if s in PRICES])


@asynccontextmanager
async def client(answer: Callable[[Request], Reply]) -> AsyncIterator[tuple[UpbitRestApiClient, list[Request]]]:
    async with StubExchange(answer) as stub:
        upbit = UpbitRestApiClient(stub.endpoints, Credentials("a", "s" * 40), SteppingClock())
        try:
            yield upbit, stub.requests
        finally:
            await upbit.close()


async def test_it_is_a_venue_client() -> None:
    async with client(lambda _: Reply([])) as (upbit, _):
        port: VenueClient = upbit
        assert port.venue == "upbit"


async def test_place_reports_what_the_venue_said() -> None:
    async with client(lambda _: Reply(wire_order(), 201)) as (upbit, requests):
        report = await upbit.place_order(limit_order(), Priority.ENTRY)
        assert (report.order_id, report.venue_order_id, report.state) == ("gw-1", "u-1", ReportedState.OPEN)
        assert requests[0].fields["price"] == "155772000"
        assert upbit.last_latency_ms is not None


def replacing() -> Order:
    order = limit_order()
    return replace(order, intent=replace(order.intent, replaces="gw-0"))


async def test_a_replacement_is_asked_for_and_not_yet_there() -> None:
    answer = wire_order(identifier="gw-0", new_order_uuid="u-2", new_order_identifier="gw-1")
    async with client(lambda _: Reply(answer, 201)) as (upbit, requests):
        port: OrderReplacer = upbit
        await port.replace_order(replacing(), Priority.ENTRY)
        assert isinstance(upbit, OrderReplacer)
        assert requests[0].path == "/v1/orders/cancel_and_new"


@pytest.mark.parametrize("names", [{"identifier": "gw-9"}, {"identifier": "gw-0", "new_order_identifier": "gw-9"}])
async def test_a_replacement_answered_with_other_names_is_unknown(names: dict[str, str]) -> None:
    async with client(lambda _: Reply(wire_order(**names), 201)) as (upbit, _):
        with pytest.raises(OutcomeUnknownError):
            await upbit.replace_order(replacing(), Priority.ENTRY)


async def test_a_replacement_of_an_order_that_has_ended_is_refused() -> None:
    async with client(lambda _: NOT_FOUND) as (upbit, _):
        with pytest.raises(VenueRefusedError):
            await upbit.replace_order(replacing(), Priority.ENTRY)


@pytest.mark.parametrize(
    "answer",
    [
        wire_order(identifier="somebody-else"),
        wire_order(market="KRW-ETH"),
        wire_order(side="sideways"),
        wire_order(executed_volume="NaN"),
    ],
)
async def test_an_answer_that_speaks_of_something_else_is_unknown(answer: dict[str, object]) -> None:
    async with client(lambda _: Reply(answer, 201)) as (upbit, _):
        with pytest.raises(OutcomeUnknownError):
            await upbit.place_order(limit_order(), Priority.ENTRY)


async def test_a_duplicated_identifier_of_our_own_is_evidence_that_it_arrived() -> None:
    reply = Reply({"error": {"name": "duplicated_identifier", "message": ""}}, 400)
    async with client(lambda _: reply) as (upbit, _):
        with pytest.raises(OutcomeUnknownError, match="duplicated_identifier"):
            await upbit.place_order(limit_order(), Priority.ENTRY)


async def test_lookup_by_identifier_fills_in_what_the_answer_leaves_out() -> None:
    async with client(lambda _: Reply(wire_order(identifier=None, trades=[]))) as (upbit, requests):
        report = await upbit.look_up_order("gw-1", None, Priority.LOOKUP)
        assert report.order_id == "gw-1"
        assert requests[0].query == [("identifier", "gw-1")]


async def test_lookup_never_takes_another_order_for_ours() -> None:
    async with client(lambda _: Reply(wire_order(identifier="gw-2"))) as (upbit, _):
        with pytest.raises(VenueUnavailableError):
            await upbit.look_up_order("gw-1", None, Priority.LOOKUP)


async def test_not_found_is_said_by_the_venue_alone() -> None:
    async with client(lambda _: NOT_FOUND) as (upbit, requests):
        with pytest.raises(VenueNotFoundError):
            await upbit.look_up_order("gw-1", "u-1", Priority.LOOKUP)
        with pytest.raises(VenueNotFoundError):
            await upbit.cancel_order("gw-1", "u-1", Priority.CANCEL)
        assert len(requests) == 2
    async with client(lambda _: Reply(b"<html>404</html>", 404)) as (upbit, _):
        with pytest.raises(VenueUnavailableError):
            await upbit.look_up_order("gw-1", "u-1", Priority.LOOKUP)


async def test_account_is_balances_and_open_orders() -> None:
    def answer(request: Request) -> Reply:
        return Reply(
            [ASSET] if request.path == "/v1/accounts" else [wire_order(), wire_order(uuid="u-2", state="watch")]
        )

    async with client(answer) as (upbit, _):
        snapshot = await upbit.read_account()
        assert snapshot.started_at < snapshot.finished_at
        assert snapshot.balances[0].total == Decimal("1015584.9886")
        assert [order.venue_order_id for order in snapshot.open_orders] == ["u-1", "u-2"]


async def test_half_an_account_is_no_account() -> None:
    def answer(request: Request) -> Reply:
        return Reply([{**ASSET, "balance": "NaN"}] if request.path == "/v1/accounts" else [])

    async with client(answer) as (upbit, _):
        with pytest.raises(VenueUnavailableError):
            await upbit.read_account()


async def test_a_doubled_balance_is_not_more_money() -> None:
    rows = [ASSET, ASSET]

    def answer(request: Request) -> Reply:
        return Reply(rows if request.path == "/v1/accounts" else [])

    async with client(answer) as (upbit, _):
        assert [balance.total for balance in (await upbit.read_account()).balances] == [Decimal("1015584.9886")]
        rows[1] = {**ASSET, "balance": "1"}
        with pytest.raises(VenueUnavailableError):
            await upbit.read_account()


async def test_markets_come_in_four_calls_with_their_rules() -> None:
    async with client(listing) as (upbit, requests):
        infos, rules = await upbit.list_markets()
        assert [info.market.symbol for info in infos] == ["KRW-BTC", "KRW-USDT"]
        assert rules[0].bands == KRW_TICKS
        assert [band.tick for band in rules[1].bands] == [Decimal("0.5")]
        assert {rule.buy_fee for rule in rules} == {Decimal("0.0005")}
        assert len(requests) == 4


async def test_rules_of_one_market() -> None:
    async with client(listing) as (upbit, _):
        rules = await upbit.load_constraints(MARKET)
        assert (rules.market, rules.min_total, rules.active) == (MARKET, Decimal(5000), True)
        with pytest.raises(VenueUnavailableError, match="no price step"):
            await upbit.load_constraints(Market("upbit", "KRW-NEW"))


async def test_candles_are_oldest_first() -> None:
    prices = dict.fromkeys(("opening_price", "high_price", "low_price", "trade_price"), 1)
    rows = [
        {"market": "KRW-BTC", "candle_date_time_utc": at, **prices, "candle_acc_trade_volume": 1}
        for at in ("2026-11-20T11:01:00", "2026-11-20T11:00:00")
    ]
    async with client(lambda _: Reply(rows)) as (upbit, _):
        candles = await upbit.load_candles(MARKET, 60, 2)
        assert [candle.opened_at.minute for candle in candles] == [0, 1]


async def test_book_and_its_absence() -> None:
    unit = {"ask_price": 101, "bid_price": 100, "ask_size": 1, "bid_size": 2}
    book = {"market": "KRW-BTC", "timestamp": 1786613106166, "orderbook_units": [unit]}
    async with client(lambda _: Reply([book])) as (upbit, _):
        assert (await upbit.load_book(MARKET)).best_ask == 101
        with pytest.raises(VenueUnavailableError):
            await upbit.load_book(Market("upbit", "KRW-ETH"))


async def test_a_check_brings_the_date_of_the_answer() -> None:
    def dated(request: Request) -> Reply:
        return replace(listing(request), headers={"Date": "Fri, 20 Nov 2026 03:00:07 GMT"})

    async with client(dated) as (upbit, requests):
        reply = await upbit.check()
        assert reply.venue_time == datetime(2026, 11, 20, 3, 0, 7, tzinfo=UTC) and reply.sent_at <= reply.received_at
        assert [request.path for request in requests] == ["/v1/ticker"]


async def test_a_refusal_of_the_check_is_an_answer_too() -> None:
    def strange(_: Request) -> Reply:
        error = {"error": {"name": 404, "message": "Code not found"}}
        return replace(Reply(error, 404), headers={"Date": "Fri, 20 Nov 2026 03:00:07 GMT"})

    async with client(strange) as (upbit, _):
        assert (await upbit.check()).venue_time == datetime(2026, 11, 20, 3, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize("header", [{}, {"Date": "yesterday"}])
async def test_without_a_date_a_check_knows_no_time(header: dict[str, str]) -> None:
    async with client(lambda request: replace(listing(request), headers=header)) as (upbit, _):
        assert (await upbit.check()).venue_time is None


async def test_cancel_all_takes_the_markets_symbols() -> None:
    bulk = {"success": {"count": 1, "orders": [{"uuid": "u-1"}]}, "failed": {"count": 0, "orders": []}}
    async with client(lambda request: Reply(bulk if request.method == "DELETE" else [])) as (upbit, requests):
        assert await upbit.cancel_all([MARKET]) == 1
        assert await upbit.cancel_all([MARKET]) == 0  # the two seconds are not over: nothing open, nothing asked
        assert [request.method for request in requests] == ["DELETE", "GET", "GET"]
