"""Playbooks of instructions worked in slices: each algorithm, pause, cancel, restart, refusals, unknown, exits."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.commands import ClosePosition, LiquidateAll, PausePosition, SetTradingState
from app.domain.effects import LoadCandles, SendCancel, SubmitOrder
from app.domain.exit_plan import ExitRules
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    InstructionChanged,
    InstructionState,
    PauseInstruction,
    ResumeInstruction,
)
from app.domain.market_data import Candle, Trade
from app.domain.messages import (
    CandlesLoaded,
    CommandRefused,
    ExitTriggered,
    IntentRefused,
    OrderChanged,
    PositionChanged,
    StreamStateChanged,
    TimePassed,
)
from app.domain.order import Order, OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason as R
from app.domain.slicing import (
    ChasePolicy,
    ExecutionReport,
    SliceAlgorithm,
    SlicePlan,
    SliceProgress,
    SlicingReported,
)
from app.domain.values import OrderType, Side, TimeInForce, TradingState
from tests.unit.engine.playbook import ETH, START, VENUE, XRP, Playbook, blueprint, did, nothing, price
from tests.unit.engine.tickets import below, now_is, place_plan

S = InstructionState
D = Decimal
A = SliceAlgorithm
#: Four slices of 25 units, one a quarter of a minute.
TWAP = SlicePlan(A.TWAP, Side.BUY, D(100), duration_s=60, slices=4, participation_cap=D("0.5"))
SALE = replace(TWAP, side=Side.SELL)


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def lively(play: Playbook, amount: float, volume: object = 100, at: object = 1000) -> Playbook:
    """Time goes by; every second a fresh book and a trade of ``volume`` units. ``news`` keeps all of it."""
    news = []
    level = D(str(at))
    end = play.now + timedelta(seconds=amount)
    while play.now < end:
        play.now = min(play.now + timedelta(seconds=1), end)
        trade = Trade(XRP, level, D(str(volume)), Side.BUY, play.now, play.now)
        play >> [play.book(XRP, level), trade, TimePassed()]
        news += play.news
    play.news, play._seen = news, 0
    return play


def submits(play: Playbook) -> list[Order]:
    """Orders that were handed to the executor for instructions."""
    return [
        i.approved.order for i in play.history if isinstance(i, SubmitOrder) and i.approved.order.intent.instruction_id
    ]


def progress(play: Playbook) -> SliceProgress:
    told = now_is(play).progress
    assert told is not None
    return told


def report(play: Playbook) -> ExecutionReport:
    told = [item for item in play.history if isinstance(item, SlicingReported)]
    assert len(told) == 1
    return told[0].report


def fills(play: Playbook, amount: float, at: object = 1000, **market: object) -> Playbook:
    """``lively``, and the venue fills every slice at once."""
    for _ in range(int(amount)):
        lively(play, 1, at=at, **market)
        if submits(play) and play.core.tracker.get(submits(play)[-1].order_id).state is OrderState.INTENT:  # type: ignore[union-attr]
            order = submits(play)[-1]
            play >> [play.sent(order), play.filled(order, price=D(str(at)))]
    return play


# ---- the algorithms --------------------------------------------------------------------------------------------------


def test_twap_sends_its_slices_at_their_times_and_reports_what_they_cost(play: Playbook) -> None:
    play >> place_plan(TWAP) << did(PositionChanged, state=PositionState.PENDING)
    play << did(InstructionChanged, trigger="placed") << did(InstructionChanged, state=S.WORKING)
    play << did(InstructionChanged, trigger="slicing") << nothing(SubmitOrder)  # the market has traded nothing yet
    lively(play, 1) << did(
        SubmitOrder, side=Side.BUY, volume=25, order_type=OrderType.LIMIT, time_in_force=TimeInForce.IOC
    )
    play >> [play.sent(), play.filled()]
    assert progress(play).number == 1
    lively(play, 13) << nothing(SubmitOrder)
    lively(play, 2) << did(SubmitOrder, volume=25)
    play >> [play.sent(), play.filled()]
    fills(play, 32)
    assert now_is(play).state is S.DONE
    assert [order.intent.volume for order in submits(play)] == [25, 25, 25, 25]
    assert now_is(play).filled_volume == play.position(XRP).quantity == 100
    told = report(play)
    assert (told.ordered_volume, told.filled_volume, told.filled_funds) == (D(100), D(100), D(100_000))
    assert told.arrival_price == D("1000.5")  # between 1000 and 1001
    assert (told.average_price, told.vwap_bps) == (D(1000), D(0))
    assert told.participation == (D(100) / told_volume(play)).quantize(D("1e-8"))


def told_volume(play: Playbook) -> Decimal:
    """Units the market traded while the plan ran, by what was shown."""
    began = next(i for i in play.history if isinstance(i, InstructionChanged) and i.trigger == "slicing")
    ended = next(i for i in play.history if isinstance(i, SlicingReported)).ended_at
    assert began.instruction.progress is not None
    start = began.instruction.progress.started_at
    trades = [i for i in play.history if isinstance(i, Trade) and i.market == XRP and start < i.received_at <= ended]
    return sum((trade.volume for trade in trades), D(0))


def test_progress_stands_in_the_journal_before_the_order_does(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    kinds = [i for i in play.news if isinstance(i, SubmitOrder | OrderChanged | InstructionChanged)]
    first = kinds[-3]
    assert [type(item) for item in kinds[-3:]] == [InstructionChanged, OrderChanged, SubmitOrder]
    assert isinstance(first, InstructionChanged)
    assert first.instruction.order_id == play.order.order_id
    assert first.instruction.progress is not None
    assert first.instruction.progress.working_volume == 25


def hours(play: Playbook, market: object, count: int = 30) -> CandlesLoaded:
    """Bars of an hour; the hour of the story trades three times as much as others."""
    bars = []
    for ago in range(count, 0, -1):
        at = START.replace(minute=0) - timedelta(hours=ago)
        busy = 3 if at.hour == START.hour else 1
        level = D(1000 + ago % 2)
        bars.append(Candle(XRP, 3600, at, level, level, level, level, D(1_000_000 * busy)))
    return CandlesLoaded(XRP, 3600, tuple(bars))


@pytest.mark.parametrize(
    "plan",
    [replace(TWAP, algorithm=A.VWAP), replace(TWAP, algorithm=A.IS, risk_aversion=D("0.000001"))],
    ids=["vwap", "is"],
)
def test_what_follows_the_hours_waits_for_their_bars(play: Playbook, plan: SlicePlan) -> None:
    play >> place_plan(plan) << did(InstructionChanged, trigger="refused") << did(LoadCandles, seconds=3600)
    lively(play, 5) << nothing(SubmitOrder)
    play >> hours(play, XRP)
    fills(play, 62)
    assert now_is(play).state is S.DONE
    sizes = [order.intent.volume for order in submits(play)]
    assert sum(s for s in sizes if s is not None) == report(play).filled_volume == 100
    assert plan.algorithm is A.VWAP or sizes[0] > sizes[-1]  # type: ignore[operator]


def test_a_plan_without_its_bars_is_given_up(play: Playbook) -> None:
    play >> place_plan(replace(TWAP, algorithm=A.VWAP))
    lively(play, 62)
    assert (now_is(play).state, now_is(play).note.partition(":")[0]) == (S.FAILED, R.NOT_POSSIBLE_NOW)
    assert play.position(XRP).state is PositionState.CLOSED
    assert not submits(play)


def test_an_iceberg_shows_its_tip_and_the_next_one_when_it_is_filled(play: Playbook) -> None:
    plan = SlicePlan(A.ICEBERG, Side.BUY, D(60), 3600, 3, None, display_volume=D(20), price_limit=D(999))
    play >> place_plan(plan) << did(SubmitOrder, price=999, volume=20, time_in_force=TimeInForce.GTC)
    play >> [play.sent(), play.accepted(), play.part_filled(5, 999)]
    lively(play, 5) << nothing(SubmitOrder) << nothing(SendCancel)
    play >> play.filled(price=999) << did(SubmitOrder, price=999, volume=20)
    play >> [play.sent(), play.filled(price=999)] << nothing(SubmitOrder)  # no order follows another within a second
    lively(play, 2) << did(SubmitOrder, volume=20)
    play >> [play.sent(), play.filled(price=999)] << did(InstructionChanged, state=S.DONE) << did(SlicingReported)


def test_pov_takes_its_share_of_what_is_traded(play: Playbook) -> None:
    plan = SlicePlan(A.POV, Side.BUY, D(100), 600, 10, participation_cap=D("0.1"))
    play >> place_plan(plan)
    lively(play, 9, volume=10) << nothing(SubmitOrder)  # 90 units traded, 9 of them allowed
    lively(play, 2, volume=10) << did(SubmitOrder, volume=10)
    play >> [play.sent(), play.filled()]
    lively(play, 8, volume=10) << nothing(SubmitOrder)


def test_a_slice_rests_then_is_priced_again_and_crosses(play: Playbook) -> None:
    plan = replace(TWAP, slices=1, duration_s=60, participation_cap=D(1), chase=ChasePolicy(0, 5, 1))
    play >> place_plan(plan)
    lively(play, 1) << did(SubmitOrder, price=1000, volume=100, time_in_force=TimeInForce.GTC)
    play >> [play.sent(), play.accepted(), play.part_filled(30)]
    lively(play, 6, at=1003) << did(SendCancel) << nothing(SubmitOrder)
    play >> play.ended() << did(SubmitOrder, price=1003, volume=70, time_in_force=TimeInForce.GTC)
    play >> [play.sent(), play.accepted()]
    lively(play, 6, at=1003) << did(SendCancel)
    play >> play.ended() << did(SubmitOrder, volume=70, time_in_force=TimeInForce.IOC)
    assert [p.number for p in [progress(play)]] == [1]


def test_a_conditional_plan_begins_when_its_price_comes(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place_plan(SALE, below(980)) << did(InstructionChanged, state=S.ARMED)
    lively(play, 5) << nothing(SubmitOrder)
    lively(play, 2, at=980) << did(InstructionChanged, state=S.WORKING) << did(SubmitOrder, side=Side.SELL, volume=25)


# ---- partial fills, refusals, unknown --------------------------------------------------------------------------------


def test_what_a_slice_left_comes_with_the_next(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    play >> [play.sent(), play.part_filled(10), play.ended()] << nothing(SubmitOrder)
    lively(play, 2) << did(SubmitOrder, volume=15)
    assert progress(play).filled_volume == now_is(play).filled_volume == 10


def test_a_fill_that_comes_late_is_counted(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    first = play.order
    play >> [play.sent(), play.ended()]
    lively(play, 2) << did(SubmitOrder, volume=25)
    second = play.order
    play >> [play.sent(), play.accepted(second)]
    play >> play.part_filled(25, order=first)
    assert progress(play).filled_volume == 25
    lively(play, 3) << nothing(SubmitOrder)  # the second works on: nothing beside it
    play >> play.filled(order=second)
    fills(play, 60)
    assert now_is(play).state is S.DONE
    assert now_is(play).filled_volume == 100


def test_after_a_late_fill_nothing_works_beyond_the_total(play: Playbook) -> None:
    play >> place_plan(replace(TWAP, slices=1, participation_cap=D(1)))
    lively(play, 1)
    first = play.order
    play >> [play.sent(), play.ended()]
    lively(play, 2) << did(SubmitOrder, volume=100)
    second = play.order
    assert play.core.may_send(second.order_id, play.now) is None
    play >> play.part_filled(30, order=first)
    assert play.core.may_send(second.order_id, play.now) == "so much is not wanted any more"
    play >> [play.sent(second), play.accepted(second)]
    lively(play, 1) << did(SendCancel, order_id=second.order_id)
    play >> play.ended(second) << did(SubmitOrder, volume=70)


def test_a_refused_slice_is_tried_again_not_in_a_hot_loop_and_told_once(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    play >> [play.sent(), play.refused("server_busy")] << did(InstructionChanged, trigger="refused")
    before = len(submits(play))
    lively(play, 3)
    assert before < len(submits(play)) <= before + 3
    assert now_is(play).state is S.WORKING


@pytest.mark.parametrize("code", ["insufficient_funds_bid", "under_min_total_bid"])
def test_what_the_venue_will_refuse_again_ends_the_plan(play: Playbook, code: str) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    play >> [play.sent(), play.refused(code)] << did(InstructionChanged, state=S.FAILED, note=f"{code}…")
    play << did(PositionChanged, state=PositionState.CLOSED)
    lively(play, 20) << nothing(SubmitOrder)


@pytest.mark.parametrize("state", [TradingState.REDUCING, TradingState.DISABLED])
def test_entries_switched_off_hold_a_purchase_until_they_are_on_again(play: Playbook, state: TradingState) -> None:
    play >> place_plan(TWAP)
    fills(play, 3)
    play >> SetTradingState(state, "test")
    lively(play, 25) << did(IntentRefused) << did(InstructionChanged, trigger="refused") << nothing(SubmitOrder)
    assert len([i for i in play.news if isinstance(i, IntentRefused)]) == 1
    play >> SetTradingState(TradingState.ENABLED, "test")
    lively(play, 2) << did(SubmitOrder, volume=25)
    assert now_is(play).note == ""


def test_entries_switched_off_hold_no_sale(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place_plan(SALE) >> SetTradingState(TradingState.REDUCING, "test")
    lively(play, 2) << did(SubmitOrder, side=Side.SELL, volume=25)


def test_a_limit_that_is_used_up_ends_the_plan_with_words(play: Playbook) -> None:
    play.core.position_desk.desk.gate.limits = replace(play.limits, max_daily_entries=1)
    play >> place_plan(TWAP)
    fills(play, 20)
    assert (now_is(play).state, now_is(play).note.partition(":")[0]) == (S.FAILED, R.DAILY_ENTRIES_LIMIT)
    assert report(play).filled_volume == 25
    lively(play, 20) << nothing(SubmitOrder)


def test_a_refusal_that_passes_is_told_once_and_tried_again(play: Playbook) -> None:
    play.core.position_desk.desk.gate.limits = replace(play.limits, max_orders_per_minute=1)
    play >> place_plan(TWAP)
    fills(play, 40)
    told = [i for i in play.history if isinstance(i, IntentRefused)]
    assert len(told) == 1
    assert told[0].refusal.reason is R.TOO_MANY_ORDERS
    assert len(submits(play)) == 1
    assert now_is(play).note.startswith(R.TOO_MANY_ORDERS)
    fills(play, 40)
    assert now_is(play).state is S.DONE  # the time is over, half of it came about
    assert now_is(play).note == "the time is over"


def test_nothing_leaves_beside_an_order_nobody_knows_about(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place_plan(SALE)
    lively(play, 1) << did(SubmitOrder, side=Side.SELL, volume=25)
    lost = play.order
    play >> [play.sent(), play.unknown()]
    lively(play, 20) << nothing(SubmitOrder)
    play >> play.found(play.filled(lost).report) << did(SubmitOrder, volume=25)
    assert now_is(play).filled_volume == 25


def test_an_unknown_slice_that_never_arrived_is_sent_anew_under_another_name(play: Playbook) -> None:
    play >> place_plan(replace(TWAP, duration_s=600))
    lively(play, 1)
    lost = play.order
    play >> [play.sent(), play.unknown()]
    lively(play, 32) << nothing(SubmitOrder)
    play >> [play.not_found(lost), play.not_found(lost), play.not_found(lost)]
    lively(play, 2) << did(SubmitOrder, volume=25)
    assert play.order.order_id != lost.order_id


# ---- pause, resume, cancel, exits ------------------------------------------------------------------------------------


def test_a_pause_takes_the_slice_back_and_stops_the_clock(play: Playbook) -> None:
    plan = SlicePlan(A.ICEBERG, Side.BUY, D(60), 60, 3, None, display_volume=D(20), price_limit=D(999))
    play >> place_plan(plan) >> [play.sent(), play.accepted()]
    play >> PauseInstruction("i-ticket-1") << did(InstructionChanged, state=S.PAUSED) << did(SendCancel)
    play >> ResumeInstruction("i-ticket-1") << did(CommandRefused, reason=R.NOT_POSSIBLE_NOW)
    play >> [play.part_filled(8, 999), play.ended()]
    lively(play, 90) << nothing(SubmitOrder) << nothing(InstructionChanged)
    assert progress(play).elapsed_s(play.now) < 1
    play >> ResumeInstruction("i-ticket-1") << did(InstructionChanged, state=S.WORKING)
    lively(play, 2) << did(SubmitOrder, volume=12)
    assert progress(play).paused_at is None


def test_a_resumed_plan_does_not_wait_for_its_price_again(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place_plan(SALE, below(980))
    lively(play, 2, at=980)
    play >> [play.sent(), play.filled(price=980)]
    play >> PauseInstruction("i-ticket-1")
    lively(play, 30, at=1000) << nothing(SubmitOrder)
    play >> ResumeInstruction("i-ticket-1") << did(InstructionChanged, state=S.WORKING)
    lively(play, 16, at=1000) << did(SubmitOrder, volume=25)


def test_cancelled_it_sends_nothing_more_and_reports_when_its_last_order_has_ended(play: Playbook) -> None:
    plan = SlicePlan(A.ICEBERG, Side.BUY, D(60), 600, 3, None, display_volume=D(20), price_limit=D(999))
    play >> place_plan(plan) >> [play.sent(), play.accepted()]
    play >> CancelInstruction("i-ticket-1") << did(InstructionChanged, state=S.CANCELLED) << did(SendCancel)
    play << nothing(SlicingReported)
    play >> [play.part_filled(8, 999), play.ended()] << did(SlicingReported)
    assert report(play).filled_volume == 8
    lively(play, 60) << nothing(SubmitOrder)
    assert report(play).duration_s == 0


def test_a_slice_still_in_the_queue_does_not_leave_after_a_pause(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    waiting = play.order.order_id
    assert play.core.may_send(waiting, play.now) is None
    play >> PauseInstruction("i-ticket-1")
    assert play.core.may_send(waiting, play.now) == "the instruction has ended or waits"


def test_an_exit_takes_over_from_the_algorithm(play: Playbook) -> None:
    play >> place_plan(TWAP, exits=ExitRules(stop_loss_percent=D(2)))
    fills(play, 20)
    assert play.position(XRP).quantity == 50
    play >> price(XRP, 975) << did(ExitTriggered) << did(InstructionChanged, state=S.CANCELLED)
    play << did(SlicingReported)
    play << nothing(SubmitOrder, instruction_id="i-ticket-1")
    lively(play, 60, at=975) << nothing(SubmitOrder, instruction_id="i-ticket-1")


def test_an_exit_waits_for_the_slice_of_a_sale(play: Playbook) -> None:
    held = play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place_plan(replace(SALE, chase=ChasePolicy(0, 5, None)))
    lively(play, 1)
    play >> [play.sent(), play.accepted()]
    play >> ClosePosition(held.position_id) << did(SendCancel) << did(InstructionChanged, state=S.CANCELLED)
    play << nothing(SubmitOrder)
    play >> [play.part_filled(5), play.ended()] << did(SubmitOrder, volume=str(held.quantity - 5), instruction_id="")


def test_the_emergency_control_ends_every_plan(play: Playbook) -> None:
    play >> place_plan(TWAP)
    fills(play, 3)
    play >> LiquidateAll("kill") << did(InstructionChanged, state=S.CANCELLED)
    lively(play, 30) << nothing(SubmitOrder, instruction_id="i-ticket-1")


def test_a_pause_of_the_position_pauses_the_purchase(play: Playbook) -> None:
    play >> place_plan(TWAP)
    fills(play, 3)
    play >> PausePosition(play.position(XRP).position_id) << did(InstructionChanged, state=S.PAUSED)
    lively(play, 30) << nothing(SubmitOrder)
    assert progress(play).paused_at is not None


def test_a_plan_whose_time_is_over_takes_its_order_back_and_ends_with_a_rest(play: Playbook) -> None:
    plan = SlicePlan(A.ICEBERG, Side.BUY, D(60), 10, 3, None, display_volume=D(20), price_limit=D(999))
    play >> place_plan(plan) >> [play.sent(), play.accepted(), play.part_filled(5, 999)]
    lively(play, 11) << did(SendCancel) << nothing(InstructionChanged, state=S.DONE)
    play >> play.ended() << did(InstructionChanged, state=S.DONE, note="the time is over") << did(SlicingReported)
    assert report(play).opportunity_cost is not None


# ---- taken or not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (replace(TWAP, slices=0), R.BAD_NUMBER),
        (replace(TWAP, slices=50, duration_s=600), R.BAD_NUMBER),  # two units are below the minimum
        (replace(TWAP, participation_cap=D("NaN")), R.BAD_NUMBER),
        (replace(TWAP, volume=D("NaN")), R.BAD_NUMBER),
        (replace(TWAP, price_limit=D("1000.5")), R.OFF_TICK),
        (replace(TWAP, algorithm=A.ICEBERG), R.BAD_NUMBER),
        (SALE, R.NOTHING_TO_SELL),
    ],
)
def test_what_makes_no_sense_is_refused(play: Playbook, plan: SlicePlan, reason: R) -> None:
    play >> place_plan(plan) << did(CommandRefused, reason=reason) << nothing(PositionChanged)


def test_a_draft_that_says_something_else_than_the_plan_is_refused(play: Playbook) -> None:
    other = replace(place_plan(TWAP), plan=replace(TWAP, volume=D(200)))
    play >> other << did(CommandRefused, reason=R.BAD_NUMBER)


def test_a_purchase_that_the_gate_would_refuse_opens_no_position(play: Playbook) -> None:
    play >> SetTradingState(TradingState.DISABLED, "test")
    play >> place_plan(TWAP) << did(CommandRefused, reason=R.TRADING_DISABLED) << nothing(PositionChanged)


def test_a_crossing_price_stays_within_the_guards(play: Playbook) -> None:
    play.core.position_desk.desk.gate.limits = replace(play.limits, max_ticks_away=3)
    play >> place_plan(TWAP)
    lively(play, 1) << did(SubmitOrder, price=1004)


def test_the_budget_of_a_new_position_is_what_the_plan_will_spend(play: Playbook) -> None:
    play >> place_plan(TWAP)
    assert play.position(XRP).budget == 100 * 1001 * D("1.0005")


def test_it_is_not_amended_while_it_works(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    play >> AmendInstruction("i-ticket-1", trigger_price=D(990)) << did(CommandRefused, reason=R.BAD_NUMBER)
    play >> AmendInstruction("i-ticket-1", volume=D(200)) << did(CommandRefused, reason=R.BAD_NUMBER)
    assert now_is(play).state is S.WORKING


def test_a_waiting_plan_may_wait_for_another_price(play: Playbook) -> None:
    play >> place_plan(TWAP, below(980)) >> AmendInstruction("i-ticket-1", trigger_price=D(970))
    assert now_is(play).condition.price == 970


# ---- after a restart -------------------------------------------------------------------------------------------------


def settled(again: Playbook, at: int = 1000) -> Playbook:
    """The restarted program knows markets and account again."""
    again >> [again.listed(), again.book(XRP, at), again.book(ETH, 4_000_000)]
    again >> SetTradingState(TradingState.ENABLED, "test")
    again >> again.account()
    return again


def restarted(play: Playbook) -> Playbook:
    again = play.restarted(clean=True)
    again >> [StreamStateChanged(VENUE, "public", True), StreamStateChanged(VENUE, "private", True)]
    return settled(again)


def test_it_goes_on_from_what_the_journal_knew(play: Playbook) -> None:
    play >> place_plan(TWAP)
    fills(play, 20)
    assert now_is(play).filled_volume == 50
    again = restarted(play)
    assert again.core.instructions.live["i-ticket-1"].progress.filled_volume == 50  # type: ignore[union-attr]
    assert not submits(again)
    fills(again, 60)
    assert sum(o.intent.volume or D(0) for o in submits(again)) == 50
    assert now_is(again).state is S.DONE
    assert report(again).filled_volume == 100


def test_an_unknown_slice_is_settled_before_another_leaves(play: Playbook) -> None:
    play >> place_plan(TWAP)
    lively(play, 1)
    lost = play.order
    play >> play.sent()
    again = restarted(play)
    lively(again, 20) << nothing(SubmitOrder)
    again >> again.found(again.filled(again.core.tracker.orders[lost.order_id]).report)
    again << did(SubmitOrder, volume=25)
    assert again.core.instructions.live["i-ticket-1"].filled_volume == 25


def test_a_fill_whose_count_the_journal_lost_is_counted_from_the_orders(play: Playbook) -> None:
    play >> place_plan(TWAP)
    fills(play, 3)
    torn = max(
        n for n, item in enumerate(play.history) if isinstance(item, InstructionChanged) and item.trigger == "fill"
    )
    play.history = play.history[:torn]
    again = restarted(play)
    known = again.core.instructions.live["i-ticket-1"]
    assert known.filled_volume == 25
    assert known.progress is not None
    assert known.progress.filled_volume == 25
    fills(again, 70)
    assert sum(o.intent.volume or D(0) for o in submits(again)) == 75


def test_a_paused_plan_stays_paused(play: Playbook) -> None:
    play >> place_plan(TWAP)
    fills(play, 3)
    play >> PauseInstruction("i-ticket-1")
    again = restarted(play)
    lively(again, 30) << nothing(SubmitOrder)
    again >> ResumeInstruction("i-ticket-1")
    lively(again, 15) << did(SubmitOrder, volume=25)


def test_a_report_that_was_owed_is_told_after_the_restart(play: Playbook) -> None:
    plan = SlicePlan(A.ICEBERG, Side.BUY, D(60), 600, 3, None, display_volume=D(20), price_limit=D(999))
    play >> place_plan(plan) >> [play.sent(), play.accepted(), play.part_filled(8, 999)]
    order = play.order
    play >> CancelInstruction("i-ticket-1")
    again = restarted(play)
    again >> again.ended(again.core.tracker.orders[order.order_id]) << did(SlicingReported)
    assert report(again).filled_volume == 8
    assert not restarted(again).core.instructions.slices.reports.owed
