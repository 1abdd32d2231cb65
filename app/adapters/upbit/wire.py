"""Upbit's messages as they travel, decoded strictly in what we use and tolerant in the rest. Source: upbit.md 6 to 8.

Amounts are Decimal whether they come as strings (exchange REST) or as numbers (quotation REST, WebSocket). Fields that
may be missing or null have a default; unknown fields are ignored; state words stay words, because new ones may come.
"""

from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from app.domain.money import LARGEST, SMALLEST, ZERO

T = TypeVar("T")


class UnusableMessageError(Exception):
    """A message does not have the form this program can rely on; the text names the place."""


class Wire(msgspec.Struct, gc=False):
    """Base of all messages; unknown fields are ignored."""


# ---- exchange REST ----------------------------------------------------------------------------------------------


class WireAccount(Wire):
    """One asset of GET /v1/accounts; ``balance`` is the free part."""

    currency: str
    balance: Decimal
    locked: Decimal
    avg_buy_price: Decimal | None = None
    unit_currency: str | None = None


class WireFill(Wire):
    """One entry of ``trades`` in GET /v1/order."""

    uuid: str
    price: Decimal
    volume: Decimal
    created_at: str
    funds: Decimal | None = None


class WireOrder(Wire):
    """The order object of every order call."""

    uuid: str
    market: str
    side: str
    state: str
    ord_type: str | None = None
    price: Decimal | None = None
    volume: Decimal | None = None
    remaining_volume: Decimal | None = None
    executed_volume: Decimal | None = None
    reserved_fee: Decimal | None = None
    remaining_fee: Decimal | None = None
    paid_fee: Decimal | None = None
    locked: Decimal | None = None
    trades_count: int | None = None
    time_in_force: str | None = None
    identifier: str | None = None
    created_at: str | None = None
    trades: tuple[WireFill, ...] | None = None
    new_order_uuid: str | None = None
    new_order_identifier: str | None = None


class WireOrderKey(Wire):
    """How a bulk cancel names an order."""

    uuid: str
    market: str | None = None
    identifier: str | None = None


class WireCancelGroup(Wire):
    """One half of a bulk cancel's answer."""

    count: int
    orders: tuple[WireOrderKey, ...] = ()


class WireBulkCancel(Wire):
    """Answer of a bulk cancel: requests accepted and refused."""

    success: WireCancelGroup
    failed: WireCancelGroup


class WireSideRules(Wire):
    """Rules of one side in GET /v1/orders/chance."""

    currency: str
    min_total: Decimal


class WireMarketRules(Wire):
    """Market part of GET /v1/orders/chance."""

    id: str
    bid: WireSideRules
    ask: WireSideRules
    max_total: Decimal
    state: str | None = None
    bid_types: tuple[str, ...] | None = None
    ask_types: tuple[str, ...] | None = None


class WireChance(Wire):
    """GET /v1/orders/chance: fees as ratios, minimum and maximum totals."""

    bid_fee: Decimal
    ask_fee: Decimal
    market: WireMarketRules
    bid_account: WireAccount | None = None
    ask_account: WireAccount | None = None


class WireApiKey(Wire):
    """One entry of GET /v1/api_keys."""

    access_key: str
    expire_at: str


class WireWithdrawChance(Wire):
    """Answer of GET /v1/withdraws/chance; only that there is one matters."""


# ---- quotation REST ---------------------------------------------------------------------------------------------


class WireMarketEvent(Wire):
    """Warnings of a market."""

    warning: bool = False
    caution: dict[str, bool] | None = None


class WireMarket(Wire):
    """One entry of GET /v1/market/all."""

    market: str
    korean_name: str
    english_name: str
    market_event: WireMarketEvent | None = None
    market_warning: str | None = None


class WireInstrument(Wire):
    """One entry of GET /v1/orderbook/instruments."""

    market: str
    tick_size: Decimal
    quote_currency: str | None = None


class WireTicker(Wire):
    """One entry of GET /v1/ticker, as far as we use it."""

    market: str
    trade_price: Decimal
    prev_closing_price: Decimal
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    acc_trade_price_24h: Decimal
    timestamp: int


class WireCandle(Wire):
    """One candle of any length; days and longer have further fields we do not need."""

    market: str
    candle_date_time_utc: str
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    trade_price: Decimal
    candle_acc_trade_volume: Decimal


class WirePublicTrade(Wire):
    """One entry of GET /v1/trades/ticks; ``ask_bid`` is the taker's side."""

    market: str
    timestamp: int
    trade_price: Decimal
    trade_volume: Decimal
    ask_bid: str
    sequential_id: int


class WireBookUnit(Wire):
    """One line of an order book: a level of each side."""

    ask_price: Decimal
    bid_price: Decimal
    ask_size: Decimal
    bid_size: Decimal


class WireBook(Wire):
    """One entry of GET /v1/orderbook."""

    market: str
    timestamp: int
    orderbook_units: tuple[WireBookUnit, ...]


# ---- WebSocket --------------------------------------------------------------------------------------------------


class Frame(Wire, tag_field="type"):
    """Base of WebSocket data; ``type`` selects the message."""


class TradeFrame(Frame, tag="trade"):
    """Public trade."""

    code: str
    trade_price: Decimal
    trade_volume: Decimal
    ask_bid: str
    trade_timestamp: int
    stream_type: str = ""


class BookFrame(Frame, tag="orderbook"):
    """Public order book, always whole."""

    code: str
    timestamp: int
    orderbook_units: tuple[WireBookUnit, ...]
    stream_type: str = ""


class TickerFrame(Frame, tag="ticker"):
    """Public ticker."""

    code: str
    trade_price: Decimal
    prev_closing_price: Decimal
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    acc_trade_price_24h: Decimal
    timestamp: int
    stream_type: str = ""
    market_state: str | None = None
    is_trading_suspended: bool | None = None


class OrderFrame(Frame, tag="myOrder"):
    """Private order event; in state ``trade`` price, volume and the trade fields are those of the fill."""

    code: str
    uuid: str
    ask_bid: str
    state: str
    timestamp: int
    price: Decimal | None = None
    volume: Decimal | None = None
    remaining_volume: Decimal | None = None
    executed_volume: Decimal | None = None
    paid_fee: Decimal | None = None
    trade_uuid: str | None = None
    trade_fee: Decimal | None = None
    trade_timestamp: int | None = None
    identifier: str | None = None


class WireAsset(Wire):
    """One asset of a myAsset event."""

    currency: str
    balance: Decimal
    locked: Decimal


class AssetFrame(Frame, tag="myAsset"):
    """Private balance event."""

    assets: tuple[WireAsset, ...]
    timestamp: int


class ControlFrame(Wire):
    """Frames without data: ``{"status":"UP"}`` and answers to LIST_SUBSCRIPTIONS."""

    status: str | None = None
    method: str | None = None


PublicFrame = TradeFrame | BookFrame | TickerFrame
PrivateFrame = OrderFrame | AssetFrame

#: What a decoder raises: no JSON, another form, half characters, or brackets nested without end.
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)

_DECODERS: dict[object, msgspec.json.Decoder[Any]] = {}
_PUBLIC: "msgspec.json.Decoder[PublicFrame]" = msgspec.json.Decoder(PublicFrame)
_PRIVATE: "msgspec.json.Decoder[PrivateFrame]" = msgspec.json.Decoder(PrivateFrame)


def decode(form: type[T], data: bytes | str) -> T:
    """Read ``data`` as ``form``, a message type or a tuple of one.

    Raises:
        UnusableMessageError: the text is cut, is not JSON, or does not have that form.
    """
    decoder: msgspec.json.Decoder[T] | None = _DECODERS.get(form)
    if decoder is None:
        decoder = _DECODERS[form] = msgspec.json.Decoder(form)
    return _decoded(decoder, data)


def decode_public(frame: bytes | str) -> PublicFrame:
    """Read one frame of the public stream.

    Raises:
        UnusableMessageError: it is no data frame, or not one this program knows.
    """
    return _decoded(_PUBLIC, frame)


def decode_private(frame: bytes | str) -> PrivateFrame:
    """Read one frame of the private stream.

    Raises:
        UnusableMessageError: it is no data frame, or not one this program knows.
    """
    return _decoded(_PRIVATE, frame)


def is_control(frame: bytes | str) -> bool:
    """True for a frame that is sound but carries no data (status, subscription list)."""
    try:
        control = decode(ControlFrame, frame)
    except UnusableMessageError:
        return False
    return control.status is not None or control.method is not None


def _decoded(decoder: "msgspec.json.Decoder[T]", data: bytes | str) -> T:
    try:
        return decoder.decode(data)
    except UNREADABLE as error:
        raise UnusableMessageError(str(error)) from error


def finite(value: Decimal | None, default: Decimal = ZERO) -> Decimal:
    """``value``, or ``default`` where it is missing.

    Raises:
        UnusableMessageError: the amount is NaN, infinite, negative, or larger or smaller than any real one.
    """
    if value is None:
        return default
    if not value:
        return ZERO  # a zero may be written with a billion places
    if not value.is_finite() or not SMALLEST <= value <= LARGEST:
        raise UnusableMessageError(f"{value} is not an amount")
    return value
