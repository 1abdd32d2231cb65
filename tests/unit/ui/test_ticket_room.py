"""What may be spent and sold."""

from dataclasses import replace

import pytest

from app.domain.limits import LimitName, LimitUse, TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.messages import LimitUsage, OrderChanged, PositionChanged
from app.domain.order import OrderState
from app.domain.values import Market, Side
from app.ui.read_model import ReadModel
from app.ui.ticket_room import free_volume, held_value, most_money, position_in
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW, D
from tests.unit.engine.playbook import order_of

AVAX = Market("upbit", "KRW-AVAX")
WIDE = TradingLimits(max_order_value=D(0), max_market_value=D(0), max_position_value=D(10**12))


@pytest.fixture
def model() -> ReadModel:
    model = ReadModel()
    for event in (*screen_story.listing(), *screen_story.market_data(NOW)):
        model.apply(event)
    for position in screen_story.positions(NOW):
        model.apply(PositionChanged(position, "story"))
    return model


def most(model: ReadModel, market: Market, cash: int, limits: TradingLimits) -> int:
    return int(most_money(market, model.constraints[market], D(cash), model, limits))


def test_cash_and_its_fee_are_the_first_bound(model: ReadModel) -> None:
    assert most(model, AVAX, 10_005_000, WIDE) == 10_000_000
    assert most(model, AVAX, 10_004_999, WIDE) == 9_999_999
    assert most(model, AVAX, 0, WIDE) == 0


def test_the_venue_and_every_limit_bound_it(model: ReadModel) -> None:
    assert most(model, AVAX, 10**11, WIDE) == 1_000_000_000
    assert most(model, AVAX, 10**11, replace(WIDE, max_order_value=D(7_000_000))) == 7_000_000
    assert most(model, AVAX, 10**11, replace(WIDE, max_market_value=D(10_005_000))) == 10_000_000
    held = held_value(BTC, model)
    assert held > 0
    assert most(model, BTC, 10**11, replace(WIDE, max_position_value=D(20_000_000))) == int(20_000_000 - held)
    assert most(model, BTC, 10**11, replace(WIDE, max_position_value=D(1_000_000))) == 0


def test_what_is_used_of_a_limit_is_gone(model: ReadModel) -> None:
    uses = (LimitUse(LimitName.DAILY_VALUE, D(4), D(10_000_004)), LimitUse(LimitName.EXPOSURE, D(1), None))
    model.apply(LimitUsage(uses, NOW))
    assert most(model, AVAX, 10**11, WIDE) == 10_000_000


def test_a_holding_without_a_usable_price_is_worth_nothing_yet(model: ReadModel) -> None:
    level = BookLevel(D("NaN"), D(1))
    model.apply(Book(BTC, (level,), (level,), NOW, NOW))
    assert held_value(BTC, model) == 0 == held_value(AVAX, model)


def test_working_sales_bind_their_units(model: ReadModel) -> None:
    position = position_in(BTC, model)
    assert position is not None and position_in(None, model) is None
    sale = order_of(
        "s", BTC, Side.SELL, OrderState.PARTIAL, position.position_id, volume="0.01", filled_volume=D("0.004")
    )
    model.apply(OrderChanged(sale, "story"))
    assert free_volume(position, model) == position.quantity - D("0.006")
