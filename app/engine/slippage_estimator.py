"""What taking from a book costs: the exact walk of its levels, and what earlier walks were worth.

A book that is stale, crossed, one-sided, empty or holds a number that is none gives no estimate, never zero.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from app.domain.constraints import ExchangeConstraints
from app.domain.market_data import Book, BookLevel
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, floor_to_step, in_money_context, is_usable, ratio, total
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.slippage import (
    IMPACT_STEPS,
    DepthMarked,
    DepthWithin,
    ExecutionBias,
    ExecutionMeasured,
    ImpactClass,
    SlippageEstimate,
    short_ratio,
    slippage_ratio,
)
from app.domain.values import Market, OrderType, Side

#: Distances from the middle in which the depth is summed up.
DEPTH_RATIOS = (Decimal("0.001"), Decimal("0.005"), Decimal("0.01"))
#: The volatility is that of the last minute, of mids at least a second apart: closer ones measure the bid-ask bounce.
VOLATILITY_SPAN = timedelta(seconds=60)
MID_EVERY = timedelta(seconds=1)
FEWEST_RETURNS = 10
#: The bias is that of the last 100 executions of one day: a market that was closed by its bias opens again.
EXECUTIONS_KEPT = 100
BIAS_SPAN = timedelta(days=1)


@in_money_context
def walk_book(
    book: Book,
    side: Side,
    rules: ExchangeConstraints,
    volume: Decimal | None = None,
    funds: Decimal | None = None,
    limit: Decimal | None = None,
) -> SlippageEstimate | None:
    """Take ``volume`` units, or as much as ``funds`` (quote currency, fee not included) buys, level by level.

    The walk is the venue's own matching, volumes cut to its step, so within the visible book it is exact to the tick.
    ``limit`` ends it at a price; what rests there is no slippage. None when the book is no sound one, nothing is asked
    for, or the limit takes nothing.
    """
    if not is_sound(book) or not (is_usable(volume) or (volume is None and is_usable(funds))):
        return None
    levels = book.asks if side is Side.BUY else book.bids
    took, spent, worst = ZERO, ZERO, levels[0].price
    all_of_it = at_limit = False
    for level in levels:
        at_limit = not _reaches(side, level.price, limit)
        if all_of_it or at_limit:
            break
        left = volume - took if volume is not None else (funds or ZERO) - spent
        part, all_of_it = _taken(level, left, volume is None, rules.volume_step)
        if part > ZERO:
            took, spent, worst = took + part, spent + part * level.price, level.price
    if took <= ZERO:
        return None
    share = ONE if all_of_it else ratio(took, volume) if volume is not None else ratio(spent, funds or ONE)
    depth_share = short_ratio(ratio(took, total(level.size for level in levels)))
    best = levels[0].price
    impact = _impact(slippage_ratio(side, spent / took, best), depth_share)
    if not all_of_it and not at_limit:
        impact = ImpactClass.BEYOND_DEPTH
    return SlippageEstimate(side, took, spent, best, _middle(book), worst, short_ratio(share), depth_share, impact)


@in_money_context
def max_volume_within(
    book: Book, side: Side, max_ratio: Decimal, rules: ExchangeConstraints
) -> tuple[Decimal, Decimal]:
    """Most units, and what they cost, whose average is at most ``max_ratio`` worse than the best price.

    (0, 0) when the book is no sound one or the ratio is negative. Volume on the venue's step, funds exact.
    """
    if not is_sound(book) or not max_ratio.is_finite() or max_ratio < ZERO:
        return ZERO, ZERO
    levels = book.asks if side is Side.BUY else book.bids
    sign = 1 if side is Side.BUY else -1
    bound = levels[0].price * (ONE + sign * max_ratio)
    took, spent = ZERO, ZERO
    for level in levels:
        part = level.size
        beyond = sign * (level.price - bound)
        room = sign * (bound * took - spent)  # spent + part x price must stay on the good side of bound x (took + part)
        if beyond > ZERO and part * beyond > room:
            part = floor_to_step(room / beyond, rules.volume_step)
        took, spent = took + part, spent + part * level.price
        if part < level.size:
            break
    return took, spent


def is_sound(book: Book) -> bool:
    """True when both sides are there, every number is one, and the best prices do not cross."""
    if not book.bids or not book.asks:
        return False
    for level in (*book.bids, *book.asks):  # a press asks this three times a position: no generators
        if not (is_usable(level.price) and is_usable(level.size)):
            return False
    return book.bids[0].price < book.asks[0].price


def depth_of(book: Book) -> tuple[Decimal | None, tuple[DepthWithin, ...]]:
    """Spread as a ratio of the middle, and the depth within DEPTH_RATIOS; (None, ()) for a book that is not sound."""
    if not is_sound(book):
        return None, ()
    middle = _middle(book)
    spread = short_ratio(ratio(book.asks[0].price - book.bids[0].price, middle))
    return spread, tuple(
        DepthWithin(
            near,
            _worth(level for level in book.bids if level.price >= MONEY_CONTEXT.multiply(middle, ONE - near)),
            _worth(level for level in book.asks if level.price <= MONEY_CONTEXT.multiply(middle, ONE + near)),
        )
        for near in DEPTH_RATIOS
    )


class SlippageEstimator:
    """Walks with what is known besides the book: how the mid of a market moves, and how its executions went."""

    def __init__(self) -> None:
        self._mids: dict[Market, deque[tuple[datetime, Decimal]]] = {}
        self._depths: dict[Market, tuple[Book, Decimal | None, tuple[DepthWithin, ...]]] = {}
        self._measured: dict[Market, deque[ExecutionMeasured]] = {}

    def see(self, book: Book) -> None:
        """A book came in: its mid is a sample of the volatility."""
        mids = self._mids.setdefault(book.market, deque())
        if (mids and book.received_at - mids[-1][0] < MID_EVERY) or not is_sound(book):
            return
        mids.append((book.received_at, _middle(book)))
        while book.received_at - mids[0][0] > VOLATILITY_SPAN:
            mids.popleft()

    def volatility(self, market: Market) -> Decimal | None:
        """Standard deviation of the mid over one second, as a ratio; None with fewer than FEWEST_RETURNS returns.

        Realised variance, the sum of squared returns over their time (Andersen and Bollerslev, "Answering the
        Skeptics", 1998).
        """
        mids = self._mids.get(market)
        if mids is None or len(mids) <= FEWEST_RETURNS:
            return None
        returns = (ratio(after - before, before) for (_, before), (_, after) in pairwise(mids))
        squares = total(MONEY_CONTEXT.multiply(one, one) for one in returns)
        span = Decimal(repr((mids[-1][0] - mids[0][0]).total_seconds()))
        return short_ratio(MONEY_CONTEXT.sqrt(MONEY_CONTEXT.divide(squares, span)))

    def estimate(
        self, book: Book, intent: OrderIntent, rules: ExchangeConstraints, now: datetime, oldest: timedelta
    ) -> SlippageEstimate | None:
        """Estimate of an order on this book; None when it is older than ``oldest``, or as ``walk_book`` says."""
        if now - book.received_at > oldest:
            return None
        limit = intent.price
        if intent.order_type is OrderType.BEST:
            limit = book.best_ask if intent.side is Side.BUY else book.best_bid
        found = walk_book(book, intent.side, rules, intent.volume, intent.funds, limit)
        return None if found is None else self.adjusted(found, intent.market, now)

    def adjusted(self, walk: SlippageEstimate, market: Market, now: datetime) -> SlippageEstimate:
        """The walk with the market's volatility and the bias of its executions beside it."""
        return replace(walk, volatility=self.volatility(market), bias=self.bias(market, now).decisive)

    # ---- predicted and actual -----------------------------------------------------------------------------------

    def restore(self, measured: Iterable[ExecutionMeasured]) -> None:
        """Take over the measurements the journal knew, oldest first."""
        for one in measured:
            self.learn(one)

    def learn(self, measured: ExecutionMeasured) -> None:
        """One more execution of this market."""
        self._measured.setdefault(measured.market, deque(maxlen=EXECUTIONS_KEPT)).append(measured)

    def bias(self, market: Market, now: datetime) -> ExecutionBias:
        """Number, mean and 90 % point of the recent differences of a market."""
        recent = [one for one in self._measured.get(market, ()) if now - one.measured_at <= BIAS_SPAN]
        if not recent:
            return ExecutionBias()
        ranked = sorted(one.difference for one in recent)
        mean = MONEY_CONTEXT.divide(total(ranked), Decimal(len(ranked)))
        return ExecutionBias(len(ranked), short_ratio(mean), ranked[(9 * len(ranked) + 9) // 10 - 1])

    def marked(self, book: Book, now: datetime) -> DepthMarked:
        """Live figures of one market for the screen."""
        market = book.market
        known = self._depths.get(market)
        if known is None or known[0] is not book:
            known = self._depths[market] = (book, *depth_of(book))
        _, spread, within = known
        age = (now - book.received_at).total_seconds()
        return DepthMarked(market, spread, within, age, self.volatility(market), self.bias(market, now))


def measure(order: Order, now: datetime) -> ExecutionMeasured | None:
    """Compare a filled order with its walk; None unless the walk held all of it and all of it is filled."""
    walk, actual = order.estimate, order.average_price
    if walk is None or actual is None or walk.filled_share < ONE or order.state is not OrderState.FILLED:
        return None
    predicted = walk.average_price
    side = order.intent.side
    difference = slippage_ratio(side, actual, predicted)
    return ExecutionMeasured(order.order_id, order.intent.market, side, predicted, actual, difference, walk.impact, now)


def _taken(level: BookLevel, left: Decimal, by_money: bool, step: Decimal) -> tuple[Decimal, bool]:
    """Units an order takes of a level, and whether that is all it wants: money left over buys no whole step."""
    if not by_money:
        return min(left, level.size), left <= level.size
    rest = left - level.size * level.price
    if rest >= ZERO:
        return level.size, rest < step * level.price
    return floor_to_step(left / level.price, step), True


def _reaches(side: Side, price: Decimal, limit: Decimal | None) -> bool:
    if limit is None:
        return True
    return price <= limit if side is Side.BUY else price >= limit


def _middle(book: Book) -> Decimal:
    return MONEY_CONTEXT.divide(MONEY_CONTEXT.add(book.asks[0].price, book.bids[0].price), Decimal(2))


def _worth(levels: Iterable[BookLevel]) -> Decimal:
    return total(MONEY_CONTEXT.multiply(level.price, level.size) for level in levels)


def _impact(slippage: Decimal, depth_share: Decimal) -> ImpactClass:
    for impact, most_slippage, most_share in IMPACT_STEPS:
        if slippage <= most_slippage and depth_share <= most_share:
            return impact
    return ImpactClass.HIGH
