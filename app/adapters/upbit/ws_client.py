"""Upbit's streams as the engine sees them: app.domain.ports.MarketStream. Source: upbit.md section 8."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

import msgspec

from app.adapters.net.backoff import Backoff
from app.adapters.net.rate_limiter import PriorityRateLimiter
from app.adapters.net.stream_connection import StreamConnection, StreamTiming, UnreliableStreamError
from app.adapters.upbit import translate
from app.adapters.upbit.auth import Credentials, bearer
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.errors import parse_error
from app.adapters.upbit.wire import (
    BookFrame,
    OrderFrame,
    TradeFrame,
    UnusableMessageError,
    decode_private,
    decode_public,
    is_control,
)
from app.domain.messages import BalancesReported, Message, OrderReported, StreamStateChanged
from app.domain.ports import Clock
from app.domain.values import Market, Priority

log = logging.getLogger(__name__)

Post = Callable[[Message], None]

BOOK_DEPTH = 15
PUBLIC_TIMING = StreamTiming(silence_s=10.0)
#: Our own orders may be quiet for hours: pings watch the line (Upbit itself closes after 120 s without any).
PRIVATE_TIMING = StreamTiming(silence_s=None)
GARBAGE_LOG_S = 60.0


class PublicStream:
    """Trades, books and tickers of the wanted markets. Garbage is counted and does not end the stream."""

    name = "upbit public"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._markets: tuple[str, ...] = ()
        self._post: Post = _nowhere
        self._garbage_logged_at: float | None = None
        self.garbage_frames = 0

    def want(self, markets: Sequence[Market]) -> None:
        """Replace the wanted markets."""
        self._markets = tuple(dict.fromkeys(market.symbol for market in markets))

    def feed(self, post: Post) -> None:
        """Where messages go from now on."""
        self._post = post

    def is_wanted(self) -> bool:
        """True when there is at least one market."""
        return bool(self._markets)

    def headers(self) -> Mapping[str, str]:
        """Public streams need no key."""
        return {}

    def subscription(self) -> str:
        """The whole union: a new request replaces the earlier one (8, point 6 of section 0)."""
        books = [f"{symbol}.{BOOK_DEPTH}" for symbol in self._markets]
        return _request(
            {"type": "ticker", "codes": self._markets},
            {"type": "trade", "codes": self._markets},
            {"type": "orderbook", "codes": books},
        )

    def on_frame(self, frame: bytes | str) -> bool:
        """Translate and post one frame."""
        now = self._clock.now()
        try:
            data = decode_public(frame)
            if isinstance(data, BookFrame):
                self._post(translate.to_event_book(data, now))
            elif isinstance(data, TradeFrame):
                self._post(translate.to_trade(data, now))
            else:
                self._post(translate.to_ticker(data, now))
        except UnusableMessageError as error:
            self._not_data(frame, error)
            return False
        return True

    def on_state(self, up: bool, detail: str) -> None:
        """Tell the engine."""
        self._post(StreamStateChanged(translate.VENUE, "public", up, detail))

    def _not_data(self, frame: bytes | str, error: UnusableMessageError) -> None:
        if is_control(frame):
            return
        named = parse_error(frame)
        if named is not None:
            raise UnreliableStreamError(f"{named.name}: {named.message or ''}")
        self.garbage_frames += 1
        now = asyncio.get_running_loop().time()
        if self._garbage_logged_at is None or now - self._garbage_logged_at >= GARBAGE_LOG_S:
            self._garbage_logged_at = now
            log.warning("public stream: %d unusable frames so far; the last: %s", self.garbage_frames, error)


class PrivateStream:
    """Our orders and balances. One frame that cannot be read makes the whole stream unreliable: it is started again."""

    name = "upbit private"

    def __init__(self, clock: Clock, credentials: Credentials) -> None:
        self._clock = clock
        self._credentials = credentials
        self._post: Post = _nowhere

    def feed(self, post: Post) -> None:
        """Where messages go from now on."""
        self._post = post

    def is_wanted(self) -> bool:
        """Always: our orders concern us whatever is watched."""
        return True

    def headers(self) -> Mapping[str, str]:
        """A fresh token for each handshake."""
        return {"Authorization": bearer(self._credentials)}

    def subscription(self) -> str:
        """All markets; myAsset must not carry codes."""
        return _request({"type": "myOrder"}, {"type": "myAsset"})

    def on_frame(self, frame: bytes | str) -> bool:
        """Translate and post one frame.

        Raises:
            UnreliableStreamError: it cannot be read, or Upbit reports an error.
        """
        now = self._clock.now()
        try:
            data = decode_private(frame)
            if isinstance(data, OrderFrame):
                self._post(OrderReported(translate.to_order_event(data, now)))
            else:
                self._post(BalancesReported(translate.VENUE, translate.to_event_balances(data), now))
        except UnusableMessageError as error:
            if is_control(frame):
                return False
            named = parse_error(frame)
            words = f"{named.name}: {named.message or ''}" if named else f"unreadable frame: {error}"
            raise UnreliableStreamError(words) from error
        return True

    def on_state(self, up: bool, detail: str) -> None:
        """Tell the engine, which reads the account again when the stream came up."""
        self._post(StreamStateChanged(translate.VENUE, "private", up, detail))


class UpbitWebSocketClient:
    """MarketStream of Upbit: one public and, with credentials, one private connection, both kept up until cancelled."""

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials | None,
        clock: Clock,
        limiter: PriorityRateLimiter,
        *,
        public_timing: StreamTiming = PUBLIC_TIMING,
        private_timing: StreamTiming = PRIVATE_TIMING,
        new_backoff: Callable[[], Backoff] = Backoff,
        beat: Callable[[str, float | None], None] = lambda name, due_s: None,
    ) -> None:
        self._limiter = limiter
        self._public = PublicStream(clock)
        self._private = PrivateStream(clock, credentials) if credentials is not None else None
        self._connections = [
            StreamConnection(
                endpoints.ws,
                self._public,
                timing=public_timing,
                backoff=new_backoff(),
                before_connect=self._may_connect,
                before_send=self._may_send,
                beat=beat,
            )
        ]
        if self._private is not None:
            self._connections.append(
                StreamConnection(
                    endpoints.ws_private,
                    self._private,
                    timing=private_timing,
                    backoff=new_backoff(),
                    before_connect=self._may_connect,
                    before_send=self._may_send,
                    beat=beat,
                )
            )

    @property
    def garbage_frames(self) -> int:
        """Public frames that could not be read since the start."""
        return self._public.garbage_frames

    async def run(self, post: Post) -> None:
        """Run until cancelled; ``post`` is called from the event loop only."""
        self._public.feed(post)
        if self._private is not None:
            self._private.feed(post)
        async with asyncio.TaskGroup() as group:
            for connection in self._connections:
                group.create_task(connection.run(), name=f"{connection.name} connection")

    def subscribe(self, markets: Sequence[Market]) -> None:
        """Replace the set of markets; several changes in a row become one message."""
        self._public.want(markets)
        self._connections[0].resubscribe()

    async def _may_connect(self) -> None:
        await self._limiter.acquire("websocket-connect", Priority.CANCEL)

    async def _may_send(self) -> None:
        await self._limiter.acquire("websocket-message", Priority.CANCEL)


def _request(*types: Mapping[str, object]) -> str:
    ticket = {"ticket": "gwanje"}
    return msgspec.json.encode([ticket, *types, {"format": "DEFAULT"}]).decode()


def _nowhere(_: Message) -> None:
    """Before ``run`` there is nobody to tell."""
