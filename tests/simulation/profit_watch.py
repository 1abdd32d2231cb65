"""Recomputes cost, quantity and profit of every position, fill by fill (average cost), and the loss of the day."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from app.domain.order import Fill
from app.domain.position import Position
from app.domain.values import Side

ZERO = Decimal(0)
HAIR = Decimal("1e-6")


class ProfitWatch:
    """Follows FillBooked in the order of booking; every PositionChanged of a fill must agree."""

    def __init__(self, broken: Callable[[str, str], None]) -> None:
        self._broken = broken
        self._books: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
        self._expected: dict[str, deque[tuple[Decimal, Decimal, Decimal]]] = {}
        #: (when, profit) of every sale.
        self.realised: list[tuple[datetime, Decimal]] = []

    def restarted(self, positions: dict[str, Position], realised: list[tuple[datetime, Decimal]]) -> None:
        """Go on from what is on disk."""
        self._books = {pid: (p.quantity, p.cost, p.realised) for pid, p in positions.items()}
        self._expected.clear()
        self.realised = realised

    def on_fill(self, fill: Fill, position_id: str) -> None:
        """A fill was booked."""
        quantity, cost, profit = self._books.get(position_id, (ZERO, ZERO, ZERO))
        funds = fill.price * fill.volume
        if fill.side is Side.BUY:
            quantity, cost = quantity + fill.volume, cost + funds + fill.fee
        else:
            gone = cost if fill.volume >= quantity else cost * fill.volume / quantity
            quantity, cost = max(quantity - fill.volume, ZERO), cost - gone
            profit += funds - fill.fee - gone
            self.realised.append((fill.traded_at, funds - fill.fee - gone))
        self._books[position_id] = (quantity, cost, profit)
        self._expected.setdefault(position_id, deque()).append((quantity, cost, profit))

    def on_position(self, position: Position, trigger: str) -> None:
        """A position changed; after a fill its figures must be these."""
        waiting = self._expected.get(position.position_id)
        if trigger != "fill" or not waiting:
            return
        quantity, cost, profit = waiting.popleft()
        wrong = abs(position.cost - cost) > HAIR or abs(position.realised - profit) > HAIR
        if wrong or position.quantity != quantity:
            self._broken(
                "I10",
                f"{position.position_id}: {position.quantity} cost {position.cost} realised {position.realised},"
                f" by its fills {quantity}, {cost}, {profit}",
            )

    def loss_of(self, period: str) -> Decimal:
        """Realised profit of one UTC day (YYYY-MM-DD) or month (YYYY-MM)."""
        return sum((amount for at, amount in self.realised if f"{at:%Y-%m-%d}".startswith(period)), ZERO)
