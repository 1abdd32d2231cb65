"""A drawn day for one plan of slices: a market, a desk and a venue written by hand, and a judge of every slice.

The judge counts for itself: what the market traded while the plan ran, what was filled, what is at work.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.money import floor_to_step
from app.domain.slicing import (
    CancelSlice,
    MarketFacts,
    SendSlice,
    SliceDecision,
    SlicePlan,
    SliceProgress,
    SlicesDone,
    WaitForSlice,
)
from app.domain.values import Side
from app.engine.order_slicer import next_slice, start_slicing
from app.engine.slice_schedule import SliceBasis, chance

NOTHING = Decimal(0)


@dataclass
class Day:
    """``liveliness`` is the market's volume per second, ``trouble`` the chance of a pause, restart or gap per step."""

    plan: SlicePlan
    rules: ExchangeConstraints
    basis: SliceBasis
    now: datetime
    price: Decimal
    seed: int
    liveliness: Decimal
    trouble: Decimal = NOTHING
    fills: Decimal = Decimal("0.7")
    traded: Decimal = NOTHING
    counted: Decimal = NOTHING
    filled: Decimal = NOTHING
    draws: int = 0
    sent: list[SendSlice] = field(default_factory=list)
    log: list[SliceDecision] = field(default_factory=list)

    def draw(self) -> Decimal:
        """Another number from 0 up to 1."""
        self.draws += 1
        return chance(self.seed ^ 0xDA7, self.draws)

    def facts(self) -> MarketFacts:
        """Best prices one to three ticks apart."""
        tick = self.rules.tick_at(self.price)
        bid = self.rules.floor_price(self.price)
        return MarketFacts(bid, bid + tick * (1 + int(self.draw() * 3)), self.traded)

    def run(self) -> SlicesDone:
        """The plan from its start to its end."""
        began = start_slicing(self.plan, self.rules, self.facts(), self.basis, self.seed, self.now)
        assert isinstance(began, SliceProgress), began
        progress = began
        for _ in range(100_000):
            facts = self.facts()
            if self.draw() < self.trouble:
                facts = MarketFacts(None, facts.best_ask, facts.traded_volume)
            decision = next_slice(self.plan, progress, self.rules, facts, self.now)
            assert next_slice(self.plan, progress, self.rules, facts, self.now) == decision, "the same facts, the same"
            self.log.append(decision)
            if isinstance(decision, SlicesDone):
                assert not progress.working_volume
                assert decision.remainder == max(NOTHING, self.plan.volume - self.filled)
                return decision
            if isinstance(decision, SendSlice):
                assert not progress.working_volume, "one order at a time"
                self.judge(decision, facts, progress)
                self.sent.append(decision)
                progress = decision.progress
            progress = self.pass_time(progress, decision)
        raise AssertionError("the day has no end")

    def judge(self, piece: SendSlice, facts: MarketFacts, progress: SliceProgress) -> None:
        """Every slice is one the venue takes, within cap, limit and what is left."""
        plan, rules, side = self.plan, self.rules, self.plan.side
        assert progress.paused_at is None and self.now < progress.at(plan.duration_s)
        assert facts.best_bid is not None and facts.best_ask is not None
        assert piece.volume % rules.volume_step == 0 and rules.is_on_tick(piece.price)
        assert rules.min_total <= piece.volume * piece.price <= rules.max_total
        left = plan.volume - self.filled - piece.volume
        assert left == 0 or left * piece.price >= rules.min_total, "no dust of our making"
        if plan.participation_cap is not None:
            assert self.filled + piece.volume <= plan.participation_cap * self.counted, "above the cap"
        if plan.price_limit is not None:
            within = piece.price <= plan.price_limit if side is Side.BUY else piece.price >= plan.price_limit
            assert within, "beyond the limit"
        touches = piece.price >= facts.best_ask if side is Side.BUY else piece.price <= facts.best_bid
        assert piece.crosses == touches or plan.chase is None
        assert not self.sent or piece.number in (self.sent[-1].number, self.sent[-1].number + 1)

    def pass_time(self, progress: SliceProgress, decision: SliceDecision) -> SliceProgress:
        """Some seconds: the market trades and moves, orders fill and end, people and computers pause."""
        progress = self.venue(progress, decision)
        step = timedelta(milliseconds=100 + int(self.draw() * 5000))
        if isinstance(decision, WaitForSlice) and decision.until is not None and self.draw() < 3 * self.trouble:
            step = max(step, decision.until - self.now)
        if progress.paused_at is not None and self.draw() < Decimal("0.4"):
            progress = progress.resumed(self.now, self.traded)
        elif self.draw() < self.trouble:
            progress = progress.paused(self.now)
        if self.draw() < self.trouble:
            # The terminal is down: time passes, the market trades, nobody counts; the counter begins anew.
            self.now += timedelta(seconds=int(self.draw() * self.plan.duration_s / 4))
            self.traded = NOTHING
            progress = progress.recounted(self.traded)
        seconds = Decimal(step // timedelta(milliseconds=1)) / 1000
        volume = floor_to_step(2 * self.draw() * self.liveliness * seconds, self.rules.volume_step)
        self.now += step
        self.traded += volume
        if progress.paused_at is None:
            self.counted += volume
        self.price = self.rules.floor_price(self.price * (1 + (self.draw() - Decimal("0.5")) / 500))
        return progress

    def venue(self, progress: SliceProgress, decision: SliceDecision) -> SliceProgress:
        """What works may fill, in part or whole; what crosses or is taken back ends."""
        if not progress.working_volume:
            return progress
        volume = NOTHING
        if self.draw() < self.fills:
            share = self.draw() if self.draw() < Decimal("0.3") else Decimal(1)
            volume = floor_to_step(progress.working_volume * share, self.rules.volume_step)
        self.filled += volume
        before = progress
        progress = progress.filled(volume)
        assert progress.filled_volume == self.filled >= before.filled_volume
        ends = progress.working_crosses or isinstance(decision, CancelSlice) or not progress.working_volume
        return progress.ended() if ends else progress
