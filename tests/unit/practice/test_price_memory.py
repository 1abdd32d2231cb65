"""Prices and candles after a restart: the same as before, with a gap for the time between."""

from __future__ import annotations

import random
import stat
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from app.practice.candles import ALL_UNITS, FIXED_SECONDS, CandleSeries
from app.practice.clock import US_PER_S, VenueClock
from app.practice.exchange import Exchange
from app.practice.line_file import StateFileError
from app.practice.market import Market
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits
from app.practice.order import Side
from app.practice.price_memory import GROWTH_LIMIT, Bar, PriceMemory, thinned
from tests.unit.practice.venue_kit import START_US, QuietVenue

TWO = MARKETS[:2]
DAY = 86_400
NOW = START_US // US_PER_S


class Run:
    """One life of two simulated markets."""

    def __init__(self, path: Path, seed: int, start_us: int) -> None:
        self.clock = VenueClock(start_us)
        self.memory = PriceMemory(path)
        self.exchange = Exchange(self.clock, seed, [Market(spec.name, KrwUnits(), spec.price) for spec in TWO])
        MarketModel(self.exchange, TWO, seed, self.memory).start()
        self.memory.start(self.clock, self.exchange.markets.values())
        self.market = self.exchange.markets["KRW-BTC"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "prices"


def test_markets_go_on_from_where_they_were(path: Path) -> None:
    run = Run(path, 1, START_US)
    run.exchange.clock.advance(5 * US_PER_S)
    for _ in range(3):
        run.exchange.engine.take_simulated(run.market, Side.BID, Decimal("1.5"), None)
        run.clock.advance(30 * US_PER_S)
    last, candles = run.market.tape.trades[-1], {u: run.market.candles.newest_first(u, 200) for u in ALL_UNITS[1:]}
    run.memory.close()
    again = Run(path, 2, run.clock.now_us() + 3600 * US_PER_S)
    assert list(again.market.tape.trades) == [last]
    assert again.market.tape.last_price == last.price
    for unit in ALL_UNITS[1:]:
        assert again.market.candles.newest_first(unit, 200) == candles[unit], unit
    mid = again.market.book.mid()
    assert mid is not None
    assert abs(mid / last.price - 1) < Decimal("0.001")
    again.clock.advance(60 * US_PER_S)
    minutes = again.market.candles.newest_first("1m", 10)
    assert max(newer.start_s - older.start_s for newer, older in pairwise(minutes)) >= 3600
    assert minutes[0].volume > 0
    again.memory.close()


def test_a_kill_loses_at_most_a_second(path: Path) -> None:
    run = Run(path, 1, START_US)
    run.clock.advance(20 * US_PER_S + US_PER_S // 2)
    since = run.clock.now_ms() - 1000
    old = [trade for trade in run.market.tape.trades if trade.time_ms <= since][-1]
    again, market = PriceMemory(path), Market(TWO[0].name, KrwUnits(), TWO[0].price)
    again.recall(market)
    assert market.tape.trades[-1].sequential_id >= old.sequential_id
    kept, traded = market.candles.latest("1m"), run.market.candles.latest("1m")
    assert kept is not None
    assert traded is not None
    assert traded.volume / 2 < kept.volume <= traded.volume
    again.close()


def test_a_market_without_prints_begins_anew(path: Path) -> None:
    venue = QuietVenue()
    memory = PriceMemory(path)
    memory.recall(venue.market)
    memory.start(venue.clock, [venue.market])
    venue.wait(3000)
    memory.close()
    assert venue.market.tape.last_price == 100_000_000
    assert memory.anchor(7, 8) == (7, 8)


def test_the_first_start_stays_the_origin_of_the_history(path: Path) -> None:
    venue = QuietVenue()
    memory = PriceMemory(path)
    assert memory.anchor(7, 8) == (7, 8)
    memory.start(venue.clock, [venue.market])
    memory.close()
    again = PriceMemory(path)
    assert again.anchor(9, 10) == (7, 8)
    again.close()


def bars(minutes: int) -> list[Bar]:
    dice, found, price = random.Random(1), [], 1000
    for minute in range(minutes):
        if dice.random() < 0.8:
            low, high = price - dice.randrange(9), price + dice.randrange(9)
            start = NOW - NOW % 60 - (minutes - minute) * 60
            figures = [Decimal(x) for x in (price, high, low, low, dice.randrange(1, 50), dice.randrange(1, 50))]
            found.append(Bar("KRW-BTC", 60, start, *figures, start * 1000 + 59_000))
            price = low + 4
    return found


def test_old_bars_are_merged_without_loss() -> None:
    given = bars(60 * 24 * 37)
    kept = thinned(given, NOW)
    assert 1300 < len(kept) < 2400 < len(given)
    assert sum(bar.volume for bar in kept) == sum(bar.volume for bar in given)
    assert [bar.start_s for bar in kept] == sorted({bar.start_s for bar in kept})
    assert {bar.span_s for bar in kept} == {60, 300, 1800, 3600, DAY}
    assert all(bar.span_s == 60 for bar in kept if bar.start_s >= NOW - 400 * 60)
    assert thinned(kept, NOW) == kept


def test_merging_step_by_step_is_merging_at_once() -> None:
    given = bars(60 * 24 * 6)
    step = list[Bar]()
    for place, bar in enumerate(given):
        step.append(bar)
        if place % 97 == 0:
            step = thinned(step, bar.start_s + 60)
    assert thinned(step, NOW) == thinned(given, NOW)


def test_merged_bars_still_fill_a_chart() -> None:
    live, again = CandleSeries(), CandleSeries()
    given = bars(60 * 24 * 9)
    for bar in given:
        live.add_bar(bar.candle(), 60)
    for bar in thinned(given, NOW):
        again.add_bar(bar.candle(), bar.span_s)
    for unit, count in {"1m": 200, "3m": 200, "5m": 200, "15m": 200, "30m": 200, "60m": 200, "240m": 54}.items():
        wanted = [c for c in live.newest_first(unit, count) if c.start_s >= NOW - count * FIXED_SECONDS[unit]]
        assert len(wanted) >= count * 0.75
        assert again.newest_first(unit, len(wanted)) == wanted, unit


def test_the_file_does_not_grow_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.practice.price_memory.GROWTH_LIMIT", 3000)
    run = Run(path, 1, START_US)
    sizes = []
    for _ in range(90):
        run.clock.advance(US_PER_S)
        sizes.append(path.stat().st_size)
    assert max(sizes) < 8000 < GROWTH_LIMIT
    assert any(later < earlier for earlier, later in pairwise(sizes))
    last = run.market.tape.trades[-1]
    run.memory.close()
    again = Run(path, 1, START_US)
    assert again.market.tape.trades[-1] == last
    again.memory.close()


def test_a_quiet_second_writes_nothing(path: Path) -> None:
    run = Run(path, 1, START_US)
    run.clock.advance(5 * US_PER_S)
    for market in run.exchange.markets.values():
        market.halted = True
    run.clock.advance(2 * US_PER_S)
    size = path.stat().st_size
    run.clock.advance(10 * US_PER_S)
    run.memory.close()
    assert path.stat().st_size == size


def test_every_cut_is_an_earlier_moment(path: Path) -> None:
    run = Run(path, 1, START_US)
    run.clock.advance(10 * US_PER_S)
    run.memory.close()
    data = path.read_bytes()
    for length in range(0, len(data), 37):
        path.write_bytes(data[:length])
        memory = PriceMemory(path)
        market = Market(TWO[0].name, KrwUnits(), TWO[0].price)
        memory.recall(market)
        times = [trade.time_ms for trade in market.tape.trades]
        assert times == [] or times[0] <= run.market.tape.trades[-1].time_ms
        memory.close()


@pytest.mark.parametrize("line", [0, 1, 2])
def test_damage_is_told_with_what_to_do(path: Path, line: int) -> None:
    run = Run(path, 1, START_US)
    run.clock.advance(5 * US_PER_S)
    run.memory.close()
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"1", b"2")
    path.write_bytes(b"".join(lines))
    with pytest.raises(StateFileError, match=r"move the file away to begin with fresh prices"):
        PriceMemory(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_read_it(path: Path) -> None:
    Run(path, 1, START_US).memory.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
