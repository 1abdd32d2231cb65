"""Playbooks of presses that do less than everything, or reach further: what is touched, and what is not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.effects import SendCancel, SubmitOrder
from app.domain.emergency import (
    EmergencyAction,
    EmergencyScope,
    LineState,
    LiquidationRun,
    LiquidationStage,
    Outcome,
    ResidueKind,
    SellFirst,
)
from app.domain.messages import CommandRefused, LiquidationChanged, OrderChanged, PositionChanged, TradingStateChanged
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.values import Market, OrderType, Priority, Purpose, Side, TimeInForce, TradingState
from app.domain.venue_reports import OrderReport
from tests.unit.engine.playbook import BTC, ETH, XRP, Playbook, blueprint, did, nothing, price, seconds
from tests.unit.engine.test_emergency_liquidation import read, run_of, sell

A = EmergencyAction


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def press(action: EmergencyAction = A.FLATTEN, name: str = "press", **filters: object) -> LiquidateAll:
    return LiquidateAll(name, EmergencyScope(action, **filters))  # type: ignore[arg-type]


def sales(play: Playbook) -> list[tuple[str, Decimal | None]]:
    """Sales the last step handed to the executor, in that order."""
    orders = [item.approved.order for item in play.news if isinstance(item, SubmitOrder)]
    return [(o.intent.market.symbol, o.intent.volume) for o in orders if o.intent.side is Side.SELL]


def three(play: Playbook) -> None:
    play.holding(BTC, budget=5_000_000)
    play.holding(ETH, budget=9_000_000)
    play.holding(XRP, budget=1_000_000)


# ---- the ladder ------------------------------------------------------------------------------------------------------


def test_block_entries_blocks_and_does_nothing_else(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    play >> press(A.BLOCK_ENTRIES) << did(TradingStateChanged, after=TradingState.REDUCING)
    play << nothing(SendCancel) << nothing(LiquidationChanged) << nothing(SubmitOrder)


def test_cancel_entries_leaves_sales_and_positions_alone(play: Playbook) -> None:
    play.holding(BTC)
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    entry = play.order
    play >> press(A.CANCEL_ENTRIES) << did(SendCancel, order_id=entry.order_id) << nothing(SubmitOrder)
    play >> play.ended(entry) << did(LiquidationChanged, stage=LiquidationStage.CONFIRMING)
    read(play)
    assert run_of(play).stage is LiquidationStage.DONE  # never FLAT: something is held
    assert play.position(BTC).state is PositionState.ACTIVE and play.position(BTC).quantity > 0
    assert {line.state for line in run_of(play).lines} == {LineState.CONFIRMED}


def test_cancel_all_is_not_done_before_the_venue_says_so(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.unknown()]
    play >> press(A.CANCEL_ALL) << did(SendCancel, order_id=play.order.order_id)
    read(play)
    assert not run_of(play).stage.is_proven
    play >> play.found(play.report(play.order, ended=True))
    read(play)
    assert run_of(play).stage is LiquidationStage.DONE


@pytest.mark.parametrize("percent", [25, 50, 75])
def test_reduce_sells_its_share_of_every_position_to_the_last_step(play: Playbook, percent: int) -> None:
    held = play.holding(XRP).quantity
    play >> press(A.REDUCE, percent=percent) << did(SubmitOrder, purpose=Purpose.LIQUIDATION)
    assert sales(play) == [("KRW-XRP", held * percent / 100)]
    sell(play, [play.order])
    read(play)
    after = play.position(XRP)
    assert run_of(play).stage is LiquidationStage.DONE and after.quantity == held - held * percent / 100
    assert after.state is PositionState.ACTIVE and after.exit_plan is not None  # its stop goes on


def test_what_fills_late_is_reduced_by_the_same_share(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()] >> play.part_filled(400)
    entry = play.order
    play >> press(A.REDUCE, percent=50) << did(SendCancel, order_id=entry.order_id) << nothing(SubmitOrder)
    play >> play.part_filled(200, order=entry) >> play.ended(entry) << did(SubmitOrder, volume=300)
    sell(play, [play.order])
    read(play)
    assert play.position(XRP).quantity == 300 and run_of(play).stage is LiquidationStage.DONE


def test_a_part_that_is_refused_is_tried_again_and_never_more_than_it(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    play >> press(A.REDUCE, percent=50) >> [play.sent(), play.refused("validation_error")]
    assert run_of(play).lines[0].state is LineState.STUCK and run_of(play).lines[0].why is ResidueKind.REFUSED
    play >> seconds(1) << did(SubmitOrder, side=Side.SELL)
    sell(play, [play.order])
    read(play)
    assert play.position(XRP).quantity == held - held / 2
    play >> seconds(30, tick=1) << nothing(SubmitOrder)


def test_a_share_too_small_to_be_sold_is_named_as_dust(play: Playbook) -> None:
    play.holding(XRP, budget=6_000)
    play >> press(A.REDUCE, percent=25) << nothing(SubmitOrder)
    read(play)
    assert run_of(play).stage is LiquidationStage.DONE and run_of(play).left[0].kind is ResidueKind.DUST


def test_a_share_the_venue_calls_too_small_is_dust_whatever_it_cost(play: Playbook) -> None:
    """Its cost said that it could be sold, the venue never took it: one refused sale each 10 s, all day (seed 770)."""
    play.holding(XRP, budget=20_800)
    play >> press(A.REDUCE, percent=25) >> [play.sent(), play.refused("under_min_total_ask")]
    play >> seconds(60, tick=1) << nothing(SubmitOrder)
    read(play)
    assert run_of(play).stage is LiquidationStage.DONE and run_of(play).left[0].kind is ResidueKind.DUST
    play >> press(A.REDUCE, percent=75) << did(SubmitOrder, side=Side.SELL)


def test_flatten_and_lock_halts_at_the_press(play: Playbook) -> None:
    play.holding(XRP)
    play >> press(A.FLATTEN_AND_LOCK) << did(TradingStateChanged, after=TradingState.HALTED)
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT
    play >> SetTradingState(TradingState.ENABLED, "hand") << did(CommandRefused)


@pytest.mark.parametrize(
    "scope",
    [
        EmergencyScope(A.REDUCE, percent=30),
        EmergencyScope(A.REDUCE, whole_account=True, percent=50),
        EmergencyScope(A.FLATTEN, whole_account=True, markets=(XRP,)),
    ],
)
def test_a_scope_that_makes_no_sense_changes_nothing(play: Playbook, scope: EmergencyScope) -> None:
    play.holding(XRP)
    play >> LiquidateAll("x", scope) << did(CommandRefused) << nothing(TradingStateChanged) << nothing(SubmitOrder)


# ---- filters ---------------------------------------------------------------------------------------------------------


def test_flatten_one_market_touches_nothing_outside_it(play: Playbook) -> None:
    three(play)
    play >> press(markets=(ETH,))
    assert [symbol for symbol, _ in sales(play)] == ["KRW-ETH"]
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.DONE
    assert play.position(BTC).quantity > 0 and play.position(XRP).quantity > 0


@pytest.mark.parametrize(("outcome", "symbols"), [(Outcome.WINNERS, {"KRW-ETH"}), (Outcome.LOSERS, {"KRW-BTC"})])
def test_winners_or_losers_by_their_profit_at_the_press(play: Playbook, outcome: Outcome, symbols: set[str]) -> None:
    play.holding(BTC)
    play.holding(ETH)
    play >> [price(BTC, 99_000_000), price(ETH, 4_040_000)]
    play >> press(outcome=outcome)
    assert {symbol for symbol, _ in sales(play)} == symbols
    play >> [price(BTC, 103_000_000), price(ETH, 3_960_000)]  # they change sides: the run stays what it was
    assert {line.market.symbol for line in run_of(play).lines} == symbols


def test_by_strategy_and_by_venue(play: Playbook) -> None:
    play.holding(BTC, blueprint(id="other"))
    play.holding(ETH)
    play >> press(strategies=("other",))
    assert [symbol for symbol, _ in sales(play)] == ["KRW-BTC"]
    play >> press(name="elsewhere", venues=("binance",)) << nothing(SubmitOrder)


def test_a_wider_press_widens_the_run_and_a_narrower_one_adds_nothing(play: Playbook) -> None:
    three(play)
    play >> press(markets=(ETH,))
    run = run_of(play).run_id
    play >> press(name="all") << did(LiquidationChanged)
    assert {symbol for symbol, _ in sales(play)} == {"KRW-BTC", "KRW-XRP"} and run_of(play).run_id == run
    play >> press(name="less", markets=(XRP,)) << nothing(SubmitOrder)
    assert len(run_of(play).scopes) == 2
    sell(play, [o for o in play.core.tracker.working() if o.intent.side is Side.SELL])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


# ---- the largest risk first ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        (SellFirst.VALUE, ["KRW-ETH", "KRW-BTC", "KRW-XRP"]),
        (SellFirst.LOSS, ["KRW-BTC", "KRW-XRP", "KRW-ETH"]),
        (SellFirst.ILLIQUID, ["KRW-XRP", "KRW-BTC", "KRW-ETH"]),
    ],
)
def test_sales_leave_in_the_order_of_their_risk(play: Playbook, first: SellFirst, wanted: list[str]) -> None:
    three(play)
    play >> [price(BTC, 99_000_000), price(XRP, 990), price(ETH, 4_010_000)]
    play >> play.book(BTC, 99_000_000, 99_100_000) >> play.book(ETH, 4_010_000, 4_011_000)
    play >> replace(play.book(XRP, 990), bids=())
    play >> press(first=first)
    assert [symbol for symbol, _ in sales(play)] == wanted


# ---- the ladder of kinds ---------------------------------------------------------------------------------------------


def test_a_kind_the_venue_refuses_is_followed_by_the_next_one(play: Playbook) -> None:
    play.holding(XRP)
    play >> press() << did(SubmitOrder, order_type=OrderType.MARKET)
    play >> [play.sent(), play.refused("invalid_ord_type"), seconds(1)]
    play << did(SubmitOrder, order_type=OrderType.LIMIT, time_in_force=TimeInForce.IOC, price="970")
    play >> [play.sent(), play.accepted(), seconds(5)] << nothing(SendCancel)  # it does not rest: nothing to take back
    play >> play.ended() >> seconds(2)
    play >> [play.sent(), play.refused("invalid_ord_type"), seconds(3)] << did(SubmitOrder, order_type=OrderType.BEST)
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_a_sale_that_never_arrived_is_no_reason_to_change_the_kind(play: Playbook) -> None:
    play.holding(XRP)
    play >> press() << did(SubmitOrder, order_type=OrderType.MARKET)
    lost = play.order
    play >> [play.sent(), play.unknown(), seconds(31, tick=1)]
    for _ in range(3):
        play >> [play.not_found(lost), seconds(5)]
    assert play.core.tracker.orders[lost.order_id].state is OrderState.REJECTED
    sale = play.order
    assert sale.order_id != lost.order_id and sale.intent.order_type is OrderType.MARKET
    sell(play, [sale])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT


def test_a_closed_market_is_no_reason_to_change_the_kind(play: Playbook) -> None:
    play.holding(XRP)
    play >> press() >> [play.sent(), play.refused("market_offline"), seconds(1)]
    assert run_of(play).lines[0].why is None  # it is being tried again right now
    assert play.order.intent.order_type is OrderType.MARKET


def test_no_more_is_asked_for_than_the_venue_has_free(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    play >> seconds(10, tick=1)
    play >> play.account(XRP=Decimal(400))
    play >> press() << did(SubmitOrder, volume=400)
    play >> [play.sent(), play.part_filled(400), play.ended()] << did(SubmitOrder, volume=held - 400)


# ---- the whole account -----------------------------------------------------------------------------------------------


def test_the_whole_account_sells_what_was_bought_elsewhere_and_ends_foreign_orders(play: Playbook) -> None:
    play.coins["XRP"] = Decimal(5000)
    play >> seconds(6, tick=1) >> play.account()
    play >> press(whole_account=True) << did(PositionChanged, quantity=5000, state=PositionState.ACTIVE)
    play << did(SubmitOrder, volume=5000)
    sell(play, [play.order])
    play >> seconds(3) >> play.account(play.foreign(ETH, "phone-9")) << did(SendCancel, venue_order_id="phone-9")
    assert run_of(play).left[0].kind is ResidueKind.FOREIGN_ORDER
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and play.coins["XRP"] == 0


def test_without_that_choice_nothing_of_it_is_touched(play: Playbook) -> None:
    play.coins["XRP"] = Decimal(5000)
    play >> seconds(6, tick=1) >> play.account(play.foreign(ETH, "phone-9"))
    play >> press() << nothing(SubmitOrder) << nothing(SendCancel)
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and play.coins["XRP"] == 5000


# ---- orders of ours that the books do not know -----------------------------------------------------------------------


def stray(play: Playbook, market: Market = ETH, side: Side = Side.BUY) -> OrderReport:
    """An open order under an identifier of this installation; no position of the books can have made it."""
    return replace(play.foreign(market, "venue-9"), order_id="order-900", side=side)


def test_flat_is_not_said_while_a_sale_of_ours_stands_that_nobody_here_knows(play: Playbook) -> None:
    play.holding(XRP)
    play >> press()
    sell(play, [play.order])
    left = stray(play, side=Side.SELL)
    play >> seconds(3) >> play.account(left, play.foreign(BTC, "phone-9"))
    play << did(SendCancel, order_id="order-900", venue_order_id="venue-9", priority=Priority.LIQUIDATION)
    play << nothing(SendCancel, venue_order_id="phone-9")  # the user's own: nobody asked for the whole account
    for _ in range(12):
        play >> seconds(2.5) >> play.account(left, play.foreign(BTC, "phone-9"))
        play << did(SendCancel, order_id="order-900")  # asked again with every reading until it is gone
    run = run_of(play)
    assert run.stage is LiquidationStage.ATTENTION
    assert [(one.kind, one.market, one.detail) for one in run.left] == [(ResidueKind.WORKING_ORDER, ETH, "order-900")]
    for _ in range(2):
        play >> seconds(3) >> play.account(play.foreign(BTC, "phone-9"))
    assert run_of(play).stage is LiquidationStage.FLAT


@pytest.mark.parametrize("crash", [False, True])
def test_a_purchase_of_ours_that_nobody_here_knows_is_cancelled_and_what_it_bought_sold(crash: bool) -> None:
    play = Playbook().ready()
    play.holding(XRP)
    play >> press()
    sell(play, [play.order])
    play >> seconds(3) >> play.account(stray(play))
    play << did(SendCancel, order_id="order-900", venue_order_id="venue-9", priority=Priority.LIQUIDATION)
    play << did(LiquidationChanged)
    if crash:
        play = play.restarted()
        play.ready(TradingState.DISABLED)
    order = play.core.tracker.orders["order-900"]
    assert order.is_working and run_of(play).stage is not LiquidationStage.CONFIRMING
    bought = play.report(order, ended=True, fills=[play.fill(2, 4_000_000)])  # filled before the cancel came
    play >> play.found(bought) << did(SubmitOrder, market=ETH, side=Side.SELL, volume=2, purpose=Purpose.LIQUIDATION)
    sell(play, [play.order])
    read(play)
    assert run_of(play).stage is LiquidationStage.FLAT and play.coins["ETH"] == 0


@pytest.mark.parametrize(
    ("command", "side", "ends"),
    [
        (press(A.CANCEL_ALL), Side.SELL, True),
        (press(A.CANCEL_ENTRIES), Side.BUY, True),
        (press(A.CANCEL_ENTRIES), Side.SELL, False),
        (press(A.CANCEL_ALL, markets=(BTC,)), Side.SELL, False),
        (press(strategies=("story",)), Side.BUY, False),
        (press(outcome=Outcome.LOSERS), Side.BUY, False),
    ],
)
def test_a_narrower_press_ends_such_an_order_when_it_reaches_its_market(
    play: Playbook, command: LiquidateAll, side: Side, ends: bool
) -> None:
    play >> command >> seconds(0.5) >> play.account(stray(play, side=side))
    play << (did(SendCancel, order_id="order-900") if ends else nothing(SendCancel))


# ---- crashes ---------------------------------------------------------------------------------------------------------


def test_a_crash_in_the_middle_of_a_reduction_sells_the_rest_of_the_part_only(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    play >> press(A.REDUCE, percent=50) >> [play.sent(), play.part_filled(200), play.ended()]
    after = play.restarted()
    after.ready(TradingState.DISABLED)
    after >> seconds(3)
    assert after.order.intent.volume == held / 2 - 200 and after.position(XRP).state is PositionState.ACTIVE
    sell(after, [after.order])
    read(after)
    assert after.position(XRP).quantity == held - held / 2 and run_of(after).stage is LiquidationStage.DONE


def test_a_crash_of_a_narrow_run_does_not_make_it_a_wide_one(play: Playbook) -> None:
    three(play)
    play >> press(markets=(ETH,))
    after = play.restarted()
    after.ready(TradingState.DISABLED)
    after >> seconds(3)
    assert {o.intent.market for o in after.orders() if o.intent.purpose is Purpose.LIQUIDATION} == {ETH}
    assert after.position(BTC).state is PositionState.ACTIVE


def test_the_run_keeps_its_forecast_and_what_the_sales_cost(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    play >> press()
    run: LiquidationRun = run_of(play)
    assert run.forecast is not None and run.forecast.orders == 1 and run.slippage is None
    play >> [play.sent(), play.filled(price=990)] << did(OrderChanged, state=OrderState.FILLED)
    run = run_of(play)
    assert run.lines[0].proceeds == held * 990 and run.lines[0].arrival == Decimal("1000.5")
    assert run.slippage == pytest.approx(1 - Decimal(990) / Decimal("1000.5"))
