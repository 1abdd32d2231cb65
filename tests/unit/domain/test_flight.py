"""Entries of a flight log."""

from app.domain.flight import FlightBooks
from app.domain.values import TradingState
from tests.unit.engine.playbook import Recovered


def test_books_are_a_copy_of_any_recovered_state() -> None:
    state = Recovered(epoch=7, clean=False, trading_state=TradingState.HALTED)
    assert FlightBooks.of(state) == FlightBooks(7, False, TradingState.HALTED, (), (), (), None)
