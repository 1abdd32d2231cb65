"""Recomputes what the program has lost from the venue's ledger alone, and judges what the loss limits made of it."""

import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from app.domain.emergency import LiquidationStage
from app.domain.limits import TradingLimits
from app.domain.loss import ACKNOWLEDGED, LossBook, LossLimit
from tests.simulation.venue_ledger import VenueLedger

ZERO = Decimal(0)
#: A loss beyond its limit must be on its way out after so many seconds of prices that reached the engine.
BEGUN_WITHIN_S = 12.0
#: A price counts as having reached the engine for so long; in the engine it counts longer (loss_guard.AGES).
FRESH_S = 4.0
#: Prices of this age may still be what the engine goes by.
SHOWN_S = 25.0
#: Between what the engine and the venue see there is a spread, a tick, rounding, and dust.
MORE, LESS, HAIR = Decimal("1.3"), Decimal("0.7"), Decimal(4000)


@dataclass(slots=True)
class _Start:
    """From which profit one limit counts, and between which sums its base has been since."""

    profit: Decimal
    least: Decimal
    most: Decimal

    def see(self, base: Decimal) -> None:
        """Money came or went."""
        self.least, self.most = min(self.least, base), max(self.most, base)


class LossWatch:
    """One world through all restarts. ``booked`` are the fills the engine has told to have booked.

    ``shown`` is when the program was last told a price of each market.
    """

    def __init__(
        self,
        ledger: VenueLedger,
        limits: TradingLimits,
        broken: Callable[[str, str], None],
        time: Callable[[], float],
        booked: Callable[[], Set[tuple[str, str]]],
        shown: Mapping[str, float],
    ) -> None:
        self._shown = shown
        self._up_since = 0.0
        self._ledger = ledger
        self._broken = broken
        self._time = time
        self._booked = booked
        self._ratios = {LossLimit.DAILY: limits.daily_loss_ratio, LossLimit.TOTAL: limits.total_loss_ratio}
        self._starts: dict[LossLimit, _Start] = {}
        self._begin(*self._ratios)
        self._latched: tuple[LossLimit, ...] = ()
        self._latched_at: float | None = None
        self._run_at = -1.0
        self._running = False
        self._beyond_since: dict[LossLimit, float] = {}
        self._looked = -1e9
        #: Prices of each market with the time they were shown.
        self._prices: dict[str, deque[tuple[float, Decimal]]] = {}

    # ---- what the engine says -----------------------------------------------------------------------------------

    def restarted(self, reader: sqlite3.Connection) -> None:
        """The program starts with what is on disk."""
        query = "SELECT payload FROM journal WHERE kind = 'LossBookChanged' ORDER BY seq DESC LIMIT 1"
        row = reader.execute(query).fetchone()
        latched = msgspec.json.decode(row[0])["book"]["latched"] if row is not None else ()
        self._latched, self._latched_at = tuple(LossLimit(name) for name in latched), None
        self._beyond_since.clear()
        self._up_since = self._time()

    def on_entry(self, order_id: str) -> None:
        """Bytes of an entry are leaving."""
        if self._latched:
            self._broken("I50", f"{order_id} enters after a loss that nobody acknowledged")

    def on_book(self, book: LossBook, words: str, judged: bool) -> None:
        """The engine's book of losses changed."""
        fallen = [limit for limit in self._ratios if limit in book.latched and limit not in self._latched]
        if set(self._latched) - set(book.latched) and not words.startswith(ACKNOWLEDGED):
            self._broken("I50", f"the latch of a loss limit ended by itself: {words}")
        self._latched = book.latched
        if words == "begun":  # a coin whose price this run was not told cannot be counted
            for start in self._starts.values():
                start.see(self._equity(shown=True))
        elif words.startswith(ACKNOWLEDGED):
            self._begin(*self._ratios)
        elif words == "a business day begins":
            self._begin(LossLimit.DAILY)
            if self._profit() > self._starts[LossLimit.TOTAL].profit:
                self._begin(LossLimit.TOTAL)
        if not fallen:
            return
        self._latched_at = self._time()
        for limit in fallen:
            lost, start = self._starts[limit].profit - self._profit(worst=True), self._starts[limit]
            if judged and self._all_booked() and lost + HAIR < start.least * self._ratios[limit] * LESS:
                self._broken("I51", f"the {limit} limit fell at a loss of {lost:.0f} of {start.least:.0f}")

    def on_run(self, stage: LiquidationStage) -> None:
        """The emergency run moved on."""
        self._running = stage is not LiquidationStage.FLAT
        if self._running:
            self._run_at = self._time()

    # ---- what the venue says ------------------------------------------------------------------------------------

    def look(self, awake_since: float) -> None:
        """A price reached the engine, which has been awake since then."""
        now = self._time()
        for market in self._ledger.markets.values():
            shown = self._prices.setdefault(market.name, deque(maxlen=200))
            if not shown or shown[-1][1] != market.price:
                shown.append((now, market.price))
        profit = self._profit()
        pause, self._looked = now - self._looked, now
        sound = pause < FRESH_S and now - awake_since > BEGUN_WITHIN_S and self._all_booked()
        for limit, start in self._starts.items():
            lost = start.profit - profit
            start.see(self._equity() + lost)
            beyond = lost - HAIR > start.most * self._ratios[limit] * MORE
            if not (beyond and sound) or limit in self._latched:
                self._beyond_since.pop(limit, None)
                continue
            since = self._beyond_since.setdefault(limit, now)
            if now - since > BEGUN_WITHIN_S:
                self._broken("I50", f"{lost:.0f} lost of {start.most:.0f}, and the {limit} limit does nothing")
        late = self._latched_at is not None and now - self._latched_at > BEGUN_WITHIN_S
        if late and self._latched_at is not None and self._run_at < self._latched_at - 1 and not self._running:
            self._broken("I50", "a loss limit is latched and nothing is liquidated")
        if late:
            self._latched_at = None

    # ---- inside -------------------------------------------------------------------------------------------------

    def _begin(self, *limits: LossLimit) -> None:
        equity, profit = self._equity(), self._profit()
        for limit in limits:
            self._starts[limit] = _Start(profit, equity, equity)

    def _equity(self, shown: bool = False) -> Decimal:
        """What the account is worth; ``shown`` leaves out coins of which the program was told no price yet."""
        ledger = self._ledger
        counted = [m for m in ledger.markets.values() if not shown or self._shown.get(m.name, -1.0) >= self._up_since]
        return ledger.total("KRW") + sum((ledger.total(m.coin) * m.price for m in counted), ZERO)

    def _profit(self, worst: bool = False) -> Decimal:
        """Of everything this program traded; ``worst`` at the lowest prices it may still go by."""
        result = ZERO
        held: dict[str, Decimal] = {}
        for order in self._ledger.orders.values():
            if order.identifier is None:
                continue
            sign = 1 if order.buys else -1
            result -= sign * order.spent + order.paid_fee
            held[order.market] = held.get(order.market, ZERO) + sign * order.executed
        for name, units in held.items():
            market = self._ledger.markets[name]
            price = market.price
            if worst:
                price = min([market.bid, *self._recent(name)])
            result += units * price
        return result

    def _recent(self, name: str) -> list[Decimal]:
        """Prices that were shown lately; the first of them may have been shown long before."""
        shown, since = self._prices.get(name, ()), self._time() - SHOWN_S
        earlier = [price for at, price in shown if at < since]
        return [*earlier[-1:], *(price for at, price in shown if at >= since)]

    def _all_booked(self) -> bool:
        """True when the engine knows every fill."""
        booked = self._booked()
        return all(
            (order.identifier, fill.trade_id) in booked
            for order in self._ledger.orders.values()
            if order.identifier is not None
            for fill in order.fills
        )
