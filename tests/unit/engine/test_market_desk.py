"""From a price to a decision: state first, then exits, rungs, bars and the strategies waiting for them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryStep
from app.domain.commands import WatchMarket
from app.domain.effects import LoadCandles, SubmitOrder
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Book, Trade
from app.domain.messages import CandlesLoaded, CandleUpdated, ExitTriggered, MarketsListed, PositionChanged
from app.domain.values import Side
from tests.unit.engine.playbook import BTC, XRP, Playbook, blueprint, did, nothing, price, seconds


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def test_a_start_loads_the_history_it_needs_and_decides_when_it_is_there(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(timeframe="5m", enter="close > sma(2)"))
    play << did(LoadCandles, market=XRP, seconds=300) << nothing(SubmitOrder)
    bars = tuple(play.bar(XRP, close, ago) for close, ago in ((900, 15), (950, 10), (1000, 5)))
    play >> CandlesLoaded(XRP, 300, bars) << did(CandlesLoaded) << did(SubmitOrder, side=Side.BUY)


def test_history_of_another_length_or_market_decides_nothing(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(timeframe="5m"))
    play >> [CandlesLoaded(XRP, 60, ()), CandlesLoaded(BTC, 300, ())] << nothing(SubmitOrder)


def test_a_strategy_that_still_lacks_bars_waits(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(warmup_bars=2)) << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 1000) << nothing(SubmitOrder)
    play >> play.next_bar(XRP, 1001) << did(SubmitOrder, side=Side.BUY)


def test_the_screen_gets_the_bars_it_watches(play: Playbook) -> None:
    play >> WatchMarket(XRP, 300) << did(LoadCandles, seconds=300)
    bar = play.bar(XRP, 1000, 5)
    play >> CandlesLoaded(XRP, 300, (bar,))
    play >> WatchMarket(XRP, 300) << did(CandlesLoaded, candles=(bar,)) << nothing(LoadCandles)


def test_a_bar_closes_with_its_time_even_without_a_trade(play: Playbook) -> None:
    play >> price(XRP, 1005) >> seconds(60, tick=1) << did(CandleUpdated, closed=True)


def test_a_bar_closes_with_the_first_price_of_the_next(play: Playbook) -> None:
    play >> price(XRP, 1005)
    play >> seconds(59, tick=1)
    play.now += timedelta(seconds=2)
    play >> price(XRP, 1010) << did(CandleUpdated, closed=True)


def test_prices_are_passed_on_before_what_they_cause(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) << did(Book) << did(Trade) << did(PositionChanged) << did(ExitTriggered)


def test_the_bid_fires_a_stop_while_nobody_trades(play: Playbook) -> None:
    """Without trades the bid is what a holder could get."""
    play.holding(XRP)
    play >> play.book(XRP, 900) << nothing(ExitTriggered)  # a trade is fresh: it speaks
    play >> seconds(10, tick=1) >> play.book(XRP, 900) << did(ExitTriggered, reason=ExitReason.STOP_LOSS)


def test_an_exit_goes_before_a_rung_in_the_same_price(play: Playbook) -> None:
    half = Decimal(50)
    play.holding(XRP, blueprint(stop=2, steps=(EntryStep(half), EntryStep(half, Decimal(1)))))
    play >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL) << nothing(SubmitOrder, side=Side.BUY)


def test_markets_are_told_to_the_screen(play: Playbook) -> None:
    play >> play.listed() << did(MarketsListed)


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "Infinity"])
def test_a_trade_without_a_usable_price_is_not_even_passed_on(play: Playbook, bad: str) -> None:
    """U5: NaN passes every comparison (Helios-x#17)."""
    play.holding(XRP)
    word = Trade(XRP, Decimal(bad), Decimal(1), Side.SELL, play.now, play.now)
    play >> word << nothing(Trade) << nothing(ExitTriggered)
    assert play.core.board.trades[XRP].price == 1000


@pytest.mark.parametrize("wrong", ["0.000000001", "490", "2100", "10000"])
def test_a_print_far_from_the_book_is_doubted(play: Playbook, wrong: str) -> None:
    """Seed 501: one wrong print bought a rung of the ladder, and valued what was held at nothing."""
    play.holding(XRP, blueprint(stop=5, target=5))
    word = Trade(XRP, Decimal(wrong), Decimal(1), Side.SELL, play.now, play.now)
    play >> word << nothing(Trade) << nothing(ExitTriggered)
    assert play.core.positions.price_of(XRP) == 1000


def test_a_doubted_print_counts_when_the_book_follows(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=5))
    play >> Trade(XRP, Decimal(400), Decimal(1), Side.SELL, play.now, play.now) << nothing(ExitTriggered)
    play >> play.book(XRP, 400) << did(Trade) << did(ExitTriggered, reason=ExitReason.STOP_LOSS)


def test_without_a_fresh_book_a_far_print_is_all_there_is(play: Playbook) -> None:
    play.holding(XRP, blueprint(stop=5))
    play >> seconds(6, tick=1)
    play >> Trade(XRP, Decimal(400), Decimal(1), Side.SELL, play.now, play.now) << did(ExitTriggered)
