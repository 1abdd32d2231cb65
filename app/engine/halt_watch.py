"""Which markets are halted, by what they show; and the gap they come back with. Entries only are refused."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.market_data import Book, Trade
from app.domain.messages import AlertRaised, MarketsListed, Message
from app.domain.money import HUNDRED, MONEY_CONTEXT, ZERO, is_usable
from app.domain.order import OrderIntent
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market
from app.domain.venue_health import HealthSettings, MarketTrouble
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_manager import PositionManager

#: A trouble that lasts so long is a halt; a one-tick book sweeps away for a moment (market_calibration.md).
HALT_AFTER = timedelta(seconds=5)
#: Volume collapse: no trade for this long, and for so many times the usual gap between two.
NO_TRADES_AT_LEAST = timedelta(seconds=60)
USUAL_GAPS = 20
#: The usual gap is that of the last stretch before the silence, once it had so many trades.
STRETCH, BUCKET, ENOUGH_TRADES = timedelta(minutes=10), timedelta(seconds=10), 20
#: After a large gap signals from before the halt are void for so long: one bar of new prices.
VOID_FOR = timedelta(seconds=60)
T = MarketTrouble


@dataclass(slots=True)
class _Bucket:
    """Trades of BUCKET from ``begun`` on."""

    begun: datetime
    count: int = 0


@dataclass(slots=True)
class _Watched:
    """``since`` is when the trouble began, ``price`` what the market was worth then; ``halted`` once it lasted."""

    trades: deque[_Bucket] = field(default_factory=deque)
    counted: int = 0
    last_trade: datetime | None = None
    since: datetime | None = None
    price: Decimal = ZERO
    halted: MarketTrouble | None = None
    void_until: datetime | None = None


class HaltWatch:
    """Looks at every market. ``is_silent`` tells that the whole feed says nothing: then no market is to blame."""

    def __init__(
        self,
        settings: HealthSettings,
        board: MarketBoard,
        positions: PositionManager,
        is_silent: Callable[[datetime], bool],
    ) -> None:
        self._settings = settings
        self._board = board
        self._positions = positions
        self._is_silent = is_silent
        self._watched: dict[Market, _Watched] = {}
        self._missing: set[Market] = set()

    # ---- what it says -------------------------------------------------------------------------------------------

    def entry_refusal(self, intent: OrderIntent, now: datetime) -> Refusal | None:
        """Why no entry may go into the market now. A person's own order need not wait for a bar after a gap."""
        trouble = self.trouble(intent.market, now)
        if trouble is not None:
            return Refusal(RefusalReason.MARKET_HALTED, f"{intent.market}: {trouble}")
        watched = self._watched.get(intent.market)
        void = watched is not None and watched.void_until is not None and now < watched.void_until
        if void and not intent.instruction_id:
            return Refusal(RefusalReason.MARKET_HALTED, f"{intent.market}: {T.GAP}; it has just come back far away")
        return None

    def trouble(
        self, market: Market, now: datetime, book: Book | None = None, traded: bool = False
    ) -> MarketTrouble | None:
        """What is wrong with the market at ``now``, with ``book`` or a trade that is just coming in."""
        rules, info = self._board.constraints.get(market), self._board.infos.get(market)
        if market in self._missing:
            return T.DELISTED
        if rules is not None and not rules.active:
            return T.INACTIVE
        if info is not None and info.warning:
            return T.CAUTION
        book = book or self._board.books.get(market)
        if book is not None:
            bid, ask = book.best_bid, book.best_ask
            if bid is None or ask is None or not is_usable(bid) or not is_usable(ask):
                return T.ONE_SIDED
            if (ask - bid) * HUNDRED > self._settings.max_spread_percent * bid:
                return T.WIDE_SPREAD
        return T.NO_TRADES if not traded and self._has_collapsed(market, now) else None

    def halted(self) -> tuple[tuple[Market, MarketTrouble], ...]:
        """Markets that are halted now, or came back with a gap a moment ago."""
        return tuple((market, w.halted) for market, w in self._watched.items() if w.halted is not None)

    # ---- what happens -------------------------------------------------------------------------------------------

    def follow(self, message: Message, now: datetime, out: Outbox) -> Market | None:
        """Look at a message before it is handled; the market whose old signals are void when it returns from a halt."""
        if isinstance(message, MarketsListed):
            listed = {info.market for info in message.infos}
            known = {market for market in self._board.infos if market.venue == message.venue}
            self._missing = known - listed if listed else self._missing
            return None
        if not isinstance(message, Trade | Book) or (isinstance(message, Trade) and not is_usable(message.price)):
            return None
        watched = self._watched.setdefault(message.market, _Watched())
        void = self._returned(watched, message, now, out) if watched.since is not None else None
        if isinstance(message, Trade):
            self._count_trade(watched, now)
        return void

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Troubles that begin, and those that lasted long enough to be halts; a person is told of held markets."""
        for market, watched in self._watched.items():
            trouble = self.trouble(market, now)
            if watched.halted is T.GAP and (watched.void_until is None or now >= watched.void_until):
                watched.halted = watched.void_until = None
            if trouble is None:
                continue  # its end is judged with the first price after it
            if watched.since is None:
                watched.since, watched.price = now, self._positions.price_of(market)
            if watched.halted in (None, T.GAP) and now - watched.since >= HALT_AFTER:
                watched.halted = trouble
                if self._positions.live_in(market):
                    words = f"{market}: {trouble}; entries are refused, exits are tried on"
                    out.tell(AlertRaised("market_halted", words, critical=True))

    # ---- inside -------------------------------------------------------------------------------------------------

    def _returned(self, watched: _Watched, message: Trade | Book, now: datetime, out: Outbox) -> Market | None:
        market = message.market
        book = message if isinstance(message, Book) else None
        if self.trouble(market, now, book, traded=isinstance(message, Trade)) is not None:
            return None
        price = message.price if isinstance(message, Trade) else message.best_bid
        before, was_halted = watched.price, watched.halted is not None
        watched.since = watched.halted = None
        if not was_halted or price is None or not is_usable(price) or not is_usable(before):
            return None
        gap = MONEY_CONTEXT.divide(abs(price - before) * HUNDRED, before)
        held = bool(self._positions.live_in(market))
        if gap <= self._settings.resume_gap_percent:
            if held:
                out.tell(AlertRaised("market_resumed", f"{market}: {gap:.2f} % away from where it stopped"))
            return None
        watched.halted, watched.void_until = T.GAP, now + VOID_FOR
        words = f"{market}: {before} before, {price} now ({gap:.1f} %); signals from before are void"
        out.tell(AlertRaised("resume_gap", words, critical=held))
        return market

    def _count_trade(self, watched: _Watched, now: datetime) -> None:
        watched.last_trade = now
        buckets = watched.trades
        if not buckets or now - buckets[-1].begun >= BUCKET:
            buckets.append(_Bucket(now))
        buckets[-1].count += 1
        watched.counted += 1
        while now - buckets[0].begun > STRETCH:
            watched.counted -= buckets.popleft().count

    def _has_collapsed(self, market: Market, now: datetime) -> bool:
        watched = self._watched.get(market)
        if watched is None or watched.last_trade is None or watched.counted < ENOUGH_TRADES or self._is_silent(now):
            return False
        stretch = max(watched.last_trade - watched.trades[0].begun, NO_TRADES_AT_LEAST)
        usual = stretch / watched.counted
        return now - watched.last_trade > max(NO_TRADES_AT_LEAST, usual * USUAL_GAPS)
