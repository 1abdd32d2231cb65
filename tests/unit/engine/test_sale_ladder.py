"""Kinds of a sale: nothing but a refusal of the kind itself leads to another one. Stories: test_emergency_desk."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.order import OrderState
from app.domain.values import OrderType, Purpose, Side
from app.engine.sale_ladder import SaleLadder
from tests.unit.engine.playbook import XRP, Playbook, order_of


@pytest.fixture
def play() -> Playbook:
    play = Playbook().ready()
    play.holding(XRP)
    return play


def refused(note: str, purpose: Purpose = Purpose.LIQUIDATION, state: OrderState = OrderState.REJECTED) -> object:
    return replace(order_of(market=XRP, side=Side.SELL, volume=1, purpose=purpose, state=state), note=note)


@pytest.mark.parametrize(
    ("sale", "kind"),
    [
        (refused("validation_error: no"), OrderType.LIMIT),
        (refused("insufficient_funds_ask"), OrderType.MARKET),
        (refused("market_offline"), OrderType.MARKET),
        (refused("under_min_total_ask"), OrderType.MARKET),
        (refused("validation_error", Purpose.EXIT), OrderType.MARKET),
        (refused("never_arrived: timed_out"), OrderType.MARKET),
        (refused(""), OrderType.MARKET),
        (refused("no_authorization_ip: no"), OrderType.MARKET),
        (refused("connect_failed", state=OrderState.EXPIRED), OrderType.MARKET),
    ],
)
def test_what_leads_to_the_next_kind(play: Playbook, sale: object, kind: OrderType) -> None:
    ladder, position = SaleLadder(play.core.tracker), play.position(XRP)
    named = replace(sale, intent=replace(sale.intent, position_id=position.position_id))  # type: ignore[attr-defined, type-var]
    ladder.refused(named)
    assert ladder.sale(position, position.quantity, Purpose.LIQUIDATION, play.core.view()).order_type is kind
    ladder.closed(position.position_id)
    assert ladder.sale(position, position.quantity, Purpose.EXIT, play.core.view()).order_type is OrderType.MARKET


def test_a_sale_above_the_venue_s_maximum_leaves_in_equal_parts(play: Playbook) -> None:
    """Otherwise the venue refuses it for ever (over_krw_funds_ask), and the largest position is the one that stays."""
    ladder, position, view = SaleLadder(play.core.tracker), play.position(XRP), play.core.view()
    rules = view.board.constraints[XRP]
    worth = position.quantity * play.core.positions.price_of(XRP)
    view.board.constraints[XRP] = replace(rules, max_total=worth / 2)
    part = ladder.sale(position, position.quantity, Purpose.EXIT, view)
    assert part.volume == rules.floor_volume(position.quantity / 3), "two parts would leave no room for a higher price"
    view.board.constraints[XRP] = replace(rules, max_total=worth * 2)
    assert ladder.sale(position, position.quantity, Purpose.EXIT, view).volume == position.quantity


def test_without_a_bid_there_is_no_limit_to_set(play: Playbook) -> None:
    ladder, position = SaleLadder(play.core.tracker), play.position(XRP)
    sale = refused("validation_error")
    ladder.refused(replace(sale, intent=replace(sale.intent, position_id=position.position_id)))  # type: ignore[attr-defined, type-var]
    play >> replace(play.book(XRP, 1000), bids=())
    assert (
        ladder.sale(position, position.quantity, Purpose.LIQUIDATION, play.core.view()).order_type is OrderType.MARKET
    )


def test_a_rest_that_only_the_market_takes_gets_no_limit(play: Playbook) -> None:
    """At the limit its total is below the venue's least, which would then call it dust (seed 513)."""
    ladder, position = SaleLadder(play.core.tracker), play.position(XRP)
    sale = refused("validation_error")
    ladder.refused(replace(sale, intent=replace(sale.intent, position_id=position.position_id)))  # type: ignore[attr-defined, type-var]
    view = play.core.view()
    least = view.board.constraints[XRP].min_total
    rest = least / play.core.positions.price_of(XRP)
    assert ladder.sale(position, rest * 2, Purpose.LIQUIDATION, view).order_type is OrderType.LIMIT
    assert ladder.sale(position, rest * Decimal("1.01"), Purpose.LIQUIDATION, view).order_type is OrderType.MARKET
