"""Makers keep a deep, uncrossed book on the grid and leave the user's orders alone."""

import random
from decimal import Decimal

from app.practice.liquidity import MOST_LEVELS, MarketMakers
from app.practice.market import Market
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits, on_grid
from app.practice.order import Side
from app.practice.order_book import Resting
from tests.unit.practice.venue_kit import QuietVenue


def made() -> tuple[Market, MarketMakers]:
    spec = MARKETS[0]
    market = Market(spec.name, KrwUnits(), spec.price)
    return market, MarketMakers(market, spec, random.Random(1))


def test_the_book_follows_the_fair_price() -> None:
    market, makers = made()
    fair = 89_886_000.0
    makers.seed_book(fair)
    for step in range(400):
        fair *= 1.0002 if step % 3 else 0.9999
        makers.refresh(fair)
        bid, ask = market.book.best_price(Side.BID), market.book.best_price(Side.ASK)
        assert bid is not None
        assert ask is not None
        assert float(bid) <= fair <= float(ask)
        assert min(len(market.book.bids), len(market.book.asks)) >= 15
        assert max(len(market.book.bids), len(market.book.asks)) <= MOST_LEVELS
    assert all(on_grid(market.units, level.price) for level in market.book.asks.levels())


def test_a_user_bid_above_fair_is_not_crossed_by_makers(venue: QuietVenue) -> None:
    market, makers = made()
    makers.seed_book(89_886_000.0)
    order = venue.buy("90000000", "0.01")
    market.book.asks.clear_market()
    market.book.bids.add(Resting(Decimal(90_000_000), Decimal(1), order))
    makers.refresh(89_886_000.0)
    best = market.book.best_price(Side.ASK)
    assert best is None or best > 90_000_000
