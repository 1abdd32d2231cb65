"""The quotation calls of Upbit, typed: markets, prices, books, candles. No key needed. Source: upbit.md section 7."""

from collections.abc import Sequence

from app.adapters.upbit import calls
from app.adapters.upbit.calls import Call
from app.adapters.upbit.rest_transport import RestTransport
from app.adapters.upbit.wire import (
    WireBook,
    WireCandle,
    WireInstrument,
    WireMarket,
    WirePublicTrade,
    WireTicker,
)
from app.domain.errors import InvalidInputError
from app.domain.values import Priority

MAX_CANDLES = 200
MAX_TRADES = 500
MAX_BOOK_LEVELS = 30
DAY = 86_400


class QuotationApi:
    """One method per call, all at the priority of reads that can wait. Errors are those of RestTransport.read."""

    def __init__(self, transport: RestTransport) -> None:
        self._transport = transport

    async def markets(self) -> tuple[WireMarket, ...]:
        """Every listed market with its warnings."""
        pairs = [("is_details", "true")]
        return await self._transport.read(calls.MARKETS, tuple[WireMarket, ...], pairs, Priority.ENTRY)

    async def instruments(self, markets: Sequence[str]) -> tuple[WireInstrument, ...]:
        """Price steps that hold now, for all ``markets`` in one call."""
        return await self._transport.read(
            calls.INSTRUMENTS, tuple[WireInstrument, ...], [("markets", ",".join(markets))], Priority.ENTRY
        )

    async def tickers(self, markets: Sequence[str]) -> tuple[WireTicker, ...]:
        """Daily figures, for all ``markets`` in one call."""
        return await self._transport.read(
            calls.TICKER, tuple[WireTicker, ...], [("markets", ",".join(markets))], Priority.ENTRY
        )

    async def books(self, markets: Sequence[str], levels: int = MAX_BOOK_LEVELS) -> tuple[WireBook, ...]:
        """Order books of ``markets`` with up to 30 levels."""
        pairs = [("markets", ",".join(markets)), ("count", str(levels))]
        return await self._transport.read(calls.ORDERBOOK, tuple[WireBook, ...], pairs, Priority.ENTRY)

    async def trades(
        self, market: str, count: int = MAX_TRADES, cursor: int | None = None
    ) -> tuple[WirePublicTrade, ...]:
        """Last public trades, newest first, at most 500; ``cursor`` is the sequential id to go on from."""
        pairs = [("market", market), ("count", str(min(count, MAX_TRADES)))]
        if cursor is not None:
            pairs.append(("cursor", str(cursor)))
        return await self._transport.read(calls.TRADES, tuple[WirePublicTrade, ...], pairs, Priority.ENTRY)

    async def candles(self, market: str, seconds: int, count: int) -> tuple[WireCandle, ...]:
        """Last ``count`` candles, newest first; asked in portions of 200. ``seconds`` as in ``candle_call``."""
        call = candle_call(seconds)
        found: dict[str, WireCandle] = {}
        end: str | None = None
        while len(found) < count:
            wanted = min(MAX_CANDLES, count - len(found))
            pairs = [("market", market), ("count", str(wanted))]
            if end is not None:
                pairs.append(("to", end))
            batch = await self._transport.read(call, tuple[WireCandle, ...], pairs, Priority.ENTRY)
            known = len(found)
            found.update((candle.candle_date_time_utc, candle) for candle in batch)
            if len(batch) < wanted or len(found) == known:
                break  # the beginning of the history
            end = batch[-1].candle_date_time_utc + "Z"
        return tuple(sorted(found.values(), key=lambda candle: candle.candle_date_time_utc, reverse=True))


def candle_call(seconds: int) -> Call:
    """The call for bars of ``seconds``: 1 s; 1, 3, 5, 10, 15, 30, 60, 240 min; 1 d; 7 d; 30 d (month); 365 d (year).

    Raises:
        InvalidInputError: Upbit has no candles of that length.
    """
    other = {
        1: calls.CANDLE_SECONDS,
        DAY: calls.CANDLE_DAYS,
        7 * DAY: calls.CANDLE_WEEKS,
        30 * DAY: calls.CANDLE_MONTHS,
        365 * DAY: calls.CANDLE_YEARS,
    }
    call = other.get(seconds) or (calls.CANDLE_MINUTES.get(seconds // 60) if seconds % 60 == 0 else None)
    if call is None:
        raise InvalidInputError(
            f"Upbit has no candles of {seconds} s; take 60, 180, 300, 600, 900, 1800, 3600 or 14400"
        )
    return call
