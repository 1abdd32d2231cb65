"""Every parser that reads what somebody else wrote, with the errors it may answer with.

A target is called with bytes. It passes when it returns something sound or raises one of its typed errors. Anything
else is a finding: another exception, more than a second, more than 200 MB, or a value that nobody could use (NaN,
infinite, or so large that printing it alone would fill the memory).
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from app.adapters.files.blueprint_files import read_blueprint
from app.adapters.files.settings_file import change_setting, read_settings
from app.adapters.files.toml_text import parse_toml
from app.adapters.replay.binance_captures import DiffBook, read_binance_capture
from app.adapters.replay.candle_series import candle_gaps, close_changes, longer_candles
from app.adapters.replay.recorded_files import (
    read_book_csv,
    read_book_jsonl,
    read_bot_fills,
    read_candle_csv,
    read_krx_day_csv,
    read_market_list,
    read_rest_candles,
    read_upbit_day_csv,
)
from app.adapters.replay.simple_frames import read_simple_frames
from app.adapters.storage.codec import decode as decode_record
from app.adapters.storage.codec import encode as encode_record
from app.adapters.upbit import translate
from app.adapters.upbit.errors import answer_error, parse_error
from app.adapters.upbit.market_rules import constraints_of, tick_bands
from app.adapters.upbit.wire import (
    AssetFrame,
    BookFrame,
    OrderFrame,
    TradeFrame,
    UnusableMessageError,
    WireAccount,
    WireBook,
    WireBulkCancel,
    WireCandle,
    WireChance,
    WireInstrument,
    WireMarket,
    WireOrder,
    WirePublicTrade,
    WireTicker,
    decode,
    decode_private,
    decode_public,
    is_control,
)
from app.domain.errors import InvalidInputError, StorageError, VenueError
from app.domain.market_data import Candle
from app.domain.messages import JOURNALED
from app.domain.values import Market
from app.engine.indicators import IndicatorBoard
from app.engine.rule_language import VALUES, RuleFault, condition_holds, rule_problem
from app.practice.account_memory import AccountMemory
from app.practice.line_file import StateFileError
from app.practice.order_rules import parse_request
from app.practice.price_memory import PriceMemory
from app.practice.recordings import BadRecording, open_recording
from app.practice.rest_call import Api, Call
from app.practice.rest_gateway import _bare, _flatten, _split, _top_level
from app.practice.venue_errors import VenueError as PracticeRefusal
from app.practice.ws_requests import WsRefusal
from app.practice.ws_requests import parse as parse_ws_request
from tests.fuzz import samples
from tests.unit.adapters.storage.samples import ONE_OF_EACH

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
BTC = Market("upbit", "KRW-BTC")
#: Far more digits before or after the point than any amount has, and few enough to print.
MOST_DIGITS = 1000
BARS = tuple(Candle(BTC, 60, NOW, *(Decimal(1000 + n),) * 4, Decimal(1)) for n in range(220))
KNOWN: dict[str, Decimal | None] = {name: Decimal(1000 + n) for n, name in enumerate(VALUES)}


class UnsoundError(AssertionError):
    """A parser let something through that nobody can compute with."""


@dataclass(frozen=True)
class Target:
    """``run`` may return anything sound and may raise ``allowed``."""

    name: str
    run: Callable[[bytes], object]
    allowed: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]


def must_be_sound(value: object) -> None:
    """Look through what was parsed.

    Raises:
        UnsoundError: it holds an amount that is NaN, infinite or absurdly long, or a time without zone.
    """
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Decimal):
            if not part.is_finite() or abs(part.adjusted()) > MOST_DIGITS:
                raise UnsoundError(f"{part!r:.60} was let through")
        elif isinstance(part, datetime):
            if part.utcoffset() is None:
                raise UnsoundError(f"{part} has no zone")
        elif is_dataclass(part) and not isinstance(part, type):
            waiting += [getattr(part, each.name) for each in fields(part)]
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list | tuple | set | frozenset):
            waiting += part


# ---- Upbit ------------------------------------------------------------------------------------------------------


def upbit_order(data: bytes) -> object:
    return translate.to_report(decode(WireOrder, data), NOW)


def upbit_accounts(data: bytes) -> object:
    return [translate.to_balance(account) for account in decode(tuple[WireAccount, ...], data)]


def upbit_chance(data: bytes) -> object:
    return constraints_of("KRW-BTC", decode(WireChance, data), tick_bands("KRW", Decimal(1000), Decimal(90_000_000)))


def upbit_instruments(data: bytes) -> object:
    entries = decode(tuple[WireInstrument, ...], data)
    return [tick_bands("KRW", entry.tick_size, Decimal(price)) for entry in entries for price in ("0.001", "90000000")]


def upbit_quotation(data: bytes) -> object:
    """The body is tried as an answer of every quotation call."""
    found: list[object] = []
    readers: list[tuple[type, Callable[..., object]]] = [
        (tuple[WireMarket, ...], translate.to_market_info),  # type: ignore[list-item]
        (tuple[WireTicker, ...], lambda each: translate.to_ticker(each, NOW)),  # type: ignore[list-item]
        (tuple[WireCandle, ...], lambda each: translate.to_candle(each, 60)),  # type: ignore[list-item]
        (tuple[WirePublicTrade, ...], lambda each: translate.to_trade(each, NOW)),  # type: ignore[list-item]
        (
            tuple[WireBook, ...],  # type: ignore[list-item]
            lambda each: translate.to_book(each.market, each.timestamp, each.orderbook_units, NOW),
        ),
    ]
    for form, reader in readers:
        try:
            found += [reader(entry) for entry in decode(form, data)]
        except UnusableMessageError:
            continue
    return found


def upbit_error(data: bytes) -> object:
    answers = [answer_error(status, data, changes=True) for status in (301, 400, 401, 404, 418, 429, 500)]
    assert all(isinstance(answer, VenueError) for answer in answers)
    assert decode(WireBulkCancel, data)
    return [str(answer) for answer in answers]


def upbit_public_frame(data: bytes) -> object:
    """As app.adapters.upbit.ws_client.PublicStream reads it."""
    try:
        frame = decode_public(data)
        if isinstance(frame, BookFrame):
            return translate.to_event_book(frame, NOW)
        if isinstance(frame, TradeFrame):
            return translate.to_trade(frame, NOW)
        return translate.to_ticker(frame, NOW)
    except UnusableMessageError:
        return is_control(data) or parse_error(data)


def upbit_private_frame(data: bytes) -> object:
    """As app.adapters.upbit.ws_client.PrivateStream reads it."""
    try:
        frame = decode_private(data)
        if isinstance(frame, OrderFrame):
            return translate.to_order_event(frame, NOW)
        assert isinstance(frame, AssetFrame)
        return translate.to_event_balances(frame)
    except UnusableMessageError:
        return is_control(data) or parse_error(data)


# ---- files ------------------------------------------------------------------------------------------------------

_FOLDER = tempfile.TemporaryDirectory(prefix="gwanje-fuzz-")


def written(data: bytes, name: str) -> Path:
    """The bytes as a file; one per name, written over and over."""
    path = Path(_FOLDER.name) / name
    path.write_bytes(data)
    return path


def file_target(name: str, read: Callable[[Path], object], file: str, *seeds: bytes) -> Target:
    """A reader of a whole file that answers with InvalidInputError only."""

    def run(data: bytes) -> object:
        found = read(written(data, file))
        return list(found) if isinstance(found, Iterable) else found

    return Target(name, run, (InvalidInputError,), seeds)


def candle_csv(path: Path) -> object:
    candles = list(read_candle_csv(path, BTC, 60))
    return [candles, list(candle_gaps(candles)), list(longer_candles(candles, 3600)), list(close_changes(candles))]


def binance(path: Path) -> object:
    messages = list(read_binance_capture(path))
    book = DiffBook()
    book.feed(messages)
    return [messages, book.bids(), book.asks()]


def settings(path: Path) -> object:
    """Read, change one value, read again: what was sound stays sound."""
    found = read_settings(path)
    change_setting(path, "practice", "cash", Decimal(1000))
    assert read_settings(path).practice.cash == 1000
    return found


def toml(data: bytes) -> object:
    """Not looked through: a blueprint or a setting refuses what is out of its range."""
    parse_toml(data.decode("utf-8", "replace"), "file")
    return None


# ---- journal ----------------------------------------------------------------------------------------------------


def journal_record(data: bytes) -> object:
    """The first byte chooses the kind of record. What can be read can be written again or is refused as typed."""
    kind = JOURNALED[data[0] % len(JOURNALED)].__name__ if data else "Nothing"
    event = decode_record(kind, data[1:].decode("utf-8", "replace"), 7)
    again = decode_record(*encode_record(event), 7)
    assert again == event
    return None


def _journal_seeds() -> tuple[bytes, ...]:
    kinds = [kind.__name__ for kind in JOURNALED]
    encoded = [encode_record(event) for event in ONE_OF_EACH]
    return tuple(bytes([kinds.index(kind)]) + payload.encode() for kind, payload in encoded)


# ---- rules ------------------------------------------------------------------------------------------------------


def rule(data: bytes) -> object:
    """A condition is refused in words, or it can be asked at any time: with values, and without any."""
    text = data.decode("utf-8", "replace")
    problem = rule_problem(text, "rule")
    if problem is not None:
        assert problem.what in set(RuleFault) and str(problem), "a refusal without words"
        return None
    board = IndicatorBoard(BARS)
    assert condition_holds(text, KNOWN, board) in (True, False)
    assert condition_holds(text, dict.fromkeys(VALUES, Decimal(0)), IndicatorBoard(())) in (True, False)
    return None


# ---- practice exchange ------------------------------------------------------------------------------------------


def practice_order(data: bytes) -> object:
    """A body of POST /v1/orders; what is no JSON object is a ValueError to the gateway."""
    return parse_request(dict(_flatten(_top_level(data))))


def practice_query(data: bytes) -> object:
    """Parameters as the endpoints read them."""
    pairs = [(_bare(name), value) for name, value in _split(data.decode("latin-1"))]
    found: list[object] = []
    for api in Api:
        call = Call(api, [*pairs])
        for read in (
            lambda call=call: call.number("count", 1, 200),
            lambda call=call: call.number("page", 1, 10**6),
            lambda call=call: call.moment_us("to"),
            lambda call=call: call.newest_first(),
            lambda call=call: (call.many("states"), call.listed("markets"), call.required("market")),
        ):
            try:
                found.append(read())
            except PracticeRefusal:
                continue
    return found


def practice_ws_request(data: bytes) -> object:
    return [parse_ws_request(data.decode("utf-8", "replace"), private) for private in (True,)]


def practice_recording(data: bytes) -> object:
    recording = open_recording(written(data, "KRW-BTC-recording"), "KRW-BTC")
    return [recording.frames, [market.code for market in recording.markets()]]


def _sealed_file(data: bytes, name: str) -> Path:
    """The damage is in what the lines say; their checksums are right, so that it is read at all."""
    return written(samples.sealed(data), name)


def practice_account(data: bytes) -> object:
    AccountMemory(_sealed_file(data, "account"), patience_s=0).close()
    return None


def practice_account_unsealed(data: bytes) -> object:
    AccountMemory(written(data, "account-raw"), patience_s=0).close()
    return None


def practice_prices(data: bytes) -> object:
    PriceMemory(_sealed_file(data, "prices")).close()
    return None


UPBIT = (UnusableMessageError,)
TARGETS: tuple[Target, ...] = (
    Target("upbit-order", upbit_order, UPBIT, (samples.ORDER,)),
    Target("upbit-accounts", upbit_accounts, UPBIT, (samples.ACCOUNTS,)),
    Target("upbit-chance", upbit_chance, UPBIT, (samples.CHANCE,)),
    Target("upbit-instruments", upbit_instruments, UPBIT, (samples.INSTRUMENTS,)),
    Target(
        "upbit-quotation",
        upbit_quotation,
        UPBIT,
        (samples.MARKETS, samples.TICKER_BODY, samples.CANDLES, samples.TRADES, samples.BOOKS),
    ),
    Target("upbit-error", upbit_error, UPBIT, (samples.ERROR, b'{"success":{"count":0},"failed":{"count":0}}')),
    Target(
        "upbit-public-frame",
        upbit_public_frame,
        UPBIT,
        (samples.TRADE_FRAME, samples.BOOK_FRAME, samples.TICKER_FRAME, samples.STATUS_FRAME, samples.ERROR),
    ),
    Target("upbit-private-frame", upbit_private_frame, UPBIT, (samples.ORDER_FRAME, samples.ASSET_FRAME)),
    file_target("book-csv", partial(read_book_csv, market=BTC, depth=2), "book.csv", samples.BOOK_CSV),
    file_target("book-lines", read_book_jsonl, "books.jsonl", samples.BOOK_LINES),
    file_target("candle-csv", candle_csv, "candles.csv", samples.CANDLE_CSV),
    file_target("day-csv", read_upbit_day_csv, "days.csv", samples.DAY_CSV),
    file_target("krx-csv", read_krx_day_csv, "krx.csv", samples.KRX_CSV),
    file_target("fills-csv", partial(read_bot_fills, market=BTC), "fills.csv", samples.FILLS_CSV),
    file_target("rest-candles", read_rest_candles, "candles.json", samples.CANDLES),
    file_target("market-list", read_market_list, "markets.json", samples.MARKET_LIST),
    file_target("simple-frames", read_simple_frames, "frames.txt", samples.SIMPLE_FRAMES),
    file_target("binance-capture", binance, "binance.txt", samples.BINANCE),
    file_target("packed-file", read_book_jsonl, "books.jsonl.gz", samples.packed(samples.BOOK_LINES)),
    file_target("blueprint", read_blueprint, "blueprint.toml", samples.BLUEPRINT),
    file_target("settings", settings, "settings.toml", samples.SETTINGS),
    Target("toml", toml, (InvalidInputError,), (samples.SETTINGS, samples.BLUEPRINT)),
    Target("journal-record", journal_record, (StorageError,), _journal_seeds()),
    Target("rule", rule, (), samples.RULES),
    Target("practice-order", practice_order, (PracticeRefusal, ValueError), (samples.PRACTICE_ORDER,)),
    Target("practice-query", practice_query, (PracticeRefusal,), (samples.PRACTICE_QUERY,)),
    Target("practice-ws-request", practice_ws_request, (WsRefusal,), (samples.WS_REQUEST,)),
    Target(
        "practice-recording",
        practice_recording,
        (BadRecording,),
        (samples.BOOK_CSV, samples.CANDLE_CSV, samples.CANDLES, samples.BOOK_LINES, samples.SIMPLE_FRAMES),
    ),
    Target("practice-account", practice_account, (StateFileError,), (samples.ACCOUNT_MEMORY,)),
    Target(
        "practice-account-raw",
        practice_account_unsealed,
        (StateFileError,),
        (samples.sealed(samples.ACCOUNT_MEMORY),),
    ),
    Target("practice-prices", practice_prices, (StateFileError,), (samples.PRICE_MEMORY,)),
)  # fmt: skip
BY_NAME = {target.name: target for target in TARGETS}
