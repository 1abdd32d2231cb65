"""A plan of slices carried out on a recorded market: every slice walks the book that was there when it left."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from functools import cache, partial
from pathlib import Path

from app.adapters.replay.binance_captures import (
    BestQuote,
    BinanceMessage,
    BookChange,
    BookSnapshot,
    DiffBook,
    read_binance_capture,
)
from app.adapters.replay.recorded_files import read_book_csv
from app.domain.constraints import ExchangeConstraints
from app.domain.market_data import Book, BookLevel, Trade
from app.domain.order import Fill
from app.domain.slicing import (
    CancelSlice,
    MarketFacts,
    SendSlice,
    SlicePlan,
    SliceProgress,
    SlicesDone,
)
from app.domain.values import Market, Side
from app.engine.execution_report import MarketPrint
from app.engine.order_slicer import next_slice, start_slicing
from app.engine.slice_schedule import SliceBasis

FEE = Decimal("0.0005")
CENT = Decimal("0.01")
Levels = tuple[BookLevel, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The market as it was: best prices, what was traded since the moment before, and how to see the book."""

    now: datetime
    bid: Decimal
    ask: Decimal
    prints: tuple[MarketPrint, ...]
    levels: Callable[[Side], Levels]


@cache
def _capture(path: Path) -> tuple[BinanceMessage, ...]:
    return tuple(read_binance_capture(path))


@cache
def _books(path: Path, market: Market) -> tuple[Book, ...]:
    return tuple(read_book_csv(path, market))


def binance_moments(path: Path) -> Iterator[Moment]:
    """One moment per change of the book, on the recorder's clock; trades are the venue's own."""
    book, best, prints = DiffBook(), None, []
    for message in _capture(path):
        if isinstance(message, BookSnapshot):
            book.start(message)
        elif isinstance(message, BestQuote):
            best = message
        elif isinstance(message, Trade):
            prints.append(MarketPrint(message.received_at, message.price, message.volume))
        elif isinstance(message, BookChange):
            book.change(message)
            if best is not None and book.last_id is not None:
                yield Moment(
                    message.received_at, best.bid.price, best.ask.price, tuple(prints), partial(taken_by, book)
                )
                prints = []


def snapshot_moments(path: Path, market: Market) -> Iterator[Moment]:
    """One moment per snapshot. No trades were recorded: what left the best level at an unmoved price was traded."""
    before = None
    for book in _books(path, market):
        prints = []
        if before is not None:
            for old, new in ((before.bids[0], book.bids[0]), (before.asks[0], book.asks[0])):
                if old.price == new.price and old.size > new.size:
                    prints.append(MarketPrint(book.venue_time, old.price, old.size - new.size))
        before = book
        bid, ask = book.bids[0].price, book.asks[0].price
        yield Moment(book.venue_time, bid, ask, tuple(prints), partial(taken_by, book))


def taken_by(book: DiffBook | Book, side: Side) -> Levels:
    """The levels an order of ``side`` takes, best first."""
    if isinstance(book, Book):
        return book.asks if side is Side.BUY else book.bids
    return book.asks() if side is Side.BUY else book.bids()


@dataclass
class SlicedRun:
    """What happened: every slice, every fill, everything the market printed from the start to the end."""

    plan: SlicePlan
    rules: ExchangeConstraints
    sent: list[SendSlice] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    prints: list[MarketPrint] = field(default_factory=list)
    arrival: Decimal = Decimal(0)
    start: datetime = datetime.min
    end: datetime = datetime.min
    done: SlicesDone | None = None

    def go(self, moments: Iterable[Moment], basis: SliceBasis, seed: int) -> "SlicedRun":
        """Carry the plan out; the recording must last longer than it."""
        progress: SliceProgress | None = None
        traded = Decimal(0)
        for moment in moments:
            traded += sum((entry.volume for entry in moment.prints), Decimal(0))
            facts = MarketFacts(moment.bid, moment.ask, traded)
            if progress is None:
                began = start_slicing(self.plan, self.rules, facts, basis, seed, moment.now)
                assert isinstance(began, SliceProgress), began
                progress, self.start = began, moment.now
                self.arrival = (moment.bid + moment.ask) / 2
            else:
                self.prints += moment.prints
                progress = self.rest(progress, moment)
            decision = next_slice(self.plan, progress, self.rules, facts, moment.now)
            if isinstance(decision, CancelSlice):
                progress = progress.ended()
                decision = next_slice(self.plan, progress, self.rules, facts, moment.now)
            if isinstance(decision, SendSlice):
                self.sent.append(decision)
                progress = decision.progress
                if decision.crosses:
                    progress = self.walk(progress, moment).ended()
            elif isinstance(decision, SlicesDone):
                self.done, self.end = decision, moment.now
                return self
        raise AssertionError("the recording ended before the plan")

    def walk(self, progress: SliceProgress, moment: Moment) -> SliceProgress:
        """Take the book level by level, as far as the slice's price and volume go."""
        buys = self.plan.side is Side.BUY
        assert progress.working_price is not None
        for level in moment.levels(self.plan.side):
            reachable = level.price <= progress.working_price if buys else level.price >= progress.working_price
            if not progress.working_volume or not reachable:
                break
            progress = self.fill(progress, level.price, level.size, moment.now)
        return progress

    def rest(self, progress: SliceProgress, moment: Moment) -> SliceProgress:
        """What rests is filled by what the market trades at its price or worse."""
        for entry in moment.prints:
            price = progress.working_price
            if price is None or not progress.working_volume:
                break
            if entry.price <= price if self.plan.side is Side.BUY else entry.price >= price:
                progress = self.fill(progress, price, entry.volume, moment.now)
        return progress if progress.working_volume else progress.ended()

    def fill(self, progress: SliceProgress, price: Decimal, size: Decimal, now: datetime) -> SliceProgress:
        """One execution, at the venue's fee, cut to the hundredth."""
        volume = min(size, progress.working_volume)
        fee = (price * volume * FEE).quantize(CENT, ROUND_DOWN)
        name = f"trade {len(self.fills)}"
        self.fills.append(Fill("order", name, self.rules.market, self.plan.side, price, volume, fee, now))
        return progress.filled(volume)
