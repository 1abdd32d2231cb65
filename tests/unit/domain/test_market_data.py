from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from app.domain.market_data import Book, BookLevel, Candle
from tests.unit.domain.samples import BTC, NOW


def level(price: int) -> BookLevel:
    return BookLevel(Decimal(price), Decimal(1))


def test_the_best_prices_are_the_first_levels() -> None:
    book = Book(BTC, (level(99), level(98)), (level(101), level(102)), NOW, NOW)
    assert (book.best_bid, book.best_ask) == (Decimal(99), Decimal(101))


def test_an_empty_side_has_no_price_rather_than_zero() -> None:
    book = Book(BTC, (), (), NOW, NOW)
    assert book.best_bid is None
    assert book.best_ask is None


def test_market_data_cannot_be_changed_after_the_fact() -> None:
    candle = Candle(BTC, 60, NOW, Decimal(1), Decimal(2), Decimal(1), Decimal(2))
    with pytest.raises(FrozenInstanceError):
        candle.close = Decimal(3)  # type: ignore[misc]
    assert candle.volume == 0
