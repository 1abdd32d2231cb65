"""One large order in slices: what a person asks for, how far it is, what to do next, and what it cost."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.constraints import ExchangeConstraints
from app.domain.errors import Problem
from app.domain.money import LARGEST, MONEY_CONTEXT, ONE, ZERO, ceil_to_step, floor_to_step, is_on_step, is_usable
from app.domain.values import Market, Side

MAX_DURATION_S = 86_400
MAX_SLICES = 200
MAX_RANDOMISATION = Decimal("0.5")
MAX_OFFSET_TICKS = 100


class SliceAlgorithm(StrEnum):
    """What decides when a slice is due: the clock, the usual volume of the hour, risk, the last fill, the market."""

    TWAP = "twap"
    VWAP = "vwap"
    IS = "is"
    ICEBERG = "iceberg"
    POV = "pov"

    @property
    def is_scheduled(self) -> bool:
        """True when every slice has its time beforehand."""
        return self in (SliceAlgorithm.TWAP, SliceAlgorithm.VWAP, SliceAlgorithm.IS)


@dataclass(frozen=True, slots=True)
class ChasePolicy:
    """Rest first, cross later.

    A slice rests ``offset_ticks`` from the best price of its own side towards the other (negative: further away) for
    ``rest_s`` seconds, is priced again ``reprices`` times, then crosses the spread. None never crosses.
    """

    offset_ticks: int = 0
    rest_s: float = 10.0
    reprices: int | None = 2

    @property
    def patience_s(self) -> float | None:
        """Seconds from the first rest of a slice to its crossing; None when it never crosses."""
        return None if self.reprices is None else self.rest_s * (self.reprices + 1)


@dataclass(frozen=True, slots=True)
class SlicePlan:
    """A large order as its owner wants it worked.

    ``volume`` and ``display_volume`` (iceberg only) in units, ``price_limit`` in quote currency: never bought above,
    never sold below. ``participation_cap`` is the largest share of the volume the market trades while the plan runs,
    our own fills counted in both; only an iceberg may have none. ``randomisation`` (0 to 0.5) moves sizes by that
    ratio and due times by that share of an interval. ``risk_aversion`` (IS only) is Almgren and Chriss' lambda, per
    unit of quote currency: 0 is a TWAP. Without ``chase`` slices cross at once; an iceberg then rests at its limit.
    """

    algorithm: SliceAlgorithm
    side: Side
    volume: Decimal
    duration_s: int
    slices: int
    participation_cap: Decimal | None = Decimal("0.1")
    randomisation: Decimal = ZERO
    display_volume: Decimal | None = None
    chase: ChasePolicy | None = None
    risk_aversion: Decimal | None = None
    price_limit: Decimal | None = None

    @property
    def interval_s(self) -> float:
        """Seconds from one slice to the next."""
        return self.duration_s / self.slices

    @property
    def mean_volume(self) -> Decimal:
        """Units of an average slice."""
        return MONEY_CONTEXT.divide(self.volume, Decimal(self.slices))


@dataclass(frozen=True, slots=True)
class ScheduledSlice:
    """``volume`` units, due ``due_s`` seconds after the start (pauses not counted)."""

    due_s: float
    volume: Decimal


@dataclass(frozen=True, slots=True)
class SliceProgress:
    """How far a plan is: everything ``next_slice`` must remember, as plain values for the journal.

    ``*_s`` are seconds of the plan's own clock, which stands still while paused. One slice works at a time:
    ``working_volume`` is what its order at the venue has left to fill, ``goal_volume`` the filled volume at which it
    is complete, ``slice_began_s`` its first departure and ``sent_s`` its latest. ``earned_volume`` is what the cap
    has allowed so far in all, ``seen_volume`` the market's volume counter up to which that was counted.
    ``arrival_price`` is the middle of the book at the start.
    """

    started_at: datetime
    seed: int
    schedule: tuple[ScheduledSlice, ...] = ()
    number: int = 0
    filled_volume: Decimal = ZERO
    working_volume: Decimal = ZERO
    working_price: Decimal | None = None
    working_crosses: bool = False
    goal_volume: Decimal = ZERO
    slice_began_s: float = 0.0
    sent_s: float = 0.0
    earned_volume: Decimal = ZERO
    seen_volume: Decimal = ZERO
    paused_at: datetime | None = None
    paused_s: float = 0.0
    arrival_price: Decimal | None = None

    def elapsed_s(self, now: datetime) -> float:
        """What the plan's clock shows at ``now``."""
        moment = now if self.paused_at is None else self.paused_at
        return (moment - self.started_at - timedelta(seconds=self.paused_s)).total_seconds()

    def at(self, seconds: float) -> datetime:
        """When the plan's clock shows ``seconds``, if it is not paused (again)."""
        return self.started_at + timedelta(seconds=self.paused_s) + timedelta(seconds=seconds)

    def filled(self, volume: Decimal) -> "SliceProgress":
        """After a fill of ``volume`` units, late ones and more than was asked for included."""
        return replace(
            self,
            filled_volume=MONEY_CONTEXT.add(self.filled_volume, volume),
            working_volume=max(ZERO, MONEY_CONTEXT.subtract(self.working_volume, volume)),
        )

    def ended(self) -> "SliceProgress":
        """After the working order ended in any way, or never left; what it did not fill is free again.

        An order whose fate is unknown has not ended.
        """
        return replace(self, working_volume=ZERO, working_price=None, working_crosses=False)

    def paused(self, now: datetime) -> "SliceProgress":
        """The clock stands still; a plan that is paused stays as it is."""
        return self if self.paused_at is not None else replace(self, paused_at=now)

    def resumed(self, now: datetime, traded_volume: Decimal) -> "SliceProgress":
        """The clock goes on. What the market traded since the last order left earns nothing.

        ``traded_volume`` is what the market's counter shows now.
        """
        if self.paused_at is None:
            return self
        paused_s = self.paused_s + max(0.0, (now - self.paused_at).total_seconds())
        return replace(self.recounted(traded_volume), paused_at=None, paused_s=paused_s)

    def recounted(self, traded_volume: Decimal) -> "SliceProgress":
        """After a restart: the market's volume counter is another one and stands at ``traded_volume`` now.

        What was traded unseen earns nothing. The clock went on: what fell due is caught up as the cap allows.
        """
        return replace(self, seen_volume=traded_volume)


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """What is known of the market now; None for what is missing or stale. Prices in quote currency.

    ``traded_volume`` counts the units the market traded, ours included, from any fixed moment on; it never falls.
    ``furthest_price`` bounds what crosses: a guard would refuse an order priced beyond it.
    """

    best_bid: Decimal | None
    best_ask: Decimal | None
    traded_volume: Decimal | None
    furthest_price: Decimal | None = None

    @property
    def are_usable(self) -> bool:
        """True for two sound prices that are not crossed and a sound counter."""
        if self.best_bid is None or self.best_ask is None or self.traded_volume is None:
            return False
        if not (is_usable(self.best_bid) and is_usable(self.best_ask)):
            return False
        return self.best_bid < self.best_ask and self.traded_volume.is_finite() and self.traded_volume >= ZERO


@dataclass(frozen=True, slots=True)
class SendSlice:
    """Send ``volume`` units at ``price``: to rest, or (``crosses``) to take what is there and not rest (IOC).

    ``number`` counts slices from 1; one that is priced again keeps it. ``progress`` is how far the plan is once it
    is sent; keep it before the bytes leave.
    """

    number: int
    volume: Decimal
    price: Decimal
    crosses: bool
    progress: SliceProgress


@dataclass(frozen=True, slots=True)
class CancelSlice:
    """Take the working order back and ask again when it has ended. Said again until it has."""


@dataclass(frozen=True, slots=True)
class WaitForSlice:
    """Nothing to do before ``until``, unless the market or the working order moves; None while paused."""

    until: datetime | None = None


class SlicesEnd(StrEnum):
    """Why no further slice leaves. DUST: what is left is below the venue's minimum."""

    COMPLETE = "complete"
    TIME_OVER = "time_over"
    DUST = "dust"


@dataclass(frozen=True, slots=True)
class SlicesDone:
    """The plan is over; ``remainder`` units were not filled."""

    end: SlicesEnd
    remainder: Decimal


SliceDecision = SendSlice | CancelSlice | WaitForSlice | SlicesDone


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """What a sliced order cost. Money and prices in quote currency, ``*_bps`` in basis points; positive is a cost.

    Computed figures are rounded half up to eight decimals. None where there was nothing to compare with.
    ``participation`` is a ratio of the market's volume, ``duration_s`` runs from the start to the end of the plan.
    ``shortfall`` is the whole implementation shortfall: cost against arrival, fees, and what the unfilled part lost.
    """

    ordered_volume: Decimal
    filled_volume: Decimal
    filled_funds: Decimal
    fees: Decimal
    arrival_price: Decimal
    duration_s: float
    average_price: Decimal | None
    arrival_cost: Decimal
    arrival_bps: Decimal | None
    vwap_price: Decimal | None
    vwap_cost: Decimal | None
    vwap_bps: Decimal | None
    twap_price: Decimal | None
    twap_cost: Decimal | None
    twap_bps: Decimal | None
    opportunity_cost: Decimal | None
    shortfall: Decimal | None
    participation: Decimal | None


@dataclass(frozen=True, slots=True)
class SlicingReported:
    """A sliced instruction has ended and none of its orders works any more: what it cost, told once."""

    instruction_id: str
    position_id: str
    market: Market
    side: Side
    algorithm: SliceAlgorithm
    ended_at: datetime
    report: ExecutionReport


def minimum_volume(rules: ExchangeConstraints, price: Decimal) -> Decimal:
    """Fewest units the venue takes at ``price``, on its step."""
    volume = MONEY_CONTEXT.divide(rules.min_total, price)
    return ceil_to_step(min(max(volume, rules.volume_step), LARGEST), rules.volume_step)


def maximum_volume(rules: ExchangeConstraints, price: Decimal) -> Decimal:
    """Most units the venue takes in one order at ``price``, on its step."""
    return floor_to_step(min(MONEY_CONTEXT.divide(rules.max_total, price), LARGEST), rules.volume_step)


def plan_problems(plan: SlicePlan, rules: ExchangeConstraints, price: Decimal | None) -> list[Problem]:
    """Everything wrong with the plan at the market's ``price`` (quote currency); empty when sound."""
    found = _number_problems(plan) + _chase_problems(plan)
    if price is None or not is_usable(price):
        found.append(Problem("plan", "the market has no price now, so the size of a slice cannot be checked"))
    elif not found:
        found = _size_problems(plan, rules, price)
    return found


def _number_problems(plan: SlicePlan) -> list[Problem]:
    found: list[Problem] = []
    if not is_usable(plan.volume):
        found.append(Problem("plan.volume", "must be a number above 0"))
    if not 1 <= plan.slices <= MAX_SLICES:
        found.append(Problem("plan.slices", "must be 1 to {0}", (str(MAX_SLICES),)))
    if not 1 <= plan.duration_s <= MAX_DURATION_S:
        found.append(Problem("plan.duration_s", "must be 1 to {0} seconds", (str(MAX_DURATION_S),)))
    elif plan.duration_s < plan.slices:
        found.append(Problem("plan.duration_s", "is too short: {0} slices need a second each", (str(plan.slices),)))
    cap = plan.participation_cap
    if cap is None:
        if plan.algorithm is not SliceAlgorithm.ICEBERG:
            found.append(Problem("plan.participation_cap", "must be given; only an iceberg may go without"))
    elif not (is_usable(cap) and cap <= ONE):
        found.append(Problem("plan.participation_cap", "must be above 0 and at most 1; 10 % is written 0.1"))
    if not (plan.randomisation.is_finite() and ZERO <= plan.randomisation <= MAX_RANDOMISATION):
        found.append(Problem("plan.randomisation", "must be 0 to {0}", (str(MAX_RANDOMISATION),)))
    if plan.price_limit is not None and not is_usable(plan.price_limit):
        found.append(Problem("plan.price_limit", "must be a price above 0, or left out"))
    return found + _algorithm_problems(plan)


def _algorithm_problems(plan: SlicePlan) -> list[Problem]:
    found: list[Problem] = []
    aversion = plan.risk_aversion
    if plan.algorithm is SliceAlgorithm.IS:
        if aversion is None or not aversion.is_finite() or not ZERO <= aversion <= ONE:
            found.append(Problem("plan.risk_aversion", "must be 0 to 1; a usual value is 0.000000001 per KRW"))
    elif aversion is not None:
        found.append(Problem("plan.risk_aversion", "belongs to implementation shortfall only; leave it out"))
    if plan.algorithm is SliceAlgorithm.ICEBERG:
        if plan.display_volume is None or not is_usable(plan.display_volume):
            found.append(Problem("plan.display_volume", "must be a number above 0"))
        if plan.chase is None and plan.price_limit is None:
            found.append(Problem("plan.price_limit", "must be given: an iceberg rests at it, or chases"))
    elif plan.display_volume is not None:
        found.append(Problem("plan.display_volume", "belongs to an iceberg only; leave it out"))
    return found


def _chase_problems(plan: SlicePlan) -> list[Problem]:
    chase = plan.chase
    if chase is None:
        return []
    found: list[Problem] = []
    if abs(chase.offset_ticks) > MAX_OFFSET_TICKS:
        found.append(Problem("plan.chase.offset_ticks", "must be -{0} to {0} ticks", (str(MAX_OFFSET_TICKS),)))
    if not 1 <= chase.rest_s <= MAX_DURATION_S:
        found.append(Problem("plan.chase.rest_s", "must be 1 to {0} seconds", (str(MAX_DURATION_S),)))
    if chase.reprices is not None and not 0 <= chase.reprices <= 1000:
        found.append(Problem("plan.chase.reprices", "must be 0 to 1000, or left out to never cross"))
    if not found and plan.algorithm.is_scheduled and chase.patience_s is not None and plan.slices >= 1:
        # A due time moves by the randomised share of an interval; the crossing must still come before the next one.
        room = plan.interval_s * float(ONE - plan.randomisation) if plan.randomisation.is_finite() else 0.0
        if chase.patience_s > room:
            what = "is too short: a slice rests up to {0} s, but only {1} s are left before the next"
            found.append(Problem("plan.duration_s", what, (f"{chase.patience_s:g}", f"{room:g}")))
    return found


def _size_problems(plan: SlicePlan, rules: ExchangeConstraints, price: Decimal) -> list[Problem]:
    iceberg = plan.algorithm is SliceAlgorithm.ICEBERG
    where = "plan.display_volume" if iceberg else "plan.slices"
    part = plan.display_volume if iceberg and plan.display_volume is not None else plan.mean_volume
    least, most = f"{rules.min_total:,f}", f"{rules.max_total:,f}"
    found = [
        Problem(name, "must be a multiple of {0}, the venue's step", (f"{rules.volume_step:f}",))
        for name, volume in (("plan.volume", plan.volume), ("plan.display_volume", plan.display_volume))
        if volume is not None and not is_on_step(volume, rules.volume_step)
    ]
    if plan.volume < minimum_volume(rules, price):
        found.append(Problem("plan.volume", "is worth less than the venue's minimum of {0}", (least,)))
    elif part < minimum_volume(rules, price):
        found.append(Problem(where, "a slice is worth less than the venue's minimum of {0}", (least,)))
    if part > maximum_volume(rules, price):
        found.append(Problem(where, "a slice is worth more than the venue's maximum of {0}", (most,)))
    if iceberg and part > plan.volume:
        found.append(Problem(where, "must not be more than the whole volume"))
    return found
