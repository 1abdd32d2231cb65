"""The next slice of a large order: plan, progress and market in, one decision out. No clock, no chance of its own."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.money import ONE, ZERO, floor_to_step, in_money_context, is_usable
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import (
    CancelSlice,
    MarketFacts,
    SendSlice,
    SliceAlgorithm,
    SliceDecision,
    SlicePlan,
    SliceProgress,
    SlicesDone,
    SlicesEnd,
    WaitForSlice,
    maximum_volume,
    minimum_volume,
    plan_problems,
)
from app.domain.values import Side
from app.engine.slice_schedule import SliceBasis, schedule, varied

#: No order follows another sooner: a slice that was refused, or found nothing to take, is not sent in a hot loop.
RETRY_S = 1.0
#: Slices that are late leave no closer than this share of an interval: catching up is no burst in time either.
CATCH_UP_SPACING = 0.25
#: A slice crosses with a limit at most this far through the best opposite price, so a thin book is not swept.
CROSS_REACH = Decimal("0.01")
#: A slice that the cap cuts to less than this share of an average one waits for volume instead.
WORTHWHILE = Decimal("0.5")
#: How many average slices an iceberg or POV may be behind; what the cap would allow beyond it is forfeited.
BURST_SLICES = 2


@in_money_context
def start_slicing(
    plan: SlicePlan, rules: ExchangeConstraints, facts: MarketFacts, basis: SliceBasis, seed: int, now: datetime
) -> SliceProgress | Refusal:
    """Progress of a plan that begins ``now``, with its schedule; or why it cannot begin."""
    if not facts.are_usable or facts.best_bid is None or facts.best_ask is None or facts.traded_volume is None:
        return Refusal(RefusalReason.NO_PRICE, "the book has no sound best prices, or the trades are not counted")
    problems = plan_problems(plan, rules, facts.best_bid)
    if problems:
        return Refusal(RefusalReason.BAD_NUMBER, "; ".join(map(str, problems)))
    slices = schedule(plan, rules, facts.best_bid, basis, seed, now)
    if isinstance(slices, Refusal):
        return slices
    middle = (facts.best_bid + facts.best_ask) / 2
    return SliceProgress(now, seed, slices, seen_volume=facts.traded_volume, arrival_price=middle)


@in_money_context
def next_slice(
    plan: SlicePlan, progress: SliceProgress, rules: ExchangeConstraints, facts: MarketFacts, now: datetime
) -> SliceDecision:
    """What to do now. Ask again after every fact, fill and end of an order, and at the time a wait names.

    One order works at a time. Filled and working volume together never exceed the cap times the volume traded since
    the start, pauses and unseen trades left out; nor, at once, the largest slice of the schedule. A plan whose time
    is over takes its order back and ends with a remainder: no last order in a hurry.
    """
    remaining = plan.volume - progress.filled_volume
    is_over = progress.paused_at is None and now >= progress.at(plan.duration_s)
    if progress.working_volume:
        if remaining <= ZERO or is_over or progress.paused_at is not None:
            return CancelSlice()
        return _while_working(plan, progress, rules, facts, now)
    if remaining <= ZERO:
        return SlicesDone(SlicesEnd.COMPLETE, ZERO)
    if is_over:
        return SlicesDone(SlicesEnd.TIME_OVER, remaining)
    if progress.paused_at is not None:
        return WaitForSlice()
    if progress.number and now < progress.at(progress.sent_s + RETRY_S):
        return _wait(plan, progress, progress.at(progress.sent_s + RETRY_S))
    return _sending(plan, progress, rules, facts, now)


def next_due(plan: SlicePlan, progress: SliceProgress, now: datetime) -> datetime | None:
    """When the next scheduled slice may leave; None while paused, when the market decides, or after the last."""
    if progress.paused_at is not None:
        return None
    filled = ZERO
    for piece in progress.schedule:
        filled += piece.volume
        if filled > progress.filled_volume and now < progress.at(piece.due_s):
            spaced_s = progress.slice_began_s + CATCH_UP_SPACING * plan.interval_s if progress.number else 0.0
            return progress.at(max(piece.due_s, spaced_s))
    return None


def _wait(plan: SlicePlan, progress: SliceProgress, until: datetime | None = None) -> WaitForSlice:
    """Wait until then, but not beyond the end of the plan."""
    end = progress.at(plan.duration_s)
    return WaitForSlice(end if until is None else min(until, end))


def _while_working(
    plan: SlicePlan, progress: SliceProgress, rules: ExchangeConstraints, facts: MarketFacts, now: datetime
) -> SliceDecision:
    """Let the order rest for its time; take it back when it is to be priced again and the price is another."""
    if plan.chase is None or progress.working_crosses:
        return _wait(plan, progress)
    rested_at = progress.at(progress.sent_s + plan.chase.rest_s)
    if now < rested_at:
        return _wait(plan, progress, rested_at)
    patience_s = plan.chase.patience_s
    crosses_at = None if patience_s is None else progress.at(progress.slice_began_s + patience_s)
    later = _wait(plan, progress, crosses_at if crosses_at is not None and now < crosses_at else None)
    wanted = _price(plan, rules, facts, crosses_at is not None and now >= crosses_at)
    if wanted is None or wanted == (progress.working_price, progress.working_crosses):
        return later
    # The last of it may be too little to be sent again: it stays where it is.
    if plan.volume - progress.filled_volume < minimum_volume(rules, wanted[0]):
        return later
    return CancelSlice()


def _sending(
    plan: SlicePlan, progress: SliceProgress, rules: ExchangeConstraints, facts: MarketFacts, now: datetime
) -> SliceDecision:
    bid, seen = facts.best_bid, facts.traded_volume
    if not facts.are_usable or bid is None or seen is None:
        return _wait(plan, progress)
    filled = progress.filled_volume
    is_new = progress.goal_volume - filled < minimum_volume(rules, bid)
    patience_s = None if plan.chase is None else plan.chase.patience_s
    crosses = patience_s is not None and not is_new and now >= progress.at(progress.slice_began_s + patience_s)
    priced = _price(plan, rules, facts, crosses)
    if priced is None:
        return _wait(plan, progress)
    price = priced[0]
    minimum = minimum_volume(rules, price)
    if plan.volume - filled < minimum:
        return SlicesDone(SlicesEnd.DUST, plan.volume - filled)
    earned = _earned(plan, progress, seen, minimum)
    wanted, least = _wanted(plan, progress, is_new, minimum, now)
    if wanted < minimum:
        return _wait(plan, progress, next_due(plan, progress, now))
    if is_new and progress.schedule and progress.number:
        spaced_at = progress.at(progress.slice_began_s + CATCH_UP_SPACING * plan.interval_s)
        if now < spaced_at:
            return _wait(plan, progress, spaced_at)
    allowed = min(earned - filled, plan.volume - filled, maximum_volume(rules, price))
    volume = _cut(plan, rules, minimum, min(wanted, allowed), allowed, filled)
    if min(wanted, allowed) < max(min(least, wanted), minimum) or volume < minimum:
        return _wait(plan, progress, next_due(plan, progress, now))
    number = progress.number + 1 if is_new else progress.number
    elapsed = progress.elapsed_s(now)
    sent = replace(
        progress,
        number=number,
        working_volume=volume,
        working_price=price,
        working_crosses=priced[1],
        goal_volume=filled + volume,
        slice_began_s=elapsed if is_new else progress.slice_began_s,
        sent_s=elapsed,
        earned_volume=earned,
        seen_volume=max(seen, progress.seen_volume),
    )
    return SendSlice(number, volume, price, priced[1], sent)


# ---- how much ---------------------------------------------------------------------------------------------------


def _burst(plan: SlicePlan, progress: SliceProgress, minimum: Decimal) -> Decimal:
    """Most units that may be at work at once; room for two minimal orders, so that the end is not stuck."""
    if progress.schedule:
        return max(2 * minimum, *(piece.volume for piece in progress.schedule))
    return BURST_SLICES * max(minimum, plan.mean_volume if plan.display_volume is None else plan.display_volume)


def _earned(plan: SlicePlan, progress: SliceProgress, seen: Decimal, minimum: Decimal) -> Decimal:
    """What the cap has allowed in all, by the market's counter ``seen``; a saved-up burst is forfeited."""
    most = progress.filled_volume + _burst(plan, progress, minimum)
    if plan.participation_cap is None:
        return most
    return min(progress.earned_volume + plan.participation_cap * max(ZERO, seen - progress.seen_volume), most)


def _wanted(
    plan: SlicePlan, progress: SliceProgress, is_new: bool, minimum: Decimal, now: datetime
) -> tuple[Decimal, Decimal]:
    """Units the algorithm wants to send now, and how few of them are still worth an order."""
    left = plan.volume - progress.filled_volume
    if plan.algorithm.is_scheduled:
        due = sum((piece.volume for piece in progress.schedule if now >= progress.at(piece.due_s)), ZERO)
        return due - progress.filled_volume, WORTHWHILE * plan.mean_volume
    shown = plan.mean_volume if plan.display_volume is None else plan.display_volume
    size = min(left, max(minimum, varied(shown, plan.randomisation, progress.seed, progress.number)))
    if not is_new:
        return max(progress.goal_volume - progress.filled_volume, minimum), size * WORTHWHILE
    if plan.algorithm is SliceAlgorithm.POV:
        # As soon as the market has traded a slice's worth, everything the cap allows.
        return _burst(plan, progress, minimum), size
    return size, size * WORTHWHILE


def _cut(
    plan: SlicePlan, rules: ExchangeConstraints, minimum: Decimal, volume: Decimal, allowed: Decimal, filled: Decimal
) -> Decimal:
    """``volume`` on the venue's step, and so that what is left after it is nothing or can still be sent."""
    left = plan.volume - filled
    volume = floor_to_step(max(volume, ZERO), rules.volume_step)
    if left - volume == ZERO or left - volume >= minimum:
        return volume
    return left if allowed >= left else floor_to_step(left - minimum, rules.volume_step)


# ---- at which price ---------------------------------------------------------------------------------------------


def _price(
    plan: SlicePlan, rules: ExchangeConstraints, facts: MarketFacts, crosses: bool
) -> tuple[Decimal, bool] | None:
    """Price of an order that leaves now and whether it crosses; None while there is none within the limit."""
    if not facts.are_usable or facts.best_bid is None or facts.best_ask is None:
        return None
    limit = plan.price_limit
    if plan.chase is None and plan.algorithm is SliceAlgorithm.ICEBERG:
        return None if limit is None else (_on_grid(rules, plan.side, limit), False)
    if crosses or plan.chase is None:
        price = _crossing_price(plan.side, rules, facts.best_bid, facts.best_ask, _bound(plan, facts))
        if price is not None or plan.chase is None:
            return None if price is None else (price, True)
    price = _resting_price(plan, rules, facts.best_bid, facts.best_ask)
    return (price, False) if is_usable(price) else None


def _bound(plan: SlicePlan, facts: MarketFacts) -> Decimal | None:
    """The limit of a crossing order: the owner's, or the guard's where that is closer to the market."""
    known = [price for price in (plan.price_limit, facts.furthest_price) if price is not None]
    if not known:
        return None
    return min(known) if plan.side is Side.BUY else max(known)


def _crossing_price(
    side: Side, rules: ExchangeConstraints, bid: Decimal, ask: Decimal, limit: Decimal | None
) -> Decimal | None:
    if side is Side.BUY:
        reach = max(ask, _on_grid(rules, side, ask * (ONE + CROSS_REACH)))
        price = reach if limit is None else min(reach, _on_grid(rules, side, limit))
        return price if price >= ask else None
    reach = min(bid, _on_grid(rules, side, bid * (ONE - CROSS_REACH)))
    price = reach if limit is None else max(reach, _on_grid(rules, side, limit))
    return price if price <= bid else None


def _resting_price(plan: SlicePlan, rules: ExchangeConstraints, bid: Decimal, ask: Decimal) -> Decimal:
    """Beside the best price of the own side, never touching the other side, never beyond the limit."""
    ticks = 0 if plan.chase is None else plan.chase.offset_ticks
    if plan.side is Side.BUY:
        price = min(bid + ticks * rules.tick_at(bid), max(bid, ask - rules.tick_at(ask)))
        price = price if plan.price_limit is None else min(price, plan.price_limit)
    else:
        price = max(ask - ticks * rules.tick_at(ask), min(ask, bid + rules.tick_at(bid)))
        price = price if plan.price_limit is None else max(price, plan.price_limit)
    return _on_grid(rules, plan.side, price)


def _on_grid(rules: ExchangeConstraints, side: Side, price: Decimal) -> Decimal:
    """``price`` on the venue's grid, rounded away from the market."""
    return rules.floor_price(price) if side is Side.BUY else rules.ceil_price(price)
