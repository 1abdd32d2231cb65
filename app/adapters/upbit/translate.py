"""Upbit's words into ours. Pure translation, no memory: order and duplicates are the engine's business.

Sources: upbit.md sections 6 to 8. ``received_at`` is the time of this computer's clock; trade and book times are
Upbit's.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from app.adapters.upbit.wire import (
    AssetFrame,
    BookFrame,
    OrderFrame,
    TickerFrame,
    TradeFrame,
    UnusableMessageError,
    WireAccount,
    WireBookUnit,
    WireCandle,
    WireFill,
    WireMarket,
    WireOrder,
    WirePublicTrade,
    WireTicker,
    finite,
)
from app.domain.constraints import MarketInfo
from app.domain.market_data import Book, BookLevel, Candle, Ticker, Trade
from app.domain.money import LARGEST, SMALLEST, ZERO, total
from app.domain.values import Market, Side
from app.domain.venue_reports import Balance, OrderReport, ReportedFill, ReportedState

log = logging.getLogger(__name__)

VENUE = "upbit"
KST = timezone(timedelta(hours=9))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SIDES = {"bid": Side.BUY, "ask": Side.SELL, "BID": Side.BUY, "ASK": Side.SELL}
#: ``prevented`` is a cut by self-match prevention, ``trade`` one fill: the order is still there after both.
_STATES = {
    "wait": ReportedState.OPEN,
    "watch": ReportedState.OPEN,
    "trade": ReportedState.OPEN,
    "prevented": ReportedState.OPEN,
    "done": ReportedState.ENDED,
    "cancel": ReportedState.ENDED,
}


def to_market(code: str) -> Market:
    """``KRW-BTC`` (a depth suffix such as ``.15`` is dropped)."""
    return Market(VENUE, code.partition(".")[0])


def to_side(word: str) -> Side:
    """bid/ask in either case.

    Raises:
        UnusableMessageError: another word; a guess here would turn a sale into a purchase.
    """
    try:
        return _SIDES[word]
    except KeyError:
        raise UnusableMessageError(f"side {word!r} is neither bid nor ask") from None


def to_state(word: str) -> ReportedState:
    """Only ``done`` and ``cancel`` have ended; a word we do not know is never taken as an end."""
    state = _STATES.get(word)
    if state is None:
        log.info("order state %r is new to this program; taken as still open", word)
        return ReportedState.OPEN
    return state


def to_time(text: str, zone: timezone = KST) -> datetime:
    """ISO time into UTC; ``zone`` holds where the text names none.

    Raises:
        UnusableMessageError: not a time.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # overflow: its zone moves it out of the calendar
        raise UnusableMessageError(f"{text!r} is not a time") from error


def from_millis(millis: int) -> datetime:
    """Milliseconds since 1970 into UTC.

    Raises:
        UnusableMessageError: outside the calendar.
    """
    try:
        return EPOCH + timedelta(milliseconds=millis)
    except OverflowError as error:
        raise UnusableMessageError(f"{millis} is not a time") from error


def to_report(order: WireOrder, received_at: datetime, asked_id: str | None = None) -> OrderReport:
    """REST order. Fees per fill are not given (``fee`` None); fills are complete only when they add up.

    ``asked_id`` is the identifier it was asked for with, for answers that leave it out.
    """
    fills = tuple(_to_fill(fill) for fill in order.trades or ())
    executed = _given(order.executed_volume, "executed_volume")
    return OrderReport(
        order_id=order.identifier or asked_id,
        venue_order_id=order.uuid,
        market=to_market(order.market),
        side=to_side(order.side),
        state=to_state(order.state),
        executed_volume=executed,
        paid_fee=_given(order.paid_fee, "paid_fee"),
        reported_at=received_at,
        remaining_volume=_optional(order.remaining_volume),
        fills=fills,
        fills_complete=total(fill.volume for fill in fills) == executed,
    )


def _to_fill(fill: WireFill) -> ReportedFill:
    return ReportedFill(fill.uuid, finite(fill.price), finite(fill.volume), to_time(fill.created_at))


def to_order_event(frame: OrderFrame, received_at: datetime) -> OrderReport:
    """myOrder event; in state ``trade`` it carries exactly one fill with its fee."""
    fills: tuple[ReportedFill, ...] = ()
    if frame.state == "trade":
        fills = (_event_fill(frame),)
    return OrderReport(
        order_id=frame.identifier,
        venue_order_id=frame.uuid,
        market=to_market(frame.code),
        side=to_side(frame.ask_bid),
        state=to_state(frame.state),
        executed_volume=_given(frame.executed_volume, "executed_volume"),
        paid_fee=_given(frame.paid_fee, "paid_fee"),
        reported_at=received_at,
        remaining_volume=_optional(frame.remaining_volume),
        fills=fills,
        fills_complete=False,
    )


def _event_fill(frame: OrderFrame) -> ReportedFill:
    if frame.trade_uuid is None or frame.price is None or frame.volume is None:
        raise UnusableMessageError("a trade event without trade_uuid, price or volume")
    traded_at = from_millis(frame.timestamp if frame.trade_timestamp is None else frame.trade_timestamp)
    return ReportedFill(
        frame.trade_uuid, finite(frame.price), finite(frame.volume), traded_at, _optional(frame.trade_fee)
    )


def to_balance(account: WireAccount) -> Balance:
    """One asset; Upbit's ``balance`` is the free part."""
    return Balance(account.currency, finite(account.balance), finite(account.locked), finite(account.avg_buy_price))


def to_balances(accounts: Sequence[WireAccount]) -> tuple[Balance, ...]:
    """All assets, each once.

    Raises:
        UnusableMessageError: two rows speak of one asset and differ; adding them up would invent money.
    """
    return _each_once([to_balance(account) for account in accounts])


def to_event_balances(frame: AssetFrame) -> tuple[Balance, ...]:
    """myAsset event; it names no average price.

    Raises:
        UnusableMessageError: two entries speak of one asset and differ.
    """
    return _each_once([Balance(asset.currency, finite(asset.balance), finite(asset.locked)) for asset in frame.assets])


def _each_once(balances: Sequence[Balance]) -> tuple[Balance, ...]:
    """A row that comes twice with the same figures is one row."""
    found: dict[str, Balance] = {}
    for balance in balances:
        if found.setdefault(balance.asset, balance) != balance:
            raise UnusableMessageError(f"two different balances of {balance.asset}")
    return tuple(found.values())


def to_trade(frame: TradeFrame | WirePublicTrade, received_at: datetime) -> Trade:
    """Public trade of either source."""
    code, millis = (
        (frame.code, frame.trade_timestamp) if isinstance(frame, TradeFrame) else (frame.market, frame.timestamp)
    )
    return Trade(
        to_market(code),
        finite(frame.trade_price),
        finite(frame.trade_volume),
        to_side(frame.ask_bid),
        from_millis(millis),
        received_at,
    )


def to_book(code: str, millis: int, units: Sequence[WireBookUnit], received_at: datetime) -> Book:
    """Order book; levels with price or size zero are no quotes (one-sided or halted market).

    Raises:
        UnusableMessageError: a figure is no number, or the best prices are not the best or cross each other.
    """
    bids: list[BookLevel] = []
    asks: list[BookLevel] = []
    try:
        # the busiest loop of the adapter: 30 levels per message, hundreds of messages a second
        for unit in units:
            if unit.bid_price > ZERO and unit.bid_size > ZERO:
                bids.append(BookLevel(unit.bid_price, unit.bid_size))
            if unit.ask_price > ZERO and unit.ask_size > ZERO:
                asks.append(BookLevel(unit.ask_price, unit.ask_size))
    except InvalidOperation as error:
        raise UnusableMessageError(f"order book of {code} holds something that is no number") from error
    _refuse_odd_book(code, bids, asks)
    return Book(to_market(code), tuple(bids), tuple(asks), from_millis(millis), received_at)


def _refuse_odd_book(code: str, bids: Sequence[BookLevel], asks: Sequence[BookLevel]) -> None:
    # Spelt out: 60 figures per book, hundreds of books a second.
    if not all(
        SMALLEST <= level.price <= LARGEST and SMALLEST <= level.size <= LARGEST
        for side in (bids, asks)
        for level in side
    ):
        raise UnusableMessageError(f"order book of {code} holds something that is no number")
    # One price that slipped by a digit shows where it stands: at the top, out of line with its neighbours.
    crossed = bool(bids and asks) and bids[0].price >= asks[0].price
    if crossed or any(bids[0].price <= below.price for below in bids[1:2]):
        raise UnusableMessageError(f"order book of {code} is out of order")
    if any(asks[0].price >= above.price for above in asks[1:2]):
        raise UnusableMessageError(f"order book of {code} is out of order")


def to_event_book(frame: BookFrame, received_at: datetime) -> Book:
    """Order book of the stream."""
    return to_book(frame.code, frame.timestamp, frame.orderbook_units, received_at)


def to_ticker(frame: TickerFrame | WireTicker, received_at: datetime) -> Ticker:
    """Daily figures of either source."""
    return Ticker(
        to_market(frame.code if isinstance(frame, TickerFrame) else frame.market),
        finite(frame.trade_price),
        finite(frame.prev_closing_price),
        finite(frame.opening_price),
        finite(frame.high_price),
        finite(frame.low_price),
        finite(frame.acc_trade_price_24h),
        from_millis(frame.timestamp),
        received_at,
        _suspended(frame) if isinstance(frame, TickerFrame) else None,
    )


def _suspended(frame: TickerFrame) -> bool | None:
    """Whether the stream says that the market stands still (upbit.md section 8); None when it says nothing."""
    if frame.market_state is None and frame.is_trading_suspended is None:
        return None
    return frame.is_trading_suspended is True or frame.market_state not in (None, "ACTIVE")


def to_candle(candle: WireCandle, seconds: int) -> Candle:
    """One bar of ``seconds``."""
    return Candle(
        to_market(candle.market),
        seconds,
        to_time(candle.candle_date_time_utc, UTC),
        finite(candle.opening_price),
        finite(candle.high_price),
        finite(candle.low_price),
        finite(candle.trade_price),
        finite(candle.candle_acc_trade_volume),
    )


def to_market_info(market: WireMarket) -> MarketInfo:
    """Listing entry; ``warning`` is Upbit's investment warning (유의), in the new or the deprecated field."""
    warned = market.market_event.warning if market.market_event else market.market_warning == "CAUTION"
    return MarketInfo(to_market(market.market), market.korean_name, market.english_name, warned)


def _given(value: Decimal | None, name: str) -> Decimal:
    """An amount that must be there: without it a filled order would look like one that was never touched."""
    if value is None:
        raise UnusableMessageError(f"an order without {name}")
    return finite(value)


def _optional(value: Decimal | None) -> Decimal | None:
    return None if value is None else finite(value)
