"""Public market data of the real venue: what a mirrored exchange is built from (upbit.md sections 7 and 8).

No key is used and no order is sent: this side can only look.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec

from .candles import Candle
from .market import Market, MarketName
from .money import KrwUnits, is_amount
from .rest_call import Pairs
from .ws_session import PUBLIC_PATH

_T = TypeVar("_T")

UPBIT = "https://api.upbit.com"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
#: Markets with the largest turnover of the last 24 hours that are followed.
FOLLOWED = 30
#: Seconds without a frame after which the connection counts as dead; thirty markets are never silent that long.
SILENCE_S = 15.0
PING_S = 10.0
TIMEOUT = aiohttp.ClientTimeout(total=5.0, connect=3.0)
MOST_BYTES = 1 << 20


class MirrorError(ValueError):
    """The venue outside cannot be reached or says something unusable; the text tells what and where.

    ``status`` is what the venue answered, 503 when it did not.
    """

    def __init__(self, words: str, status: int = 503) -> None:
        super().__init__(words)
        self.status = status


class _Name(msgspec.Struct):
    market: str
    korean_name: str
    english_name: str


class _Day(msgspec.Struct):
    """A row of ``ticker/all``: prices and values in KRW, volumes in coin."""

    market: str
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    trade_price: Decimal
    prev_closing_price: Decimal
    acc_trade_price: Decimal
    acc_trade_volume: Decimal
    acc_trade_price_24h: Decimal
    trade_timestamp: int


class Unit(msgspec.Struct):
    """One row of a book."""

    ask_price: Decimal
    bid_price: Decimal
    ask_size: Decimal
    bid_size: Decimal


class OutsideBook(msgspec.Struct, tag="orderbook"):
    """Best rows first."""

    code: str
    timestamp: int
    orderbook_units: list[Unit]


class OutsideTrade(msgspec.Struct, tag="trade"):
    """A print; ``ask_bid`` is the taker's side."""

    code: str
    trade_price: Decimal
    trade_volume: Decimal
    ask_bid: str


class OutsideTicker(msgspec.Struct, tag="ticker"):
    """Only the state of the market is read from it."""

    code: str
    market_state: str = "ACTIVE"


OutsideFrame: TypeAlias = OutsideBook | OutsideTrade | OutsideTicker
_FRAMES: msgspec.json.Decoder[OutsideFrame] = msgspec.json.Decoder(OutsideBook | OutsideTrade | OutsideTicker)


class OutsideVenue:
    """One public venue, to be closed after use. Raises MirrorError from everything that reads."""

    def __init__(self, origin: str) -> None:
        self.origin = checked_origin(origin)
        self._session: aiohttp.ClientSession | None = None
        self._names: dict[str, MarketName] = {}
        self._days: dict[str, _Day] = {}

    async def open(self) -> None:
        """Read the listing and today's figures of every KRW market."""
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True)
        names = await self._rows("/v1/market/all", list[_Name], [])
        days = await self._rows("/v1/ticker/all", list[_Day], [("quote_currencies", "KRW")])
        self._names = {n.market: MarketName(n.market, n.korean_name, n.english_name) for n in names}
        self._days = {day.market: day for day in days if day.market in self._names and _sound(day)}
        if not self._days:
            raise MirrorError(f"{self.origin}: lists no KRW market")

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    def markets(self) -> list[Market]:
        """The followed markets, largest turnover first."""
        ranked = sorted(self._days.values(), key=lambda day: day.acc_trade_price_24h, reverse=True)
        return [self.market(day.market) for day in ranked[:FOLLOWED]]

    def lists(self, code: str) -> bool:
        """True when the venue trades this market."""
        return code in self._days

    def market(self, code: str) -> Market:
        """A market with its present price and the candles of yesterday and today."""
        day = self._days[code]
        made = Market(self._names[code], KrwUnits(), day.trade_price)
        start = day.trade_timestamp // 86_400_000 * 86_400
        close, nothing = day.prev_closing_price, Decimal(0)
        before = Candle(start - 86_400, close, close, close, close, nothing, nothing, start * 1000 - 1)
        sums = (day.acc_trade_volume, day.acc_trade_price, day.trade_timestamp)
        today = Candle(start, day.opening_price, day.high_price, day.low_price, day.trade_price, *sums)
        made.candles.load("1d", [before, today])
        return made

    async def read(self, path: str, pairs: Pairs) -> Any:
        """The answer of a public call, with exact numbers."""
        assert self._session is not None, "open comes first"
        query = [(name, value) for name, value in pairs if value is not None]
        try:
            async with self._session.get(self.origin + path, params=query) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MirrorError(f"{self.origin}{path}: cannot be reached ({error or type(error).__name__})") from None
        if response.status != 200:
            raise MirrorError(f"{self.origin}{path}: answered {response.status}", response.status)
        try:
            return json.loads(body, parse_float=Decimal)
        except (ValueError, InvalidOperation, RecursionError):
            raise MirrorError(f"{self.origin}{path}: did not answer with JSON") from None

    async def _rows(self, path: str, form: type[_T], pairs: Pairs) -> _T:
        try:
            return msgspec.convert(await self.read(path, pairs), form)
        except msgspec.ValidationError as error:
            raise MirrorError(f"{self.origin}{path}: {error}") from None

    async def frames(self, codes: Sequence[str]) -> AsyncIterator[OutsideFrame]:
        """Books, prints and states as they come; ends, or raises, when the connection does."""
        assert self._session is not None, "open comes first"
        address = self.origin.replace("http", "ws", 1) + PUBLIC_PATH
        wanted = [{"type": kind, "codes": list(codes)} for kind in ("ticker", "trade", "orderbook")]
        limits = aiohttp.ClientWSTimeout(ws_receive=SILENCE_S)
        try:
            async with self._session.ws_connect(
                address, heartbeat=PING_S, timeout=limits, max_msg_size=MOST_BYTES
            ) as line:
                await line.send_json([{"ticket": "mirror"}, *wanted, {"format": "DEFAULT"}])
                async for message in line:
                    if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                        break
                    yield _FRAMES.decode(message.data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MirrorError(f"{address}: an unusable frame ({error})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MirrorError(f"{address}: {error or type(error).__name__}") from None


def checked_origin(origin: str) -> str:
    """Scheme and host of the venue, or of an exchange on this computer.

    Raises:
        MirrorError: any other address.
    """
    parts = urlsplit(origin)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    if origin != UPBIT and (not local or parts.path not in ("", "/")):
        raise MirrorError(f"{origin}: only {UPBIT}, or http:// on this computer, can be mirrored")
    return origin.rstrip("/")


def _sound(day: _Day) -> bool:
    prices = (day.opening_price, day.high_price, day.low_price, day.trade_price, day.prev_closing_price)
    sums = (day.acc_trade_price, day.acc_trade_volume, day.acc_trade_price_24h)
    return all(is_amount(price) and price > 0 for price in prices) and all(map(is_amount, sums))
