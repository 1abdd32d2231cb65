"""The next slice: told step by step for each algorithm, and judged over drawn days."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import (
    CancelSlice,
    ChasePolicy,
    MarketFacts,
    SendSlice,
    SliceAlgorithm,
    SliceDecision,
    SlicePlan,
    SliceProgress,
    SlicesDone,
    SlicesEnd,
    WaitForSlice,
    plan_problems,
)
from app.domain.values import Side
from app.engine.order_slicer import next_due, next_slice, start_slicing
from app.engine.slice_schedule import SliceBasis, VolumeProfile
from tests.property.profile import examples
from tests.unit.engine.playbook import START, STEP, XRP, market_rules
from tests.unit.engine.slicer_day import Day

RULES = market_rules(XRP)  # tick 1 from 1,000 KRW on, minimum 5,000 KRW, step 0.00000001
BASIS = SliceBasis(VolumeProfile(3600, (Decimal(1),) * 24), Decimal(1), Decimal("0.5"), Decimal(100_000))
#: 1,000 units in ten slices of 100, one each minute, at most half of what the market trades.
TWAP = SlicePlan(SliceAlgorithm.TWAP, Side.BUY, Decimal(1000), 600, 10, participation_cap=Decimal("0.5"))
CHASE = ChasePolicy(offset_ticks=1, rest_s=10, reprices=1)
ICEBERG = replace(TWAP, algorithm=SliceAlgorithm.ICEBERG, display_volume=Decimal(100), participation_cap=None)
POV = replace(TWAP, algorithm=SliceAlgorithm.POV, participation_cap=Decimal("0.1"))


@dataclass
class Run:
    """One plan, told step by step: the market says ``bid``, ``ask`` and how much was traded in all."""

    plan: SlicePlan
    progress: SliceProgress
    bid: int = 1000
    ask: int = 1010
    traded: int = 0
    second: float = 0.0

    def at(self, second: float, **market: int) -> SliceDecision:
        """What is decided at this second; a slice that leaves is remembered."""
        self.second = second
        for name, value in market.items():
            setattr(self, name, value)
        facts = MarketFacts(Decimal(self.bid), Decimal(self.ask), Decimal(self.traded))
        decision = next_slice(self.plan, self.progress, RULES, facts, START + timedelta(seconds=second))
        if isinstance(decision, SendSlice):
            self.progress = decision.progress
        return decision

    def sends(self, second: float, **market: int) -> tuple[int, Decimal, Decimal, bool]:
        """Number, volume, price and whether it crosses, of the slice that leaves now."""
        decision = self.at(second, **market)
        assert isinstance(decision, SendSlice), decision
        return decision.number, decision.volume, decision.price, decision.crosses

    def waits(self, second: float, **market: int) -> float | None:
        """Until which second nothing is to be done."""
        decision = self.at(second, **market)
        assert isinstance(decision, WaitForSlice), decision
        return None if decision.until is None else (decision.until - START).total_seconds()

    def fill(self, volume: int | Decimal | None = None) -> None:
        """The working order is filled (in part) and ends."""
        self.progress = self.progress.filled(self.progress.working_volume if volume is None else Decimal(volume))
        self.progress = self.progress.ended()


def run(plan: SlicePlan = TWAP) -> Run:
    facts = MarketFacts(Decimal(1000), Decimal(1010), Decimal(0))
    progress = start_slicing(plan, RULES, facts, BASIS, 7, START)
    assert isinstance(progress, SliceProgress), progress
    return Run(plan, progress)


# ---- beginning --------------------------------------------------------------------------------------------------


def test_nothing_begins_without_a_sound_market_plan_or_basis() -> None:
    sound = MarketFacts(Decimal(1000), Decimal(1010), Decimal(0))

    def reason(plan: SlicePlan, facts: MarketFacts, basis: SliceBasis) -> RefusalReason:
        refused = start_slicing(plan, RULES, facts, basis, 7, START)
        assert isinstance(refused, Refusal)
        return refused.reason

    assert reason(TWAP, replace(sound, best_bid=None), BASIS) is RefusalReason.NO_PRICE
    assert reason(TWAP, replace(sound, best_bid=Decimal("NaN")), BASIS) is RefusalReason.NO_PRICE
    assert reason(replace(TWAP, volume=Decimal("NaN")), sound, BASIS) is RefusalReason.BAD_NUMBER
    vwap = replace(TWAP, algorithm=SliceAlgorithm.VWAP)
    assert reason(vwap, sound, SliceBasis()) is RefusalReason.NOT_POSSIBLE_NOW


# ---- by the clock -----------------------------------------------------------------------------------------------


def test_a_slice_leaves_when_it_is_due_and_the_market_has_traded_enough() -> None:
    twap = run()
    assert twap.waits(0) == 60, "nothing was traded yet, so nothing may be"
    assert twap.waits(1, traded=99) == 60
    assert twap.sends(2, traded=200) == (1, 100, 1020, True), "one per cent through the ask, never more"
    assert twap.waits(3) == 600, "it is at work: only its end, or the plan's, matters"
    twap.fill()
    assert twap.waits(4, traded=10_000) == 60
    assert twap.sends(60) == (2, 100, 1020, True)


def test_a_plan_that_is_filled_is_done_and_one_whose_time_is_over_too() -> None:
    twap = run()
    twap.progress = replace(twap.progress, filled_volume=Decimal(1001))
    assert twap.at(5) == SlicesDone(SlicesEnd.COMPLETE, Decimal(0)), "the venue filled more than was asked for"
    twap = run()
    twap.sends(0, traded=1000)
    assert twap.at(600) == CancelSlice()
    twap.fill(40)
    assert twap.at(600) == SlicesDone(SlicesEnd.TIME_OVER, Decimal(960))


def test_what_is_late_is_caught_up_one_slice_at_a_time() -> None:
    """Five slices are due at 240 s; the cap would allow them all, a quarter of an interval lies between them."""
    twap = run()
    assert twap.sends(240, traded=10_000)[:2] == (1, 100)
    twap.fill()
    assert twap.waits(241, traded=20_000) == 241 or twap.waits(242) == 255
    assert twap.sends(255)[:2] == (2, 100)


def test_a_saved_up_burst_is_forfeited() -> None:
    twap = run()
    assert twap.sends(240, traded=1_000_000)[1] == 100
    twap.fill()
    assert twap.waits(260) == 300, "the cap counts anew from the last slice: nothing was traded since"
    assert twap.sends(261, traded=1_000_200)[1] == 100


def test_the_cap_cuts_a_slice_but_not_to_crumbs() -> None:
    twap = run()
    assert twap.waits(10, traded=98) == 60, "49 of 100: less than half is not worth an order"
    assert twap.sends(11, traded=100)[1] == 50
    twap.fill()
    assert twap.sends(70, traded=290) == (2, 95, 1020, True), "the rest of the first and all of the second, as allowed"


def test_what_the_venue_refuses_is_tried_again_but_not_in_a_hot_loop() -> None:
    twap = run()
    assert twap.sends(0, traded=1000) == (1, 100, 1020, True)
    twap.progress = twap.progress.ended()
    assert twap.waits(0.5) == 1
    assert twap.sends(1) == (1, 100, 1020, True)
    twap.fill(30)
    assert twap.sends(2) == (1, 70, 1020, True), "the rest of the same slice"


@pytest.mark.parametrize("bid", [0, 1010, 1020])
def test_without_a_sound_book_nothing_leaves(bid: int) -> None:
    assert run().waits(0, bid=bid, traded=1000) == 600


def test_the_limit_holds_for_every_slice() -> None:
    buying = run(replace(TWAP, price_limit=Decimal("1015.5")))
    assert buying.sends(0, traded=1000)[2] == 1015
    buying.fill()
    assert buying.waits(60, ask=1016, bid=1001, traded=2000) == 600
    selling = run(replace(TWAP, side=Side.SELL, price_limit=Decimal("999.55")))
    assert selling.sends(0, traded=1000)[2] == Decimal("999.6")
    selling.fill()
    assert selling.waits(60, bid=999, traded=2000) == 600
    assert run(replace(TWAP, side=Side.SELL)).sends(0, traded=1000)[2] == 990, "one per cent below the bid"


def test_the_last_slice_takes_what_could_not_be_sent_alone() -> None:
    """At 1,000 KRW an order needs 5 units: the second last slice leaves none that is smaller."""
    twap = run()
    twap.progress = twap.progress.filled(Decimal(897))
    assert twap.waits(481, traded=10_000) == 540, "3 units are due, which nobody takes: they go with the last slice"
    least = Decimal("4.90196079")  # 5,000 KRW at 1,020
    assert twap.sends(540)[1] == 103 - least, "100 go at once; it leaves not 3, but the least that can be sent"
    twap.fill()
    assert twap.sends(555, traded=11_000)[1] == least
    whole = run()
    whole.progress = replace(whole.progress, filled_volume=Decimal(902))
    assert whole.sends(540, traded=10_000)[1] == 98
    little = run()
    little.progress = replace(little.progress, filled_volume=Decimal("995.5"))
    assert little.at(540, traded=10_000) == SlicesDone(SlicesEnd.DUST, Decimal("4.5"))


def test_the_next_due_time_is_known_beforehand() -> None:
    twap = run()
    assert next_due(TWAP, twap.progress, START - timedelta(seconds=1)) == START
    assert next_due(TWAP, twap.progress, START) == START + timedelta(seconds=60)
    assert next_due(TWAP, twap.progress, START + timedelta(seconds=599)) is None
    assert next_due(TWAP, twap.progress.paused(START), START) is None


# ---- pauses and restarts ----------------------------------------------------------------------------------------


def test_a_pause_takes_the_order_back_and_moves_the_end() -> None:
    twap = run()
    twap.sends(0, traded=1000)
    twap.progress = twap.progress.paused(START + timedelta(seconds=1))
    assert twap.at(1) == CancelSlice()
    twap.fill(20)
    assert twap.waits(2) is None, "only a person ends a pause"
    assert twap.waits(5000) is None, "and a plan that is paused does not run out"
    twap.progress = twap.progress.resumed(START + timedelta(seconds=5001), Decimal(90_000))
    assert twap.sends(5001, traded=90_000)[:2] == (1, 80), "what was earned before is still there"
    twap.fill()
    assert twap.waits(5061) == 5120, "what was traded meanwhile earned nothing"
    assert twap.sends(5062, traded=90_200)[:2] == (2, 100)
    twap.fill()
    assert twap.at(5600) == SlicesDone(SlicesEnd.TIME_OVER, Decimal(800))


def test_after_a_restart_what_fell_due_is_caught_up_within_the_cap() -> None:
    twap = run()
    twap.sends(0, traded=1000)
    twap.fill()
    twap.progress = twap.progress.recounted(Decimal(0))
    assert twap.waits(300, traded=0) == 360, "what was traded unseen earns nothing"
    assert twap.sends(301, traded=200)[:2] == (2, 100)


def test_only_what_was_traded_after_the_start_counts() -> None:
    facts = MarketFacts(Decimal(1000), Decimal(1010), Decimal(5000))
    progress = start_slicing(TWAP, RULES, facts, BASIS, 7, START)
    assert isinstance(progress, SliceProgress)
    assert Run(TWAP, progress).waits(0, traded=5099) == 60
    assert Run(TWAP, progress).waits(0, traded=10) == 60, "a counter that fell earns nothing"
    assert Run(TWAP, progress).sends(0, traded=5200)[1] == 100


def test_no_slice_is_above_the_venues_maximum() -> None:
    twap = run()
    facts = MarketFacts(Decimal(1000), Decimal(1010), Decimal(1000))
    small = replace(RULES, max_total=Decimal(61_200))
    decision = next_slice(TWAP, twap.progress, small, facts, START)
    assert isinstance(decision, SendSlice) and decision.volume == 60, "60 units at 1,020"


# ---- rest, then chase -------------------------------------------------------------------------------------------


def test_a_slice_rests_is_priced_again_and_crosses() -> None:
    chase = run(replace(TWAP, chase=CHASE))
    assert chase.sends(0, traded=1000) == (1, 100, 1001, False)
    assert chase.waits(5, bid=1004) == 10
    assert chase.at(10) == CancelSlice()
    chase.fill(40)
    assert chase.sends(10.2) == (1, 60, 1005, False)
    assert chase.waits(20.1) == 20.2
    assert chase.at(20.2) == CancelSlice(), "two rests of ten seconds are over"
    chase.fill(0)
    assert chase.sends(20.3) == (1, 60, 1020, True)
    chase.fill()
    assert chase.sends(60, traded=2000)[:2] == (2, 100)


def test_an_order_at_the_right_price_keeps_its_place_in_the_queue() -> None:
    chase = run(replace(TWAP, chase=CHASE))
    chase.sends(0, traded=1000)
    assert chase.waits(10, bid=1010) == 20, "a locked book is no reason to move"
    assert chase.waits(11, bid=1000) == 20, "the price would be the same"
    assert chase.at(20) == CancelSlice(), "now it crosses"


def test_a_resting_price_never_touches_the_other_side() -> None:
    eager = replace(TWAP, chase=ChasePolicy(offset_ticks=50, rest_s=10))
    assert run(eager).sends(0, traded=1000)[2:] == (1009, False)
    assert run(eager).sends(0, traded=1000, ask=1001)[2:] == (1000, False), "a spread of one tick"
    assert run(replace(eager, side=Side.SELL)).sends(0, traded=1000)[2:] == (1001, False)
    patient = replace(TWAP, chase=ChasePolicy(offset_ticks=-5, rest_s=10))
    assert run(patient).sends(0, traded=1000)[2:] == (995, False)
    assert run(replace(patient, side=Side.SELL)).sends(0, traded=1000)[2:] == (1015, False)


def test_beyond_the_limit_a_chase_rests_at_the_limit() -> None:
    chase = run(replace(TWAP, chase=CHASE, price_limit=Decimal("990.55")))
    assert chase.sends(0, traded=1000) == (1, 100, Decimal("990.5"), False)
    assert chase.waits(20) == 600, "it may not cross, and the price is right"
    assert chase.at(21, bid=980, ask=985) == CancelSlice()


def test_the_last_little_of_a_plan_is_not_taken_back_to_be_stranded() -> None:
    chase = run(replace(TWAP, chase=CHASE))
    chase.progress = chase.progress.filled(Decimal(900))
    chase.sends(540, traded=10_000)
    chase.progress = chase.progress.filled(Decimal(96))
    assert chase.waits(560) == 600, "4 units are below the minimum: better at work than in the hand"
    chase.progress = chase.progress.filled(Decimal(4)).ended()
    assert chase.at(561) == SlicesDone(SlicesEnd.COMPLETE, Decimal(0))


# ---- iceberg ----------------------------------------------------------------------------------------------------


def test_an_iceberg_shows_the_next_part_when_the_last_is_filled() -> None:
    iceberg = run(replace(ICEBERG, price_limit=Decimal(1000)))
    assert iceberg.sends(0) == (1, 100, 1000, False)
    iceberg.progress = iceberg.progress.filled(Decimal(60))
    assert iceberg.waits(30) == 600
    iceberg.fill()
    assert iceberg.sends(31) == (2, 100, 1000, False)


def test_an_icebergs_parts_differ_when_it_is_told_so() -> None:
    iceberg = run(replace(ICEBERG, price_limit=Decimal(1000), randomisation=Decimal("0.2")))
    shown = []
    for number in range(8):
        shown.append(iceberg.sends(10 * number)[1])
        iceberg.fill()
    assert len(set(shown)) == 8 and all(80 <= volume <= 120 for volume in shown)


def test_the_tip_of_an_iceberg_is_never_below_the_minimum() -> None:
    """The price fell: 5 units were 5,000 KRW, now 10 are."""
    iceberg = run(replace(ICEBERG, display_volume=Decimal(5), price_limit=Decimal(2000)))
    iceberg.plan = replace(iceberg.plan, price_limit=Decimal(500))
    assert iceberg.sends(0, bid=500, ask=501)[1] == 10


def test_the_rest_of_a_tip_is_raised_to_the_minimum_at_its_price() -> None:
    """5.5 units are enough at the bid of 1,000, but the order rests at 800, where 6.25 are needed."""
    iceberg = run(replace(ICEBERG, price_limit=Decimal(800)))
    iceberg.sends(0)
    iceberg.fill(Decimal("94.5"))
    assert iceberg.sends(10) == (1, Decimal("6.25"), 800, False)


# ---- percentage of volume ---------------------------------------------------------------------------------------


def test_pov_follows_the_market_and_never_leads_it() -> None:
    pov = run(POV)
    assert pov.waits(0) == 600
    assert pov.waits(50, traded=999) == 600
    assert pov.sends(60, traded=1200)[1] == 120, "a tenth of what was traded"
    pov.fill()
    assert pov.sends(90, traded=2600)[1] == 140
    pov.fill()
    assert pov.sends(120, traded=100_000)[1] == 200, "but no burst"
    pov.fill()
    assert pov.waits(122) == 600


def test_pov_ends_exactly() -> None:
    pov = run(POV)
    pov.progress = replace(pov.progress, filled_volume=Decimal(850), earned_volume=Decimal(850))
    assert pov.sends(10, traded=1480)[1] == Decimal("145.09803921"), "148 would leave two units that nobody takes"
    pov.fill()
    assert pov.sends(20, traded=1500)[1:3] == (Decimal("4.90196079"), 1020), "5,000.0000058 KRW: the minimum"
    pov.fill()
    assert pov.at(21) == SlicesDone(SlicesEnd.COMPLETE, Decimal(0))


# ---- drawn days -------------------------------------------------------------------------------------------------

CHASES = st.builds(
    ChasePolicy,
    offset_ticks=st.integers(-3, 3),
    rest_s=st.sampled_from([1.0, 3.5, 10.0]),
    reprices=st.sampled_from([None, 0, 1, 3]),
)
PLANS = st.builds(
    SlicePlan,
    algorithm=st.sampled_from(SliceAlgorithm),
    side=st.sampled_from(Side),
    volume=st.integers(10 * 10**8, 3000 * 10**8).map(lambda steps: steps * STEP),
    duration_s=st.integers(60, 1200),
    slices=st.integers(1, 30),
    participation_cap=st.sampled_from([Decimal("0.05"), Decimal("0.33"), Decimal(1)]),
    randomisation=st.sampled_from([Decimal(0), Decimal("0.21"), Decimal("0.5")]),
    chase=st.none() | CHASES,
    price_limit=st.none() | st.integers(990, 1010).map(Decimal),
)


def completed(plan: SlicePlan, share: int) -> SlicePlan:
    """The plan with what its algorithm needs."""
    if plan.algorithm is SliceAlgorithm.IS:
        return replace(plan, risk_aversion=Decimal("1e-4"))
    if plan.algorithm is SliceAlgorithm.ICEBERG:
        display = (plan.volume / share).quantize(STEP)
        return replace(plan, display_volume=display, price_limit=plan.price_limit or Decimal(1000))
    return plan


@given(PLANS, st.integers(1, 30), st.integers(0, 2**64 - 1), st.sampled_from(["0.2", "5", "500"]))
@examples(120)
def test_every_slice_of_every_day_keeps_the_rules(plan: SlicePlan, share: int, seed: int, lively: str) -> None:
    plan = completed(plan, share)
    assume(not plan_problems(plan, RULES, Decimal(1000)))
    day = Day(plan, RULES, BASIS, START, Decimal(1000), seed, Decimal(lively), trouble=Decimal("0.03"))
    again = Day(plan, RULES, BASIS, START, Decimal(1000), seed, Decimal(lively), trouble=Decimal("0.03"))
    assert day.run() == again.run()
    assert day.sent == again.sent


@given(PLANS, st.integers(1, 30), st.integers(0, 2**64 - 1))
@examples(80)
def test_a_lively_market_fills_every_plan_to_the_last_unit(plan: SlicePlan, share: int, seed: int) -> None:
    plan = completed(replace(plan, price_limit=None, participation_cap=Decimal(1)), share)
    seconds = plan.slices * 60 if plan.algorithm.is_scheduled else 20_000
    plan = replace(plan, price_limit=None, duration_s=seconds)
    assume(plan.chase is not None or plan.algorithm is not SliceAlgorithm.ICEBERG)
    assume(not plan_problems(plan, RULES, Decimal(1000)))
    day = Day(plan, RULES, BASIS, START, Decimal(1000), seed, Decimal(100_000), fills=Decimal(1))
    done = day.run()
    assert (done.end, day.filled) == (SlicesEnd.COMPLETE, plan.volume) or done.end is SlicesEnd.DUST
    assert done.remainder * day.price < 2 * RULES.min_total
