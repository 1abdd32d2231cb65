"""Raw captures of Upbit's SIMPLE WebSocket format: ``<receive time>: b'<frame>'`` line by line."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from app.adapters.replay.recorded_files import book_of
from app.adapters.replay.recorded_text import (
    Place,
    amount_at,
    json_at,
    numbered_lines,
    price_at,
    size_at,
    time_of_ms,
)
from app.domain.market_data import Book, Ticker, Trade
from app.domain.values import Market, Side

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIDES = {"BID": Side.BUY, "ASK": Side.SELL}


class _Kind(msgspec.Struct):
    ty: str = ""
    status: str = ""


class _Trade(msgspec.Struct):
    cd: str
    tp: Decimal
    tv: Decimal
    ab: str
    ttms: int


class _Unit(msgspec.Struct):
    ap: Decimal
    bp: Decimal
    bs: Decimal
    ask_size: Decimal = msgspec.field(name="as")


class _Book(msgspec.Struct):
    cd: str
    tms: int
    obu: list[_Unit]


class _Ticker(msgspec.Struct):
    cd: str
    tp: Decimal
    pcp: Decimal
    op: Decimal
    hp: Decimal
    lp: Decimal
    atp24h: Decimal
    tms: int


def read_simple_frames(path: Path) -> Iterator[Trade | Book | Ticker]:
    """Messages of a capture in the order of their arrival. Connection and subscription lines are passed over.

    Raises:
        InvalidInputError: damaged, cut off, or a frame of an unknown kind.
    """
    for place, line in numbered_lines(path):
        stamp, colon, rest = line.partition(": ")
        if not line or " <-> " in line or stamp.count(" <- ") == 1:
            continue
        if not colon:
            raise place.error("is not '<receive time>: <frame>'")
        received_at = _received(place, stamp)
        message = _message(place, _frame(place, rest), received_at)
        if message is not None:
            yield message


def _received(place: Place, stamp: str) -> datetime:
    seconds = amount_at(place, "receive time", stamp)
    try:
        return EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError as error:
        raise place.error(f"receive time {stamp} is no time") from error


def _frame(place: Place, text: str) -> bytes | str:
    """The frame; binary frames were written the way Python shows bytes."""
    if not text.startswith(("b'", 'b"')):
        return text
    try:
        frame = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise place.error("the frame is damaged or cut off") from error
    if not isinstance(frame, bytes):
        raise place.error("the frame is damaged or cut off")
    return frame


def _message(place: Place, frame: bytes | str, received_at: datetime) -> Trade | Book | Ticker | None:
    kind = json_at(place, _Kind, frame)
    if kind.ty == "trade":
        return _trade(place, json_at(place, _Trade, frame), received_at)
    if kind.ty == "orderbook":
        return _book(place, json_at(place, _Book, frame), received_at)
    if kind.ty == "ticker":
        return _ticker(place, json_at(place, _Ticker, frame), received_at)
    if kind.status:
        return None
    raise place.error(f"a frame of kind '{kind.ty[:20]}' is not known")


def _trade(place: Place, wire: _Trade, received_at: datetime) -> Trade:
    if wire.ab not in _SIDES:
        raise place.error(f"side '{wire.ab[:20]}' is neither ASK nor BID")
    return Trade(
        market=Market("upbit", wire.cd),
        price=price_at(place, "tp", wire.tp),
        volume=price_at(place, "tv", wire.tv),
        taker_side=_SIDES[wire.ab],
        traded_at=time_of_ms(place, "ttms", wire.ttms),
        received_at=received_at,
    )


def _book(place: Place, wire: _Book, received_at: datetime) -> Book:
    # A side with fewer levels is filled up with zeros.
    bids = [(unit.bp, unit.bs) for unit in wire.obu if unit.bp]
    asks = [(unit.ap, unit.ask_size) for unit in wire.obu if unit.ap]
    at = time_of_ms(place, "tms", wire.tms)
    return book_of(place, Market("upbit", wire.cd), bids, asks, at, received_at)


def _ticker(place: Place, wire: _Ticker, received_at: datetime) -> Ticker:
    return Ticker(
        market=Market("upbit", wire.cd),
        price=price_at(place, "tp", wire.tp),
        previous_close=price_at(place, "pcp", wire.pcp),
        day_open=price_at(place, "op", wire.op),
        day_high=price_at(place, "hp", wire.hp),
        day_low=price_at(place, "lp", wire.lp),
        turnover_24h=size_at(place, "atp24h", wire.atp24h),
        venue_time=time_of_ms(place, "tms", wire.tms),
        received_at=received_at,
    )
