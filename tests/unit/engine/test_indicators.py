"""Indicator values: hand-computed where the definition is ours, plausible where it is the library's."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.market_data import Candle
from app.engine.indicators import FUNCTIONS, MAX_LENGTH, IndicatorBoard
from tests.unit.engine.playbook import START, XRP


def board(*closes: int | str, spread: int = 0) -> IndicatorBoard:
    bars = []
    for number, value in enumerate(closes):
        close = Decimal(value)
        at = START + timedelta(minutes=number)
        bars.append(Candle(XRP, 60, at, close, close + spread, close - spread, close, Decimal(number + 1)))
    return IndicatorBoard(bars)


def test_averages() -> None:
    assert board(1, 2, 3, 4).value("sma", 2) == Decimal("3.5")
    assert board(10, 10, 10).value("ema", 3) == 10
    ema = board(10, 10, 10, 20).value("ema", 3)
    assert ema is not None and 10 < ema < 20


def test_rsi_is_a_hundred_when_it_only_rises_and_nought_when_it_only_falls() -> None:
    assert board(*range(1, 20)).value("rsi", 14) == 100
    assert board(*range(20, 1, -1)).value("rsi", 14) == 0


def test_true_range_of_bars_of_equal_height_is_their_height() -> None:
    assert board(*[100] * 20, spread=5).value("atr", 14) == 10


def test_highest_and_lowest_look_before_the_last_closed_bar() -> None:
    """A close can only break out of what was there before it."""
    assert board(5, 9, 7, 100).value("highest", 3) == 9
    assert board(5, 9, 7, 1).value("lowest", 3) == 5
    assert board(5, 9, 7).value("highest", 3) is None


def test_change_is_a_percentage_over_so_many_bars() -> None:
    assert board(100, 50, 110).value("change", 2) == 10
    assert board(100, 110).value("change", 2) is None
    assert board(0, 110).value("change", 1) is None  # no figure, not infinity


def test_average_volume_does_not_count_the_last_closed_bar() -> None:
    assert board(1, 1, 1, 1).value("average_volume", 3) == 2
    assert board(1, 1, 1).value("average_volume", 3) is None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_too_few_bars_have_no_value(name: str) -> None:
    assert board().value(name, 5) is None
    assert board(1, 2).value(name, 5) is None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_enough_bars_have_a_finite_value_that_is_computed_once(name: str) -> None:
    many = board(*(1000 + number % 7 for number in range(60)), spread=1)
    value = many.value(name, 20)
    assert value is not None and value.is_finite() and many.value(name, 20) is value


@pytest.mark.parametrize("length", [0, -1, MAX_LENGTH + 1])
def test_a_length_out_of_range_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length must be 1 to 200"):
        board(1).value("sma", length)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no indicator 'macd'"):
        board(1).value("macd", 3)


@pytest.mark.parametrize("name", ["sma", "ema", "rsi", "atr"])
def test_prices_that_do_not_move_are_no_accident(name: str) -> None:
    value = board(*[1000] * 50).value(name, 14)
    assert value is None or value.is_finite()
