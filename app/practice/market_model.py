"""The simulated market: fair prices, makers, and takers that carry the price from one to the other."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import Decimal

from .clock import US_PER_MS, US_PER_S
from .exchange import Exchange
from .hawkes import HawkesArrivals
from .history import MARKET_HISTORY, HistoryWriter
from .liquidity import MarketMakers
from .market import Market
from .market_specs import HOUR_VALUE, MarketSpec, kst_hour
from .money import whole_volume
from .order import Side
from .price_memory import PriceMemory
from .price_process import FairPrices
from .wire import Json

STEP_US = 250 * US_PER_MS
SHOCK_STEPS = 8
_DUST_LOW_KRW, _DUST_HIGH_KRW = 5_000.0, 6_100.0
_BODY_KRW, _BODY_LOG_SD = 870_000.0, 1.4
_SIGN_PERSISTENCE = 0.45


class _Actor:
    """Flow and makers of one market."""

    def __init__(self, market: Market, spec: MarketSpec, seed: int) -> None:
        code = market.code
        self.market = market
        self.spec = spec
        self.random = random.Random(f"flow-{seed}-{code}")
        self.arrivals = HawkesArrivals(spec.orders_per_s, random.Random(f"arrivals-{seed}-{code}"))
        self.makers = MarketMakers(market, spec, random.Random(f"makers-{seed}-{code}"))
        self.last_side = Side.BID


class MarketModel:
    """Drives all simulated markets of an exchange by its clock."""

    def __init__(
        self, exchange: Exchange, specs: tuple[MarketSpec, ...], seed: int, memory: PriceMemory | None = None
    ) -> None:
        self._exchange = exchange
        self._clock = exchange.clock
        self.fair = FairPrices(specs, seed)
        self._actors = {spec.name.code: _Actor(exchange.markets[spec.name.code], spec, seed) for spec in specs}
        self._specs = specs
        self._seed = seed
        self._memory = memory

    def start(self) -> None:
        """Write the history, fill the books and set the flow going; remembered prices go on where they were."""
        origin = self._seed, self._clock.now_us() // US_PER_S
        if self._memory is not None:
            origin = self._memory.anchor(*origin)
        writer = HistoryWriter(self._specs, *origin, MARKET_HISTORY)
        for actor in self._actors.values():
            writer.write(actor.market)
            if self._memory is not None:
                self._memory.recall(actor.market)
            self.fair.price[actor.market.code] = float(actor.market.tape.last_price)
            actor.makers.seed_book(self.fair.price[actor.market.code])
            self._after(actor.random.expovariate(actor.spec.books_per_s), self._quoting(actor))
            self._after(actor.arrivals.next_delay_s(self._activity()), self._ordering(actor))
        self._clock.call_later(STEP_US, self._step)

    def shock(self, code: str, move_percent: float, over_ms: int = 1000) -> None:
        """Move one fair price; takers sweep the book on the way."""
        actor = self._actors[code]
        factor = (1 + move_percent / 100) ** (1 / SHOCK_STEPS)
        actor.arrivals.excite(10)

        def push() -> None:
            self.fair.shift(code, factor)
            self._chase(actor, math.inf)
            actor.makers.refresh(self.fair.price[code])
            self._exchange.hub.book(actor.market)

        for index in range(SHOCK_STEPS):
            self._clock.call_later(index * over_ms * US_PER_MS // SHOCK_STEPS, push)

    def progress(self) -> Json:
        return {"kind": "simulation", "seed": self._seed}

    def _step(self) -> None:
        self._clock.call_later(STEP_US, self._step)
        self.fair.step(STEP_US / US_PER_S, self._clock.now_us() / US_PER_S)

    def _quoting(self, actor: _Actor) -> Callable[[], None]:
        def quote() -> None:
            self._after(actor.random.expovariate(actor.spec.books_per_s), quote)
            if not actor.market.closed:
                self._chase(actor, self._order_krw(actor) * 6)
                actor.makers.refresh(self.fair.price[actor.market.code])
                self._exchange.hub.book(actor.market)

        return quote

    def _ordering(self, actor: _Actor) -> Callable[[], None]:
        def order() -> None:
            self._after(actor.arrivals.next_delay_s(self._activity()), order)
            if actor.market.closed:
                return
            side = self._next_side(actor)
            best = actor.market.book.best_price(side.other)
            if best is not None:
                volume = whole_volume(Decimal(int(self._order_krw(actor))) / best)
                self._exchange.engine.take_simulated(actor.market, side, volume, self._reach(actor, side))

        return order

    def _next_side(self, actor: _Actor) -> Side:
        """Sides persist, and lean to where the fair price is from the middle of the book."""
        mid = actor.market.book.mid()
        lean = 0.0
        if mid is not None:
            gap = self.fair.price[actor.market.code] / float(mid) - 1
            lean = max(-0.35, min(0.35, gap * 1e4 / (4 * max(0.5, actor.spec.half_spread_bps))))
        if actor.random.random() >= _SIGN_PERSISTENCE:
            actor.last_side = Side.BID if actor.random.random() < 0.5 + lean else Side.ASK
        return actor.last_side

    def _reach(self, actor: _Actor, side: Side) -> Decimal:
        """How far a taker follows the book: a little beyond fair."""
        edge = 1 + (2.5 * actor.spec.half_spread_bps + 2.0) * 1e-4
        fair = self.fair.price[actor.market.code]
        return Decimal(fair * edge if side is Side.BID else fair / edge)

    def _chase(self, actor: _Actor, budget_krw: float) -> None:
        """Takers buy what is offered below the fair price and sell into bids above it."""
        fair = Decimal(self.fair.price[actor.market.code])
        for side in Side:
            makers = actor.market.book.of(side.other)
            best = makers.best()
            if best is None or not makers.better_or_equal(best.price, fair) or best.price == fair:
                continue
            budget = Decimal(10**12) if math.isinf(budget_krw) else Decimal(int(budget_krw))
            volume = whole_volume(budget / best.price)
            self._exchange.engine.take_simulated(actor.market, side, volume, fair)

    def _order_krw(self, actor: _Actor) -> float:
        if actor.random.random() < 0.5:
            return actor.random.uniform(_DUST_LOW_KRW, _DUST_HIGH_KRW)
        return min(4e7, _BODY_KRW * math.exp(actor.random.gauss(0.0, _BODY_LOG_SD)))

    def _activity(self) -> float:
        return math.sqrt(HOUR_VALUE[kst_hour(self._clock.now_us() / US_PER_S)])

    def _after(self, seconds: float, call: Callable[[], None]) -> None:
        self._clock.call_later(int(seconds * US_PER_S), call)
