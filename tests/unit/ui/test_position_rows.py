"""What a row says."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.exit_plan import ExitReason
from app.domain.messages import OrderChanged, PositionChanged
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import PositionState
from app.domain.price_age import PriceAge
from app.domain.protection import Layer
from app.domain.values import OrderType, Purpose, Side
from app.domain.venue_health import MarketTrouble
from app.ui.formats import volume
from app.ui.position_rows import KEEP_CLOSED_S, PositionColumn, position_row, shown_positions
from app.ui.read_model import ReadModel
from tests.ui import screen_story
from tests.ui.screen_story import NOW

C = PositionColumn


@pytest.fixture
def model() -> ReadModel:
    model = ReadModel()
    for position in screen_story.positions(NOW):
        model.apply(PositionChanged(position, "story"))
    for mark in screen_story.marks(NOW, 59):
        model.apply(mark)
    return model


def test_a_row_of_the_picture(model: ReadModel) -> None:
    row = position_row(model.positions["p1"], model, NOW)
    assert row.texts == (
        "KRW-BTC",
        "Trend breakout v3",
        "Active",
        "10:41:57",
        "3,000,000",
        "3,071,400",
        "+71,400",
        "+2.38%",
        "Stop-loss in 1.92%",
        "",
    )
    assert (row.roles[C.STATE], row.roles[C.PROFIT], row.age) == ("good", "up", PriceAge.FRESH)


def test_old_figures_turn_grey(model: ReadModel) -> None:
    row = position_row(model.positions["p1"], model, NOW + timedelta(seconds=5.1))
    assert row.age is PriceAge.STALE
    assert row.roles[C.PROFIT] == row.roles[C.VALUE] == row.roles[C.EXIT] == "faint"


def test_figures_that_grow_old_lose_their_colour_first(model: ReadModel) -> None:
    row = position_row(model.positions["p1"], model, NOW + timedelta(seconds=3))
    assert row.age is PriceAge.AGEING and row.roles[C.PROFIT] == "dim"
    model.stale_price_s = 10.0
    assert position_row(model.positions["p1"], model, NOW + timedelta(seconds=3)).age is PriceAge.FRESH


def test_a_position_in_a_halted_market_is_flagged(model: ReadModel) -> None:
    market = model.positions["p1"].market
    health = replace(screen_story.health(NOW), halted=((market, MarketTrouble.ONE_SIDED),))
    model.apply(replace(screen_story.status(NOW), health=health))
    row = position_row(model.positions["p1"], model, NOW)
    assert row.texts[C.STATE] == "Active, halted" and row.roles[C.STATE] == "warning"
    assert row.protection.startswith("one side of the book is empty")


def test_what_is_next_depends_on_the_state(model: ReadModel) -> None:
    texts = {ident: position_row(model.positions[ident], model, NOW).texts[C.EXIT] for ident in model.positions}
    assert texts["p6"] == "waits for its entry signal"
    assert texts["p4"] == "Trailing stop: 0% filled"
    broken = replace(model.positions["p1"], state=PositionState.ERROR, note="cannot go on")
    assert position_row(broken, model, NOW).texts[C.EXIT] == "cannot go on"
    model.marks.clear()
    assert position_row(model.positions["p1"], model, NOW).texts[C.EXIT] == "–"


def test_a_closed_position_shows_its_result_and_goes_after_a_while(model: ReadModel) -> None:
    closed = replace(
        model.positions["p1"],
        state=PositionState.CLOSED,
        quantity=Decimal(0),
        realised=Decimal(70_000),
        closed_at=NOW,
        exit_reason=ExitReason.USER,
    )
    model.apply(PositionChanged(closed, "empty"))
    assert shown_positions(model, NOW)[-1] == closed
    row = position_row(closed, model, NOW)
    assert (row.texts[C.PROFIT], row.texts[C.EXIT], row.texts[C.STATE]) == ("+70,000", "By hand", "Closed")
    assert closed not in shown_positions(model, NOW + timedelta(seconds=KEEP_CLOSED_S + 1))


def test_what_survives_this_computer_is_said_as_it_is(model: ReadModel) -> None:
    row = position_row(model.positions["p1"], model, NOW)
    assert row.layer is Layer.PROGRAM
    assert row.protection == "Exits are held by this program only: if this computer dies nothing sells."
    for event in screen_story.listing():
        model.apply(event)
    assert position_row(model.positions["p1"], model, NOW).protection.endswith("This venue takes no stop orders.")
    waiting = position_row(model.positions["p6"], model, NOW)
    assert (waiting.layer, waiting.protection) == (None, "")
    bare = position_row(replace(model.positions["p1"], exit_plan=None), model, NOW)
    assert (bare.layer, bare.protection.split(":")[1]) == (
        Layer.NOTHING,
        " nothing sells by itself.",
    )


def test_limit_sales_at_the_venue_count_with_their_amount(model: ReadModel) -> None:
    position = model.positions["p1"]
    intent = OrderIntent(
        "p1", position.market, Side.SELL, OrderType.LIMIT, Purpose.EXIT, "x", Decimal(160), position.quantity / 2
    )
    order = Order("gw-7", intent, OrderState.OPEN, NOW, NOW)
    model.apply(OrderChanged(order, "story"))
    row = position_row(position, model, NOW)
    assert row.layer is Layer.PARTLY_VENUE
    assert row.protection.startswith(f"Limit sales of {volume(position.quantity / 2)} rest at the venue and stay there")
    model.apply(OrderChanged(replace(order, state=OrderState.CANCELLED), "story"))
    assert position_row(position, model, NOW).layer is Layer.PROGRAM
