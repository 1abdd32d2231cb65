"""Compares our books with one reading of the venue. A second pass over the same reading finds nothing more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.money import ZERO, total
from app.domain.order import Order
from app.domain.position import Position
from app.domain.venue_reports import AccountSnapshot, OrderReport
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager

#: Balances may lag behind fills; a market is compared only after this much quiet (Lean waits 10 s).
QUIET = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one comparison found.

    ``reports`` belong to orders of ours, ``to_look_up`` are ours that the venue did not list, ``foreign`` are open
    orders that are not ours, ``short`` are positions that hold more in our books than the venue holds (units missing),
    ``revived`` are orders of ours that have ended here and work at the venue: a request may arrive after we gave it up.
    """

    reports: tuple[tuple[Order, OrderReport], ...]
    to_look_up: tuple[Order, ...]
    foreign: tuple[OrderReport, ...]
    short: tuple[tuple[Position, Decimal], ...]
    revived: tuple[tuple[Order, OrderReport], ...] = ()

    @property
    def differences(self) -> tuple[str, ...]:
        """The findings in plain English for journal and log."""
        words = [f"{order.order_id} is {order.state} here and not open at the venue" for order in self.to_look_up]
        words += [f"{order.order_id} is {order.state} here and open at the venue" for order, _ in self.revived]
        words += [f"open order {report.venue_order_id} in {report.market} is not ours" for report in self.foreign]
        words += [f"{position.market}: {missing} units fewer at the venue" for position, missing in self.short]
        return tuple(words)


class Reconciler:
    """Remembers which strangers were reported, and needs two readings before it believes that holdings are missing."""

    def __init__(self) -> None:
        self._known_foreign: set[str] = set()
        self._short_before: dict[str, Decimal] = {}
        self._short_told: set[str] = set()

    def compare(
        self, snapshot: AccountSnapshot, orders: OrderTracker, positions: PositionManager, board: MarketBoard
    ) -> Findings:
        """Findings of one reading; orders that moved after the reading began are left alone."""
        reports: list[tuple[Order, OrderReport]] = []
        revived: list[tuple[Order, OrderReport]] = []
        foreign: list[OrderReport] = []
        listed: set[str] = set()
        for report in snapshot.open_orders:
            order = orders.get(report.order_id)
            if order is None:
                if report.venue_order_id not in self._known_foreign:
                    self._known_foreign.add(report.venue_order_id)
                    foreign.append(report)
                continue
            listed.add(order.order_id)
            if order.is_working and order.updated_at <= snapshot.started_at:
                reports.append((order, report))
            elif not order.is_working and order.updated_at + QUIET <= snapshot.started_at:
                revived.append((order, report))
        missing = [
            order
            for order in orders.working()
            if order.order_id not in listed and order.updated_at <= snapshot.started_at
        ]
        short = self._short(snapshot, orders, positions, board)
        return Findings(tuple(reports), tuple(missing), tuple(foreign), tuple(short), tuple(revived))

    def _short(
        self, snapshot: AccountSnapshot, orders: OrderTracker, positions: PositionManager, board: MarketBoard
    ) -> list[tuple[Position, Decimal]]:
        held = {balance.asset: balance.total for balance in snapshot.balances}
        found: list[tuple[Position, Decimal]] = []
        for position in positions.live():
            rules = board.constraints.get(position.market)
            if rules is None or position.quantity <= ZERO or _recent(position, orders, snapshot.started_at):
                continue
            ours = total(p.quantity for p in positions.live() if p.market == position.market)
            missing = ours - held.get(rules.base, ZERO)
            pid = position.position_id
            if missing <= rules.volume_step:
                self._short_before.pop(pid, None)
                self._short_told.discard(pid)
            elif self._short_before.get(pid) == missing and pid not in self._short_told:
                self._short_told.add(pid)
                found.append((position, missing))
            else:
                self._short_before[pid] = missing
        return found


def _recent(position: Position, orders: OrderTracker, since: datetime) -> bool:
    if orders.working(position.position_id):
        return True
    mine = orders.of_position(position.position_id)
    return any(since - order.updated_at < QUIET for order in mine if order.filled_volume)
