"""Spread and depth as the engine told them, and a largest size the gate's own walk accepts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.constraints import ExchangeConstraints
from app.domain.limits import TradingLimits
from app.domain.market_data import Book
from app.domain.messages import PositionChanged
from app.domain.slippage import DepthMarked, DepthWithin, ExecutionBias, SlippagePolicy
from app.domain.values import Market, OrderType, Side
from app.engine.slippage_estimator import DEPTH_RATIOS, walk_book
from app.ui.read_model import ReadModel
from app.ui.ticket_depth import Room, TicketDepth, room_within
from app.ui.ticket_form import TicketForm
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW

AVAX = Market("upbit", "KRW-AVAX")
LIMITS = TradingLimits()
WITHIN = tuple(DepthWithin(ratio, Decimal(1000 + n), Decimal(2000 + n)) for n, ratio in enumerate(DEPTH_RATIOS))


@pytest.fixture
def model() -> ReadModel:
    model = ReadModel()
    for event in (*screen_story.listing(), *screen_story.market_data(NOW)):
        model.apply(event)
    return model


def wide(model: ReadModel, side: Side) -> tuple[Book, ExchangeConstraints]:
    """A book whose later levels are farther away than any tolerance."""
    book = model.books[AVAX]
    best = (book.asks if side is Side.BUY else book.bids)[0].price
    sign = 1 if side is Side.BUY else -1
    levels = [replace(level, price=best * (1 + sign * Decimal(n) / 100)) for n, level in enumerate(book.asks)]
    book = replace(book, asks=tuple(levels)) if side is Side.BUY else replace(book, bids=tuple(levels))
    model.apply(book)
    return book, model.constraints[AVAX]


@pytest.mark.parametrize("side", Side)
def test_the_size_is_the_largest_the_walk_accepts(model: ReadModel, side: Side) -> None:
    book, rules = wide(model, side)
    room = room_within(TicketForm(AVAX, side), model, LIMITS, NOW)
    assert room is not None and room.volume > 0
    most = SlippagePolicy().max_ratio
    at_it = walk_book(book, side, rules, volume=room.volume)
    beyond = walk_book(book, side, rules, volume=room.volume * Decimal("1.01"))
    assert at_it is not None and beyond is not None
    assert at_it.funds == room.funds and at_it.against_best <= most < beyond.against_best


def test_the_strategy_of_the_position_and_earlier_fills_set_the_tolerance(model: ReadModel) -> None:
    wide(model, Side.BUY)
    form = TicketForm(AVAX)
    usual = room_within(form, model, LIMITS, NOW)
    model.apply(DepthMarked(AVAX, None, (), 0.1, None, ExecutionBias(20, Decimal("0.002"), Decimal("0.003"))))
    after = room_within(form, model, LIMITS, NOW)
    position = screen_story.positions(NOW)[0]
    policy = SlippagePolicy(max_percent=Decimal(3))
    loose = replace(position, market=AVAX, blueprint=replace(position.blueprint, slippage=policy))
    model.apply(PositionChanged(loose, "story"))
    own = room_within(form, model, LIMITS, NOW)
    assert usual is not None and after is not None and own is not None
    assert after.volume < usual.volume < own.volume
    assert (usual.percent, own.percent) == (Decimal("0.5"), Decimal(3))


def test_an_old_book_or_none_gives_no_size(model: ReadModel) -> None:
    late = NOW + timedelta(seconds=LIMITS.stale_price_s + 1)
    assert room_within(TicketForm(AVAX), model, LIMITS, late) is None
    assert room_within(TicketForm(None), model, LIMITS, NOW) is None
    assert room_within(TicketForm(Market("upbit", "KRW-NONE")), model, LIMITS, NOW) is None


def show(qtbot: QtBot, form: TicketForm, room: Room | None) -> TicketDepth:
    part = TicketDepth()
    qtbot.addWidget(part)
    part.show_market(form, DepthMarked(BTC, Decimal("0.00002"), WITHIN, 0.1, None), room)
    return part


def test_buyers_see_what_is_offered_and_sellers_what_is_bid_for(qtbot: QtBot) -> None:
    room = Room(Decimal("0.50"), Decimal("1.2500"), Decimal("4000.75"))
    buys = show(qtbot, TicketForm(BTC), room)
    assert [value.text() for value in buys.values] == ["0.002%", "₩2,000", "₩2,001", "₩2,002"]
    assert [name.text() for name in buys.names] == ["Spread", "Within 0.1%", "Within 0.5%", "Within 1%"]
    assert (buys.most.text(), buys.size_text()) == ("Most within 0.5% slippage: ₩4,000", "4,000")
    sells = show(qtbot, TicketForm(BTC, Side.SELL), room)
    assert [value.text() for value in sells.values[1:]] == ["₩1,000", "₩1,001", "₩1,002"]
    assert (sells.most.text(), sells.size_text()) == ("Most within 0.5% slippage: 1.2500", "1.25")
    assert show(qtbot, TicketForm(BTC, order_type=OrderType.LIMIT), room).size_text() == "1.25"


def test_a_click_brings_the_size_and_nothing_when_there_is_none(qtbot: QtBot) -> None:
    part = show(qtbot, TicketForm(BTC), Room(Decimal("0.5"), Decimal(1), Decimal(4000)))
    with qtbot.waitSignal(part.fill_wanted) as told:
        part.fill_button.click()
    assert told.args == ["4,000"]
    for room in (None, Room(Decimal("0.5"), Decimal(0), Decimal(0))):
        part = show(qtbot, TicketForm(BTC), room)
        assert (part.size_text(), part.fill_button.isEnabled()) == ("", False)
    stale = show(qtbot, TicketForm(BTC), None)
    assert stale.most.text() == "No fresh book: the depth is not known."
    assert {value.property("role") for value in stale.values} == {"stale"}
