"""Only what rests at the venue survives this computer; everything else is held by the program."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.exit_plan import ExitRules, arm_exit_plan
from app.domain.order import Order, OrderState
from app.domain.position import Position, PositionState
from app.domain.protection import Layer, protection_of
from app.domain.values import OrderType, Side, TimeInForce
from tests.unit.engine.playbook import START, XRP, blueprint, market_rules, order_of

RULES = market_rules(XRP)
HELD = Decimal(100)


def holding(rules: ExitRules | None = None) -> Position:
    plan = None if rules is None else arm_exit_plan(rules, Decimal(1000), START, None)
    return Position(
        "p", XRP, blueprint(), HELD, PositionState.ACTIVE, START, START, quantity=HELD, cost=HELD, exit_plan=plan
    )


def sale(volume: int = 100, **changes: object) -> Order:
    order = order_of(side=Side.SELL, position_id="p", volume=volume)
    intent = replace(order.intent, **{key: value for key, value in changes.items() if key != "state"})  # type: ignore[arg-type]
    return replace(order, intent=intent, state=changes.get("state", OrderState.OPEN))  # type: ignore[arg-type]


def test_a_stop_is_held_by_this_program_only_and_the_venue_takes_none() -> None:
    found = protection_of(holding(ExitRules(stop_loss_percent=Decimal(1))), (), RULES)
    assert found is not None
    assert (found.layer, found.resting, found.holds_stops) == (Layer.PROGRAM, 0, False)


def test_without_any_level_nothing_protects() -> None:
    for position in (holding(), holding(ExitRules())):
        found = protection_of(position, (), None)
        assert found is not None
        assert (found.layer, found.holds_stops) == (Layer.NOTHING, None)


@pytest.mark.parametrize(("volume", "layer"), [(40, Layer.PARTLY_VENUE), (99, Layer.PARTLY_VENUE), (100, Layer.VENUE)])
def test_limit_sales_that_rest_are_held_by_the_venue(volume: int, layer: Layer) -> None:
    found = protection_of(holding(ExitRules(stop_loss_percent=Decimal(1))), [sale(volume)], RULES)
    assert found is not None
    assert (found.layer, found.resting) == (layer, volume)


def test_what_is_filled_rests_no_longer() -> None:
    partly = replace(sale(100, state=OrderState.PARTIAL), filled_volume=Decimal(60))
    found = protection_of(holding(), [partly], RULES)
    assert found is not None and (found.layer, found.resting) == (Layer.PARTLY_VENUE, 40)


@pytest.mark.parametrize(
    "order",
    [
        sale(position_id="other"),
        sale(side=Side.BUY),
        sale(order_type=OrderType.MARKET),
        sale(time_in_force=TimeInForce.IOC),
        *(sale(state=state) for state in (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)),
    ],
)
def test_nothing_else_counts_as_held_by_the_venue(order: Order) -> None:
    found = protection_of(holding(), [order], RULES)
    assert found is not None and (found.layer, found.resting) == (Layer.NOTHING, 0)


def test_where_nothing_is_held_there_is_nothing_to_protect() -> None:
    assert protection_of(replace(holding(), quantity=Decimal(0)), [sale()], RULES) is None
