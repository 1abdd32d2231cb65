"""What the ticket says before the click."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.limits import TradingLimits
from app.domain.messages import PositionChanged, TradingStateChanged
from app.domain.slicing import SliceAlgorithm
from app.domain.values import Market, OrderType, Side, TradingState
from app.ui.read_model import ReadModel
from app.ui.slice_form import SliceForm
from app.ui.ticket_check import check_ticket
from app.ui.ticket_form import TicketField, TicketForm
from tests.ui import screen_story
from tests.ui.screen_story import BTC, NOW

AVAX = Market("upbit", "KRW-AVAX")
BUY = TicketForm(AVAX, size="400000")
SALE = TicketForm(BTC, Side.SELL, OrderType.LIMIT, price="160000000", size="0.01")


@pytest.fixture
def model() -> ReadModel:
    model = ReadModel()
    enabled = TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, "")
    for event in (*screen_story.listing(), *screen_story.market_data(NOW), screen_story.account(NOW), enabled):
        model.apply(event)
    for position in screen_story.positions(NOW):
        model.apply(PositionChanged(position, "story"))
    return model


def test_a_good_purchase_has_its_sums(model: ReadModel) -> None:
    check = check_ticket(BUY, model, TradingLimits(), NOW)
    assert check.problems == {}
    assert "cost ₩400,200 · fee 200 · cash left ₩32,977,200" in check.estimate


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (replace(BUY, size="4999"), "below the venue's minimum"),
        (replace(BUY, size="20000001"), "One order may be worth 20,000,000"),
        (replace(BUY, market=BTC), "running in this market"),
        (replace(BUY, market=None), "Choose a market"),
        (replace(SALE, price="160000500"), "next are 160,000,000 and 160,001,000"),
        (replace(SALE, size="9"), "can be sold"),
        (replace(SALE, market=AVAX, price="50000", size="1"), "Nothing of KRW-AVAX is held."),
        (replace(SALE, alternative="159500000"), "would sell at once"),
    ],
)
def test_the_first_reason_against_it(model: ReadModel, form: TicketForm, words: str) -> None:
    assert words in check_ticket(form, model, TradingLimits(), NOW).first_problem


def test_entries_off_stop_purchases_only(model: ReadModel) -> None:
    model.apply(TradingStateChanged(TradingState.ENABLED, TradingState.DISABLED, ""))
    assert "Entries are off" in check_ticket(BUY, model, TradingLimits(), NOW).first_problem
    assert check_ticket(SALE, model, TradingLimits(), NOW).problems == {}


def test_a_sale_above_the_size_of_an_order_is_asked_about(model: ReadModel) -> None:
    assert check_ticket(SALE, model, TradingLimits(), NOW).question == ""
    small = TradingLimits(max_order_value=Decimal(1_000_000))
    check = check_ticket(SALE, model, small, NOW)
    assert (check.problems, check.question) == ({}, "Sell for ₩1,600,000?")


TWAP = SliceForm(SliceAlgorithm.TWAP, slices="10")


def test_slices_are_counted_one_by_one_against_the_limits_of_an_order(model: ReadModel) -> None:
    """48,120 a unit: 20 units are near a million, one of ten slices is below a hundred thousand."""
    limits = TradingLimits(max_order_value=Decimal(100_000))
    sliced = replace(BUY, size="20", slicing=TWAP)
    check = check_ticket(sliced, model, limits, NOW)
    assert check.problems == {}
    assert "slices of about 2.0000 AVAX" in check.estimate
    assert "One order may be worth" in check_ticket(replace(BUY, size="900000"), model, limits, NOW).first_problem
    sale = replace(SALE, slicing=TWAP)
    assert check_ticket(sale, model, TradingLimits(max_order_value=Decimal(1_000_000)), NOW).question == ""


@pytest.mark.parametrize(
    ("slicing", "field", "words"),
    [
        (replace(TWAP, slices="200"), TicketField.SLICES, "A slice must be at least"),
        (replace(TWAP, slices="201"), TicketField.SLICES, "Enter 1 to 200 slices."),
        (replace(TWAP, minutes="0"), TicketField.DURATION, "a day at most"),
        (replace(TWAP, share="0"), TicketField.SHARE, "above 0"),
        (replace(TWAP, algorithm=SliceAlgorithm.IS, urgency=""), TicketField.URGENCY, "usual value is 1"),
        (replace(TWAP, algorithm=SliceAlgorithm.ICEBERG, visible="x"), TicketField.VISIBLE, "not more than the whole"),
        (replace(TWAP, algorithm=SliceAlgorithm.ICEBERG, visible="1"), TicketField.PRICE, "needs a limit price"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(
    model: ReadModel, slicing: SliceForm, field: TicketField, words: str
) -> None:
    problems = check_ticket(replace(BUY, size="8", slicing=slicing), model, TradingLimits(), NOW).problems
    assert words in problems[field]


def test_a_plan_without_a_size_asks_for_units(model: ReadModel) -> None:
    assert check_ticket(replace(BUY, size="", slicing=TWAP), model, TradingLimits(), NOW).problems == {
        TicketField.SIZE: "Enter how many units."
    }
