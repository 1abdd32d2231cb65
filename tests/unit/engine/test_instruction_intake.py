"""Playbooks of what a person asks for: at once, refused, amended, paused and resumed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.commands import SetTradingState
from app.domain.effects import LoadCandles, SendCancel, SubmitOrder
from app.domain.exit_plan import ExitReason, ExitRules
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    Condition,
    ConditionKind,
    InstructionChanged,
    InstructionState,
    OrderDraft,
    PauseInstruction,
    ResumeInstruction,
)
from app.domain.messages import CommandRefused, ExitTriggered, MarketsListed, PositionChanged
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason as R
from app.domain.values import Market, OrderType, Side, TimeInForce, TradingState
from tests.unit.engine.playbook import ETH, START, XRP, Playbook, blueprint, did, market_rules, nothing, price
from tests.unit.engine.tickets import above, below, buy, limit, now_is, place, sell, trailing

S = InstructionState
D = Decimal


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


# ---- at once ---------------------------------------------------------------------------------------------------------


def test_a_purchase_opens_a_position_and_its_exits_protect_it(play: Playbook) -> None:
    """A bracket: stop-loss and take-profit of the position are the alternatives."""
    exits = ExitRules(stop_loss_percent=D(2), take_profit_percent=D(3))
    play >> place(buy(), exits=exits)
    play << did(PositionChanged, state=PositionState.PENDING) << did(InstructionChanged, trigger="placed")
    play << did(SubmitOrder, side=Side.BUY, funds=100_000) << did(InstructionChanged, trigger="sent")
    play >> play.sent() >> play.filled() << did(InstructionChanged, state=S.DONE)
    assert play.position(XRP).state is PositionState.ACTIVE
    play >> price(XRP, 975) << did(ExitTriggered, reason=ExitReason.STOP_LOSS) << did(SubmitOrder, side=Side.SELL)


def test_a_second_purchase_joins_the_position_and_raises_its_budget(play: Playbook) -> None:
    play >> place(buy(100_000)) >> play.sent() >> play.filled()
    play >> place(buy(50_000), number=2) << did(SubmitOrder, funds=50_000)
    assert play.position(XRP).budget == D(150_000) * D("1.0005")
    assert len(play.core.positions.live()) == 1


def test_a_sale_may_be_a_part_of_the_holding(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(sell("100.5")) << did(SubmitOrder, side=Side.SELL, volume="100.5")
    play >> play.sent() >> play.filled() << did(InstructionChanged, state=S.DONE)
    after = play.position(XRP)
    assert after.state is PositionState.ACTIVE
    assert after.quantity == held.quantity - D("100.5")


def test_a_sale_of_everything_closes_the_position(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(sell(held.quantity)) >> play.sent() >> play.filled()
    play << did(PositionChanged, state=PositionState.CLOSED, exit_reason=ExitReason.USER)


def test_a_rest_too_small_to_be_sold_closes_the_position_as_dust(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(sell(held.quantity - 2)) >> play.sent() >> play.filled()
    play << did(PositionChanged, state=PositionState.CLOSED, dust=2)


def test_a_sale_sells_no_more_than_is_held(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> place(sell(held.quantity + 500)) << did(SubmitOrder, volume=str(held.quantity))


def test_an_ioc_order_that_fills_in_part_is_done_with_that(play: Playbook) -> None:
    (
        play
        >> place(limit(Side.BUY, 1000, time_in_force=TimeInForce.IOC))
        << did(SubmitOrder, time_in_force=TimeInForce.IOC, price=1000)
    )
    play >> play.sent() >> play.part_filled(20) >> play.ended() << did(InstructionChanged, state=S.DONE)
    assert now_is(play).filled_volume == 20


def test_an_order_that_ends_without_a_fill_leaves_no_empty_position(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted() >> play.ended()
    play << did(InstructionChanged, state=S.CANCELLED) << did(PositionChanged, state=PositionState.CLOSED)


def test_the_same_click_is_carried_out_once(play: Playbook) -> None:
    play >> place(buy()) << did(SubmitOrder)
    play >> place(buy()) << nothing(SubmitOrder) << nothing(CommandRefused)


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "condition", "reason"),
    [
        (buy(None), Condition(), R.BAD_NUMBER),
        (buy(volume=D(5)), Condition(), R.BAD_NUMBER),
        (sell(0), Condition(), R.BAD_NUMBER),
        (sell("NaN"), Condition(), R.BAD_NUMBER),
        (sell(price=D(1000)), Condition(), R.BAD_NUMBER),
        (limit(Side.BUY, 0), Condition(), R.BAD_NUMBER),
        (limit(Side.BUY, 1000, timeout_s=0), Condition(), R.BAD_NUMBER),
        (buy(time_in_force=TimeInForce.FOK), Condition(), R.BAD_NUMBER),
        (buy(order_type=OrderType.BEST), Condition(), R.BAD_NUMBER),
        (buy(), below("NaN"), R.BAD_NUMBER),
        (buy(), trailing(51), R.BAD_NUMBER),
        (buy(), Condition(ConditionKind.TIME), R.BAD_NUMBER),
        (buy(), Condition(ConditionKind.RULE, rule="os.system('x')"), R.BAD_NUMBER),
        (buy(), Condition(ConditionKind.AFTER, after="i-nobody"), R.BAD_NUMBER),
        (limit(Side.BUY, 1000, volume="0.000000001"), Condition(), R.BAD_NUMBER),
        (limit(Side.BUY, 1000, price=D("1000.5")), Condition(), R.OFF_TICK),
        (limit(Side.BUY, 500), Condition(), R.PRICE_COLLAR),
        (buy(), Condition(price=D(5)), R.BAD_NUMBER),
        (buy(), Condition(ConditionKind.TIME, at=START), R.BAD_NUMBER),
        (buy(), Condition(ConditionKind.RULE, rule="close > 1", seconds=7), R.BAD_NUMBER),
        (buy(100), Condition(), R.BELOW_MINIMUM),
        (buy(100), below(900), R.BELOW_MINIMUM),
        (buy(1_000_000_001), Condition(), R.ABOVE_MAXIMUM),
        (buy(), below(1000), R.ALREADY_MET),
        (buy(), above(1000), R.ALREADY_MET),
        (buy(900_000_000), Condition(), R.ORDER_TOO_LARGE),
        (sell(), Condition(), R.NOTHING_TO_SELL),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_sent(
    play: Playbook, draft: OrderDraft, condition: Condition, reason: R
) -> None:
    play >> place(draft, condition) << did(CommandRefused, reason=reason)
    play << nothing(SubmitOrder) << nothing(PositionChanged) << nothing(InstructionChanged)


def test_a_sale_on_the_wrong_side_of_its_price_is_sent_at_once(play: Playbook) -> None:
    """Exits are never held up: the price may have fallen through the stop while it was typed."""
    play.holding(XRP)
    play >> place(sell(), below(1001)) << nothing(CommandRefused)
    play >> price(XRP, 1000) << did(SubmitOrder, side=Side.SELL)


def test_a_market_paid_in_another_currency_is_refused(play: Playbook) -> None:
    foreign = replace(market_rules(Market("upbit", "BTC-ETH")), quote="BTC")
    play >> MarketsListed("upbit", (), (foreign,))
    play >> place(buy(), market=foreign.market) << did(CommandRefused, reason=R.WRONG_CURRENCY)


def test_a_refused_rule_asks_for_no_bars(play: Playbook) -> None:
    unknown = Condition(ConditionKind.RULE, rule="close >", seconds=300)
    play >> place(buy(), unknown) << did(CommandRefused, reason=R.BAD_NUMBER) << nothing(LoadCandles)


def test_a_figure_that_cannot_be_written_down_is_refused_before_it_is_looked_at(play: Playbook) -> None:
    play >> place(buy(), Condition(price=D("NaN"))) << did(CommandRefused, reason=R.BAD_NUMBER)
    play << nothing(InstructionChanged)


def test_an_unlisted_market_is_refused(play: Playbook) -> None:
    play >> place(buy(), market=Market("upbit", "KRW-NONE")) << did(CommandRefused, reason=R.NO_CONSTRAINTS)


def test_entries_that_are_off_refuse_a_purchase_and_let_a_sale_pass(play: Playbook) -> None:
    play.holding(XRP)
    play >> SetTradingState(TradingState.DISABLED, "test")
    play >> place(buy(), market=ETH) << did(CommandRefused, reason=R.TRADING_DISABLED)
    play >> place(sell(), number=2) << did(SubmitOrder, side=Side.SELL)


def test_a_market_run_by_a_strategy_takes_no_purchase_by_hand(play: Playbook) -> None:
    play.holding(XRP)
    play >> place(buy()) << did(CommandRefused, reason=R.MARKET_TAKEN) << nothing(SubmitOrder)


# ---- changed by a person ---------------------------------------------------------------------------------------------


def test_an_amended_order_is_cancelled_confirmed_and_placed_again(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted() >> play.part_filled(20, 990)
    play >> AmendInstruction("i-ticket-1", price=D(995)) << did(SendCancel) << nothing(SubmitOrder)
    play >> play.ended() << did(SubmitOrder, price=995, volume=30)
    play >> play.sent() >> play.filled(price=995) << did(InstructionChanged, state=S.DONE)


def test_a_waiting_stop_is_amended_without_an_order(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=None, stop_loss_waived=True))
    play >> place(sell(), below(980)) >> AmendInstruction("i-ticket-1", trigger_price=D(950)) << nothing(SendCancel)
    play >> price(XRP, 960) << nothing(SubmitOrder)
    play >> price(XRP, 950) << did(SubmitOrder)


@pytest.mark.parametrize("changes", [{"price": D("NaN")}, {"volume": D(0)}, {"volume": D(20)}])
def test_a_senseless_amendment_changes_nothing(play: Playbook, changes: dict[str, Decimal]) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted() >> play.part_filled(20, 990)
    play >> AmendInstruction("i-ticket-1", **changes) << did(CommandRefused, reason=R.BAD_NUMBER) << nothing(SendCancel)


def test_paused_and_resumed_for_what_is_left(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted() >> play.part_filled(20, 990)
    play >> PauseInstruction("i-ticket-1") << did(InstructionChanged, state=S.PAUSED) << did(SendCancel)
    play >> ResumeInstruction("i-ticket-1") << did(CommandRefused, reason=R.NOT_POSSIBLE_NOW)
    play >> play.ended() << nothing(SubmitOrder)
    play >> ResumeInstruction("i-ticket-1") << did(SubmitOrder, volume=30)


@pytest.mark.parametrize("command", [CancelInstruction, PauseInstruction, ResumeInstruction, AmendInstruction])
def test_an_unknown_instruction_is_refused(play: Playbook, command: type) -> None:
    play >> command("i-nobody") << did(CommandRefused, reason=R.NOT_POSSIBLE_NOW)


def test_a_purchase_amended_to_more_may_spend_more(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted()
    before = play.position(XRP).budget
    play >> AmendInstruction("i-ticket-1", volume=D(80))
    assert play.position(XRP).budget - before == 30 * 990 * D("1.0005")


def test_a_purchase_amended_to_a_lower_price_is_still_filled_at_the_old_one(play: Playbook) -> None:
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted()
    play >> AmendInstruction("i-ticket-1", price=D(980), volume=D(80)) >> play.part_filled(45, 990)
    play >> play.ended() << did(SubmitOrder, price=980, volume=35)
    assert (45 * 990 + 35 * 980) * D("1.0005") <= play.position(XRP).budget == 80 * 990 * D("1.0005")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"price": D("990.00001")}, R.OFF_TICK),
        ({"volume": D("60.000000001")}, R.BAD_NUMBER),
        ({"trigger_price": D(900)}, R.BAD_NUMBER),
        ({}, R.BAD_NUMBER),
        ({"price": D(990)}, R.BAD_NUMBER),
        ({"volume": D(5)}, R.BELOW_MINIMUM),
        ({"volume": D("1e29")}, R.ABOVE_MAXIMUM),
        ({"volume": D(21_000)}, R.ORDER_TOO_LARGE),
        ({"price": D(500)}, R.PRICE_COLLAR),
    ],
)
def test_an_amendment_that_would_be_refused_leaves_the_order_where_it_is(
    play: Playbook, changes: dict[str, Decimal], reason: R
) -> None:
    """The order would be cancelled first, and the new one refused: nothing would be left."""
    play >> place(limit(Side.BUY, 990)) >> play.sent() >> play.accepted()
    play >> AmendInstruction("i-ticket-1", **changes) << did(CommandRefused, reason=reason) << nothing(SendCancel)
