"""Recorded order books, candles, market lists and fills as domain values: exact, streamed, nothing made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from app.adapters.replay.recorded_text import (
    Place,
    amount_at,
    csv_rows,
    json_at,
    numbered_lines,
    price_at,
    read_body,
    size_at,
    time_at,
)
from app.domain.constraints import MarketInfo
from app.domain.market_data import Book, BookLevel, Candle
from app.domain.values import Market, Side

KST = timezone(timedelta(hours=9))
DAY_S = 86_400
_TIME_COLUMNS = ("time_utc", "time_kst", "time_ny")
_SIDES = {"buy": Side.BUY, "sell": Side.SELL}


@dataclass(frozen=True, slots=True)
class RecordedFill:
    """One execution of a recorded account. ``fee`` and ``cash_flow`` in quote currency; a buy's flow is negative."""

    market: Market
    side: Side
    price: Decimal
    volume: Decimal
    fee: Decimal
    cash_flow: Decimal
    traded_at: datetime


# ---- order books ------------------------------------------------------------------------------------------------


def read_book_csv(path: Path, market: Market, depth: int = 5) -> Iterator[Book]:
    """Snapshots of ``depth`` bids and asks under one time, written as one row per level, oldest first.

    Levels of size 0 (Bithumb) offer nothing and are left out. The time is the recorder's, so both times are the same.

    Raises:
        InvalidInputError: damaged, cut off, not this kind of file, or times going back.
    """
    rows = csv_rows(path, ("side", "price", "size"))
    before: datetime | None = None
    while block := list(islice(rows, 2 * depth)):
        place, first = block[0]
        column = _time_column(place, first)
        if len(block) < 2 * depth:
            raise block[-1][0].error(f"the last snapshot has {len(block)} of {2 * depth} levels: the file is cut off")
        for at, row in block:
            if row[column] != first[column]:
                raise at.error(f"a snapshot needs {depth} bids and {depth} asks of one time")
        when = time_at(place, column, first[column], _zone(column))
        if before is not None and when < before:
            raise place.error(f"{first[column]} is earlier than the snapshot before")
        before = when
        yield _book(place, market, block, depth, when)


def _book(place: Place, market: Market, block: list[tuple[Place, dict[str, str]]], depth: int, when: datetime) -> Book:
    sides: dict[str, list[tuple[Decimal, Decimal]]] = {"bid": [], "ask": []}
    for at, row in block:
        if row["side"] not in sides:
            raise at.error(f"side '{row['side'][:20]}' is neither bid nor ask")
        sides[row["side"]].append((amount_at(at, "price", row["price"]), amount_at(at, "size", row["size"])))
    if len(sides["bid"]) != depth:
        raise place.error(f"a snapshot needs {depth} bids and {depth} asks of one time")
    return book_of(place, market, sides["bid"], sides["ask"], when, when)


def book_of(
    place: Place,
    market: Market,
    bids: list[tuple[Decimal, Decimal]],
    asks: list[tuple[Decimal, Decimal]],
    venue_time: datetime,
    received_at: datetime,
) -> Book:
    """A book of (price, size) pairs in any order; empty levels are left out.

    Raises:
        InvalidInputError: a level is no level, a price stands twice on a side, or the best bid reaches the best ask.
    """
    book = Book(
        market=market,
        bids=_levels(place, "bid", bids, best_is_high=True),
        asks=_levels(place, "ask", asks, best_is_high=False),
        venue_time=venue_time,
        received_at=received_at,
    )
    if book.best_bid is not None and book.best_ask is not None and book.best_bid >= book.best_ask:
        raise place.error(f"the best bid {book.best_bid} reaches the best ask {book.best_ask}")
    return book


def _levels(
    place: Place, side: str, pairs: list[tuple[Decimal, Decimal]], *, best_is_high: bool
) -> tuple[BookLevel, ...]:
    levels = [
        BookLevel(price_at(place, f"{side} price", price), size_at(place, f"{side} size", size))
        for price, size in pairs
    ]
    if len({level.price for level in levels}) < len(levels):
        raise place.error(f"{side}: a price stands twice")
    levels.sort(key=lambda level: level.price, reverse=best_is_high)
    return tuple(level for level in levels if level.size)


class _BookLine(msgspec.Struct):
    timestamp: str
    exchange: str
    symbol: str
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


def read_book_jsonl(path: Path, zone: tzinfo = UTC) -> Iterator[Book]:
    """Deep snapshots, one JSON object per line, with times of ``zone``; ``BTC/KRW`` becomes ``KRW-BTC``.

    Raises:
        InvalidInputError: damaged, cut off or not this kind of file.
    """
    for place, line in numbered_lines(path):
        if not line:
            continue
        entry = json_at(place, _BookLine, line)
        base, slash, quote = entry.symbol.partition("/")
        if not (base and slash and quote):
            raise place.error(f"symbol '{entry.symbol[:20]}' is not BASE/QUOTE")
        when = time_at(place, "timestamp", entry.timestamp, zone)
        yield book_of(place, Market(entry.exchange, f"{quote}-{base}"), entry.bids, entry.asks, when, when)


# ---- candles ----------------------------------------------------------------------------------------------------


def read_candle_csv(path: Path, market: Market, seconds: int, zone: tzinfo = UTC) -> Iterator[Candle]:
    """Candles, oldest first; a missing interval stays missing. ``zone`` is that of a bare ``date`` column.

    Raises:
        InvalidInputError: damaged, not this kind of file, times not ascending, or high and low that contradict.
    """
    before: datetime | None = None
    for place, row in csv_rows(path, ("open", "high", "low", "close", "volume")):
        column = "date" if "date" in row else _time_column(place, row)
        when = time_at(place, column, row[column], zone if column == "date" else _zone(column))
        if before is not None and when <= before:
            raise place.error(f"{row[column]} is not later than the candle before")
        before = when
        figures = [amount_at(place, name, row[name]) for name in ("open", "high", "low", "close", "volume")]
        yield _candle(place, market, seconds, when, figures)


def read_upbit_day_csv(path: Path) -> Iterator[Candle]:
    """Day candles in Upbit's columns, of one or several markets, oldest first within each.

    Raises:
        InvalidInputError: damaged, not this kind of file, or times not ascending.
    """
    names = ("opening_price", "high_price", "low_price", "trade_price", "candle_acc_trade_volume")
    before: dict[str, datetime] = {}
    for place, row in csv_rows(path, ("market", "candle_date_time_utc", *names)):
        when = time_at(place, "candle_date_time_utc", row["candle_date_time_utc"], UTC)
        code = row["market"]
        if code in before and when <= before[code]:
            raise place.error(f"{row['candle_date_time_utc']} is not later than the candle before of {code}")
        before[code] = when
        figures = [amount_at(place, name, row[name]) for name in names]
        yield _candle(place, Market("upbit", code), DAY_S, when, figures)


def read_krx_day_csv(path: Path) -> Iterator[Candle]:
    """Every KRX stock per day; a day without a trade (written with open 0) has no candle.

    Raises:
        InvalidInputError: damaged or not this kind of file.
    """
    names = ("open", "high", "low", "close", "volume")
    for place, row in csv_rows(path, ("date", "code", *names)):
        figures = [amount_at(place, name, row[name]) for name in names]
        if figures[0] == 0 and figures[4] == 0:
            continue
        when = time_at(place, "date", row["date"], KST)
        yield _candle(place, Market("krx", row["code"]), DAY_S, when, figures)


class _RestCandle(msgspec.Struct):
    market: str
    candle_date_time_utc: str
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    trade_price: Decimal
    candle_acc_trade_volume: Decimal
    unit: int | None = None
    prev_closing_price: Decimal | None = None


def read_rest_candles(path: Path) -> tuple[Candle, ...]:
    """A body of Upbit's minute or day candles, which come newest first, as candles oldest first.

    Raises:
        InvalidInputError: damaged, not such a body, or not newest first.
    """
    body, text = read_body(path)
    candles: list[Candle] = []
    for number, entry in enumerate(json_at(body, list[_RestCandle], text)):
        place = Place(f"{body.file}, candle {number}", 0)
        if entry.unit is None and entry.prev_closing_price is None:
            raise place.error("has no length: neither minutes (unit) nor a day (prev_closing_price)")
        seconds = DAY_S if entry.unit is None else entry.unit * 60
        when = time_at(place, "candle_date_time_utc", entry.candle_date_time_utc, UTC)
        figures = [entry.opening_price, entry.high_price, entry.low_price, entry.trade_price]
        candle = _candle(place, Market("upbit", entry.market), seconds, when, [*figures, entry.candle_acc_trade_volume])
        if candles and (candle.opened_at >= candles[-1].opened_at or candle.market != candles[-1].market):
            raise place.error("is not older than the one before, or of another market")
        candles.append(candle)
    return tuple(reversed(candles))


def _candle(place: Place, market: Market, seconds: int, when: datetime, figures: list[Decimal]) -> Candle:
    first, high, low, last = (
        price_at(place, name, value) for name, value in zip(("open", "high", "low", "close"), figures, strict=False)
    )
    if not low <= min(first, last) <= max(first, last) <= high:
        raise place.error(f"open {first} and close {last} are not between low {low} and high {high}")
    if seconds < 1:
        raise place.error(f"a candle of {seconds} seconds is none")
    return Candle(market, seconds, when, first, high, low, last, size_at(place, "volume", figures[4]))


# ---- markets and fills ------------------------------------------------------------------------------------------


class _MarketEntry(msgspec.Struct):
    market: str
    korean_name: str
    english_name: str
    market_warning: str = "NONE"


def read_market_list(path: Path) -> tuple[MarketInfo, ...]:
    """A body of Upbit's market list.

    Raises:
        InvalidInputError: damaged or not such a body.
    """
    place, text = read_body(path)
    return tuple(
        MarketInfo(Market("upbit", entry.market), entry.korean_name, entry.english_name, entry.market_warning != "NONE")
        for entry in json_at(place, list[_MarketEntry], text)
    )


def read_bot_fills(path: Path, market: Market) -> Iterator[RecordedFill]:
    """Fills of a recorded bot, oldest first.

    Raises:
        InvalidInputError: damaged, not this kind of file, or times going back.
    """
    before: datetime | None = None
    for place, row in csv_rows(path, ("time_kst", "quantity", "price", "fee", "cash_flow", "side")):
        if row["side"] not in _SIDES:
            raise place.error(f"side '{row['side'][:20]}' is neither buy nor sell")
        when = time_at(place, "time_kst", row["time_kst"], KST)
        if before is not None and when < before:
            raise place.error(f"{row['time_kst']} is earlier than the fill before")
        before = when
        yield RecordedFill(
            market=market,
            side=_SIDES[row["side"]],
            price=price_at(place, "price", amount_at(place, "price", row["price"])),
            volume=price_at(place, "quantity", amount_at(place, "quantity", row["quantity"])),
            fee=size_at(place, "fee", amount_at(place, "fee", row["fee"])),
            cash_flow=amount_at(place, "cash_flow", row["cash_flow"]),
            traded_at=when,
        )


def _time_column(place: Place, row: dict[str, str]) -> str:
    for column in _TIME_COLUMNS:
        if column in row:
            return column
    raise place.error(f"has no column {' or '.join(_TIME_COLUMNS)}")


def _zone(column: str) -> tzinfo:
    return UTC if column == "time_utc" else KST if column == "time_kst" else ZoneInfo("America/New_York")
