"""A UiFeed that holds the samples, without an engine."""

from datetime import datetime

from app.engine.event_bus import EventBus
from app.ui.ui_feed import UiFeed
from tests.ui.charts import samples
from tests.ui.charts.samples import BTC, NOW


def sample_feed(now: datetime = NOW) -> UiFeed:
    """Feed with KRW-BTC fully loaded, one position, orders and fills."""
    feed = UiFeed(EventBus(), clock=lambda: now)
    bars = samples.candles(now=now)
    feed.candles[BTC] = list(bars)
    feed.tickers[BTC] = samples.ticker(BTC, bars, now)
    feed.books[BTC] = samples.book(BTC, bars[-1].close, now=now)
    entry = bars[-59].close
    position = samples.position(entry=entry, now=now)
    feed.positions[position.position_id] = position
    for order in samples.orders(now):
        feed.orders[order.order_id] = order
    feed.fills.extend(samples.fills(now))
    return feed
