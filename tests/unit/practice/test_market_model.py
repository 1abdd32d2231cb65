"""The simulated market is alive, repeatable, movable and stops when halted."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from app.practice.clock import US_PER_S, VenueClock
from app.practice.exchange import Exchange
from app.practice.market import Market
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits
from app.practice.order import Side
from tests.unit.practice.venue_kit import START_US, Diary

TWO = MARKETS[:2]


def started(seed: int = 1) -> tuple[Exchange, MarketModel, Diary]:
    clock = VenueClock(START_US)
    exchange = Exchange(clock, seed, [Market(spec.name, KrwUnits(), spec.price) for spec in TWO])
    exchange.deposit("KRW", Decimal(50_000_000))
    model = MarketModel(exchange, TWO, seed)
    model.start()
    diary = Diary()
    exchange.hub.listeners.append(diary)
    return exchange, model, diary


def test_a_minute_of_bitcoin_looks_alive() -> None:
    exchange, _, diary = started()
    exchange.clock.advance(60 * US_PER_S)
    market = exchange.markets["KRW-BTC"]
    assert len(diary.trades) > 60
    assert len({trade.price for trade in diary.trades}) > 20
    dust = [trade for trade in diary.trades if trade.price * trade.volume < 6_500]
    assert 0.2 < len(dust) / len(diary.trades) < 0.9
    assert Counter(trade.side for trade in diary.trades)[Side.ASK] > 10
    assert market.book.mid() is not None


def test_the_same_seed_gives_the_same_market() -> None:
    runs = []
    for seed in (1, 1, 2):
        exchange, _, diary = started(seed)
        exchange.clock.advance(10 * US_PER_S)
        runs.append([(trade.price, trade.volume, trade.time_ms) for trade in diary.trades])
    assert runs[0] == runs[1] != runs[2]


def test_a_shock_moves_price_and_book_and_prints() -> None:
    exchange, model, diary = started()
    exchange.clock.advance(US_PER_S)
    market, before = exchange.markets["KRW-BTC"], exchange.markets["KRW-BTC"].tape.last_price
    diary.trades.clear()
    model.shock("KRW-BTC", -3.0)
    exchange.clock.advance(2 * US_PER_S)
    change = market.tape.last_price / before - 1
    mid = market.book.mid()
    assert mid is not None
    assert Decimal("-0.035") < change < Decimal("-0.025")
    assert abs(mid / market.tape.last_price - 1) < Decimal("0.002")
    assert len(diary.trades) > 20


def test_a_halted_market_is_still() -> None:
    exchange, _, diary = started()
    for market in exchange.markets.values():
        market.halted = True
    exchange.clock.advance(10 * US_PER_S)
    assert diary.trades == []
