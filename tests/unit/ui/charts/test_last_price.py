"""The later one of trade and ticker counts."""

from datetime import timedelta
from decimal import Decimal

from pytestqt.qtbot import QtBot

from app.domain.market_data import Trade
from app.domain.values import Side
from app.ui.charts.last_price import last_price
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC, ETH, NOW


def test_newer_trade_wins_over_the_ticker(qtbot: QtBot) -> None:
    feed = sample_feed()
    later = NOW + timedelta(seconds=2)
    feed.trades[BTC] = Trade(BTC, Decimal(7), Decimal(1), Side.BUY, later, later)
    found = last_price(feed, BTC)
    assert found is not None and found.price == 7
    assert found.age_s(later + timedelta(seconds=3)) == 3.0
    assert found.age_s(NOW) == 0.0


def test_older_trade_does_not(qtbot: QtBot) -> None:
    feed = sample_feed()
    before = NOW - timedelta(seconds=2)
    feed.trades[BTC] = Trade(BTC, Decimal(7), Decimal(1), Side.BUY, before, before)
    found = last_price(feed, BTC)
    assert found is not None and found.price == feed.tickers[BTC].price


def test_nothing_known_is_none(qtbot: QtBot) -> None:
    assert last_price(sample_feed(), ETH) is None
    assert last_price(None, BTC) is None
    assert last_price(sample_feed(), None) is None
