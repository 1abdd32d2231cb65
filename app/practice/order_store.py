"""Every order ever accepted, found by uuid or identifier; an identifier is used up for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .order import Order, State


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """Filter of the closed list; times in epoch microseconds, end exclusive."""

    states: frozenset[State]
    start_us: int
    end_us: int


class OrderStore:
    """Orders in order of creation."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._open: dict[str, Order] = {}
        self._by_identifier: dict[str, Order] = {}
        self._used: set[str] = set()
        self.submissions: Counter[str] = Counter()

    def claim(self, identifier: str | None) -> bool:
        """Use up an identifier; False if it was used before (even by an order that failed)."""
        if identifier is None:
            return True
        self.submissions[identifier] += 1
        if identifier in self._used:
            return False
        self._used.add(identifier)
        return True

    def add(self, order: Order) -> None:
        self._orders[order.uuid] = order
        self._open[order.uuid] = order
        if order.request.identifier is not None:
            self._by_identifier[order.request.identifier] = order

    def find(self, uuid: str | None, identifier: str | None) -> Order | None:
        """The uuid wins if both are given."""
        if uuid:
            return self._orders.get(uuid)
        return self._by_identifier.get(identifier) if identifier else None

    def known(self, uuid: str) -> Order:
        """The order of this uuid; raises KeyError."""
        return self._orders[uuid]

    def all(self) -> Iterable[Order]:
        return self._orders.values()

    def open(self, market: str | None = None) -> list[Order]:
        """Open orders, oldest first."""
        for uuid in [uuid for uuid, order in self._open.items() if not order.is_open]:
            del self._open[uuid]
        return [order for order in self._open.values() if market in (None, order.market)]

    def closed(self, market: str | None, window: ClosedWindow) -> list[Order]:
        """Ended orders created inside the window, oldest first."""
        return [
            order
            for order in self._orders.values()
            if order.state in window.states
            and not order.is_open
            and market in (None, order.market)
            and window.start_us <= order.created_us < window.end_us
        ]

    def repeated(self) -> Sequence[tuple[str, int]]:
        """Identifiers submitted more than once with the number of submissions."""
        return [(name, count) for name, count in self.submissions.items() if count > 1]
