"""Reads recorded files: book snapshots, raw WebSocket captures and candles, told apart by their content.

Every refusal names the file, the line and what to do, so that a bad recording never trades silently.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeAlias

from .market import Market, MarketName
from .market_specs import MARKETS
from .money import floor_price, is_amount, plain, units_of_recording
from .order import Side
from .wire import KST

Levels: TypeAlias = tuple[tuple[Decimal, Decimal], ...]
_MARKET_IN_NAME = re.compile(r"KRW-[A-Z0-9]+")
_CODE = re.compile(r"[^-\s]+-[^-\s]+")
_RAW_LINE = re.compile(r"^(\d{1,12}\.\d{1,12}): b'(.*)'$")
_US = 1_000_000


class BadRecording(ValueError):
    """The file cannot be replayed; the text says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class BookFrame:
    """A recorded snapshot, best price first; sizes in coin."""

    market: str
    at_us: int
    book_time: str
    index: int
    bids: Levels
    asks: Levels


@dataclass(frozen=True, slots=True)
class TradeFrame:
    market: str
    at_us: int
    price: Decimal
    volume: Decimal
    side: Side


@dataclass(frozen=True, slots=True)
class BarFrame:
    """A candle of `span_s` seconds that opens at `at_us`."""

    market: str
    at_us: int
    book_time: str
    index: int
    span_s: int
    opening: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


Frame: TypeAlias = BookFrame | TradeFrame | BarFrame


@dataclass(slots=True)
class Recording:
    """Frames in time order."""

    path: Path
    kind: str
    frames: list[Frame] = field(default_factory=list)

    def markets(self) -> list[Market]:
        """One market per recorded pair, with the price unit the recorded prices are on."""
        prices: dict[str, set[Decimal]] = {}
        first: dict[str, Decimal] = {}
        for frame in self.frames:
            seen = prices.setdefault(frame.market, set())
            seen.update(_prices(frame))
            first.setdefault(frame.market, next(iter(_prices(frame))))
        known = {spec.name.code: spec.name for spec in MARKETS}
        found: list[Market] = []
        for code, seen in prices.items():
            coin = code.split("-", 1)[1]
            units = units_of_recording(seen)
            name = known.get(code, MarketName(code, coin, coin))
            found.append(Market(name, units, floor_price(units, first[code])))
        return found


def open_recording(path: Path, market: str | None) -> Recording:
    """Read a whole file; raises BadRecording."""
    lines = list(_lines(path))
    if not lines:
        raise BadRecording(f"{path}: the file is empty; give another recording")
    head = lines[0].strip()
    if head.startswith("time_kst,side,price,size"):
        recording = Recording(path, "book snapshots", list(_snapshots(path, lines, market)))
    elif head.startswith("time_utc,open,high,low,close,volume"):
        recording = Recording(path, "candles", list(_csv_bars(path, lines, market)))
    elif head.startswith("["):
        recording = Recording(path, "candles", _rest_bars(path, "\n".join(lines)))
    elif head.startswith("{"):
        recording = Recording(path, "book snapshots", list(_json_books(path, lines)))
    elif _RAW_LINE.match(head) or "<->" in head:
        recording = Recording(path, "raw capture", _raw_frames(path, lines, market))
    else:
        raise BadRecording(f"{path}: line 1: not a format known here; give an order book, candle or raw capture file")
    if not recording.frames:
        raise BadRecording(f"{path}: holds no KRW market data that can be replayed; give another recording")
    _refuse_disorder(recording)
    return recording


def _lines(path: Path) -> Iterator[str]:
    number = 0
    try:
        with path.open("rb") as probe:
            packed = probe.read(2) == b"\x1f\x8b"
        with (gzip.open if packed else open)(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                number += 1
                yield line.rstrip("\r\n")
    except EOFError:
        raise BadRecording(f"{path}: line {number + 1}: the file breaks off; copy it again") from None
    except (gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        raise BadRecording(f"{path}: line {number + 1}: damaged ({error}); copy it again") from None
    except OSError as error:
        raise BadRecording(f"{path}: cannot be read ({error.strerror or error})") from None


def _snapshots(path: Path, lines: list[str], market: str | None) -> Iterator[BookFrame]:
    """`time_kst,side,price,size`: rows of the same time are one snapshot."""
    code = _market_name(path, market)
    groups: dict[str, tuple[list[tuple[Decimal, Decimal]], list[tuple[Decimal, Decimal]]]] = {}
    last_line = 1
    for number, line in enumerate(lines[1:], 2):
        parts = line.split(",")
        if len(parts) != 4 or parts[1] not in ("bid", "ask"):
            raise BadRecording(f"{path}: line {number}: expected time_kst,side,price,size; repair or cut the line")
        price, size = _amount(path, number, parts[2]), _amount(path, number, parts[3])
        bids, asks = groups.setdefault(parts[0], ([], []))
        if price > 0 and size > 0:
            (bids if parts[1] == "bid" else asks).append((price, size))
        last_line = number
    for index, (stamp, (bids, asks)) in enumerate(groups.items()):
        if not bids or not asks:
            raise BadRecording(f"{path}: snapshot {stamp} (up to line {last_line}) has only one side; cut it")
        at = _instant(path, 2, stamp, KST)
        yield BookFrame(code, at, stamp, index, _best_first(bids, Side.BID), _best_first(asks, Side.ASK))


def _json_books(path: Path, lines: list[str]) -> Iterator[BookFrame]:
    for index, line in enumerate(lines):
        row = _json(path, index + 1, line)
        try:
            coin, quote = str(row["symbol"]).split("/")
            sides = [[(_plain(p), _plain(s)) for p, s in row[name] if p and s] for name in ("bids", "asks")]
            stamp = str(row["timestamp"])
        except (KeyError, TypeError, ValueError):
            raise BadRecording(
                f"{path}: line {index + 1}: needs symbol, timestamp, bids and asks; repair or cut the line"
            ) from None
        bids, asks = _best_first(sides[0], Side.BID), _best_first(sides[1], Side.ASK)
        yield BookFrame(f"{quote}-{coin}", _instant(path, index + 1, stamp, UTC), stamp, index, bids, asks)


def _csv_bars(path: Path, lines: list[str], market: str | None) -> Iterator[BarFrame]:
    code = _market_name(path, market)
    for index, line in enumerate(lines[1:]):
        parts = line.split(",")
        if len(parts) != 6:
            raise BadRecording(f"{path}: line {index + 2}: expected 6 columns, found {len(parts)}; repair or cut it")
        o, h, lo, c, v = (_amount(path, index + 2, part) for part in parts[1:])
        if not lo <= min(o, c) <= max(o, c) <= h or lo <= 0:
            raise BadRecording(f"{path}: line {index + 2}: high and low do not enclose open and close; cut it")
        yield BarFrame(code, _instant(path, index + 2, parts[0], UTC), parts[0], index, 60, o, h, lo, c, v)


def _rest_bars(path: Path, text: str) -> list[Frame]:
    """The body of a candle call, newest first."""
    try:
        rows = _loads(text)
        ordered = sorted(rows, key=lambda row: str(row["candle_date_time_utc"]))
        return [_rest_bar(path, index, row) for index, row in enumerate(ordered)]
    except (KeyError, TypeError, ValueError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a candle"
        raise BadRecording(f"{path}: {place}: not a candle answer of Upbit ({error}); copy the file again") from None


def _rest_bar(path: Path, index: int, row: dict[str, Any]) -> BarFrame:
    stamp = str(row["candle_date_time_utc"])
    names = ("opening_price", "high_price", "low_price", "trade_price", "candle_acc_trade_volume")
    o, h, lo, c, v = (_plain(row[name]) for name in names)
    at, span = _instant(path, 1, stamp, UTC), int(_plain(row.get("unit", 1440))) * 60
    if span == 0:
        raise ValueError("unit 0")
    return BarFrame(str(row["market"]), at, stamp, index, span, o, h, lo, c, v)


def _raw_frames(path: Path, lines: list[str], market: str | None) -> list[Frame]:
    """`<receive time>: b'<SIMPLE frame>'`; the receive time paces, other lines are connection notes."""
    frames: list[Frame] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        match = _RAW_LINE.match(line)
        if match is None:
            continue
        row = _json(path, number, match.group(2))
        code = str(row.get("cd", ""))
        if not code.startswith("KRW-") or market not in (None, code):
            continue
        try:
            frame = _raw_frame(row, code, int(Decimal(match.group(1)) * _US), counts.get(code, 0))
        except (KeyError, TypeError, ValueError, OverflowError, OSError):  # the latter: a time outside the calendar
            raise BadRecording(f"{path}: line {number}: a frame without its fields; repair or cut it") from None
        if isinstance(frame, BookFrame):
            counts[code] = counts.get(code, 0) + 1
        if frame is not None:
            frames.append(frame)
    with_book = {frame.market for frame in frames if isinstance(frame, BookFrame)}
    return [frame for frame in frames if frame.market in with_book]


def _raw_frame(row: dict[str, Any], code: str, at_us: int, index: int) -> Frame | None:
    if row["ty"] == "trade":
        side = Side.BID if row["ab"] == "BID" else Side.ASK
        return TradeFrame(code, at_us, _plain(row["tp"]), _plain(row["tv"]), side)
    if row["ty"] != "orderbook":
        return None
    bids = [(_plain(unit["bp"]), _plain(unit["bs"])) for unit in row["obu"] if unit["bp"] and unit["bs"]]
    asks = [(_plain(unit["ap"]), _plain(unit["as"])) for unit in row["obu"] if unit["ap"] and unit["as"]]
    stamp = datetime.fromtimestamp(int(row["tms"]) / 1000, UTC).isoformat()
    return BookFrame(code, at_us, stamp, index, _best_first(bids, Side.BID), _best_first(asks, Side.ASK))


def _refuse_disorder(recording: Recording) -> None:
    last = 0
    for frame in recording.frames:
        if _CODE.fullmatch(frame.market) is None:
            raise BadRecording(f"{recording.path}: {frame.market!r} is not a market; expected one such as KRW-BTC")
        if frame.at_us < last:
            raise BadRecording(f"{recording.path}: time runs backwards at {frame.at_us / 1e6:.3f}; sort the file")
        last = frame.at_us
        if isinstance(frame, BookFrame) and frame.bids and frame.asks and frame.bids[0][0] >= frame.asks[0][0]:
            raise BadRecording(f"{recording.path}: snapshot {frame.book_time}: bid above ask; cut the snapshot")


def _prices(frame: Frame) -> Iterator[Decimal]:
    if isinstance(frame, BookFrame):
        yield from (price for price, _ in (*frame.bids, *frame.asks))
    elif isinstance(frame, TradeFrame):
        yield frame.price
    else:
        yield from (frame.opening, frame.high, frame.low, frame.close)


def _best_first(levels: list[tuple[Decimal, Decimal]], side: Side) -> Levels:
    return tuple(sorted(levels, key=lambda level: level[0], reverse=side is Side.BID))


def _market_name(path: Path, market: str | None) -> str:
    found = _MARKET_IN_NAME.search(path.name)
    code = market or (found.group(0) if found else "")
    if not code:
        raise BadRecording(f"{path}: the file does not tell its market; give --replay-market KRW-...")
    return code


def _instant(path: Path, number: int, text: str, zone: Any) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRecording(f"{path}: line {number}: {text!r} is not a time; repair or cut the line") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return round(moment.timestamp() * _US)


def _amount(path: Path, number: int, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not is_amount(amount):
        raise BadRecording(f"{path}: line {number}: {text!r} is not an amount; repair or cut the line")
    return amount


def _plain(amount: object) -> Decimal:
    """The same value without a needless `.0`; raises ValueError."""
    try:
        exact = Decimal(str(amount))
    except InvalidOperation:
        exact = Decimal("NaN")
    if not is_amount(exact):
        raise ValueError(f"{exact} is not an amount")
    return Decimal(plain(exact))


def _loads(text: str) -> Any:
    """JSON with exact numbers; raises ValueError, also for depth or an exponent without end."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (InvalidOperation, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}") from None


def _json(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        row = _loads(text)
    except ValueError:
        raise BadRecording(f"{path}: line {number}: not JSON; the file may break off here, copy it again") from None
    if not isinstance(row, dict):
        raise BadRecording(f"{path}: line {number}: not a JSON object; repair or cut the line")
    return row
