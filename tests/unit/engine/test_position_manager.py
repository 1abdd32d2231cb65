"""Quantity, average cost, profit and high-water mark of positions; a trailing stop that never loosens."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BrokenRuleError
from app.domain.exit_plan import ExitReason
from app.domain.money import total
from app.domain.order import Fill
from app.domain.position import Position, PositionState, PositionTrigger
from app.domain.values import Side
from app.engine.position_manager import PositionManager, realised_of
from tests.unit.engine.playbook import BTC, START, XRP, Number, blueprint, money, order_of

LATER = START + timedelta(minutes=1)


def fresh(manager: PositionManager, **rules: object) -> Position:
    plan = blueprint(**rules)  # type: ignore[arg-type]
    made = Position("p", XRP, plan, Decimal(1_000_000), PositionState.PENDING, START, START)
    return manager.put(made)


def fill(side: Side, volume: Number, at: Number, fee: Number = 0, seconds: int = 0) -> Fill:
    when = START + timedelta(seconds=seconds)
    return Fill("o", f"t-{side}-{volume}-{at}-{seconds}", XRP, side, money(at), money(volume), money(fee), when)


def book(manager: PositionManager, *fills: Fill) -> Position:
    intent = order_of(position_id="p").intent
    for one in fills:
        position = manager.apply_fill(one, intent, one.traded_at)
        if one.side is Side.BUY and position.state is not PositionState.CLOSING:
            manager.step(position, PositionTrigger.EXIT_STARTED, one.traded_at)
    return manager.positions["p"]


def held(**rules: object) -> tuple[PositionManager, Position]:
    manager = PositionManager()
    fresh(manager, **rules)
    return manager, manager.apply_fill(fill(Side.BUY, 100, 1000), order_of(position_id="p").intent, START)


# ---- fills -----------------------------------------------------------------------------------------------------------


def test_average_cost_contains_the_fees() -> None:
    manager = PositionManager()
    fresh(manager)
    position = book(manager, fill(Side.BUY, 10, 1000, 5), fill(Side.BUY, 30, 900, 15))
    assert position.quantity == 40 and position.cost == 37_020 and position.average_cost == Decimal("925.5")
    assert position.invested == 37_020 and position.fees == 20 and position.last_entry_price == 900


def test_a_part_sale_realises_its_share_of_the_cost() -> None:
    manager = PositionManager()
    fresh(manager)
    position = book(manager, fill(Side.BUY, 40, 1000), fill(Side.SELL, 10, 1100, 11))
    assert position.quantity == 30 and position.cost == 30_000
    assert position.realised == 11_000 - 11 - 10_000 and position.proceeds == 10_989


def test_selling_more_than_is_held_never_makes_it_short() -> None:
    """X28, X14: an overfill is money we got, not a short position."""
    manager = PositionManager()
    fresh(manager)
    position = book(manager, fill(Side.BUY, 10, 1000), fill(Side.SELL, 11, 1000))
    assert position.quantity == 0 and position.cost == 0 and position.realised == 1000


def test_a_sale_of_a_position_that_never_bought_is_a_broken_rule() -> None:
    manager = PositionManager()
    fresh(manager)
    with pytest.raises(BrokenRuleError):
        book(manager, fill(Side.SELL, 1, 1000))


trades = st.lists(
    st.tuples(
        st.booleans(),
        st.decimals("0.00000001", 1000, places=8, allow_nan=False, allow_infinity=False),
        st.decimals(1, 10**6, places=1, allow_nan=False, allow_infinity=False),
        st.decimals(0, 100, places=4, allow_nan=False, allow_infinity=False),
    ),
    max_size=12,
)


@given(trades)
def test_money_in_and_out_is_conserved(news: list[tuple[bool, Decimal, Decimal, Decimal]]) -> None:
    """I10: what was paid is either still cost or was realised; the recomputation from fills says the same."""
    manager = PositionManager()
    fresh(manager)
    fills: list[Fill] = [fill(Side.BUY, 5, 1000)]
    book(manager, *fills)
    for number, (buys, volume, at, fee) in enumerate(news, 1):
        have = manager.positions["p"].quantity
        if not buys and have == 0:
            continue
        one = fill(Side.BUY if buys else Side.SELL, volume if buys else min(volume, have), at, fee, number)
        fills.append(one)
        book(manager, one)
    position = manager.positions["p"]
    near = Decimal("1e-15")
    assert abs(position.proceeds - position.invested + position.cost - position.realised) < near
    assert abs(total(amount for _, amount in realised_of(fills)) - position.realised) < near
    assert position.fees == total(one.fee for one in fills)
    assert position.quantity == total(f.volume if f.side is Side.BUY else -f.volume for f in fills)


def test_realised_profit_is_told_per_sale_oldest_first() -> None:
    fills = [fill(Side.SELL, 5, 1200, 0, 9), fill(Side.BUY, 10, 1000), fill(Side.SELL, 5, 900, 10, 5)]
    assert [amount for _, amount in realised_of(fills)] == [-510, 1000]


# ---- exits -----------------------------------------------------------------------------------------------------------


def test_the_exit_levels_follow_the_average_cost() -> None:
    manager, position = held(stop=10, target=10)
    plan = position.exit_plan
    assert plan is not None and plan.stop_price == 900 and plan.target_price == 1100
    position = manager.apply_fill(fill(Side.BUY, 100, 800, 0, 5), order_of(position_id="p").intent, LATER)
    plan = position.exit_plan
    assert plan is not None and plan.stop_price == 810 and plan.target_price == 990


def test_a_price_fires_the_positions_of_its_market_only() -> None:
    manager, position = held()
    assert manager.on_price(BTC, Decimal(1), START, True) == []
    assert manager.on_price(XRP, Decimal(900), START, True) == [(position, ExitReason.STOP_LOSS)]


@pytest.mark.parametrize("state", [PositionState.PENDING, PositionState.CLOSING, PositionState.ERROR])
def test_only_active_and_paused_positions_listen_to_prices(state: PositionState) -> None:
    manager, position = held(hold=1)
    manager.put(replace(position, state=state))
    assert manager.on_price(XRP, Decimal(1), START, True) == []
    assert manager.on_time(START + timedelta(hours=1)) == []
    manager.put(replace(position, state=PositionState.PAUSED))
    assert len(manager.on_price(XRP, Decimal(1), START, True)) == 1
    assert [reason for _, reason in manager.on_time(START + timedelta(hours=1))] == [ExitReason.TIME_EXIT]


def test_the_time_of_holding_counts_from_the_first_fill() -> None:
    manager, _ = held(hold=60)
    position = manager.apply_fill(fill(Side.BUY, 1, 1000, 0, 1800), order_of(position_id="p").intent, LATER)
    assert position.exit_plan is not None and position.exit_plan.deadline == START + timedelta(hours=1)


prices = st.lists(st.decimals(100, 10_000, places=1, allow_nan=False, allow_infinity=False), max_size=40)


@given(news=prices, more=st.integers(0, 39), activation=st.sampled_from([None, 1, 20]), stop=st.integers(1, 60))
def test_a_trailing_stop_never_loosens(news: list[Decimal], more: int, activation: int | None, stop: int) -> None:
    """I18: not by falling prices, not by a further entry, not by a restart."""
    manager, position = held(stop=99, trail=stop, activation=activation)
    level, high = Decimal(0), Decimal(0)
    for number, one in enumerate(news):
        manager.on_price(XRP, one, START, True)
        if number == more:
            manager.apply_fill(fill(Side.BUY, 7, one, 0, number), order_of(position_id="p").intent, LATER)
        if number == more + 1:
            again = PositionManager()
            again.restore(manager.positions.values())
            manager = again
        plan = manager.positions["p"].exit_plan
        assert plan is not None and plan.high_water >= high and (plan.trail_price or Decimal(0)) >= level
        level, high = plan.trail_price or Decimal(0), plan.high_water
    assert position.position_id == "p"


def test_a_new_high_is_due_for_writing_at_most_once_a_second() -> None:
    manager, _ = held(trail=1)
    manager.on_price(XRP, Decimal(1100), START, True)
    assert len(manager.high_waters_to_write(START)) == 1
    manager.on_price(XRP, Decimal(1200), START, True)
    assert manager.high_waters_to_write(START + timedelta(seconds=0.9)) == []
    assert len(manager.high_waters_to_write(START + timedelta(seconds=1))) == 1
    assert manager.high_waters_to_write(START + timedelta(seconds=5)) == []


def test_a_high_without_a_trailing_stop_is_not_worth_writing() -> None:
    manager, _ = held()
    manager.on_price(XRP, Decimal(1100), START, True)
    assert manager.high_waters_to_write(START) == []


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_without_a_mark_a_position_is_worth_its_cost() -> None:
    manager, position = held()
    assert manager.value_of(position) == 100_000 and manager.unrealised(position) == 0
    assert manager.price_of(XRP) == 0 and manager.take_marked() == []


def test_a_marked_position_tells_value_profit_and_its_next_exit() -> None:
    manager, _ = held(stop=10, target=50)
    manager.on_price(XRP, Decimal(1100), LATER, True)
    (mark,) = manager.take_marked()
    assert mark.value == 110_000 and mark.unrealised == 10_000 and mark.unrealised_ratio == Decimal("0.1")
    assert mark.exit_reason is ExitReason.STOP_LOSS and mark.exit_price == 900
    assert mark.priced_at == LATER
    assert manager.take_marked() == []  # told once


def test_a_closed_position_is_no_longer_live() -> None:
    manager, position = held()
    manager.put(replace(position, state=PositionState.CLOSED))
    assert manager.live() == [] and manager.live_in(XRP) == []
    manager.put(replace(position, state=PositionState.CLOSING))
    assert manager.live_in(XRP) == manager.live()


def test_figures_come_in_the_order_in_which_the_positions_moved() -> None:
    """Not in the order of a hash, which differs from one process to the next: a replay compares byte for byte."""
    manager = PositionManager()
    names = [f"p-{number}" for number in range(20)]
    manager.on_price(XRP, Decimal(1000), START, from_trade=True)
    for name in names:
        manager.put(Position(name, XRP, blueprint(), Decimal(1_000_000), PositionState.PENDING, START, START))
    assert [figures.position_id for figures in manager.take_marked()] == names


def test_an_average_that_does_not_end_is_kept_to_the_digits_of_money() -> None:
    manager = PositionManager()
    fresh(manager)
    fills = [fill(Side.BUY, 3, Decimal("0.1")), fill(Side.SELL, 1, 1, Decimal("0.07")), fill(Side.BUY, 4, 1)]
    position = book(manager, *[replace(one, trade_id=f"t{n}") for n, one in enumerate(fills)])
    assert position.proceeds == Decimal("0.93")
    assert abs(position.proceeds - position.invested + position.cost - position.realised) < Decimal("1e-40")
