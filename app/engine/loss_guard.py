"""Watches what the program has lost, on every mark; a loss limit that is reached sells everything and stays latched.

Which price counts: a loss is believed only as far as the last price and the best bid of a fresh book both tell it, so
the higher of the two; a print far from the book never becomes a last price (MarketDesk). A price older than AGES times
``stale_price_s`` is not trusted: entries wait, and a position without a trusted price counts as if it had lost nothing,
so that what is certain still counts.

Money that comes or goes changes capital and both losses by one factor: the used share of a limit stays what it was.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from app.domain.business_day import business_day_start
from app.domain.limits import LimitName, LimitUse
from app.domain.loss import ACKNOWLEDGED, LossBook, LossBookChanged, LossLimit, LossMarked
from app.domain.market_data import Book, Trade
from app.domain.messages import AccountRead, AlertRaised, Message
from app.domain.money import MONEY_CONTEXT, ZERO, is_usable, total
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market
from app.engine.account_book import AccountBook
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_manager import PositionManager

#: How many times as old as for an entry a price may be: the book of a quiet coin does not change every few seconds.
AGES = 3
#: Two readings must agree to this share of the equity, and differ by more from what is known, before money is believed
#: to have come or gone: balances lag, and a coin nobody watches may have a wrong price for a moment.
MOVED = Decimal("0.01")
#: For so long a new run waits for a price of everything the account owns: without it, the account's worth would seem to
#: fall with every restart. Afterwards what has no price is not counted, as coins nobody follows.
PRICED_WITHIN = timedelta(seconds=60)
_WORTH_UNKNOWN = "what the account is worth is not known"
#: For so long a held coin may be without a trusted price before a person is told.
UNKNOWN_TOLD_AFTER = timedelta(seconds=30)
#: What a decider may fail with on figures nobody foresaw.
_FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_LIMITS = (LossLimit.DAILY, LossLimit.TOTAL)


class LossVerdict(Enum):
    """What has to be done."""

    NOTHING = 0
    REDUCE = 1
    LIQUIDATE = 2


class LossGuard:
    """The program's profit against its loss limits."""

    def __init__(self, account: AccountBook, positions: PositionManager, board: MarketBoard) -> None:
        self._account = account
        self._positions = positions
        self._board = board
        self._limits = account.limits
        self.book: LossBook | None = None
        #: Open profit of each market in which something is held, and the markets among them without a trusted price.
        self._open: dict[Market, Decimal] = {}
        self._untrusted: dict[Market, str] = {}
        self._profit = ZERO
        #: Profit at which each limit that is not latched is reached.
        self._floors: dict[LossLimit, Decimal] = {}
        self._seen_realised = ZERO
        self._moved: Decimal | None = None
        self._weighed_first: datetime | None = None
        self._unknown_since: datetime | None = None
        self._unknown_told = False

    def restore(self, book: LossBook | None) -> None:
        """Count on where the journal says; call it after the account's own sums were restored."""
        self.book = book
        self._seen_realised = self._account.realised_ever
        self._set_floors()

    # ---- questions ----------------------------------------------------------------------------------------------

    @property
    def latched(self) -> tuple[LossLimit, ...]:
        """What a person has to acknowledge before entries leave again."""
        return self.book.latched if self.book is not None else ()

    @property
    def unknown(self) -> str:
        """Why the loss cannot be computed; empty while it can."""
        if self.book is None:
            return "the account was not read yet" if self._weighed_first is None else _WORTH_UNKNOWN
        if self._untrusted:
            return next(iter(self._untrusted.values()))
        return "" if all(map(self._allowed, _LIMITS)) else _WORTH_UNKNOWN

    def latch_refusal(self) -> Refusal | None:
        """Why no entry may leave before a person acknowledges."""
        if not self.latched:
            return None
        return Refusal(RefusalReason.LOSS_LATCHED, f"not acknowledged: {', '.join(self.latched)}")

    def refusal(self) -> Refusal | None:
        """Why no entry may leave while the loss cannot be computed."""
        return Refusal(RefusalReason.LOSS_UNKNOWN, self.unknown) if self.unknown else None

    def uses(self) -> tuple[LimitUse, LimitUse]:
        """Loss and allowed loss of the day and in total; allowed is None while it cannot be computed."""
        day, whole = ((self._lost(limit), self._allowed(limit)) for limit in _LIMITS)
        return LimitUse(LimitName.DAILY_LOSS, *day), LimitUse(LimitName.TOTAL_LOSS, *whole)

    def marked(self, now: datetime) -> LossMarked:
        """Figures for the screen."""
        return LossMarked(*self.uses(), self.latched, self.unknown, now)

    # ---- what happens -------------------------------------------------------------------------------------------

    def follow(self, message: Message, now: datetime, out: Outbox) -> LossVerdict:
        """Look at the losses after ``message`` was dealt with. A guard that fails counts as tripped."""
        try:
            if isinstance(message, Trade | Book):
                reached = self._on_mark(message.market, now)
            else:
                reached = self._on_message(message, now, out)
        except _FAILURES as error:
            return self._failed(repr(error), now, out)
        if not reached:
            return LossVerdict.NOTHING
        self._latch(reached, out)
        return LossVerdict.LIQUIDATE

    def acknowledge(self, reason: str, out: Outbox) -> Refusal | None:
        """A person has seen it: both limits count from now on. Returns why not, or None."""
        if not self.latched or self.book is None:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "no loss waits to be acknowledged")
        if self.unknown:
            return Refusal(RefusalReason.LOSS_UNKNOWN, self.unknown)
        self._change(out, f"{ACKNOWLEDGED}: {reason}", day_from=self._profit, total_from=self._profit, latched=())
        return None

    # ---- inside -------------------------------------------------------------------------------------------------

    def _on_mark(self, market: Market, now: datetime) -> list[LossLimit]:
        """The short way: one market moved, nothing was bought or sold."""
        before = self._open.get(market)
        if before is None:
            return []
        after = self._open[market] = self._open_in(market, now)
        self._profit = MONEY_CONTEXT.add(self._profit, after - before)
        return self._reached()

    def _on_message(self, message: Message, now: datetime, out: Outbox) -> list[LossLimit]:
        """Everything anew: something may have been bought or sold, and prices grow old."""
        self._open.clear()
        self._untrusted.clear()
        for position in self._positions.live():
            if position.quantity > ZERO and position.market not in self._open:
                self._open[position.market] = self._open_in(position.market, now)
        self._take_realised(out)
        self._profit = total((self.book.realised if self.book else ZERO, *self._open.values()))
        if isinstance(message, AccountRead):
            self._weigh(now, out)
        self._begin_day(now, out)
        self._tell_unknown(now, out)
        return self._reached()

    def _open_in(self, market: Market, now: datetime) -> Decimal:
        words = self._distrust(market, now)
        if words:
            self._untrusted[market] = words
        else:
            self._untrusted.pop(market, None)
        mark, book = self._positions.marks.get(market), self._board.books.get(market)
        price = mark.price if mark is not None and is_usable(mark.price) else ZERO
        if not words and book is not None and book.best_bid is not None:
            price = max(price, book.best_bid)
        profits = [
            MONEY_CONTEXT.multiply(position.quantity, price) - position.cost
            for position in self._positions.live_in(market)
            if position.quantity > ZERO
        ]
        return total(max(profit, ZERO) if words else profit for profit in profits)

    def _distrust(self, market: Market, now: datetime) -> str:
        """Why the price of a market is not trusted."""
        mark, book = self._positions.marks.get(market), self._board.books.get(market)
        if mark is None or not is_usable(mark.price):
            return f"{market} is held and has no price"
        if book is None or not is_usable(book.best_bid):
            return f"{market} is held and nobody bids"
        oldest = book.received_at if mark.from_trade else min(mark.at, book.received_at)
        if now - oldest > timedelta(seconds=AGES * self._limits.stale_price_s):
            return f"{market} is held and its price is {(now - oldest).total_seconds():.0f} s old"
        return ""

    def _take_realised(self, out: Outbox) -> None:
        """Sales since the last look go into the book, in the same decision as their fills."""
        sold = self._account.realised_ever - self._seen_realised
        self._seen_realised = self._account.realised_ever
        if self.book is not None and sold:
            self._change(out, f"sold with {sold:,.0f}", realised=self.book.realised + sold)

    def _weigh(self, now: datetime, out: Outbox) -> None:
        """What the account is worth besides the program's profit; two readings tell that money has come or gone."""
        equity = self._account.equity(self._positions)
        self._weighed_first = self._weighed_first or now
        if self._untrusted or not is_usable(equity):
            return
        if now - self._weighed_first < PRICED_WITHIN and self._account.unpriced(self._positions):
            return
        capital, book = equity - self._profit, self.book
        if book is None:
            day = business_day_start(now)
            self._change_to(LossBook(day, capital, ZERO, self._profit, self._profit), "begun", out)
            return
        known, margin = book.capital + self._profit, equity * MOVED
        if abs(capital - book.capital) <= margin:
            self._moved = None
        elif self._moved is None or abs(capital - self._moved) > margin:
            self._moved = capital
        else:
            self._moved = None
            factor = MONEY_CONTEXT.divide(equity, known) if known > ZERO else Decimal(1)
            today, whole = (
                self._profit + (start - self._profit) * factor for start in (book.day_from, book.total_from)
            )
            words = f"money moved: {book.capital:,.0f} are {capital:,.0f}"
            self._change(out, words, capital=capital, day_from=today, total_from=whole)

    def _begin_day(self, now: datetime, out: Outbox) -> None:
        """A business day begins with the first figure that can be computed; a latch does not end with the day."""
        book, day = self.book, business_day_start(now)
        if book is not None and day > book.day and not self._untrusted:
            highest = max(book.total_from, self._profit)
            self._change(out, "a business day begins", day=day, day_from=self._profit, total_from=highest)

    def _reached(self) -> list[LossLimit]:
        return [limit for limit, floor in self._floors.items() if self._profit <= floor]

    def _latch(self, reached: Iterable[LossLimit], out: Outbox) -> None:
        for limit in reached:
            lost, allowed = self._lost(limit), self._allowed(limit, certain=True)
            words = f"{limit}: lost {lost:,.0f}, allowed {allowed or ZERO:,.0f}"
            self._change(out, words, latched=(*self.latched, limit))
            out.tell(AlertRaised(f"loss_limit_{limit}", words, critical=True))

    def _failed(self, words: str, now: datetime, out: Outbox) -> LossVerdict:
        """Nobody knows what is lost: entries wait for a person, nothing is sold."""
        if LossLimit.GUARD in self.latched:
            return LossVerdict.NOTHING
        book = self.book or LossBook(business_day_start(now), ZERO, ZERO, ZERO, ZERO)
        self._change_to(replace(book, latched=(*book.latched, LossLimit.GUARD)), words, out)
        out.tell(AlertRaised("loss_limit_guard", words, critical=True))
        return LossVerdict.REDUCE

    def _tell_unknown(self, now: datetime, out: Outbox) -> None:
        if not self._untrusted:
            self._unknown_since, self._unknown_told = None, False
            return
        self._unknown_since = self._unknown_since or now
        if not self._unknown_told and now - self._unknown_since >= UNKNOWN_TOLD_AFTER:
            self._unknown_told = True
            out.tell(AlertRaised("loss_unknown", self.unknown))

    def _start_of(self, limit: LossLimit) -> Decimal:
        assert self.book is not None
        return self.book.day_from if limit is LossLimit.DAILY else self.book.total_from

    def _lost(self, limit: LossLimit) -> Decimal:
        return max(self._start_of(limit) - self._profit, ZERO) if self.book is not None else ZERO

    def _allowed(self, limit: LossLimit, certain: bool = False) -> Decimal | None:
        if self.book is None or (self._untrusted and not certain):
            return None
        limits = self._limits
        ratio = limits.daily_loss_ratio if limit is LossLimit.DAILY else limits.total_loss_ratio
        return max((self.book.capital + self._start_of(limit)) * ratio, ZERO)

    def _set_floors(self) -> None:
        self._floors = {}
        for limit in _LIMITS:
            allowed = self._allowed(limit, certain=True)
            if allowed and limit not in self.latched:
                self._floors[limit] = self._start_of(limit) - allowed

    def _change(self, out: Outbox, reason: str, **changes: object) -> None:
        assert self.book is not None
        self._change_to(replace(self.book, **changes), reason, out)  # type: ignore[arg-type]

    def _change_to(self, book: LossBook, reason: str, out: Outbox) -> None:
        self.book = book
        self._set_floors()
        out.tell(LossBookChanged(book, reason))
