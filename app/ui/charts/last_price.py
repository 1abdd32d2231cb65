"""The newest price the feed knows of a market, and when it arrived."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.values import Market
from app.ui.ui_feed import UiFeed


@dataclass(frozen=True, slots=True)
class LastPrice:
    """A price and its arrival on this computer."""

    price: Decimal
    received_at: datetime

    def age_s(self, now: datetime) -> float:
        """Seconds since it arrived; never negative."""
        return max(0.0, (now - self.received_at).total_seconds())


def last_price(feed: UiFeed | None, market: Market | None) -> LastPrice | None:
    """The later one of last trade and ticker; None while neither has come."""
    if feed is None or market is None:
        return None
    known = (feed.trades.get(market), feed.tickers.get(market))
    found = [LastPrice(item.price, item.received_at) for item in known if item is not None]
    return max(found, key=lambda item: item.received_at, default=None)
