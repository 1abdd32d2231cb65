"""What the launcher says before the click."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy
from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.messages import PositionChanged, TradingStateChanged
from app.domain.slippage import DepthMarked, ExecutionBias
from app.domain.values import Market, OrderType, TradingState
from app.ui.launch_check import LaunchField, LaunchForm, check_launch, parse_figure
from app.ui.read_model import ReadModel
from tests.ui import screen_story
from tests.ui.screen_story import BREAKOUT, BTC, NOW

FORM = LaunchForm(BREAKOUT, BTC, "3,000,000", "")
F = LaunchField


@pytest.fixture
def model() -> ReadModel:
    model = ReadModel()
    enabled = TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, "")
    for event in (*screen_story.listing(), *screen_story.market_data(NOW), screen_story.account(NOW), enabled):
        model.apply(event)
    return model


@pytest.mark.parametrize(
    ("text", "value"),
    [("3,000,000", "3000000"), (" ₩5000 ", "5000"), ("0.85%", "0.85"), ("−1.5", "-1.5"), ("1000원", "1000")],
)
def test_figures_as_people_type_them(text: str, value: str) -> None:
    assert parse_figure(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_figure(text: str) -> None:
    assert parse_figure(text) is None


def test_a_good_form_has_an_estimate_and_no_problem(model: ReadModel) -> None:
    check = check_launch(FORM, model, TradingLimits())
    assert check.problems == {}
    assert check.blueprint == BREAKOUT
    assert check.budget == 3_000_000
    assert check.estimate == (
        "≈ 0.01886638 BTC · fee about 1,500 · minimum 5,000 · slippage about 0.000%, 0.50% allowed"
    )


def test_the_stop_loss_of_the_form_replaces_the_one_of_the_blueprint(model: ReadModel) -> None:
    for typed in ("1.5", "-1.5", "−1.5%"):
        check = check_launch(replace(FORM, stop=typed), model, TradingLimits())
        assert check.blueprint is not None
        assert check.blueprint.exits.stop_loss_percent == Decimal("1.5")
        assert check.blueprint.exits.trailing_stop_percent == BREAKOUT.exits.trailing_stop_percent


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (replace(FORM, blueprint=None), F.BLUEPRINT, "Choose a strategy."),
        (replace(FORM, market=None), F.MARKET, "Choose a market."),
        (replace(FORM, market=Market("upbit", "KRW-XXX")), F.MARKET, "The rules of this market are not known yet."),
        (replace(FORM, budget="many"), F.BUDGET, "Enter a budget in won."),
        (replace(FORM, budget="-5000"), F.BUDGET, "Enter a budget in won."),
        (replace(FORM, budget="4999"), F.BUDGET, "The budget is below the venue's minimum of 5,000."),
        (replace(FORM, budget="20000001"), F.BUDGET, "The budget is above your limit of 20,000,000 per position."),
        (replace(FORM, stop="0"), F.STOP, "The stop-loss must be above 0 and below 100 %."),
        (replace(FORM, stop="100"), F.STOP, "The stop-loss must be above 0 and below 100 %."),
        (replace(FORM, stop="x"), F.STOP, "The stop-loss must be above 0 and below 100 %."),
    ],
)
def test_each_field_says_what_is_wrong(model: ReadModel, form: LaunchForm, field: LaunchField, words: str) -> None:
    assert check_launch(form, model, TradingLimits()).problems == {field: words}


def test_budget_and_fee_must_be_covered(model: ReadModel) -> None:
    model.apply(replace(screen_story.account(NOW), cash_free=Decimal(3_000_000)))
    check = check_launch(FORM, model, TradingLimits())
    assert check.first_problem == "Free cash is 3,000,000; that is not enough for budget and fee."


def test_a_market_takes_one_position_and_the_limit_counts(model: ReadModel) -> None:
    for position in screen_story.positions(NOW):
        model.apply(PositionChanged(position, "story"))
    assert "running in this market" in check_launch(FORM, model, TradingLimits()).problems[F.MARKET]
    other = replace(FORM, market=Market("upbit", "KRW-AVAX"))
    assert check_launch(other, model, TradingLimits()).problems == {}
    assert "greatest number" in check_launch(other, model, TradingLimits(max_positions=6)).problems[F.MARKET]


@pytest.mark.parametrize(
    ("state", "words"),
    [(TradingState.DISABLED, "are off"), (TradingState.REDUCING, "Only exits"), (TradingState.HALTED, "halted")],
)
def test_the_trading_state_is_in_the_way(model: ReadModel, state: TradingState, words: str) -> None:
    model.apply(TradingStateChanged(TradingState.ENABLED, state, ""))
    assert words in check_launch(FORM, model, TradingLimits()).problems[F.STATE]


def shown(model: ReadModel, *asks: tuple[int, str]) -> ReadModel:
    levels = tuple(BookLevel(Decimal(price), Decimal(size)) for price, size in asks)
    model.apply(Book(BTC, (BookLevel(Decimal(158_000_000), Decimal(1)),), levels, NOW, NOW))
    return model


def test_the_estimate_tells_what_the_order_would_cost_beyond_the_best_price(model: ReadModel) -> None:
    shown(model, (159_000_000, "0.01"), (159_318_000, "1"))
    said = check_launch(FORM, model, TradingLimits()).estimate
    assert said.endswith("minimum 5,000 · slippage about 0.094%, 0.50% allowed")
    bias = ExecutionBias(20, Decimal("0.001"), Decimal("0.002"))
    model.apply(DepthMarked(BTC, None, (), 0.1, None, bias))
    assert "slippage about 0.194%" in check_launch(FORM, model, TradingLimits()).estimate


def test_an_order_larger_than_the_book_is_named_as_such(model: ReadModel) -> None:
    shown(model, (159_000_000, "0.01"))
    assert check_launch(FORM, model, TradingLimits()).estimate.endswith("more than the visible book holds")


def test_no_word_about_slippage_where_there_is_none(model: ReadModel) -> None:
    limit = replace(BREAKOUT, entry_order=EntryOrderPolicy(OrderType.LIMIT))
    assert "slippage" not in check_launch(replace(FORM, blueprint=limit), model, TradingLimits()).estimate
    assert "slippage" not in check_launch(FORM, shown(model), TradingLimits()).estimate
