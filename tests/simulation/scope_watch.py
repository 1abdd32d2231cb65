"""Judges presses that do less than everything: what they touch, and what is really so when they say that it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationRun, LiquidationStage, Outcome
from app.domain.exit_plan import ExitReason
from app.domain.order import Order
from app.domain.values import Market
from tests.simulation.venue_door import VENUE
from tests.simulation.venue_ledger import STEP, VenueLedger, VenueOrder

ZERO = Decimal(0)
A = EmergencyAction


@dataclass(slots=True)
class _Begun:
    """A run as it began: what was held in each market by the ledger, and how many orders there had been."""

    held: dict[str, Decimal]
    before: dict[str, Decimal] = field(default_factory=dict)


class ScopeWatch:
    """``held(market)`` are the units of ours by the ledger, dust of closed positions aside."""

    def __init__(self, broken: Callable[[str, str], None], ledger: VenueLedger, held: Callable[[str], Decimal]) -> None:
        self._broken = broken
        self._ledger = ledger
        self._held = held
        self._pressed: list[EmergencyScope] = []
        self._begun: dict[str, _Begun] = {}
        #: Orders by the reason they were sent for.
        self._emergency: set[str] = set()

    def press(self, scope: EmergencyScope) -> None:
        """The user presses."""
        self._pressed.append(scope)

    def on_submit(self, order: Order) -> None:
        """I49: what leaves because of the emergency control is in a market somebody pressed for."""
        if order.intent.reason != ExitReason.EMERGENCY.value:
            return
        self._emergency.add(order.order_id)
        market = order.intent.market
        if not any(scope.action.sells and _names(scope, market) for scope in self._pressed):
            self._broken("I49", f"{order.order_id} sells in {market}, nobody pressed for it")

    def on_run(self, run: LiquidationRun, outside: set[str]) -> None:
        """A run began, or is proven. ``outside`` are markets in which the user traded by phone."""
        if run.run_id not in self._begun:
            names = {line.market.symbol for line in run.lines}
            executed = {order.number: order.executed for order in self._ledger.orders.values()}
            self._begun[run.run_id] = _Begun({name: self._held(name) for name in names}, executed)
        if run.stage is LiquidationStage.DONE:
            for scope in run.scopes:
                self._check_done(run, scope, outside)
            if len(run.scopes) == 1 and run.scopes[0].action is A.REDUCE:
                self._check_share(run, run.scopes[0].percent, outside)

    def _check_done(self, run: LiquidationRun, scope: EmergencyScope, outside: set[str]) -> None:
        """I48: the orders and holdings that had to go are gone, by the ledger."""
        lined = {line.market.symbol for line in run.lines}
        for market in self._ledger.markets.values():
            if not _names(scope, Market(VENUE, market.name)) or (
                scope.outcome is not Outcome.ALL and market.name not in lined
            ):
                continue
            for order in self._ours(market.name):
                # The exit of a position that closes goes on while orders are only cancelled.
                excused = not order.buys and scope.action in (A.CANCEL_ENTRIES, A.CANCEL_ALL)
                if order.is_open and not excused:
                    self._broken("I48", f"{run.run_id} is done while {order.identifier} works")
            left = self._held(market.name)
            if scope.action.flattens and left * market.bid >= market.min_total and market.name not in outside:
                self._broken("I48", f"{run.run_id} is done while {left} of {market.coin} are held")

    def _check_share(self, run: LiquidationRun, percent: int, outside: set[str]) -> None:
        """I49: of what was held at the press, and bought since, the share is sold: within a lot, or dust less."""
        begun = self._begun[run.run_id]
        for name, held in begun.held.items():
            market = self._ledger.markets[name]
            moved = [(order, order.executed - begun.before.get(order.number, ZERO)) for order in self._ours(name)]
            others = any(units and not o.buys and o.identifier not in self._emergency for o, units in moved)
            if others or name in outside or held <= ZERO:
                continue
            bought = sum((units for order, units in moved if order.buys), ZERO)
            sold = sum((units for order, units in moved if not order.buys), ZERO)
            wanted = ((held + bought) * percent / 100).quantize(STEP, ROUND_DOWN)
            if sold > wanted + STEP:
                self._broken("I49", f"{run.run_id}: {sold} of {held} + {bought} sold, asked for {percent} %")
            least = max(market.min_total, market.highest_min_total)
            if (wanted - sold) * market.bid >= least * Decimal("1.5"):
                self._broken("I49", f"{run.run_id}: only {sold} of {held} + {bought} sold, asked for {percent} %")

    def _ours(self, market: str) -> list[VenueOrder]:
        return [o for o in self._ledger.orders.values() if o.market == market and o.identifier is not None]


def _names(scope: EmergencyScope, market: Market) -> bool:
    return (not scope.markets or market in scope.markets) and (not scope.venues or market.venue in scope.venues)
