"""Playbooks of entries that the book does not take at once: refused, waiting, split into parts."""

from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy, EntryStep, RestPolicy
from app.domain.commands import ClosePosition, PausePosition, ResumePosition, SetTradingState
from app.domain.effects import SendCancel, SubmitOrder
from app.domain.market_data import Book, BookLevel
from app.domain.messages import IntentRefused, OrderChanged, OrderNotSent, PositionChanged
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.slippage import AboveTolerance, ExecutionMeasured, SlippagePolicy
from app.domain.values import OrderType, Side, TradingState
from tests.unit.engine.playbook import XRP, Playbook, blueprint, did, nothing, price, seconds

D = Decimal
REFUSE, SPLIT, WAIT = (SlippagePolicy(D("0.5"), kind) for kind in AboveTolerance)
TOO_HIGH = RefusalReason.SLIPPAGE_TOO_HIGH


def thin(play: Playbook, best: int = 100, further: int = 1020) -> Book:
    """``best`` units at 1001, plenty from ``further`` on."""
    asks = (BookLevel(D(1001), D(best)), BookLevel(D(further), D(100_000)))
    return Book(XRP, (BookLevel(D(1000), D(1000)),), asks, play.now, play.now)


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def spent(play: Playbook) -> Decimal:
    """What the entries asked for, in sum."""
    return sum((order.intent.funds or D(0) for order in play.orders(XRP) if order.filled_volume), D(0))


# ---- refuse ----------------------------------------------------------------------------------------------------------


def test_a_strategy_that_refuses_waits_for_its_next_signal(play: Playbook) -> None:
    play >> thin(play) >> play.start(XRP, blueprint(slippage=REFUSE))
    play << did(IntentRefused, reason=TOO_HIGH) << nothing(SubmitOrder)
    play >> price(XRP, 1000) << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 1000) << did(SubmitOrder, funds=999_500)


# ---- wait ------------------------------------------------------------------------------------------------------------


def test_a_strategy_that_waits_asks_at_every_price(play: Playbook) -> None:
    play >> thin(play) >> play.start(XRP, blueprint(slippage=WAIT))
    play << did(IntentRefused, reason=TOO_HIGH)
    play >> seconds(5) >> thin(play) << nothing(SubmitOrder) << nothing(IntentRefused)  # told once
    play >> price(XRP, 1000) << did(SubmitOrder, funds=999_500, part=1)
    play >> play.sent() >> play.filled(price=1001) >> price(XRP, 1000) << nothing(SubmitOrder)


def test_waiting_ends_with_the_patience_of_the_entry(play: Playbook) -> None:
    play >> seconds(-play.now.second % 60 + 5)  # early in a minute: no bar closes meanwhile
    play >> thin(play) >> play.start(XRP, blueprint(slippage=WAIT, timeout_s=20))
    play >> seconds(19) >> thin(play)
    play >> seconds(1.5) >> price(XRP, 1000) << nothing(SubmitOrder)


def test_what_waits_does_not_survive_a_pause(play: Playbook) -> None:
    play >> thin(play) >> play.start(XRP, blueprint(slippage=WAIT))
    play >> [PausePosition(play.position(XRP).position_id), price(XRP, 1000)] << nothing(SubmitOrder)
    play >> ResumePosition(play.position(XRP).position_id) >> price(XRP, 1000) << nothing(SubmitOrder)


def test_what_waits_for_something_else_is_not_asked_again(play: Playbook) -> None:
    play >> SetTradingState(TradingState.DISABLED, "user") >> play.start(XRP, blueprint(slippage=WAIT))
    play << did(IntentRefused, reason=RefusalReason.TRADING_DISABLED)
    play.core.switch.state = TradingState.ENABLED
    play >> price(XRP, 1000) << nothing(SubmitOrder)


# ---- split -----------------------------------------------------------------------------------------------------------


def begun(play: Playbook, **changes: object) -> Playbook:
    """The first part of a million is under way: 100 units at 1001, and what 0.5 % allows of the rest."""
    play >> thin(play) >> play.start(XRP, blueprint(slippage=SPLIT, **changes))  # type: ignore[arg-type]
    return play << did(OrderChanged, trigger="intent", part=1) << did(SubmitOrder)


def test_a_split_takes_what_fits_and_the_rest_follows(play: Playbook) -> None:
    begun(play)
    first = play.order.intent
    assert first.funds is not None and first.rest == 999_500 - first.funds
    walk = play.order.estimate
    assert walk is not None and D("0.00499") < walk.against_best <= D("0.005")

    play >> [play.sent(), play.filled(price=1001)]
    play >> price(XRP, 1000) << nothing(SubmitOrder)  # no book since the fill
    play >> seconds(0.1) >> thin(play) << did(SubmitOrder, part=2, reason="entry signal, part 2")
    second = play.order.intent
    assert second.funds == first.funds and second.rest == first.rest - first.funds
    assert play.position(XRP).entries_done == 1

    play >> [play.sent(), play.filled(price=1001), seconds(0.1)]
    play >> price(XRP, 1000) << did(SubmitOrder, part=3, funds=second.rest, rest=0)
    play >> [play.sent(), play.filled(price=1001), seconds(0.1)] >> price(XRP, 1000) << nothing(SubmitOrder)
    assert spent(play) == 999_500


def test_what_fits_whole_is_not_split(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(slippage=SPLIT)) << did(SubmitOrder, funds=999_500, rest=0)


def test_too_little_for_the_venue_is_no_part(play: Playbook) -> None:
    play >> thin(play, best=3) >> play.start(XRP, blueprint(slippage=SPLIT))
    play << did(IntentRefused, reason=TOO_HIGH) << nothing(SubmitOrder)
    play >> seconds(0.1) >> thin(play) << did(SubmitOrder, part=1)  # it waits, as one that waits does


def test_the_rest_is_left_large_enough_for_the_venue(play: Playbook) -> None:
    play >> thin(play) >> play.start(XRP, blueprint(slippage=SPLIT), budget=140_000)
    first = play.order.intent
    assert first.funds is not None and first.rest == 5000 and first.funds + first.rest == 139_930


def test_nothing_follows_while_a_part_works_or_after_the_patience(play: Playbook) -> None:
    begun(play, timeout_s=20)
    play >> [play.sent(), seconds(0.1)] >> thin(play) << nothing(SubmitOrder)
    play >> play.filled(price=1001) >> seconds(21) >> price(XRP, 1000) << nothing(SubmitOrder)


def test_what_a_part_did_not_spend_is_not_asked_for_again(play: Playbook) -> None:
    begun(play)
    rest = play.order.intent.rest
    play >> [play.sent(), play.part_filled(10, price=1001), play.ended(), seconds(0.1)]
    play >> price(XRP, 1000) << did(SubmitOrder, part=2, funds=rest, rest=0)


def test_a_later_part_that_came_to_nothing_is_asked_again_and_counts_once(play: Playbook) -> None:
    begun(play)
    rest = play.order.intent.rest
    play >> [play.sent(), play.filled(price=1001), seconds(0.1)] >> price(XRP, 1000)
    play << did(SubmitOrder, part=2, funds=rest)
    play >> OrderNotSent(play.order.order_id, "expired") << did(OrderChanged, state=OrderState.EXPIRED)
    play << did(PositionChanged, trigger="entry_ended_empty", entries_done=1)
    play >> [seconds(0.1), price(XRP, 1000)] << did(SubmitOrder, part=3, funds=rest, rest=0)


def test_a_first_part_that_came_to_nothing_is_the_strategys_to_ask_for(play: Playbook) -> None:
    begun(play)
    play >> OrderNotSent(play.order.order_id, "expired") << did(PositionChanged, entries_done=0)
    play >> [seconds(0.1), price(XRP, 1000)] << nothing(SubmitOrder)


def test_a_closing_position_gets_no_further_part(play: Playbook) -> None:
    begun(play)
    play >> [play.sent(), play.filled(price=1001)]
    play >> ClosePosition(play.position(XRP).position_id) << did(SubmitOrder, side=Side.SELL)
    play >> [seconds(0.1), price(XRP, 1000)] << nothing(SubmitOrder, side=Side.BUY)


def test_parts_come_before_the_next_rung(play: Playbook) -> None:
    steps = (EntryStep(D(50)), EntryStep(D(50), D(1)))
    begun(play, steps=steps)
    rest = play.order.intent.rest
    play >> [play.sent(), play.filled(price=1001), seconds(0.1)]
    play >> price(XRP, 990) << did(SubmitOrder, part=2, funds=rest)
    play >> [play.sent(), play.filled(price=990), seconds(0.1)]
    play >> price(XRP, 980) << did(SubmitOrder, part=1, reason="rung 2 of 2", funds=499_750)


def test_the_rest_survives_a_restart_and_never_grows(play: Playbook) -> None:
    begun(play, timeout_s=600)
    rest = play.order.intent.rest
    play >> [play.sent(), play.filled(price=1001)]
    after = play.restarted(clean=True)
    after.ready()
    assert after.position(XRP).state is PositionState.ACTIVE
    after >> [seconds(0.1), price(XRP, 1000)] << did(SubmitOrder, part=2, funds=rest, rest=0)


# ---- predicted and actual --------------------------------------------------------------------------------------------


def test_an_execution_is_measured_when_it_ends_and_remembered_over_a_restart(play: Playbook) -> None:
    play >> play.start(XRP) >> [play.sent(), play.part_filled(500, price=1001)] << nothing(ExecutionMeasured)
    play >> play.filled(price=1003) << did(OrderChanged, state=OrderState.FILLED)
    play << did(ExecutionMeasured, side=Side.BUY, predicted=1001) << did(PositionChanged)
    told = play.core.board.slippage.bias(XRP, play.now)
    assert told.number == 1 and told.mean > 0
    assert play.restarted(clean=True).core.board.slippage.bias(XRP, play.now) == told


def test_exits_are_measured_too(play: Playbook) -> None:
    play.holding(XRP)
    play >> ClosePosition(play.position(XRP).position_id) >> [play.sent(), play.filled(price=999)]
    play << did(ExecutionMeasured, side=Side.SELL, predicted=1000, difference="0.001")


# ---- the rest of a limit entry ---------------------------------------------------------------------------------------


def resting(play: Playbook, rest: RestPolicy = RestPolicy.CANCEL_AND_MARKET, timeout_s: int = 300) -> Playbook:
    """A limit entry of 999.5 units at 1000 is open."""
    policy = EntryOrderPolicy(OrderType.LIMIT, 0, timeout_s, rest)
    play >> play.start(XRP, blueprint(entry_order=policy)) << did(SubmitOrder, price=1000, volume="999.5")
    return play >> [play.sent(), play.accepted()]


def calm(play: Playbook, for_s: int, at: int = 1000) -> Playbook:
    """Time passes and the market stays where it is, so that nothing is stale."""
    for _ in range(for_s // 5):
        play >> price(XRP, at) >> seconds(5)
    return play


def test_what_little_is_left_of_a_limit_entry_is_bought_at_market_when_its_time_is_over(play: Playbook) -> None:
    resting(play) >> play.part_filled(850, 1000)
    calm(play, 300) << did(SendCancel)
    play >> play.ended() >> price(XRP, 1000)
    play << did(
        SubmitOrder, order_type=OrderType.MARKET, funds=149_500, part=2, reason="entry signal, part 2 at market"
    )
    play >> [play.sent(), play.filled(price=1001)] >> price(XRP, 1000) << nothing(SubmitOrder)
    assert play.position(XRP).entries_done == 1
    assert D(999) < play.position(XRP).quantity < D("999.5")


def test_the_rest_is_bought_after_a_restart_as_well(play: Playbook) -> None:
    resting(play) >> play.part_filled(850, 1000)
    calm(play, 300) >> play.ended()
    after = play.restarted(clean=True)
    after.ready()
    after >> price(XRP, 1000) << did(SubmitOrder, order_type=OrderType.MARKET, funds=149_500, part=2)


@pytest.mark.parametrize(
    ("why", "rest", "filled", "then"),
    [
        ("less than 80 % is filled", RestPolicy.CANCEL_AND_MARKET, 790, 1000),
        ("the strategy only cancels", RestPolicy.CANCEL, 850, 1000),
        ("what is left is too small for the venue", RestPolicy.CANCEL_AND_MARKET, 995, 1000),
        ("the price ran away", RestPolicy.CANCEL_AND_MARKET, 850, 1021),
    ],
)
def test_the_rest_is_left_alone(play: Playbook, why: str, rest: RestPolicy, filled: int, then: int) -> None:
    resting(play, rest) >> play.part_filled(filled, 1000)
    calm(play, 300) << did(SendCancel)
    play >> play.ended() >> price(XRP, then)
    assert play.order.intent.order_type is OrderType.LIMIT, why
    assert play.position(XRP).state is PositionState.ACTIVE and play.position(XRP).quantity == filled


def test_the_rest_is_bought_soon_or_not_at_all(play: Playbook) -> None:
    resting(play) >> play.part_filled(850, 1000)
    calm(play, 300) >> play.ended()
    play >> seconds(10.5) >> price(XRP, 1000) << nothing(SubmitOrder)


def test_a_rest_that_the_gate_refused_is_asked_for_once_more_at_the_next_price(play: Playbook) -> None:
    resting(play) >> play.part_filled(850, 1000)
    calm(play, 300) >> SetTradingState(TradingState.REDUCING, "user")
    play >> play.ended() >> price(XRP, 1000) << did(IntentRefused, part=2) << nothing(SubmitOrder)
    play.core.switch.state = TradingState.ENABLED
    play >> seconds(2) >> price(XRP, 1000) << did(SubmitOrder, part=2)


def test_an_entry_that_waits_is_never_cancelled_by_time_or_drift(play: Playbook) -> None:
    resting(play, RestPolicy.WAIT, timeout_s=5)
    for _ in range(3):
        play >> seconds(5) >> price(XRP, 1100) << nothing(SendCancel)


def test_an_entry_that_the_price_left_behind_is_cancelled(play: Playbook) -> None:
    resting(play) >> price(XRP, 1020) >> seconds(0.5) << nothing(SendCancel)
    play >> price(XRP, 1021) >> seconds(0.5) << did(SendCancel)
    play >> play.ended() >> price(XRP, 1000) << nothing(SubmitOrder)
    assert play.position(XRP).state is PositionState.PENDING


def test_an_entry_placed_far_below_on_purpose_is_not_left_behind(play: Playbook) -> None:
    policy = EntryOrderPolicy(OrderType.LIMIT, -50, 300)
    play >> play.start(XRP, blueprint(entry_order=policy)) << did(SubmitOrder, price=950)
    play >> [play.sent(), play.accepted()] >> price(XRP, 1010) >> seconds(0.5) << nothing(SendCancel)
    play >> price(XRP, 1030) >> seconds(0.5) << did(SendCancel)


def test_the_rest_waits_while_its_position_is_paused(play: Playbook) -> None:
    resting(play) >> play.part_filled(850, 1000)
    calm(play, 300) >> play.ended()
    play >> PausePosition(play.position(XRP).position_id) >> price(XRP, 1000) << nothing(SubmitOrder)
