"""What a taker pays beyond the best price: estimates from the book, a strategy's tolerance, and what really happened.

Ratios as 0.01 = 1 %; a positive slippage is always to our disadvantage, for buys and sells alike.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.money import HUNDRED, LARGEST, MONEY_CONTEXT, ONE, ZERO, ratio
from app.domain.values import Market, Side

#: Shown and journalled ratios end after so many decimals; far below a tick, and a division stays a short number.
RATIO_STEP = Decimal("1e-12")
#: A bias never makes an estimate better than the book, and never worse by more than this; so that a few bad fills
#: do not close a market to a strategy with a usual tolerance.
LARGEST_BIAS = Decimal("0.002")
FEWEST_EXECUTIONS = 10


class ImpactClass(StrEnum):
    """How much an order moves what it takes from; the worse of its slippage and its share of the visible side counts.

    NEGLIGIBLE up to 0.01 % and 5 %, LOW up to 0.05 % and 10 %, MEDIUM up to 0.2 % and 30 %, else HIGH. BEYOND_DEPTH:
    the visible book does not hold the order, so its price is not known. The steps follow the measured cost of taking
    1, 10 and 50 M KRW from KRW-ETH and KRW-BTC books (market calibration, section 1).
    """

    NEGLIGIBLE = "negligible"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    BEYOND_DEPTH = "beyond_depth"


#: (class, highest slippage against the best price, highest share of the visible side).
IMPACT_STEPS: tuple[tuple[ImpactClass, Decimal, Decimal], ...] = (
    (ImpactClass.NEGLIGIBLE, Decimal("0.0001"), Decimal("0.05")),
    (ImpactClass.LOW, Decimal("0.0005"), Decimal("0.1")),
    (ImpactClass.MEDIUM, Decimal("0.002"), Decimal("0.3")),
)


class AboveTolerance(StrEnum):
    """What becomes of an entry whose estimate is above the tolerance.

    REFUSE it; SPLIT it into parts that fit; WAIT and ask again at every price. Split and wait end with the patience
    of the entry (``EntryOrderPolicy.timeout_s``).
    """

    REFUSE = "refuse"
    SPLIT = "split"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class SlippagePolicy:
    """Tolerance of a strategy's entries: percent between the best offer and the average price. Exits know none."""

    max_percent: Decimal = Decimal("0.5")
    when_above: AboveTolerance = AboveTolerance.REFUSE

    @property
    def max_ratio(self) -> Decimal:
        """The tolerance as a ratio."""
        return MONEY_CONTEXT.divide(self.max_percent, HUNDRED)


@dataclass(frozen=True, slots=True)
class SlippageEstimate:
    """A walk of one side of a book: what taking ``volume`` units costs, ``funds`` in quote currency, both exact.

    ``best`` is the best opposite price, ``mid`` the middle of the spread, ``worst_price`` the last level touched, all
    in quote currency. ``filled_share`` is the part of the order that the visible book can fill, ``depth_share`` the
    part of the visible side it takes. ``volatility`` is the spread of the mid price over a second (ratio, None while
    unknown), ``bias`` what executions in this market cost beyond their walk (ratio, never negative).
    """

    side: Side
    volume: Decimal
    funds: Decimal
    best: Decimal
    mid: Decimal
    worst_price: Decimal
    filled_share: Decimal
    depth_share: Decimal
    impact: ImpactClass
    volatility: Decimal | None = None
    bias: Decimal = ZERO

    @property
    def average_price(self) -> Decimal:
        """Average price of the walk, without fee, quote currency per unit."""
        return MONEY_CONTEXT.divide(self.funds, self.volume)

    @property
    def against_best(self) -> Decimal:
        """The walk alone: average price against the best opposite price."""
        return slippage_ratio(self.side, self.average_price, self.best)

    @property
    def against_mid(self) -> Decimal:
        """The walk and half of the spread: average price against the middle."""
        return slippage_ratio(self.side, self.average_price, self.mid)

    @property
    def expected(self) -> Decimal:
        """What decides and is shown: the walk against the best price, and what this market cost beyond it lately."""
        return MONEY_CONTEXT.add(self.against_best, self.bias)

    def volatility_adjusted(self, seconds: Decimal = ONE) -> Decimal | None:
        """``against_mid`` plus one standard deviation of the mid over the ``seconds`` until the order is matched.

        The price as a random walk, sd = sigma * sqrt(tau): Almgren and Chriss, "Optimal Execution of Portfolio
        Transactions" (2000), eq. 1. None while the volatility is not known.
        """
        if self.volatility is None:
            return None
        spread = MONEY_CONTEXT.multiply(self.volatility, MONEY_CONTEXT.sqrt(seconds))
        return MONEY_CONTEXT.add(self.against_mid, short_ratio(spread))


@dataclass(frozen=True, slots=True)
class ExecutionMeasured:
    """An order that took from the book is filled: the walk's average, the real one, and how much worse that was.

    Prices in quote currency; ``difference`` is a ratio of the predicted price, positive = worse than predicted.
    """

    order_id: str
    market: Market
    side: Side
    predicted: Decimal
    actual: Decimal
    difference: Decimal
    impact: ImpactClass
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class ExecutionBias:
    """Differences of the recent executions in one market: how many, their mean and their 90 % point (ratios)."""

    number: int = 0
    mean: Decimal = ZERO
    p90: Decimal = ZERO

    @property
    def decisive(self) -> Decimal:
        """What is added to a walk: the mean, from 0 to LARGEST_BIAS, and 0 before FEWEST_EXECUTIONS."""
        return min(max(self.mean, ZERO), LARGEST_BIAS) if self.number >= FEWEST_EXECUTIONS else ZERO


@dataclass(frozen=True, slots=True)
class DepthWithin:
    """Quote currency offered (``asks``) and bid for (``bids``) no farther than ``ratio`` from the middle."""

    ratio: Decimal
    bids: Decimal
    asks: Decimal


@dataclass(frozen=True, slots=True)
class DepthMarked:
    """Spread and depth of one market, once a second. ``spread`` is a ratio of the middle, ``age_s`` in seconds.

    ``spread`` is None and ``within`` empty while the book is crossed, one-sided or empty: unknown is not zero.
    """

    market: Market
    spread: Decimal | None
    within: tuple[DepthWithin, ...]
    age_s: float
    volatility: Decimal | None
    bias: ExecutionBias = field(default_factory=ExecutionBias)


def slippage_ratio(side: Side, price: Decimal, reference: Decimal) -> Decimal:
    """How much worse ``price`` is than ``reference`` for this side, as a ratio of ``reference``."""
    worse = MONEY_CONTEXT.subtract(price, reference) if side is Side.BUY else MONEY_CONTEXT.subtract(reference, price)
    return short_ratio(ratio(worse, reference))


def short_ratio(value: Decimal) -> Decimal:
    """A ratio of at most 12 decimals; one that is absurdly large stays as it is."""
    return value if abs(value) >= LARGEST else MONEY_CONTEXT.quantize(value, RATIO_STEP).normalize(MONEY_CONTEXT)
