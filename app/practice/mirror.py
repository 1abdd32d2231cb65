"""Shows the real venue's books and prints, so that the exchange matches the user's orders against real prices.

The orders stay here: nothing of them reaches the venue, and nobody else sees them. While the line is down the books are
empty and nothing fills; what was resting waits.
"""

from __future__ import annotations

import asyncio
import logging
from decimal import Decimal
from functools import partial
from typing import Any

from .exchange import Exchange
from .money import is_amount
from .order import Side
from .outside_venue import MirrorError, OutsideBook, OutsideFrame, OutsideTrade, OutsideVenue, Unit
from .recordings import Levels
from .rest_call import Api, Call, Route
from .shown_books import ShownBooks
from .venue_errors import bad_request, quotation_error
from .wire import Json

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
#: Answered by the venue itself: it alone knows what was before.
PASSED_ON = (
    ("/v1/ticker", "ticker"),
    ("/v1/candles/seconds", "candles"),
    ("/v1/candles/minutes/{value}", "candles"),
    ("/v1/candles/days", "candles"),
    ("/v1/candles/weeks", "candles"),
    ("/v1/candles/months", "candles"),
    ("/v1/candles/years", "candles"),
)
_log = logging.getLogger("practice")


class MirrorDriver:
    """Plays what the venue outside shows right now."""

    def __init__(self, exchange: Exchange, outside: OutsideVenue) -> None:
        self._exchange = exchange
        self._outside = outside
        self._books = ShownBooks(exchange)
        self._task: asyncio.Task[None] | None = None
        self._frames = 0
        self._connected = False
        self.gaps = 0
        for balance in exchange.accounts.all():  # what is held must stay sellable
            code = f"KRW-{balance.currency}"
            if code not in exchange.markets and outside.lists(code):
                exchange.markets[code] = outside.market(code)

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.get_running_loop().create_task(self._follow(), name="practice-mirror")

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._outside.close()

    def shock(self, code: str, move_percent: float, over_ms: int) -> None:
        raise bad_request("bad_request", f"{code} shows real prices and cannot be moved; use halt or a simulated run")

    def progress(self) -> Json:
        return {
            "kind": "mirror",
            "of": self._outside.origin,
            "connected": self._connected,
            "frames": self._frames,
            "gaps": self.gaps,
        }

    def routes(self) -> list[Route]:
        """Calls that are passed on to the venue outside."""
        return [Route("GET", path, Api.QUOTATION, group, partial(self._pass_on, path)) for path, group in PASSED_ON]

    async def _pass_on(self, path: str, call: Call) -> Any:
        try:
            return await self._outside.read(path.replace("{value}", call.path_value), call.pairs)
        except MirrorError as error:
            raise quotation_error(error.status, str(error)) from None

    async def _follow(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            before = self._frames
            try:
                async for frame in self._outside.frames(list(self._exchange.markets)):
                    self._take(frame)
            except MirrorError as error:
                _log.warning("%s; trying again in %.0f s", error, pause)
            if self._frames > before:
                pause = FIRST_PAUSE_S
                self.gaps += 1
            self._connected = False
            self._books.withdraw_all()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _take(self, frame: OutsideFrame) -> None:
        market = self._exchange.markets.get(frame.code)
        if market is None:
            return
        self._exchange.clock.catch_up()
        self._connected = True
        self._frames += 1
        if isinstance(frame, OutsideBook):
            bids = _levels(frame.orderbook_units, Side.BID)
            asks = _levels(frame.orderbook_units, Side.ASK)
            if not (bids and asks and bids[0][0] >= asks[0][0]):  # a crossed book is no book
                self._books.show(market, bids, asks, self._frames, str(frame.timestamp))
        elif isinstance(frame, OutsideTrade):
            if _positive(frame.trade_price) and _positive(frame.trade_volume):
                side = Side.BID if frame.ask_bid == "BID" else Side.ASK
                self._books.print(market, frame.trade_price, frame.trade_volume, side)
        else:
            market.suspended = frame.market_state != "ACTIVE"


def _levels(units: list[Unit], side: Side) -> Levels:
    """Usable levels, best first."""
    rows = ((u.bid_price, u.bid_size) if side is Side.BID else (u.ask_price, u.ask_size) for u in units)
    sound = [(price, size) for price, size in rows if _positive(price) and _positive(size)]
    return tuple(sorted(sound, key=lambda level: level[0], reverse=side is Side.BID))


def _positive(amount: Decimal) -> bool:
    return is_amount(amount) and amount > 0
