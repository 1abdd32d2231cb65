"""Every reason for which the gate says no, each through a story; and that none of them binds an exit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.breaker import CallGroup, TripBreaker
from app.domain.commands import ClosePosition, LiquidateAll, SetTradingState
from app.domain.effects import ApprovedOrder
from app.domain.limits import MAY_BE_OFF, TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.money import ONE
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.refusal import Refusal
from app.domain.refusal import RefusalReason as R
from app.domain.slippage import ExecutionMeasured, ImpactClass, SlippagePolicy
from app.domain.values import Market, OrderType, Priority, Purpose, Side, TradingState
from tests.unit.engine.playbook import BTC, ETH, VENUE, XRP, Playbook, blueprint, money, order_of, price, seconds

Change = Callable[[Playbook], object]
UNLISTED = Market(VENUE, "KRW-NONE")


def buy(market: Market = XRP, funds: str | int | None = 100_000, **changes: object) -> OrderIntent:
    """A market buy for a position nobody knows."""
    intent = OrderIntent(
        position_id="somebody",
        market=market,
        side=Side.BUY,
        order_type=OrderType.MARKET,
        purpose=Purpose.ENTRY,
        reason="test",
        funds=None if funds is None else money(funds),
    )
    return replace(intent, **changes)  # type: ignore[arg-type]


def limit(at: str | int | None = 1000, volume: str | int | None = 100) -> OrderIntent:
    return buy(
        funds=None,
        order_type=OrderType.LIMIT,
        price=None if at is None else money(at),
        volume=None if volume is None else money(volume),
    )


def sale(position_id: str, volume: str | int | None, **changes: object) -> OrderIntent:
    intent = OrderIntent(
        position_id=position_id,
        market=XRP,
        side=Side.SELL,
        order_type=OrderType.MARKET,
        purpose=Purpose.EXIT,
        reason="test",
        volume=None if volume is None else money(volume),
    )
    return replace(intent, **changes)  # type: ignore[arg-type]


def limits(**changes: object) -> TradingLimits:
    """The usual limits but for these, and without a pause between entries."""
    return replace(TradingLimits(), **changes)  # type: ignore[arg-type]


def check(play: Playbook, intent: OrderIntent) -> ApprovedOrder | Refusal:
    return play.core.desk.gate.check(intent, play.core.view(), play.now)


def reason(play: Playbook, intent: OrderIntent) -> R | None:
    verdict = check(play, intent)
    return verdict.reason if isinstance(verdict, Refusal) else None


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


# ---- approval --------------------------------------------------------------------------------------------------------


def test_a_sound_entry_becomes_an_order_with_a_fresh_name_and_its_money_reserved(play: Playbook) -> None:
    first, second = check(play, buy()), check(play, buy(ETH))
    assert isinstance(first, ApprovedOrder) and isinstance(second, ApprovedOrder)
    assert first.order.order_id != second.order.order_id
    assert first.order.state is OrderState.INTENT and first.priority is Priority.ENTRY
    assert first.order.reserved == Decimal(100_050)  # fee on top


def test_a_limit_entry_reserves_its_price_times_its_volume_and_fee(play: Playbook) -> None:
    verdict = check(play, limit(at=1000, volume=100))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.reserved == Decimal(100_050)


# ---- every no --------------------------------------------------------------------------------------------------------


def state(value: TradingState) -> Change:
    return lambda play: play >> SetTradingState(value, "test")


def aged(seconds: float) -> Change:
    def change(play: Playbook) -> None:
        play.now += timedelta(seconds=seconds)

    return change


def book(bids: tuple[str, ...], asks: tuple[str, ...]) -> Change:
    def levels(prices: tuple[str, ...]) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(Decimal(p), Decimal(1000)) for p in prices)

    return lambda play: play >> Book(XRP, levels(bids), levels(asks), play.now, play.now)


def working(**changes: object) -> Change:
    return lambda play: play.core.tracker.put(order_of(**changes))  # type: ignore[arg-type]


def unreconciled(play: Playbook) -> None:
    play.core.account.reconciled = False


def losing(play: Playbook) -> None:
    play.core.account.book_realised(play.now, Decimal(-1_100_000))  # more than 2 % of 50 million


def bare(play: Playbook) -> None:
    play.core.positions.marks.clear()


def two_positions(play: Playbook) -> None:
    play.core.desk.gate.limits = limits(max_positions=1)
    play.holding(ETH)


def a_minute_of_orders(play: Playbook) -> None:
    play.core.desk.gate.limits = limits(max_orders_per_minute=2)
    check(play, buy())
    check(play, buy())


def a_queue_of_entries(play: Playbook) -> None:
    """Decided and not gone yet: two entries, in other markets. What reduces risk or has left does not count."""
    play.core.desk.gate.limits = TradingLimits(max_queued_entries=2)
    working(order_id="a", market=ETH, state=OrderState.INTENT)(play)
    working(order_id="b", market=BTC, state=OrderState.INTENT)(play)


def poor(play: Playbook) -> None:
    play >> play.account(KRW=100_000)


def narrow(play: Playbook) -> None:
    play.core.desk.gate.limits = limits(max_position_value=Decimal(50_000))


def under(**changes: object) -> Change:
    """Under these limits."""
    return lambda play: setattr(play.core.desk.gate, "limits", limits(**changes))


def bound(**changes: object) -> Change:
    """Limits so low that the next entry breaks them; one entry of 100,000 was made in ETH a minute and a half ago."""

    def change(play: Playbook) -> None:
        play.now -= timedelta(seconds=90)
        check(play, buy(ETH))
        play.now += timedelta(seconds=90)
        play.core.desk.gate.limits = limits(**changes)

    return change


def just_entered(play: Playbook) -> None:
    play.core.desk.gate.limits = limits(cooldown_s=60.0)
    check(play, buy())


def losing_all_month(play: Playbook) -> None:
    play.core.account.book_realised(play.now - timedelta(days=3), Decimal(-3_200_000))  # more than 6 % of 53.2 million


def few(play: Playbook) -> None:
    bids, asks = (BookLevel(Decimal(1000), Decimal(1000)),), (BookLevel(Decimal(1001), Decimal(1000)),)
    play >> Book(XRP, bids, asks, play.now, play.now)


def thin(play: Playbook) -> None:
    play.core.desk.gate.limits = replace(play.core.desk.gate.limits, max_book_multiple=Decimal(0))
    asks = (BookLevel(Decimal(1001), Decimal(10)), BookLevel(Decimal(1021), Decimal(10)))
    play >> Book(XRP, (BookLevel(Decimal(1000), Decimal(10)),), asks, play.now, play.now)


def costly(play: Playbook) -> None:
    """By the book it costs 0.4 %; the last twenty cost 0.2 % more than that."""
    asks = (BookLevel(Decimal(1001), Decimal(10)), BookLevel(Decimal(1006), Decimal(1000)))
    play >> Book(XRP, (BookLevel(Decimal(1000), Decimal(10)),), asks, play.now, play.now)
    assert reason(play, buy()) is None
    paid = ExecutionMeasured("o", XRP, Side.BUY, ONE, ONE, Decimal("0.01"), ImpactClass.LOW, play.now)
    play.core.board.slippage.restore([paid] * 20)


def as_it_is(play: Playbook) -> None:
    """Nothing is changed."""


REFUSALS: list[tuple[R, Change, OrderIntent]] = [
    (R.TRADING_DISABLED, state(TradingState.DISABLED), buy()),
    (R.REDUCING_ONLY, state(TradingState.REDUCING), buy()),
    (R.HALTED, state(TradingState.HALTED), buy()),
    (R.LIQUIDATING, lambda play: play >> LiquidateAll("press"), buy()),
    (R.NOT_RECONCILED, unreconciled, buy()),
    (R.BREAKER_OPEN, lambda play: play >> TripBreaker(VENUE, CallGroup.ORDER, "by hand"), buy()),
    (R.NO_CONSTRAINTS, as_it_is, buy(UNLISTED)),
    (R.MARKET_INACTIVE, lambda play: play >> play.listed(XRP), buy()),
    (R.NO_PRICE, bare, buy()),
    (R.NO_PRICE, book(("1000",), ()), buy()),  # X18: nobody offers
    (R.NO_PRICE, book((), ("1001",)), buy()),
    (R.NO_PRICE, book(("0",), ("1001",)), buy()),
    (R.NO_PRICE, book(("1000",), ("NaN",)), buy()),
    (R.STALE_PRICE, aged(5.1), buy()),
    (R.NO_PRICE, book(("1000",), ("999",)), buy()),  # crossed
    (R.NO_PRICE, book(("1000",), ("1000",)), limit(at=1000)),
    (R.SLIPPAGE_TOO_HIGH, thin, buy(funds=15_000)),  # 0.66 % above the best offer
    (R.SLIPPAGE_TOO_HIGH, thin, buy(funds=100_000)),  # more than anybody sees
    (R.SLIPPAGE_TOO_HIGH, thin, limit(at=1021, volume=15)),
    (R.SLIPPAGE_TOO_HIGH, costly, buy()),
    (R.PRICE_COLLAR, as_it_is, limit(at=1051)),  # U2: fat finger
    (R.PRICE_COLLAR, as_it_is, limit(at=949)),
    (R.PRICE_COLLAR, as_it_is, limit(at=0)),
    (R.BAD_NUMBER, as_it_is, buy(funds=None)),
    (R.BAD_NUMBER, as_it_is, buy(funds="NaN")),
    (R.BAD_NUMBER, as_it_is, buy(funds="Infinity")),
    (R.BAD_NUMBER, as_it_is, buy(funds=-1)),
    (R.BAD_NUMBER, as_it_is, limit(volume=None)),
    (R.BAD_NUMBER, as_it_is, limit(at=None)),
    (R.BAD_NUMBER, as_it_is, limit(volume="0.000000001")),
    (R.BAD_NUMBER, as_it_is, buy(side=Side.SELL)),
    (R.OFF_TICK, as_it_is, limit(at="1000.5")),
    (R.BELOW_MINIMUM, as_it_is, buy(funds=4999)),
    (R.BELOW_MINIMUM, as_it_is, limit(volume=4)),
    (R.ABOVE_MAXIMUM, as_it_is, buy(funds=1_000_000_001)),
    (R.POSITION_TOO_LARGE, narrow, buy(funds=50_001)),
    (R.POSITION_TOO_LARGE, lambda play: play >> play.account(KRW=100_000), buy(funds=95_000)),  # 90 % of equity
    (R.UNRESOLVED_ORDER, working(state=OrderState.UNKNOWN), buy()),
    (R.UNRESOLVED_ORDER, working(state=OrderState.UNKNOWN, side=Side.SELL), buy()),
    (R.DUPLICATE_ORDER, working(), buy()),
    (R.TOO_MANY_POSITIONS, two_positions, buy()),
    (R.TOO_MANY_ORDERS, a_minute_of_orders, buy()),
    (R.QUEUE_FULL, a_queue_of_entries, buy()),
    (R.INSUFFICIENT_BALANCE, poor, buy(funds=100_000)),  # enough without the fee, not with it
    (R.INSUFFICIENT_BALANCE, lambda play: play >> play.account(KRW=0), buy(funds=5000)),
    (R.DAILY_LOSS_LIMIT, losing, buy()),
    (R.MONTHLY_LOSS_LIMIT, losing_all_month, buy()),
    (R.PRICE_COLLAR, book(("1000",), ("1051",)), buy()),  # a market order pays what is asked
    (R.PRICE_COLLAR, under(max_ticks_away=2), limit(at=1004)),
    (R.ORDER_TOO_LARGE, as_it_is, buy(funds=20_000_001)),
    (R.ORDER_TOO_LARGE, few, buy(funds=3_003_001)),  # three times all that is offered: 1000 at 1001
    (R.MARKET_LIMIT, under(max_market_value=money(100_049)), buy()),
    (R.COOL_DOWN, just_entered, buy()),
    (R.DAILY_ENTRIES_LIMIT, bound(max_daily_entries=1), buy()),
    (R.DAILY_VALUE_LIMIT, bound(max_daily_value=money(199_999)), buy()),
    (R.MONTHLY_ENTRIES_LIMIT, bound(max_monthly_entries=1), buy()),
    (R.MONTHLY_VALUE_LIMIT, bound(max_monthly_value=money(199_999)), buy()),
]


@pytest.mark.parametrize(("wanted", "change", "intent"), REFUSALS, ids=lambda v: str(v) if isinstance(v, R) else "")
def test_the_gate_says_no(play: Playbook, wanted: R, change: Change, intent: OrderIntent) -> None:
    change(play)
    assert reason(play, intent) is wanted


def test_only_entries_that_have_not_left_fill_the_queue(play: Playbook) -> None:
    a_queue_of_entries(play)
    working(order_id="b", market=BTC, state=OrderState.SENT)(play)
    working(order_id="c", market=BTC, state=OrderState.INTENT, side=Side.SELL)(play)
    assert reason(play, buy()) is None


def test_a_full_queue_binds_no_exit(play: Playbook) -> None:
    held = play.holding(XRP)
    a_queue_of_entries(play)
    exit_ = replace(buy(position_id=held.position_id), side=Side.SELL, purpose=Purpose.EXIT, volume=held.quantity)
    assert reason(play, exit_) is None


def test_a_spread_wider_than_the_strategy_allows_is_refused(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(enter="close > 2000", max_spread_percent=Decimal("0.3")))
    book(("1000",), ("1004",))(play)
    mine = buy(position_id=play.position(XRP).position_id)
    assert reason(play, mine) is R.SPREAD_TOO_WIDE
    book(("1000",), ("1003",))(play)
    assert reason(play, mine) is None


@pytest.mark.parametrize(("percent", "wanted"), [("0.65", R.SLIPPAGE_TOO_HIGH), ("0.66", None)])
def test_the_strategy_says_how_much_slippage_it_takes(play: Playbook, percent: str, wanted: R | None) -> None:
    plan = blueprint(enter="close > 2000", slippage=SlippagePolicy(Decimal(percent)))
    play >> play.start(XRP, plan)
    thin(play)
    assert reason(play, buy(position_id=play.position(XRP).position_id, funds=15_000)) is wanted


def test_an_order_that_rests_takes_nothing_from_the_book(play: Playbook) -> None:
    thin(play)
    assert reason(play, limit(at=1000, volume=10_000)) is None
    verdict = check(play, limit(at=1000))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.estimate is None


def test_the_walk_is_kept_with_the_order(play: Playbook) -> None:
    thin(play)
    verdict = check(play, buy(funds=10_010))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.estimate is not None
    assert verdict.order.estimate.average_price == 1001 and verdict.order.estimate.mid == Decimal("1000.5")


def test_no_slippage_binds_an_exit(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> Book(XRP, (BookLevel(Decimal(500), Decimal(1)),), (), play.now, play.now)
    verdict = check(play, sale(held.position_id, 900))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.estimate is None
    thin(play)
    verdict = check(play, sale(held.position_id, 900))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.estimate is not None
    assert verdict.order.estimate.impact is ImpactClass.BEYOND_DEPTH


def test_the_book_is_looked_at_again_before_the_bytes_leave(play: Playbook) -> None:
    gate = play.core.desk.gate
    approved = check(play, buy())
    assert isinstance(approved, ApprovedOrder)
    order = approved.order
    assert gate.recheck(order, play.core.view(), play.now) is None
    thin(play)
    refusal = gate.recheck(order, play.core.view(), play.now)
    assert refusal is not None and refusal.reason is R.SLIPPAGE_TOO_HIGH
    assert gate.recheck(order_of(side=Side.SELL), play.core.view(), play.now) is None


def test_more_of_the_same_position_counts_what_is_held(play: Playbook) -> None:
    held = play.holding(XRP, budget=1_000_000)
    play.core.desk.gate.limits = limits(max_position_value=Decimal(1_100_000))
    assert reason(play, buy(position_id=held.position_id, funds=100_500)) is None
    assert reason(play, buy(position_id=held.position_id, funds=100_501)) is R.POSITION_TOO_LARGE


def test_a_rung_of_a_held_position_is_not_one_position_more(play: Playbook) -> None:
    held = play.holding(XRP)
    play.core.desk.gate.limits = limits(max_positions=1)
    assert reason(play, buy(position_id=held.position_id)) is None
    assert reason(play, buy(ETH)) is R.TOO_MANY_POSITIONS


def test_orders_of_the_last_minute_are_counted_and_older_ones_forgotten(play: Playbook) -> None:
    """U10: repeated signals run away."""
    play.core.desk.gate.limits = limits(max_orders_per_minute=1, stale_price_s=600)
    assert reason(play, buy()) is None
    assert reason(play, buy()) is R.TOO_MANY_ORDERS
    play.now += timedelta(seconds=61)
    play >> price(XRP, 1000)
    assert reason(play, buy()) is None


def test_a_working_sale_does_not_stand_in_the_way_of_another_market(play: Playbook) -> None:
    working(state=OrderState.UNKNOWN, market=BTC)(play)
    assert reason(play, buy(XRP)) is None


def test_money_bound_in_orders_the_venue_may_not_show_yet_is_not_spent_twice(play: Playbook) -> None:
    play >> play.account(KRW=1_000_000)
    assert reason(play, buy(funds=500_000)) is None
    play.core.tracker.put(order_of("a", market=ETH, state=OrderState.SENT, reserved=Decimal(600_000)))
    assert reason(play, buy(funds=500_000)) is R.INSUFFICIENT_BALANCE


# ---- exits -----------------------------------------------------------------------------------------------------------


def test_an_exit_is_cut_to_what_is_free_and_to_the_step(play: Playbook) -> None:
    """I9: never more than is held, counting what already works."""
    held = play.holding(XRP)
    play.core.tracker.put(order_of("working", side=Side.SELL, volume=400, position_id=held.position_id))
    verdict = check(play, sale(held.position_id, "999.5"))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.intent.volume == Decimal("599.5")
    verdict = check(play, sale(held.position_id, "10.123456789"))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.intent.volume == Decimal("10.12345678")
    assert verdict.order.reserved == 0 and verdict.priority is Priority.EXIT


def test_a_liquidation_leaves_first(play: Playbook) -> None:
    held = play.holding(XRP)
    verdict = check(play, sale(held.position_id, 100, purpose=Purpose.LIQUIDATION))
    assert isinstance(verdict, ApprovedOrder) and verdict.priority is Priority.LIQUIDATION


@pytest.mark.parametrize("volume", [None, 0, -5, "NaN"])
def test_an_exit_of_nothing_is_nothing_to_sell(play: Playbook, volume: str | int | None) -> None:
    held = play.holding(XRP)
    assert reason(play, sale(held.position_id, volume)) is R.NOTHING_TO_SELL
    assert reason(play, sale("nobody", 10)) is R.NOTHING_TO_SELL
    assert reason(play, sale(held.position_id, 10, side=Side.BUY)) is R.NOTHING_TO_SELL


def test_an_exit_below_the_venue_minimum_is_refused(play: Playbook) -> None:
    held = play.holding(XRP)
    assert reason(play, sale(held.position_id, "4.99")) is R.BELOW_MINIMUM
    assert reason(play, sale(held.position_id, "0.000000001")) is R.BELOW_MINIMUM
    assert reason(play, sale(held.position_id, 5)) is None


def test_an_exit_without_any_price_is_tried_because_the_venue_may_know_better(play: Playbook) -> None:
    held = play.holding(XRP)
    bare(play)
    play.core.board.books.clear()
    assert reason(play, sale(held.position_id, 1)) is None


def test_a_limit_exit_is_put_on_the_tick(play: Playbook) -> None:
    held = play.holding(XRP)
    verdict = check(play, sale(held.position_id, 100, order_type=OrderType.LIMIT, price=Decimal("1010.7")))
    assert isinstance(verdict, ApprovedOrder) and verdict.order.intent.price == 1010


@pytest.mark.parametrize(
    "change",
    [
        state(TradingState.DISABLED),
        state(TradingState.REDUCING),
        state(TradingState.HALTED),
        lambda play: play >> play.listed(XRP),
        unreconciled,
        losing,
        bare,
        narrow,
        poor,
        a_minute_of_orders,
        losing_all_month,
        just_entered,
        bound(max_daily_entries=1, max_daily_value=money(1), max_monthly_entries=1, max_monthly_value=money(1)),
        under(max_market_value=money(1), max_order_value=money(1)),
        aged(3600),
        book(("1000",), ("1500",)),
        working(state=OrderState.UNKNOWN),
    ],
)
def test_no_guard_binds_an_exit(play: Playbook, change: Change) -> None:
    held = play.holding(XRP)
    change(play)
    assert reason(play, sale(held.position_id, 500)) is None


# ---- the second look -------------------------------------------------------------------------------------------------


def second_look(play: Playbook, order: Order) -> R | None:
    refusal = play.core.desk.gate.recheck(order, play.core.view(), play.now)
    return None if refusal is None else refusal.reason


def approved(play: Playbook, intent: OrderIntent) -> Order:
    verdict = check(play, intent)
    assert isinstance(verdict, ApprovedOrder)
    return play.core.tracker.put(verdict.order)


@pytest.mark.parametrize(
    ("wanted", "change"),
    [
        (R.TRADING_DISABLED, state(TradingState.DISABLED)),
        (R.REDUCING_ONLY, state(TradingState.REDUCING)),
        (R.HALTED, state(TradingState.HALTED)),
        (R.LIQUIDATING, lambda play: play >> LiquidateAll("press")),
        (R.NOT_RECONCILED, unreconciled),
        (R.MARKET_INACTIVE, lambda play: play >> play.listed(XRP)),
        (R.NO_CONSTRAINTS, lambda play: play.core.board.constraints.clear()),
        (R.NO_PRICE, book(("1000",), ())),
        (R.PRICE_COLLAR, book(("1000",), ("1051",))),
        (R.INSUFFICIENT_BALANCE, lambda play: play >> play.account(KRW=100_049)),
        (R.DAILY_LOSS_LIMIT, losing),
        (R.MONTHLY_LOSS_LIMIT, losing_all_month),
        (R.UNRESOLVED_ORDER, working(state=OrderState.UNKNOWN)),
        (R.EXPIRED, aged(5.1)),
        (None, aged(5)),
        (None, as_it_is),
    ],
)
def test_the_second_look_stops_entries_only(play: Playbook, wanted: R | None, change: Change) -> None:
    """C9: what held when the entry was approved need not hold when its turn comes."""
    held = play.holding(ETH)
    entry, leave = approved(play, buy()), order_of(side=Side.SELL, position_id=held.position_id, market=ETH)
    change(play)
    assert second_look(play, entry) is wanted
    assert second_look(play, leave) is None


def test_the_second_look_does_not_count_the_entry_against_itself(play: Playbook) -> None:
    play >> play.account(KRW=112_000)  # 90 % of it is just enough
    figures = {"max_daily_entries": 1, "max_monthly_entries": 1, "max_orders_per_minute": 1, "cooldown_s": 60.0}
    amounts = ("max_daily_value", "max_monthly_value", "max_order_value")
    play.core.desk.gate.limits = limits(**figures, **dict.fromkeys(amounts, money(100_000)))
    entry = approved(play, buy())
    assert second_look(play, entry) is None and second_look(play, entry) is None  # the queue asks, then the wire
    play.core.desk.gate.limits = limits(max_daily_value=money(99_999))
    assert second_look(play, entry) is R.DAILY_VALUE_LIMIT


def test_a_limit_used_up_by_another_while_the_entry_waited_stops_it(play: Playbook) -> None:
    play.core.desk.gate.limits = limits(max_daily_entries=2)
    entry = approved(play, buy())
    approved(play, buy(ETH))
    assert second_look(play, entry) is None
    play.core.desk.gate.limits = limits(max_daily_entries=1)
    assert second_look(play, entry) is R.DAILY_ENTRIES_LIMIT


def test_what_is_switched_off_binds_nobody(play: Playbook) -> None:
    off = {name: type(getattr(TradingLimits(), name))(0) for name in MAY_BE_OFF}
    play.core.desk.gate.limits = limits(**off, max_position_value=money(10**9), price_collar_ratio=money(1))
    for number in range(20):
        assert reason(play, buy(position_id=f"position-{number}", funds=4_000_000)) is None
    assert reason(play, limit(at=400, volume=50_000)) is None


def test_every_reason_the_gate_can_give_has_a_story_here() -> None:
    elsewhere = {
        R.MARKET_TAKEN,  # given to commands: test_position_desk
        R.NOT_POSSIBLE_NOW,  # likewise
        R.NOTHING_TO_SELL,
        R.ALREADY_MET,  # given to instructions: test_instruction_intake
        R.WRONG_CURRENCY,  # likewise
        R.SPREAD_TOO_WIDE,
        R.EXPIRED,
        R.LOSS_LATCHED,  # test_loss_guard
        R.LOSS_UNKNOWN,
        R.NO_PASSWORD,  # given to a person who wants to leave HALTED: test_kill_desk
        R.UNLOCK_DELAYED,
        R.WRONG_PHRASE,
        R.VENUE_DOWN,  # test_venue_health
        R.MAINTENANCE,
        R.CLOCK_SKEW,
        R.FEED_SILENT,
        R.MARKET_HALTED,  # test_halt_watch
        R.NOT_PROMOTED,  # test_promotion_gate
    }
    assert {wanted for wanted, _, _ in REFUSALS} | elsewhere == set(R)


def test_one_absurd_bid_makes_no_holding_look_like_dust(play: Playbook) -> None:
    """A bid of 1 KRW is no reason to call a million KRW of XRP dust and to let go of it."""
    position = play.holding(XRP)
    play >> play.book(XRP, bid="1", ask="600")
    play >> ClosePosition(position.position_id)
    assert play.order.intent.purpose is Purpose.EXIT and play.order.intent.volume == position.quantity


def test_an_entry_that_waited_for_the_rate_limit_counts_from_its_departure(play: Playbook) -> None:
    """Seed 1915: decided early, sent late, it made a third one within a minute at the venue."""
    gate = play.core.desk.gate
    gate.limits = limits(max_orders_per_minute=1)
    entry = approved(play, buy())
    play.now += timedelta(seconds=4)
    assert second_look(play, entry) is None
    play >> play.not_sent(entry)
    play.now += timedelta(seconds=58)
    play >> price(XRP, 1000)
    assert reason(play, buy()) is R.TOO_MANY_ORDERS
    play.now += timedelta(seconds=3)
    play >> price(XRP, 1000)
    assert reason(play, buy()) is None


def test_a_holding_without_a_price_hides_a_loss_and_stops_entries(play: Playbook) -> None:
    """Seed 1344: right after a restart a holding was valued at its cost, and the limit of losses let an entry pass."""
    play.holding(ETH)
    assert reason(play, buy()) is None
    del play.core.positions.marks[ETH]
    play >> seconds(0.1)
    assert reason(play, buy()) is R.LOSS_UNKNOWN
