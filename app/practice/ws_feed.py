"""Publishes what happens to every WebSocket connection: books on a 100 ms grid, prints at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from . import market_wire, wire
from .answer_faults import spoil_frame
from .clock import US_PER_MS, US_PER_S
from .exchange import Exchange
from .market import Market
from .order import Fill, Order
from .tape import Trade
from .wire import Json
from .ws_format import render
from .ws_requests import CANDLE_TYPES, DEPTHS, Format, Subscription
from .ws_session import PRIVATE_PATH, PUBLIC_PATH, WsSession

BOOK_GRID_US = 100 * US_PER_MS
_ASSET_DELAY_US = US_PER_MS
_KEPT_ORDER_FRAMES = 200


class WsFeed:
    """Listens to the venue and keeps the open sessions."""

    def __init__(self, exchange: Exchange, asset_uuid: str) -> None:
        self.sessions: list[WsSession] = []
        self._exchange = exchange
        self._clock = exchange.clock
        self._asset_uuid = asset_uuid
        self._past: deque[Json] = deque(maxlen=_KEPT_ORDER_FRAMES)
        self._changed_assets: dict[str, None] = {}
        self._changed_books: set[str] = set()
        self._changed_candles: set[str] = set()
        exchange.hub.listeners.append(self)

    def start(self) -> None:
        """Begin the publishing grids; each market has its own phase."""
        step = BOOK_GRID_US // max(1, len(self._exchange.markets))
        for index, market in enumerate(self._exchange.markets.values()):
            self._clock.call_later(index * step, self._book_ticker(market))
        self._clock.call_later(US_PER_S, self._each_second)

    def subscribed(self, session: WsSession) -> None:
        """Send the snapshots of a new subscription; a fault sends old order events again first."""
        if any(item.kind == "myOrder" for item in session.subscriptions):
            self._replay(session)
        for item in session.subscriptions:
            if item.snapshot:
                for code, depth in item.codes.items():
                    market = self._exchange.markets.get(code)
                    message = self._snapshot(market, item, depth) if market is not None else None
                    if message is not None:
                        session.send_message(message, "SNAPSHOT")

    def _replay(self, session: WsSession) -> None:
        count = self._exchange.faults.draw("private_replay", session.path)
        for message in list(self._past)[-int(count) :] if count else ():
            if session.wanted("myOrder", message["code"]) is not None:
                session.send_message(message, "REALTIME")

    def on_trade(self, market: Market, trade: Trade) -> None:
        self._changed_candles.add(market.code)
        now = self._clock.now_ms()
        self._publish("trade", market.code, lambda _: market_wire.trade_event(market, trade, now))
        self._publish("ticker", market.code, lambda _: market_wire.ticker_event(market, now))

    def on_book(self, market: Market) -> None:
        self._changed_books.add(market.code)

    def on_order(self, order: Order, state: str, fill: Fill | None) -> None:
        message = wire.my_order(order, state, fill, self._clock.now_ms())
        self._past.append(message)
        self._publish("myOrder", order.market, lambda _: message)

    def on_assets(self, currencies: Sequence[str]) -> None:
        if not self._changed_assets:
            self._clock.call_later(_ASSET_DELAY_US, self._send_assets)
        self._changed_assets.update(dict.fromkeys(currencies))

    def _send_assets(self) -> None:
        balances = [self._exchange.accounts.balance(currency) for currency in self._changed_assets]
        self._changed_assets.clear()
        message = wire.my_asset(self._asset_uuid, balances, self._clock.now_ms())
        self._publish("myAsset", "", lambda _: message)

    def _book_ticker(self, market: Market) -> Callable[[], None]:
        def tick() -> None:
            self._clock.call_later(BOOK_GRID_US, tick)
            if market.code in self._changed_books:
                self._changed_books.discard(market.code)
                self._publish("orderbook", market.code, lambda item: self._book(market, item, None))

        return tick

    def _each_second(self) -> None:
        self._clock.call_later(US_PER_S, self._each_second)
        changed, self._changed_candles = self._changed_candles, set()
        for code in sorted(changed):
            for kind in sorted(CANDLE_TYPES):
                self._publish(kind, code, partial(self._candle, code))
        for session in list(self.sessions):
            session.every_second()

    def _publish(self, kind: str, code: str, build: Callable[[Subscription], Json | None]) -> None:
        """Build and encode once for all sessions that want the same thing."""
        frames: dict[tuple[int, Decimal, Format], bytes | None] = {}
        path = PRIVATE_PATH if kind in ("myOrder", "myAsset") else PUBLIC_PATH
        for session in list(self.sessions):
            item = session.wanted(kind, code)
            if item is None or not item.realtime:
                continue
            key = (item.codes.get(code, DEPTHS[-1]), item.level, session.format)
            if key not in frames:
                message = build(item)
                if message is not None:
                    message = spoil_frame(message, self._exchange.faults, path)
                frames[key] = render(message, session.format, "REALTIME") if message is not None else None
            frame = frames[key]
            if frame is not None:
                session.send(kind, frame)

    def _snapshot(self, market: Market, item: Subscription, depth: int) -> Json | None:
        now = self._clock.now_ms()
        if item.kind == "ticker":
            return market_wire.ticker_event(market, now)
        if item.kind == "orderbook":
            return self._book(market, item, depth)
        if item.kind == "trade" and market.tape.trades:
            return market_wire.trade_event(market, market.tape.trades[-1], now)
        if item.kind in CANDLE_TYPES:
            return self._candle(market.code, item)
        return None

    def _book(self, market: Market, item: Subscription, depth: int | None) -> Json | None:
        if item.level not in market_wire.supported_levels(market):
            return None
        chosen = item.codes[market.code] if depth is None else depth
        return market_wire.orderbook_event(market, self._clock.now_ms(), chosen, item.level)

    def _candle(self, code: str, item: Subscription) -> Json | None:
        unit = item.kind.removeprefix("candle.")
        market = self._exchange.markets[code]
        latest = market.candles.latest(unit)
        return market_wire.candle_event(market, unit, latest, self._clock.now_ms()) if latest else None
