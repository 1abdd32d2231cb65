"""What a strategy must have shown in paper mode before it may trade real money. Pure figures, no clock.

Everything is counted per strategy hash: one changed figure or word makes another strategy, which has shown nothing.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from statistics import NormalDist, fmean, stdev

from app.domain.blueprint import StrategyBlueprint
from app.domain.business_day import business_day_start
from app.domain.errors import Problem
from app.domain.money import MONEY_CONTEXT, ZERO, in_money_context
from app.domain.position import Position

#: Below this number of trades the interval of a mean says nothing.
FEWEST_TRADES = 10
#: Characters of a hash that people compare.
SHORT = 8


class PromotionRule(StrEnum):
    """One thing that must be shown."""

    TRADES = "trades"
    DAYS = "days"
    WIN_RATE = "win_rate"
    DRAWDOWN = "drawdown"
    EDGE = "edge"
    OPEN_POSITIONS = "open_positions"
    DRILLS = "drills"


@dataclass(frozen=True, slots=True)
class PromotionRules:
    """Thresholds. Ratios as 0.01 = 1 %; ``confidence`` is that of the two-sided intervals.

    ``min_win_rate`` binds the lower end of the win rate's interval, ``min_edge`` that of the mean result of a trade.
    """

    min_trades: int = 30
    min_days: int = 14
    min_win_rate: float = 0.3
    max_drawdown: float = 0.1
    min_edge: float = 0.0
    confidence: float = 0.95
    min_drills: int = 1


def rules_problems(rules: PromotionRules) -> list[Problem]:
    """Thresholds that make no sense; empty when all do."""
    found: list[Problem] = []
    bounds: dict[str, tuple[float, float]] = {
        "min_trades": (FEWEST_TRADES, 100_000),
        "min_days": (1, 3650),
        "min_win_rate": (0.0, 1.0),
        "max_drawdown": (0.001, 1.0),
        "min_edge": (0.0, 1.0),
        "confidence": (0.8, 0.999),
        "min_drills": (0, 1000),
    }
    for name, (low, high) in bounds.items():
        if not low <= getattr(rules, name) <= high:
            found.append(Problem(f"promotion.{name}", "must be {0} to {1}", (f"{low:,}", f"{high:,}")))
    return found


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One position from start to end: what went in and what came out of it net of fees, in quote currency."""

    opened_at: datetime
    closed_at: datetime
    invested: Decimal
    result: Decimal


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """All a strategy did in paper mode; ``open_positions`` are its positions that have not ended."""

    strategy_hash: str
    label: str
    trades: tuple[ClosedTrade, ...] = ()
    open_positions: int = 0


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule of the gate; ``measured`` is None when it cannot be computed, and then it is not met."""

    rule: PromotionRule
    measured: float | None
    wanted: float
    met: bool


@dataclass(frozen=True, slots=True)
class PromotionCard:
    """How one strategy stands at the gate."""

    strategy_hash: str
    label: str
    results: tuple[RuleResult, ...]

    @property
    def passed(self) -> bool:
        """True when every rule is met."""
        return bool(self.results) and all(result.met for result in self.results)

    @property
    def missing(self) -> tuple[RuleResult, ...]:
        """The rules that are not met."""
        return tuple(result for result in self.results if not result.met)


@dataclass(frozen=True, slots=True)
class OverridePromotion:
    """Let a strategy trade real money though it has not passed; ``phrase`` is what a person typed."""

    blueprint: StrategyBlueprint
    phrase: str


@dataclass(frozen=True, slots=True)
class PromotionOverridden:
    """A person let a strategy past the gate; it holds for this hash alone."""

    strategy_hash: str
    label: str
    missing: tuple[PromotionRule, ...]


def override_phrase(blueprint: StrategyBlueprint) -> str:
    """What a person must type to let a strategy past the gate: it names the strategy and its content."""
    return f"override {blueprint.id} {strategy_hash(blueprint)[:SHORT]}"


def strategy_hash(blueprint: StrategyBlueprint) -> str:
    """SHA-256 (hex) over the whole content of a blueprint; equal figures are equal however they are written."""
    return hashlib.sha256(_canonical(blueprint).encode()).hexdigest()


def _canonical(value: object) -> str:
    if is_dataclass(value):
        inner = ",".join(f"{part.name}={_canonical(getattr(value, part.name))}" for part in fields(value))
        return f"({inner})"
    if isinstance(value, tuple):
        return "[" + ",".join(_canonical(part) for part in value) + "]"
    if isinstance(value, Decimal):
        return f"{value.normalize(MONEY_CONTEXT):f}"
    return repr(value.value if isinstance(value, Enum) else value)


def paper_records(positions: Iterable[Position]) -> dict[str, PaperRecord]:
    """Records by strategy hash; positions a person traded by hand, or that never held anything, are none."""
    closed: dict[str, list[ClosedTrade]] = {}
    still_open: dict[str, int] = {}
    labels: dict[str, str] = {}
    for position in positions:
        if position.blueprint.is_manual:
            continue
        key = strategy_hash(position.blueprint)
        labels[key] = position.blueprint.label
        if position.is_live:
            still_open[key] = still_open.get(key, 0) + 1
        elif position.invested > ZERO and position.closed_at is not None:
            opened = position.entered_at or position.created_at
            trade = ClosedTrade(opened, position.closed_at, position.invested, position.realised)
            closed.setdefault(key, []).append(trade)
    return {
        key: PaperRecord(
            key, label, tuple(sorted(closed.get(key, ()), key=lambda trade: trade.closed_at)), still_open.get(key, 0)
        )
        for key, label in labels.items()
    }


@in_money_context
def promotion_cards(
    blueprints: Iterable[StrategyBlueprint], records: Mapping[str, PaperRecord], rules: PromotionRules, drills: int
) -> tuple[PromotionCard, ...]:
    """How each of ``blueprints``, and whatever else was run, stands; ``drills`` is how many fire drills were passed."""
    nothing = {key: PaperRecord(key, each.label) for each in blueprints for key in (strategy_hash(each),)}
    return tuple(_card(record, rules, drills) for record in {**nothing, **records}.values())


def _card(record: PaperRecord, rules: PromotionRules, drills: int) -> PromotionCard:
    trades = record.trades
    days = len({business_day_start(trade.closed_at) for trade in trades})
    wins = sum(trade.result > ZERO for trade in trades)
    edge = mean_low([float(trade.result / trade.invested) for trade in trades], rules.confidence)
    fall = worst_fall(trades)
    R = PromotionRule
    results = (
        RuleResult(R.TRADES, len(trades), rules.min_trades, len(trades) >= rules.min_trades),
        RuleResult(R.DAYS, days, rules.min_days, days >= rules.min_days),
        _at_least(R.WIN_RATE, win_rate_low(wins, len(trades), rules.confidence), rules.min_win_rate),
        RuleResult(R.DRAWDOWN, fall, rules.max_drawdown, fall is not None and fall <= rules.max_drawdown),
        RuleResult(R.EDGE, edge, rules.min_edge, edge is not None and edge > rules.min_edge),
        RuleResult(R.OPEN_POSITIONS, record.open_positions, 0, record.open_positions == 0),
        RuleResult(R.DRILLS, drills, rules.min_drills, drills >= rules.min_drills),
    )
    return PromotionCard(record.strategy_hash, record.label, results)


def _at_least(rule: PromotionRule, measured: float | None, wanted: float) -> RuleResult:
    return RuleResult(rule, measured, wanted, measured is not None and measured >= wanted)


def worst_fall(trades: Sequence[ClosedTrade]) -> float | None:
    """Largest fall of the money of a strategy from a peak, as a share of that peak; None without trades.

    The money is the largest single investment plus the results in the order in which the trades ended.
    """
    if not trades:
        return None
    money = peak = max(trade.invested for trade in trades)
    worst = ZERO
    for trade in trades:
        money += trade.result
        peak = max(peak, money)
        worst = max(worst, (peak - money) / peak)
    return float(worst)


def win_rate_low(wins: int, trades: int, confidence: float) -> float | None:
    """Lower end of the Wilson score interval of ``wins`` in ``trades``; None without trades.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
    """
    if trades <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, square = wins / trades, z * z
    middle = share + square / (2 * trades)
    spread = z * math.sqrt(share * (1 - share) / trades + square / (4 * trades * trades))
    return max((middle - spread) / (1 + square / trades), 0.0)


def mean_low(results: Sequence[float], confidence: float) -> float | None:
    """Lower end of Student's interval of the mean; None for fewer than FEWEST_TRADES or for what is no number.

    Source: Student, Biometrika 6 (1908) 1-25.
    """
    if len(results) < FEWEST_TRADES or not all(map(math.isfinite, results)):
        return None
    return fmean(results) - student_t(0.5 + confidence / 2, len(results) - 1) * stdev(results) / math.sqrt(len(results))


def student_t(probability: float, degrees: int) -> float:
    """Quantile of Student's t, good to 0.1 % from 9 degrees of freedom on.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / degrees ** (number + 1) for number, term in enumerate(terms))
