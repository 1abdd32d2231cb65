"""What is known of every market, and whose word is the price."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.market_data import Book, BookLevel, Ticker, Trade
from app.domain.messages import MarketsListed
from app.domain.values import Side
from app.engine.market_board import TRADE_FRESH, MarketBoard
from tests.unit.engine.playbook import BTC, START, VENUE, XRP, Playbook, market_rules


def book(bid: str | None = "1000", ask: str | None = "1001", seconds: float = 0) -> Book:
    def side(price: str | None) -> tuple[BookLevel, ...]:
        return () if price is None else (BookLevel(Decimal(price), Decimal(1)),)

    at = START + timedelta(seconds=seconds)
    return Book(XRP, side(bid), side(ask), at, at)


def trade(seconds: float = 0) -> Trade:
    at = START + timedelta(seconds=seconds)
    return Trade(XRP, Decimal(999), Decimal(1), Side.BUY, at, at)


def test_a_trade_speaks_before_the_book_while_it_is_fresh() -> None:
    board = MarketBoard()
    assert board.price_from_book(book()) == 1000
    board.trades[XRP] = trade()
    assert board.price_from_book(book(seconds=9.9)) is None
    assert board.price_from_book(book(seconds=TRADE_FRESH.total_seconds())) == 1000


@pytest.mark.parametrize("bid", [None, "0", "NaN", "-1"])
def test_a_book_without_a_usable_bid_is_no_price(bid: str | None) -> None:
    """X18: zero or absent is no quote."""
    board = MarketBoard()
    assert board.price_from_book(book(bid)) is None
    board.books[XRP] = book(bid)
    assert board.spread_percent(XRP) is None


def test_the_spread_is_a_percentage_of_the_bid() -> None:
    board = MarketBoard()
    assert board.spread_percent(XRP) is None
    board.books[XRP] = book("1000", "1005")
    assert board.spread_percent(XRP) == Decimal("0.5")
    board.books[XRP] = book("1000", None)
    assert board.spread_percent(XRP) is None


def test_the_venue_changes_its_rules_and_the_newest_count() -> None:
    """X16: ticks and minimums change mid-day."""
    board = MarketBoard()
    play = Playbook()
    board.list_markets(play.listed())
    board.list_markets(play.listed(XRP))
    assert not board.constraints[XRP].active and board.constraints[BTC].active
    assert board.infos[XRP].market == XRP


def test_series_are_made_on_first_use_and_kept() -> None:
    board = MarketBoard()
    one = board.series(XRP, 60)
    assert board.series(XRP, 60) is one and board.series(XRP, 300) is not one
    board.series(BTC, 60)
    assert len(board.all_series()) == 3 and len(board.series_of(XRP)) == 2


def ticker(suspended: bool | None) -> Ticker:
    price = Decimal(1000)
    return Ticker(XRP, price, price, price, price, price, price, START, START, suspended)


def test_whether_a_market_takes_orders_is_not_known_before_the_stream_has_said_so() -> None:
    """A drill that pressed before was refused in a halted market its card had not named."""
    board = MarketBoard()
    board.take_ticker(ticker(None))
    assert not board.has_said(XRP)
    board.take_ticker(ticker(False))
    assert board.has_said(XRP)


def test_a_market_the_stream_calls_suspended_stays_so_over_a_listing() -> None:
    """The listing of Upbit does not say whether a single market stands still."""
    board, listed = MarketBoard(), MarketsListed(VENUE, (), (market_rules(XRP),))
    board.list_markets(listed)
    board.take_ticker(ticker(True))
    assert not board.constraints[XRP].active
    board.list_markets(listed)
    board.take_ticker(ticker(None))
    assert not board.constraints[XRP].active
    board.take_ticker(ticker(False))
    assert board.constraints[XRP].active
    board.list_markets(listed)
    assert board.constraints[XRP].active
