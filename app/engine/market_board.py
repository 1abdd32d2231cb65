"""What is known of every market: rules, listing, book, last trade, bars."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import MarketsListed
from app.domain.money import HUNDRED, MONEY_CONTEXT, ZERO, is_usable
from app.domain.values import Market
from app.engine.candle_builder import CandleBuilder
from app.engine.slippage_estimator import SlippageEstimator

#: Without a trade for this long the best bid stands in as the price: it is what a holder could get.
TRADE_FRESH = timedelta(seconds=10)


class MarketBoard:
    """Last words of the venue per market. Every reader looks at the age before it uses a price."""

    def __init__(self) -> None:
        self.constraints: dict[Market, ExchangeConstraints] = {}
        self.infos: dict[Market, MarketInfo] = {}
        self.books: dict[Market, Book] = {}
        self.trades: dict[Market, Trade] = {}
        #: Units traded per market since this run began, as far as they were seen; it never falls.
        self.traded: dict[Market, Decimal] = {}
        self.slippage = SlippageEstimator()
        #: What the stream said last about each market; the hourly listing does not know.
        self._suspended: dict[Market, bool] = {}
        self._series: dict[tuple[Market, int], CandleBuilder] = {}
        self._by_market: dict[Market, list[CandleBuilder]] = {}

    def list_markets(self, listed: MarketsListed) -> None:
        """Take the venue's rules; markets it no longer lists keep their last rules, marked inactive by the venue."""
        self.infos.update({info.market: info for info in listed.infos})
        for rules in listed.constraints:
            halted = self._suspended.get(rules.market, False)
            self.constraints[rules.market] = replace(rules, active=False) if halted else rules

    def take_ticker(self, ticker: Ticker) -> None:
        """The venue's word whether orders are taken in the market now."""
        rules = self.constraints.get(ticker.market)
        if ticker.suspended is not None:
            self._suspended[ticker.market] = ticker.suspended
            if rules is not None and rules.active == ticker.suspended:
                self.constraints[ticker.market] = replace(rules, active=not ticker.suspended)

    def has_said(self, market: Market) -> bool:
        """True once the stream has said whether orders are taken in the market."""
        return market in self._suspended

    def take_trade(self, trade: Trade) -> bool:
        """Remember and count a trade; False, and not counted, for one a new subscription brings once more."""
        last = self.trades.get(trade.market)
        self.trades[trade.market] = trade
        known = last is not None and (
            trade.traded_at < last.traded_at
            or (trade.traded_at, trade.price, trade.volume) == (last.traded_at, last.price, last.volume)
        )
        if known or not is_usable(trade.volume):
            return False
        self.traded[trade.market] = MONEY_CONTEXT.add(self.traded.get(trade.market, ZERO), trade.volume)
        return True

    def series(self, market: Market, seconds: int) -> CandleBuilder:
        """Bars of one length, created on first use."""
        key = (market, seconds)
        if key not in self._series:
            self._series[key] = CandleBuilder(market, seconds)
            self._by_market.setdefault(market, []).append(self._series[key])
        return self._series[key]

    def all_series(self) -> list[CandleBuilder]:
        """Every series in use."""
        return list(self._series.values())

    def series_of(self, market: Market) -> list[CandleBuilder]:
        """Every series of one market."""
        return self._by_market.get(market, [])

    def price_from_book(self, book: Book) -> Decimal | None:
        """The best bid when no trade was seen lately, else None: trades speak first, unless the stream is silent."""
        trade = None if book.polled else self.trades.get(book.market)
        if trade is not None and book.received_at - trade.received_at < TRADE_FRESH:
            return None
        return book.best_bid if is_usable(book.best_bid) else None

    def spread_percent(self, market: Market) -> Decimal | None:
        """Spread in percent of the best bid; None when a side is missing."""
        book = self.books.get(market)
        if book is None or book.best_bid is None or book.best_ask is None or not is_usable(book.best_bid):
            return None
        return (book.best_ask - book.best_bid) / book.best_bid * HUNDRED
