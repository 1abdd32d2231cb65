"""The order book: sides in their places and colours, own orders, one-sided and stale books in words."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.domain.order import OrderState
from app.domain.price_age import PriceAge
from app.domain.values import Side
from app.ui.charts.order_book_widget import OrderBookWidget
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed
from tests.ui.charts import samples
from tests.ui.charts.pixels import holds, picture, rows_of
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC, ETH, NOW

SIZE = QSize(280, 352)


def book_on(qtbot: QtBot) -> tuple[OrderBookWidget, UiFeed]:
    feed = sample_feed()
    feed.orders.clear()
    widget = OrderBookWidget()
    qtbot.addWidget(widget)
    widget.bind(feed)
    widget.resize(SIZE)
    feed.select(BTC, None)
    return widget, feed


def tinted(widget: OrderBookWidget, colour: str) -> list[int]:
    """Rows whose right edge is as red, or as blue, as a depth bar of this colour."""
    image = picture(widget, SIZE)
    wanted, panel = QColor(colour), QColor(theme().palette.panel)
    neutral = panel.red() - panel.blue()
    sign = 1 if wanted.red() > wanted.blue() else -1
    edge = [image.pixelColor(image.width() - 2, y) for y in range(image.height())]
    return [y for y, pixel in enumerate(edge) if sign * (pixel.red() - pixel.blue() - neutral) > 20]


def test_asks_are_above_in_down_colour_and_bids_below_in_up_colour(qtbot: QtBot) -> None:
    widget, _ = book_on(qtbot)
    asks, bids = tinted(widget, theme().palette.down), tinted(widget, theme().palette.up)
    middle = SIZE.height() / 2
    assert asks and max(asks) < middle
    assert bids and min(bids) > middle


def test_own_orders_are_marked_in_accent(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    assert not holds(picture(widget, SIZE), theme().palette.accent)
    best = feed.books[BTC].asks[0].price
    order = samples.order(1, OrderState.OPEN, Side.SELL, best)
    feed.orders[order.order_id] = order
    feed.orders_changed.emit([order.order_id])
    rows = rows_of(picture(widget, SIZE), theme().palette.accent, 4)
    assert rows and max(rows) < SIZE.height() / 2


def test_a_book_of_five_seconds_is_stale_and_a_new_one_is_not(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    widget.clock = lambda: NOW + timedelta(seconds=4)
    widget.check_age()
    assert widget.age is PriceAge.AGEING and not widget.is_stale
    widget.clock = lambda: NOW + timedelta(seconds=5.1)
    widget.check_age()
    assert widget.is_stale
    assert tinted(widget, theme().palette.up) == []
    later = NOW + timedelta(seconds=5)
    feed.books[BTC] = replace(feed.books[BTC], received_at=later)
    feed.book_changed.emit(BTC)
    widget.check_age()
    assert not widget.is_stale


def test_a_book_that_was_asked_for_says_so(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    assert "silent" in widget.spread_words(replace(feed.books[BTC], polled=True))


def test_words_for_every_spread(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    assert "tick" in widget.spread_words(feed.books[BTC])
    one_sided = replace(feed.books[BTC], asks=())
    assert "One-sided" in widget.spread_words(one_sided)
    lone = replace(feed.books[BTC], asks=feed.books[BTC].asks[:1], bids=feed.books[BTC].bids[:1])
    assert "tick" not in widget.spread_words(lone)
    feed.books[BTC] = replace(feed.books[BTC], asks=(), bids=())
    feed.book_changed.emit(BTC)
    picture(widget, SIZE)


def test_no_book_is_said_in_words(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    feed.select(ETH, None)
    assert "KRW-ETH" in widget.accessibleDescription()
    blank = OrderBookWidget()
    qtbot.addWidget(blank)
    assert "Select a market" in blank.accessibleDescription()
    assert picture(blank, SIZE).size() == SIZE


def test_description_names_the_best_prices(qtbot: QtBot) -> None:
    widget, feed = book_on(qtbot)
    widget.check_age()
    assert f"{feed.books[BTC].asks[0].price:,}" in widget.accessibleDescription()
