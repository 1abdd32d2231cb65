"""Order book of the selected market, painted directly: asks above, bids below, the spread between them."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.constraints import ExchangeConstraints
from app.domain.market_data import Book
from app.domain.money import is_usable
from app.domain.price_age import PriceAge, price_age
from app.domain.values import Market
from app.ui.charts.book_rows import BookRow, book_rows, own_volumes, size_decimals, spread_of
from app.ui.charts.last_price import last_price
from app.ui.formats import price
from app.ui.price_tone import price_tone
from app.ui.theme import number_font, theme, ui_font
from app.ui.ui_feed import UiFeed

ROW, SPREAD_ROW, MARGIN = 20, 32, 12
MAX_ROWS = 15
DEPTH_ALPHA = 56


class OrderBookWidget(QWidget):
    """Follows the selected market of the feed. ``clock`` may be replaced; it says how old the book is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._feed: UiFeed | None = None
        self._market: Market | None = None
        self._book: Book | None = None
        self._age = 0.0
        self._told_age = PriceAge.FRESH
        self.setMinimumSize(200, 3 * ROW * 2 + SPREAD_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.check_age)
        theme().changed.connect(self.update)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        self.clock = feed.clock
        feed.book_changed.connect(self._take_book)
        feed.selection_changed.connect(self._select)
        feed.orders_changed.connect(self.update)
        feed.market_ticked.connect(self._ticked)
        self._timer.start()
        self._select(feed.market, feed.position_id)

    @property
    def is_stale(self) -> bool:
        """True when the gate refuses the book in sight for its age."""
        return self.age is PriceAge.STALE

    @property
    def age(self) -> PriceAge:
        """How old the book in sight is; FRESH while there is none."""
        if self._book is None or self._feed is None:
            return PriceAge.FRESH
        return price_age(self._book.received_at, self.clock(), self._feed.model.stale_price_s)

    def check_age(self) -> None:
        """Compare the book's arrival with the clock; called every second."""
        if self._book is None:
            return
        before = self._told_age
        self._told_age = self.age
        self._age = max(0.0, (self.clock() - self._book.received_at).total_seconds())
        if before is not self._told_age or self.is_stale:
            self.update()
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(260, 2 * 6 * ROW + SPREAD_ROW + 8)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().palette.panel))
        if self._book is None:
            self._paint_words(painter, self.rect(), self._empty_words())
        else:
            self._paint_book(painter, self._book)
        painter.end()

    def _select(self, market: Market | None, position_id: str | None) -> None:
        self._market = market
        self._book = self._feed.books.get(market) if self._feed is not None and market is not None else None
        self._age = 0.0
        self.check_age()
        self._describe()
        self.update()

    def _take_book(self, market: Market) -> None:
        if market == self._market and self._feed is not None:
            self._book = self._feed.books.get(market)
            self._age = 0.0
            self.update()

    def _ticked(self, markets: list[Market]) -> None:
        if self._market in markets:
            self.update(self._spread_rect())

    def _translate(self) -> None:
        self.setAccessibleName(self.tr("Order book"))
        self._describe()

    def _describe(self) -> None:
        if self._book is None:
            self.setAccessibleDescription(self._empty_words())
            return
        ask, bid = self._book.best_ask, self._book.best_bid
        self.setAccessibleDescription(
            self.tr("Best ask {ask}, best bid {bid}").format(
                ask="–" if ask is None else price(ask), bid="–" if bid is None else price(bid)
            )
        )

    def _empty_words(self) -> str:
        if self._market is None:
            return self.tr("Select a market or a position to see its order book.")
        return self.tr("Waiting for the order book of {market}").format(market=self._market.symbol)

    def _rows_per_side(self) -> int:
        return max(1, min(MAX_ROWS, (self.height() - SPREAD_ROW) // (2 * ROW)))

    def _spread_rect(self) -> QRect:
        return QRect(0, (self.height() - SPREAD_ROW) // 2, self.width(), SPREAD_ROW)

    def _paint_book(self, painter: QPainter, book: Book) -> None:
        palette = theme().palette
        orders = self._feed.orders.values() if self._feed is not None else ()
        own = own_volumes(orders, book.market)
        count = self._rows_per_side()
        asks, bids = book_rows(book, count, own)
        spread = self._spread_rect()
        reference = book.best_bid or book.best_ask or Decimal(0)
        decimals = size_decimals(reference)
        figures = number_font(12)
        for number, row in enumerate(asks):
            place = QRect(0, spread.top() - (number + 1) * ROW, self.width(), ROW)
            self._paint_row(painter, place, row, palette.down, decimals, figures)
        for number, row in enumerate(bids):
            place = QRect(0, spread.bottom() + 1 + number * ROW, self.width(), ROW)
            self._paint_row(painter, place, row, palette.up, decimals, figures)
        if not asks:
            above = QRect(0, spread.top() - 2 * ROW, self.width(), 2 * ROW)
            self._paint_words(painter, above, self.tr("No asks: nobody is selling"))
        if not bids:
            below = QRect(0, spread.bottom() + 1, self.width(), 2 * ROW)
            self._paint_words(painter, below, self.tr("No bids: nobody is buying"))
        self._paint_spread(painter, spread, book)

    def _paint_row(
        self, painter: QPainter, place: QRect, row: BookRow, tone: str, decimals: int, figures: QFont
    ) -> None:
        palette = theme().palette
        colour = QColor(palette.faint if self.is_stale else tone)
        bar = QColor(colour)
        bar.setAlpha(DEPTH_ALPHA)
        width = round((place.width() - MARGIN) * 0.8 * row.depth)
        painter.fillRect(QRect(place.right() + 1 - width, place.top() + 1, width, place.height() - 2), bar)
        painter.setFont(figures)
        painter.setPen(colour)
        inner = place.adjusted(MARGIN, 0, -MARGIN, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, left, price(row.price))
        painter.setPen(QColor(getattr(palette, price_tone(self.age, "text"))))
        painter.drawText(inner, right, f"{row.size:,.{decimals}f}")
        if is_usable(row.own):
            painter.fillRect(QRect(place.left(), place.top() + 1, 4, place.height() - 2), QColor(palette.accent))
            painter.setPen(QColor(palette.accent))
            middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner, middle, f"{row.own:,.{decimals}f}")

    def _paint_spread(self, painter: QPainter, place: QRect, book: Book) -> None:
        palette = theme().palette
        painter.fillRect(place, QColor(palette.panel))
        painter.setPen(QColor(palette.line))
        painter.drawLine(place.topLeft(), place.topRight())
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        inner = place.adjusted(MARGIN, 0, -MARGIN, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        last = self._last_price()
        painter.setFont(number_font(14, QFont.Weight.DemiBold))
        painter.setPen(QColor(getattr(palette, price_tone(self.age, "text"))))
        text = "–" if last is None else price(last)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | middle, text)
        inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(text) + 10)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(palette.warning if self.is_stale else palette.dim))
        words = painter.fontMetrics().elidedText(self.spread_words(book), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | middle, words)

    def spread_words(self, book: Book) -> str:
        """Words beside the last price: the spread, or why there is none."""
        spread = spread_of(book, self._rules())
        if book.polled and not self.is_stale:
            return self.tr("Asked for: the stream is silent")
        if self.is_stale:
            return self.tr("No update for {seconds} s").format(seconds=int(self._age))
        if spread is None:
            return self.tr("One-sided book, no spread")
        share = f"{spread.percent:.3f}%"
        if spread.ticks is None:
            return self.tr("Spread {percent}").format(percent=share)
        if spread.ticks == 1:
            return self.tr("Spread 1 tick · {percent}").format(percent=share)
        return self.tr("Spread {ticks} ticks · {percent}").format(ticks=spread.ticks, percent=share)

    def _rules(self) -> ExchangeConstraints | None:
        return self._feed.model.constraints.get(self._market) if self._feed is not None and self._market else None

    def _last_price(self) -> Decimal | None:
        last = last_price(self._feed, self._market)
        return None if last is None else last.price

    def _paint_words(self, painter: QPainter, place: QRect, words: str) -> None:
        painter.setFont(ui_font(12))
        painter.setPen(QColor(theme().palette.dim))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(MARGIN, 0, -MARGIN, 0), flags, words)
