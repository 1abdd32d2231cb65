"""When each slice of a plan is due and how large it is: TWAP, VWAP and implementation shortfall. Pure and seeded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from itertools import accumulate, pairwise

from app.domain.constraints import ExchangeConstraints
from app.domain.market_data import Candle
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, floor_to_step, in_money_context, is_usable, total
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import ScheduledSlice, SliceAlgorithm, SlicePlan, minimum_volume

DAY_S = 86_400
HOUR_S = 3600
#: A scheduled slice is worth a quarter more than the venue's minimum, so that a falling price does not undercut it.
MINIMUM_MARGIN = Decimal("1.25")
#: Beyond this urgency (kappa times duration) all but e**-100 of the volume is in the first slice.
MOST_URGENT = Decimal(100)
#: Below it the optimal path is a straight line to more digits than a volume has.
LEAST_URGENT = Decimal("1e-12")
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class VolumeProfile:
    """Usual volume of a 24-hour market over the UTC day: ``rates`` in units/s, one per ``bucket_s`` seconds."""

    bucket_s: int
    rates: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class SliceBasis:
    """What a schedule is computed from; None where the candles did not tell.

    ``spread`` in quote currency, ``volatility`` in quote currency per square root of a second, ``day_volume`` in
    units per 24 hours.
    """

    profile: VolumeProfile | None = None
    spread: Decimal | None = None
    volatility: Decimal | None = None
    day_volume: Decimal | None = None


def seed_of(instruction_id: str) -> int:
    """Seed of an instruction's randomness: the same id, the same slices, on every machine."""
    return int.from_bytes(blake2b(instruction_id.encode(), digest_size=8).digest())


def chance(seed: int, count: int) -> Decimal:
    """Draw number ``count`` of ``seed``, from 0 up to (not including) 1: splitmix64 (Steele, Lea, Flood 2014)."""
    z = (seed + (count + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return MONEY_CONTEXT.divide(Decimal((z ^ (z >> 31)) >> 11), Decimal(1 << 53))


def varied(volume: Decimal, ratio: Decimal, seed: int, count: int) -> Decimal:
    """``volume`` moved by at most ``ratio`` of itself, up or down, by draw ``count``."""
    swing = MONEY_CONTEXT.multiply(ratio, 2 * chance(seed, count) - ONE)
    return MONEY_CONTEXT.multiply(volume, ONE + swing)


# ---- what the candles tell --------------------------------------------------------------------------------------


@in_money_context
def volume_profile(candles: Iterable[Candle], bucket_s: int = HOUR_S) -> VolumeProfile | None:
    """Mean traded volume per second in each ``bucket_s`` of the UTC day, over the time the candles cover.

    A gap in the candles is no volume of nought: it does not count. None when a bucket has no candle at all, nothing
    was traded, or candles are longer than a bucket.

    Raises:
        ValueError: ``bucket_s`` does not divide a day.
    """
    if bucket_s < 1 or DAY_S % bucket_s:
        raise ValueError(f"buckets of {bucket_s} s do not divide a day")
    volumes = [ZERO] * (DAY_S // bucket_s)
    covered = [0] * len(volumes)
    for candle in candles:
        if candle.seconds > bucket_s:
            return None
        if _has_volume(candle):
            bucket = _second_of_day(candle.opened_at) // bucket_s
            volumes[bucket] += candle.volume
            covered[bucket] += candle.seconds
    if not all(covered) or not any(volumes):
        return None
    return VolumeProfile(bucket_s, tuple(volume / seconds for volume, seconds in zip(volumes, covered, strict=True)))


@in_money_context
def slice_basis(
    candles: Sequence[Candle], best_bid: Decimal | None, best_ask: Decimal | None, bucket_s: int = HOUR_S
) -> SliceBasis:
    """Profile, volatility and daily volume of ``candles`` (oldest first), and the spread of the book.

    The volatility is that of an arithmetic random walk, as in Almgren and Chriss (2000), section 1.2: the root of
    the mean squared change of the close per second, over candles that follow each other without a gap.
    """
    sound = [candle for candle in candles if _has_volume(candle) and is_usable(candle.close)]
    squares, seconds = ZERO, 0
    for older, newer in pairwise(sound):
        if newer.opened_at - older.opened_at == timedelta(seconds=newer.seconds):
            squares += (newer.close - older.close) ** 2
            seconds += newer.seconds
    covered = sum(candle.seconds for candle in sound)
    spread = None
    if best_bid is not None and best_ask is not None and is_usable(best_bid) and is_usable(best_ask):
        spread = best_ask - best_bid
    return SliceBasis(
        profile=volume_profile(candles, bucket_s),
        spread=spread,
        volatility=(squares / seconds).sqrt() if seconds else None,
        day_volume=total(candle.volume for candle in sound) * DAY_S / covered if covered else None,
    )


def _has_volume(candle: Candle) -> bool:
    return candle.volume.is_finite() and candle.volume >= ZERO and candle.seconds > 0


def _second_of_day(moment: datetime) -> int:
    moment = moment.astimezone(UTC)
    return moment.hour * 3600 + moment.minute * 60 + moment.second


# ---- the schedule -----------------------------------------------------------------------------------------------


@in_money_context
def schedule(
    plan: SlicePlan, rules: ExchangeConstraints, price: Decimal, basis: SliceBasis, seed: int, start: datetime
) -> tuple[ScheduledSlice, ...] | Refusal:
    """Due times and volumes of a sound plan; empty for algorithms that follow the market instead.

    The volumes sum to the plan's exactly, each is on the venue's step, none is below its minimum at ``price`` (times
    MINIMUM_MARGIN) unless the whole is: small ones are merged with the following, the last with the one before.
    Refused with NOT_POSSIBLE_NOW when ``basis`` lacks what the algorithm needs.
    """
    if not plan.algorithm.is_scheduled:
        return ()
    weights = _weights(plan, basis, start)
    if isinstance(weights, Refusal):
        return weights
    weights = [varied(weight, plan.randomisation, seed, 2 * k) for k, weight in enumerate(weights)]
    sums = list(accumulate(weights))
    ends = [floor_to_step(plan.volume * part / sums[-1], rules.volume_step) for part in sums[:-1]] + [plan.volume]
    interval = Decimal(plan.duration_s) / plan.slices
    slices: list[ScheduledSlice] = []
    least = minimum_volume(rules, price) * MINIMUM_MARGIN
    taken = ZERO
    for k, end in enumerate(ends):
        if end - taken >= least:
            due = interval * (k + plan.randomisation * chance(seed, 2 * k + 1))
            slices.append(ScheduledSlice(float(round(due, 3)), end - taken))
            taken = end
    rest = plan.volume - taken
    if rest and slices:
        slices[-1] = ScheduledSlice(slices[-1].due_s, slices[-1].volume + rest)
    elif rest:
        slices.append(ScheduledSlice(0.0, rest))
    return tuple(slices)


def _weights(plan: SlicePlan, basis: SliceBasis, start: datetime) -> list[Decimal] | Refusal:
    if plan.algorithm is SliceAlgorithm.VWAP:
        if basis.profile is None:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "the candles do not tell the market's volume by time of day")
        return vwap_weights(basis.profile, start, plan.duration_s, plan.slices)
    if plan.algorithm is SliceAlgorithm.IS:
        kappa = urgency(plan, basis)
        if kappa is None:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "spread, volatility or daily volume is not known")
        return shortfall_weights(kappa, plan.duration_s, plan.slices)
    return [ONE] * plan.slices


@in_money_context
def vwap_weights(profile: VolumeProfile, start: datetime, duration_s: int, slices: int) -> list[Decimal]:
    """Usual volume (units) of each of ``slices`` equal parts of ``duration_s`` from ``start``; midnight wraps.

    Trading in proportion to the market's volume minimises the expected difference to its VWAP: Konishi (2002),
    "Optimal slice of a VWAP trade", Journal of Financial Markets 5. Where nothing usually trades, parts are equal.
    """
    origin = Decimal(_second_of_day(start))
    edges = [origin + Decimal(duration_s) * k / slices for k in range(slices + 1)]
    weights = [_usual_volume(profile, begin, end) for begin, end in pairwise(edges)]
    return weights if any(weights) else [ONE] * slices


def _usual_volume(profile: VolumeProfile, begin: Decimal, end: Decimal) -> Decimal:
    volume = ZERO
    bucket = int(begin // profile.bucket_s)
    while bucket * profile.bucket_s < end:
        overlap = min(end, Decimal((bucket + 1) * profile.bucket_s)) - max(begin, Decimal(bucket * profile.bucket_s))
        volume += overlap * profile.rates[bucket % len(profile.rates)]
        bucket += 1
    return volume


@in_money_context
def urgency(plan: SlicePlan, basis: SliceBasis) -> Decimal | None:
    """Almgren and Chriss' kappa, per second; None when an input is unusable.

    Almgren & Chriss (2000), "Optimal execution of portfolio transactions", Journal of Risk 3(2), section 2.2:
    2 (cosh(kappa tau) - 1) / tau**2 = lambda sigma**2 / (eta (1 - gamma tau / (2 eta))), with their choice of
    impact (section 3.4): each hundredth of the daily volume costs one spread for the moment (eta), each tenth moves
    the price by one spread for good (gamma).
    """
    aversion, spread, volatility, day_volume = plan.risk_aversion, basis.spread, basis.volatility, basis.day_volume
    if aversion is None or spread is None or volatility is None or day_volume is None:
        return None
    if not (is_usable(spread) and is_usable(day_volume) and volatility.is_finite() and volatility >= ZERO):
        return None
    tau = Decimal(plan.duration_s) / plan.slices
    eta = spread * 100 * DAY_S / day_volume
    gamma = spread * 10 / day_volume
    squared = aversion * volatility**2 / (eta - gamma * tau / 2)
    cosh = ONE + squared * tau**2 / 2
    return (cosh + (cosh**2 - ONE).sqrt()).ln() / tau


@in_money_context
def shortfall_weights(kappa: Decimal, duration_s: int, slices: int) -> list[Decimal]:
    """Share of each slice on the optimal path for urgency ``kappa`` (per second).

    Almgren & Chriss (2000), equation 18: what is still to be traded at t_j is
    x_j = X sinh(kappa (T - t_j)) / sinh(kappa T); slice j is x_(j-1) - x_j. kappa 0 is the straight line.
    """
    whole = min(kappa * duration_s, MOST_URGENT)
    if whole < LEAST_URGENT:
        return [ONE / slices] * slices
    holdings = [_sinh(whole * (slices - j) / slices) / _sinh(whole) for j in range(slices + 1)]
    return [before - after for before, after in pairwise(holdings)]


def _sinh(x: Decimal) -> Decimal:
    return (x.exp() - (-x).exp()) / 2
