"""From a price to a decision: state first, then exits, ladder rungs, bars and the strategies that wait for them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.commands import WatchMarket
from app.domain.effects import LoadCandles
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import CandlesLoaded, CandleUpdated, MarketsListed
from app.domain.money import ZERO, is_usable
from app.domain.position import Position
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market
from app.engine.instruction_desk import InstructionDesk
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.position_manager import PositionManager
from app.engine.risk_gate import GateView
from app.engine.slice_desk import BASIS_SECONDS, needs_bars
from app.engine.strategy_evaluator import StrategyEvaluator

HISTORY_BARS = 200
PAST_TRADE = timedelta(seconds=30)
FRESH_BOOK = timedelta(seconds=5)
#: A trade at less than a half of the best bid, or more than twice the best ask, is doubted until a book agrees.
DOUBTED = Decimal(2)


class MarketDesk:
    """Takes in market data and lets positions and strategies look at it. ``view`` is what the gate will look at."""

    def __init__(
        self, board: MarketBoard, positions: PositionManager, desk: PositionDesk, view: Callable[[], GateView]
    ) -> None:
        self._board = board
        self._positions = positions
        self._desk = desk
        self._view = view
        self._evaluator = StrategyEvaluator(board, positions)
        self.instructions = InstructionDesk(board, desk, view, self._evaluator.holds)
        self._doubted: dict[Market, Trade] = {}

    def on_trade(self, trade: Trade, now: datetime, out: Outbox) -> None:
        """A public trade; a price of zero or NaN is no price and decides nothing."""
        if not is_usable(trade.price):
            return
        if self._is_doubtful(trade, now):
            self._doubted[trade.market] = trade
            return
        self._doubted.pop(trade.market, None)
        out.tell(trade)
        if self._is_past(trade, now):
            return
        if self._board.take_trade(trade):
            self.instructions.slices.reports.on_trade(trade, now)
        self._on_price(trade.market, trade.price, trade.volume, now, True, out)

    def _is_past(self, trade: Trade, now: datetime) -> bool:
        """True for the last trade of a quiet coin, as a new subscription brings it: while a fresh book tells more,
        it must not fire a stop. Without such a book it is better than nothing, whatever the venue's clock says."""
        book = self._board.books.get(trade.market)
        return (
            now - trade.traded_at > PAST_TRADE
            and book is not None
            and is_usable(book.best_bid)
            and now - book.received_at < FRESH_BOOK
        )

    def _is_doubtful(self, trade: Trade, now: datetime) -> bool:
        """True for a print far from what is bid and offered: a wrong one must not sell, buy, or value anything."""
        book = self._board.books.get(trade.market)
        if book is None or now - book.received_at >= FRESH_BOOK:
            return False
        bid, ask = book.best_bid, book.best_ask
        below = bid is not None and is_usable(bid) and trade.price * DOUBTED < bid
        return below or (ask is not None and is_usable(ask) and trade.price > ask * DOUBTED)

    def on_book(self, book: Book, now: datetime, out: Outbox) -> None:
        """A book; its best bid is the price while nobody trades. Entries that wait for depth look at every one."""
        known = self._board.books.get(book.market)
        if book.polled and known is not None and not known.polled and book.received_at - known.received_at < FRESH_BOOK:
            return  # the stream came back while it was on its way
        self._board.books[book.market] = book
        self._board.slippage.see(book)
        out.tell(book)
        doubted = self._doubted.get(book.market)
        whole = is_usable(book.best_bid) and is_usable(book.best_ask)  # a halted, one-sided book confirms nothing
        if doubted is not None and whole and not self._is_doubtful(doubted, now):
            self.on_trade(doubted, now, out)  # the market did move that far
        price = self._board.price_from_book(book)
        self.instructions.on_book(book.market, now, out)
        if price is not None:
            self._on_price(book.market, price, ZERO, now, False, out)
            return
        for position in self._positions.live_in(book.market):
            intent = self._desk.patience.due(position, self._board, now)
            if intent is not None:
                self._desk.enter(intent, self._view(), now, out)

    def on_ticker(self, ticker: Ticker, now: datetime, out: Outbox) -> None:
        """Daily figures, and whether the market is open."""
        self._board.take_ticker(ticker)
        out.tell(ticker)

    def on_listed(self, message: MarketsListed, now: datetime, out: Outbox) -> None:
        """Markets and their rules."""
        self._board.list_markets(message)
        out.tell(message)

    def on_candles(self, message: CandlesLoaded, now: datetime, out: Outbox) -> None:
        """History arrived; positions that waited for it are evaluated."""
        self._board.series(message.market, message.seconds).load(message.candles, now)
        out.tell(message)
        self._bar_closed(message.market, message.seconds, now, out)

    def on_watch(self, command: WatchMarket, now: datetime, out: Outbox) -> None:
        """The screen wants bars."""
        if not self.need_bars(command.market, command.seconds, out):
            series = self._board.series(command.market, command.seconds)
            out.tell(CandlesLoaded(command.market, command.seconds, tuple(series.closed)))

    def need_slice_bars(self, out: Outbox) -> None:
        """After a restart: ask for the bars that plans which have not begun yet will need."""
        for instruction in self.instructions.live.values():
            plan = instruction.plan
            if plan is not None and instruction.progress is None and needs_bars(plan):
                self.need_bars(instruction.market, BASIS_SECONDS, out)

    def need_bars(self, market: Market, seconds: int, out: Outbox) -> bool:
        """Ask for the history unless it is there; True while it is missing."""
        series = self._board.series(market, seconds)
        if not series.loaded:
            out.ask(LoadCandles(market, seconds, HISTORY_BARS))
        return not series.loaded

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Time exits, and bars whose interval ended without a further trade."""
        for position, reason in self._positions.on_time(now):
            self._exit(position, reason, now, out)
        for series in self._board.all_series():
            closed = series.roll(now)
            if closed is not None:
                out.tell(CandleUpdated(closed, closed=True))
                self._bar_closed(series.market, series.seconds, now, out)

    def evaluate(self, position: Position, now: datetime, out: Outbox) -> None:
        """Let the strategy of one position look at the last closed bar."""
        if self._evaluator.exit_on_bar(position):
            self._exit(position, ExitReason.STRATEGY, now, out)
            return
        intent = self._evaluator.entry_on_bar(position)
        if intent is not None:
            self._desk.enter(intent, self._view(), now, out)

    def enter_again(self, position: Position, reason: str, now: datetime, out: Outbox) -> Refusal | None:
        """A person wants the entry called ``reason`` tried again; why not, or None."""
        intent = self._evaluator.entry_again(position, reason)
        if intent is None:
            return Refusal(
                RefusalReason.NOT_POSSIBLE_NOW, f"'{reason}' is not the next entry of this position any more"
            )
        return self._desk.enter(intent, self._view(), now, out)

    def _on_price(
        self, market: Market, price: Decimal, volume: Decimal, now: datetime, from_trade: bool, out: Outbox
    ) -> None:
        for position, reason in self._positions.on_price(market, price, now, from_trade):
            self._desk.begin_exit(position, reason, price, self._view(), now, out)
        self.instructions.on_price(market, price, now, out)
        for position in self._positions.live_in(market):
            intent = self._desk.patience.due(position, self._board, now)
            intent = intent or self._evaluator.rung_on_price(position, price)
            if intent is not None:
                self._desk.enter(intent, self._view(), now, out)
        for series in self._board.series_of(market):
            closed = series.add(price, volume, now)
            if closed is not None:
                out.tell(CandleUpdated(closed, closed=True))
                self._bar_closed(market, series.seconds, now, out)

    def _bar_closed(self, market: Market, seconds: int, now: datetime, out: Outbox) -> None:
        for position in self._positions.live_in(market):
            if position.blueprint.seconds == seconds:
                self.evaluate(position, now, out)
        self.instructions.on_bar(market, seconds, now, out)

    def _exit(self, position: Position, reason: ExitReason, now: datetime, out: Outbox) -> None:
        self._desk.begin_exit(position, reason, self._positions.price_of(position.market), self._view(), now, out)
