"""Candle chart of the selected market with the lines of the selected position. Fed by UiFeed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.domain.blueprint import TIMEFRAMES
from app.domain.market_data import Ticker
from app.domain.messages import CandlesLoaded, CandleUpdated, FillBooked
from app.domain.money import is_usable
from app.domain.position import Position
from app.domain.price_age import PriceAge, price_age
from app.domain.values import Market
from app.ui import wording
from app.ui.charts.bar_series import BarSeries
from app.ui.charts.chart_header import ChartHeader, DayFigures
from app.ui.charts.chart_plot import ChartPlot
from app.ui.charts.last_price import last_price
from app.ui.charts.level_lines import Level, LevelKind, levels_of
from app.ui.formats import price, volume
from app.ui.price_tone import price_tone
from app.ui.theme import number_font, theme
from app.ui.ui_feed import UiFeed


class ChartWidget(QWidget):
    """Follows the selection of the feed. ``clock`` may be replaced; it says how old the price is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._feed: UiFeed | None = None
        self._market: Market | None = None
        self._position_id: str | None = None
        self._series = BarSeries(TIMEFRAMES["1m"])
        self.header = ChartHeader(self)
        self.plot = ChartPlot(self)
        self.values = QLabel(self.plot)
        self.values.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.values.move(12, 6)
        self._rule = QFrame(self)
        self._rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self._rule):
            column.addWidget(part)
        column.addWidget(self.plot, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.plot)
        self.header.choose(self._series.seconds)
        self.header.timeframe_chosen.connect(self.set_timeframe)
        self.plot.hovered.connect(self._show_values)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.check_age)
        theme().changed.connect(self._restyle)
        self._translate()
        self._restyle()
        self._load()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        self.clock = feed.clock
        feed.selection_changed.connect(self._select)
        feed.candle_updated.connect(self._candles_moved)
        feed.candles_loaded.connect(self._candles_loaded)
        feed.market_ticked.connect(self._ticked)
        feed.positions_changed.connect(self._positions_moved)
        feed.fill_booked.connect(self._filled)
        self._timer.start()
        self._market, self._position_id = feed.market, feed.position_id
        self._load()

    def set_timeframe(self, seconds: int) -> None:
        """Aggregate to bars of another length."""
        self._series = BarSeries(seconds)
        self.header.choose(seconds)
        self._load()

    def sizeHint(self) -> QSize:
        return QSize(720, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 220)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_market()
            self._show_price()
        super().changeEvent(event)

    def check_age(self) -> None:
        """Grey out a price that grows old; called every second."""
        self._show_price()

    def _age(self) -> float:
        last = last_price(self._feed, self._market)
        return 0.0 if last is None else last.age_s(self.clock())

    def _price_age(self) -> PriceAge:
        """By the gate's bound; nothing to grey out while there is no price."""
        last = last_price(self._feed, self._market)
        if last is None or self._feed is None:
            return PriceAge.FRESH
        return price_age(last.received_at, self.clock(), self._feed.model.stale_price_s)

    def _is_stale(self) -> bool:
        return self._price_age() is PriceAge.STALE

    @property
    def series(self) -> BarSeries:
        """Bars in use."""
        return self._series

    def _select(self, market: Market | None, position_id: str | None) -> None:
        moved = market != self._market
        self._market, self._position_id = market, position_id
        if moved:
            self._load()
        else:
            self._show_market()
            self._show_price()

    def _load(self) -> None:
        candles = self._feed.candles.get(self._market, ()) if self._feed is not None and self._market else ()
        self._series.load(candles)
        self.plot.show_series(self._series)
        self._show_fills()
        self._show_market()
        self._show_price()

    def _candles_loaded(self, loaded: CandlesLoaded) -> None:
        if loaded.market == self._market:
            place = self.plot.place()
            self._load()
            self.plot.go_to(place)

    def _candles_moved(self, updates: list[CandleUpdated]) -> None:
        mine = [update.candle for update in updates if update.candle.market == self._market]
        for candle in mine:
            self._series.update(candle)
        if mine:
            self.plot.bars_changed()
            self._show_price()

    def _ticked(self, markets: list[Market]) -> None:
        if self._market in markets:
            self._show_price()

    def _positions_moved(self, ids: list[str]) -> None:
        position = self._position()
        if position is not None and position.position_id in ids:
            self._show_market()
            self._show_price()

    def _filled(self, booked: FillBooked) -> None:
        if booked.fill.market == self._market:
            self._show_fills()

    def _position(self) -> Position | None:
        """The selected position; without one, a live position in this market."""
        if self._feed is None:
            return None
        chosen = self._feed.positions.get(self._position_id) if self._position_id else None
        if chosen is not None:
            return chosen
        live = (item for item in self._feed.positions.values() if item.market == self._market and item.is_live)
        return next(live, None)

    def _ticker(self) -> Ticker | None:
        return self._feed.tickers.get(self._market) if self._feed is not None and self._market else None

    def _last_price(self) -> Decimal | None:
        last, bar = last_price(self._feed, self._market), self._series.last
        if last is not None:
            return last.price
        return None if bar is None else bar.close

    def _show_market(self) -> None:
        position = self._position()
        name = "" if self._market is None else self._market.symbol
        self.header.show_market(name, "" if position is None else wording.local(position.blueprint.name))
        self._show_notice()

    def _show_price(self) -> None:
        last = self._last_price()
        levels: list[Level] = []
        position = self._position()
        if position is not None:
            levels = levels_of(position, last)
        if last is not None and len(self._series):
            ticker = self._ticker()
            reference = self._series[len(self._series) - 1].open if ticker is None else ticker.previous_close
            role = price_tone(self._price_age(), "up" if last >= reference else "down")
            levels.append(Level(LevelKind.LAST, last, price(last), role))
        self.plot.set_levels(levels)
        self._show_notice()
        self._show_figures()

    def _show_figures(self) -> None:
        ticker = self._ticker()
        if ticker is None:
            self.header.show_figures(None, PriceAge.FRESH)
            return
        before = ticker.previous_close
        last = self._last_price() or ticker.price
        figures = DayFigures(
            last=last,
            change=(last - before) / before if is_usable(before) else None,
            open=ticker.day_open,
            high=ticker.day_high,
            low=ticker.day_low,
        )
        self.header.show_figures(figures, self._price_age())

    def _show_fills(self) -> None:
        if self._feed is not None:
            self.plot.set_fills(fill for fill in self._feed.fills if fill.market == self._market)

    def _show_notice(self) -> None:
        if self._market is None:
            self.plot.set_notice(self.tr("Select a market or a position to see its chart."))
        elif not len(self._series):
            self.plot.set_notice(self.tr("Loading candles of {market}").format(market=self._market.symbol))
        elif self._is_stale():
            words = self.tr("No new price for {seconds} s").format(seconds=int(self._age()))
            self.plot.set_notice(words, "warning")
        else:
            self.plot.set_notice("")

    def _show_values(self, index: int) -> None:
        if not 0 <= index < len(self._series):
            self.values.clear()
            self.values.hide()
            return
        bar = self._series[index]
        self.values.setText(
            self.tr("O {open}  H {high}  L {low}  C {close}  Vol {volume}").format(
                open=price(bar.open),
                high=price(bar.high),
                low=price(bar.low),
                close=price(bar.close),
                volume=volume(bar.volume),
            )
        )
        self.values.adjustSize()
        self.values.show()

    def _translate(self) -> None:
        self.plot.setAccessibleName(self.tr("Price chart"))
        self.plot.setAccessibleDescription(
            self.tr("Plus and minus zoom, left and right arrow move, End returns to the newest bar.")
        )

    def _restyle(self) -> None:
        palette = theme().palette
        self._rule.setStyleSheet(f"background: {palette.line}; border: none")
        self.values.setFont(number_font(11))
        self.values.setStyleSheet(f"color: {palette.text}; background: {palette.panel}; padding: 1px 4px")
