"""``python -m tests.bench.slippage``: estimates of slippage against what the practice exchange really filled.

Market orders over the calibrated books of the practice exchange, in virtual time: the estimate is made on the book as
the feed shows it, then the order is on its way for a while, and the market goes on meanwhile. A second pass has no way
at all: there the estimate must be exact. One JSON object on standard output; status 1 when it is not exact.
"""

import argparse
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints, TickBand
from app.domain.market_data import Book, BookLevel
from app.domain.order import OrderIntent
from app.domain.slippage import ExecutionMeasured, ImpactClass, SlippageEstimate, slippage_ratio
from app.domain.values import Market, OrderType, Purpose, Side
from app.engine.slippage_estimator import SlippageEstimator
from app.practice import order as venue_order
from app.practice.clock import US_PER_MS, US_PER_S, VenueClock
from app.practice.exchange import MATCH_LATENCY_US, Exchange
from app.practice.market import Market as VenueMarket
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import FEE_RATE, KRW_UNITS, VOLUME_STEP, KrwUnits

#: Levels a side that Upbit's feed shows.
VISIBLE = 30
BEGIN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
WARM_UP_S = 90
#: KRW of an order, log-uniform.
SMALLEST, LARGEST = 50_000, 50_000_000
#: Spread of the time under way around its median (natural log).
WAY_LOG_SD = 0.6
OLDEST = timedelta(seconds=5)
BPS = 10_000


@dataclass(frozen=True, slots=True)
class Shot:
    """One order: its estimate, and how much worse the fill was (ratio of the predicted price)."""

    market: str
    estimate: SlippageEstimate
    difference: Decimal
    cost: Decimal


class Range:
    """All calibrated markets of one exchange, and orders shot at them."""

    def __init__(self, seed: int) -> None:
        self.clock = VenueClock(int(BEGIN.timestamp()) * US_PER_S)
        markets = [VenueMarket(spec.name, KrwUnits(), spec.price) for spec in MARKETS]
        self.exchange = Exchange(self.clock, seed, markets)
        self.exchange.deposit("KRW", Decimal(10) ** 14)
        for spec in MARKETS:
            self.exchange.deposit(spec.name.coin, Decimal(10) ** 10)
        MarketModel(self.exchange, MARKETS, seed).start()
        self.dice = random.Random(f"slippage-{seed}")
        self.estimator = SlippageEstimator()
        self.beyond = 0
        self._watch(WARM_UP_S)

    def now(self) -> datetime:
        """Venue time."""
        return BEGIN + timedelta(microseconds=self.clock.ticks_us)

    def book(self, code: str) -> Book:
        """What the feed shows."""
        book = self.exchange.markets[code].book

        def side(levels: venue_order.Side) -> tuple[BookLevel, ...]:
            return tuple(BookLevel(level.price, level.total) for level in book.of(levels).levels(VISIBLE))

        now = self.now()
        return Book(Market("upbit", code), side(venue_order.Side.BID), side(venue_order.Side.ASK), now, now)

    def shoot(self, way_ms: float) -> Shot | None:
        """One market order, ``way_ms`` under way (0: matched at once). None when the visible book does not hold it."""
        self._watch(self.dice.uniform(1, 4))
        code = self.dice.choice(MARKETS).name.code
        side = self.dice.choice(list(Side))
        funds = Decimal(int(SMALLEST * (LARGEST / SMALLEST) ** self.dice.random()))
        book = self.book(code)
        intent = _intent(book, side, funds)
        estimate = self.estimator.estimate(book, intent, _rules(code), self.now(), OLDEST)
        if estimate is None or estimate.impact is ImpactClass.BEYOND_DEPTH:
            self.beyond += 1
            return None
        order = self._send(intent, way_ms)
        actual = order.executed_funds / order.executed_volume
        difference = slippage_ratio(side, actual, estimate.average_price)
        cost = slippage_ratio(side, actual, estimate.best)
        predicted = estimate.average_price
        self.estimator.learn(
            ExecutionMeasured(
                order.uuid, intent.market, side, predicted, actual, difference, estimate.impact, self.now()
            )
        )
        return Shot(code, estimate, difference, cost)

    def _send(self, intent: OrderIntent, way_ms: float) -> venue_order.Order:
        buys = intent.side is Side.BUY
        request = venue_order.OrderRequest(
            market=intent.market.symbol,
            side=venue_order.Side.BID if buys else venue_order.Side.ASK,
            ord_type=venue_order.OrderType.PRICE if buys else venue_order.OrderType.MARKET,
            price=intent.funds,
            volume=intent.volume,
            time_in_force=None,
            smp_type=venue_order.SmpType.NONE,
            identifier=None,
        )
        if not way_ms:
            order = self.exchange.settlement.open(request, "bench")
            self.exchange.engine.activate(self.exchange.markets[request.market], order)
            return order
        self.clock.advance(int(way_ms * self.dice.lognormvariate(0, WAY_LOG_SD) * US_PER_MS))
        order = self.exchange.place(request)
        self.clock.advance(MATCH_LATENCY_US)
        return order

    def _watch(self, seconds: float) -> None:
        """Time goes by; the estimator sees the books."""
        end = self.clock.ticks_us + int(seconds * US_PER_S)
        while self.clock.ticks_us < end:
            self.clock.advance(min(US_PER_S, end - self.clock.ticks_us))
            for spec in MARKETS:
                self.estimator.see(self.book(spec.name.code))


def _intent(book: Book, side: Side, funds: Decimal) -> OrderIntent:
    volume = None if side is Side.BUY else (funds / book.bids[0].price).quantize(VOLUME_STEP)
    money = funds if side is Side.BUY else None
    return OrderIntent("bench", book.market, side, OrderType.MARKET, Purpose.ENTRY, "bench", None, volume, money)


def _rules(code: str) -> ExchangeConstraints:
    bands = tuple(TickBand(lowest, unit) for lowest, unit in KRW_UNITS)
    least, most = Decimal(5000), Decimal(10) ** 9
    market = Market("upbit", code)
    return ExchangeConstraints(market, code.split("-")[1], "KRW", bands, VOLUME_STEP, least, most, FEE_RATE, FEE_RATE)


def _figures(shots: Sequence[Shot]) -> dict[str, object]:
    """Errors in basis points of the predicted price: mean (bias), median, 90 % point of the size."""
    raw = [float(shot.difference) * BPS for shot in shots]
    expected = [float(shot.cost - shot.estimate.expected) * BPS for shot in shots]
    return {
        "orders": len(shots),
        "estimate_bps": _spread(float(shot.estimate.against_best) * BPS for shot in shots),
        "actual_bps": _spread(float(shot.cost) * BPS for shot in shots),
        "walk": _error(raw),
        "walk_and_bias": _error(expected),
        "unchanged_share": round(sum(not shot.difference for shot in shots) / len(shots), 4),
    }


def _error(errors: list[float]) -> dict[str, float]:
    sizes = sorted(abs(error) for error in errors)
    return {
        "bias_bps": round(statistics.fmean(errors), 3),
        "median_bps": round(statistics.median(errors), 3),
        "p90_error_bps": round(sizes[(9 * len(sizes) + 9) // 10 - 1], 3),
    }


def _spread(values: Iterable[float]) -> dict[str, float]:
    ranked = sorted(values)
    return {"p50": round(statistics.median(ranked), 3), "p90": round(ranked[(9 * len(ranked) + 9) // 10 - 1], 3)}


def run(orders: int, seed: int, way_ms: float) -> dict[str, object]:
    """Both passes."""
    field = Range(seed)
    shots: list[Shot] = []
    while len(shots) < orders:
        shot = field.shoot(way_ms)
        if shot is None:
            continue
        shots.append(shot)
        if len(shots) % 100 == 0:
            print(f"slippage: {len(shots)} of {orders}", file=sys.stderr, flush=True)
    still = Range(seed + 1)
    at_once = [shot for shot in (still.shoot(0) for _ in range(max(orders // 5, 1))) if shot is not None]
    codes = sorted({shot.market for shot in shots})
    return {
        "orders": orders,
        "seed": seed,
        "way_ms": way_ms,
        "beyond_depth": field.beyond,
        "all": _figures(shots),
        "markets": {code: _figures([shot for shot in shots if shot.market == code]) for code in codes},
        "impact": dict(Counter(shot.estimate.impact.value for shot in shots)),
        "at_once": {"orders": len(at_once), "exact": sum(not shot.difference for shot in at_once)},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.slippage")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way-ms", type=float, default=80.0, help="median time an order is under way")
    options = parser.parse_args(arguments)
    found = run(options.orders, options.seed, options.way_ms)
    print(json.dumps(found, indent=2))
    exact = found["at_once"]
    assert isinstance(exact, dict)
    return 0 if exact["orders"] == exact["exact"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
