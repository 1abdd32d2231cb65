"""Fills agree with the recorded depth; used-up volume stays used up; gaps are not filled in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.practice.clock import US_PER_S, VenueClock
from app.practice.exchange import Exchange
from app.practice.ledger_report import report
from app.practice.order import Order, Side
from app.practice.order_rules import parse_request
from app.practice.recordings import BarFrame, BookFrame, Frame, Recording
from app.practice.replay import ReplayDriver
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import START_US

ETH = "KRW-ETH"


def book(second: int, index: int, bids: dict[int, str], asks: dict[int, str]) -> BookFrame:
    levels = [tuple((Decimal(p), Decimal(s)) for p, s in side.items()) for side in (bids, asks)]
    return BookFrame(ETH, second * US_PER_S, f"t{second}", index, levels[0], levels[1])


class Play:
    def __init__(self, frames: list[Frame], kind: str = "book snapshots", speed: float = 1, skip_s: int = 0) -> None:
        recording = Recording(Path("x"), kind, frames)
        self.clock = VenueClock(START_US)
        self.exchange = Exchange(self.clock, 1, recording.markets())
        self.exchange.deposit("KRW", Decimal(100_000_000))
        self.driver = ReplayDriver(self.exchange, recording, speed, skip_s * US_PER_S, 1)
        self.driver.start()
        self.market = self.exchange.markets[ETH]

    def buy(self, price: int, volume: str) -> Order:
        fields = {"market": ETH, "side": "bid", "ord_type": "limit", "price": str(price), "volume": volume}
        order = self.exchange.place(parse_request(fields))
        self.wait(0.01)
        return order

    def wait(self, seconds: float) -> None:
        self.clock.advance(int(seconds * US_PER_S))


def test_a_taker_fills_at_the_recorded_levels_and_says_which() -> None:
    play = Play([book(0, 0, {4610000: "2"}, {4612000: "1", 4613000: "3"})])
    play.buy(4613000, "1.5")
    fills = report(play.exchange)["orders"][0]["fills"]
    assert [(f["price"], f["volume"], f["level_price"], f["level_size"], f["snapshot"]) for f in fills] == [
        ("4612000", "1", "4612000", "1", 0),
        ("4613000", "0.5", "4613000", "3", 0),
    ]


def test_volume_is_not_there_twice_until_the_recorded_level_changes() -> None:
    same = {4612000: "1"}
    play = Play(
        [book(0, 0, {1000: "1"}, same), book(1, 1, {2000: "1"}, same), book(2, 2, {3000: "1"}, {4612000: "0.8"})]
    )
    assert play.buy(4612000, "1").state == "done"
    play.wait(1)
    assert play.market.book.best_price(Side.ASK) is None
    play.wait(1)
    level = play.market.book.asks.best()
    assert level is not None
    assert level.total == Decimal("0.8")


def test_a_resting_order_fills_when_the_recorded_side_crosses_it() -> None:
    play = Play([book(0, 0, {4610000: "2"}, {4612000: "1"}), book(1, 1, {4609000: "2"}, {4610000: "0.4"})])
    order = play.buy(4611000, "1")
    assert order.executed_volume == 0
    play.wait(1)
    fill = order.fills[0]
    assert (fill.price, fill.volume, fill.is_maker) == (4611000, Decimal("0.4"), True)
    assert fill.recorded is not None
    assert (fill.recorded.snapshot, fill.recorded.level_price) == (1, 4610000)


def test_the_skipped_part_becomes_candle_history_only() -> None:
    play = Play(
        [book(0, 0, {4610000: "2"}, {4612000: "1"}), book(60, 1, {4612000: "2"}, {4613000: "1"}),
         book(120, 2, {4612000: "2"}, {4613000: "1"})], skip_s=120,
    )  # fmt: skip
    minutes = play.market.candles.newest_first("1m", 5)
    assert [(c.start_s, c.close) for c in minutes] == [(START_US // US_PER_S - 60, 4612000)]
    best = play.market.book.asks.best()
    assert best is not None
    assert best.total == 1


def test_speed_paces_and_the_end_is_told() -> None:
    play = Play([book(n * 6, n, {1000: "1"}, {2000 + n: "1"}) for n in range(5)], speed=60)
    play.wait(0.25)
    assert play.driver.progress()["played"] == 3
    play.wait(1)
    assert play.driver.progress()["finished"]
    with pytest.raises(VenueError):
        play.driver.shock(ETH, 1.0, 1000)


def bar(minute: int, index: int, prices: tuple[int, int, int, int]) -> BarFrame:
    amounts = [Decimal(price) for price in prices]
    return BarFrame(ETH, minute * 60 * US_PER_S, f"m{minute}", index, 60, *amounts, Decimal(20))


def test_a_candle_is_walked_through_its_corners_and_gaps_stay_empty() -> None:
    play = Play([bar(0, 0, (4600000, 4630000, 4590000, 4620000)), bar(800, 1, (4700000,) * 4)], "candles", speed=60)
    play.wait(0.97)
    prints = [trade.price for trade in play.market.tape.trades]
    candle = play.market.candles.latest("1m")
    assert candle is not None
    assert (candle.opening, candle.high, candle.low, candle.close) == (4600000, 4630000, 4590000, 4620000)
    assert sum((t.volume for t in play.market.tape.trades), Decimal(0)) == 20
    play.wait(1)
    assert play.market.book.best_price(Side.ASK) is None
    play.wait(2.5)
    later = {trade.price for trade in play.market.tape.trades} - set(prints)
    assert later == {Decimal(4700000)}
    assert play.driver.gaps == 1
