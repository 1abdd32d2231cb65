"""Pages of the order history as they come in, joined with what is live; the live word about an order counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.order import Order
from app.domain.order_query import OrderPage, OrderQuery
from app.domain.position import Position
from app.ui.archive_door import ArchiveDoor


class OrderPages:
    """``ask`` begins anew, ``more`` brings the next page; ``changed`` is called when something came in.

    ``trouble`` are the words of what went wrong last; ``positions`` own the orders that were read. Before ``open`` only
    what is live is known.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._door: ArchiveDoor | None = None
        self._changed = changed
        self._query = OrderQuery()
        self._turn = 0
        self._orders: dict[str, Order] = {}
        self._cursor = ""
        self._reaches: datetime | None = None
        self.positions: dict[str, Position] = {}
        self.is_asking = False
        self.is_known = False
        self.trouble = ""

    def open(self, door: ArchiveDoor) -> None:
        """Read from this archive from now on."""
        self._door = door

    def ask(self, query: OrderQuery) -> None:
        """Read the first page of other orders."""
        self._query, self._cursor, self._reaches = query, "", None
        self._orders.clear()
        self.is_known, self.trouble = False, ""
        self._read()

    def more(self) -> None:
        """Read the next page, if there is one and none is under way; after trouble only ``ask`` tries again."""
        if self._cursor and not self.is_asking and not self.trouble:
            self._read()

    def joined(self, live: Iterable[Order], positions: Mapping[str, Position]) -> list[Order]:
        """What was read and what is live, as far as it fits; what ended before the last page read is left out."""
        orders = dict(self._orders)
        orders.update((order.order_id, order) for order in live)
        found = []
        for order in orders.values():
            owner = positions.get(order.intent.position_id) or self.positions.get(order.intent.position_id)
            reached = self._reaches is None or order.is_working or order.created_at >= self._reaches
            if reached and self._query.matches(order, owner.blueprint.id if owner is not None else ""):
                found.append(order)
        return found

    def _read(self) -> None:
        self._turn += 1
        turn = self._turn
        self.is_asking = self._door is not None

        def found(page: OrderPage) -> None:
            if turn == self._turn:  # an answer to an older question is not wanted any more
                self._take(page)

        def failed(words: str) -> None:
            if turn == self._turn:
                self.is_asking, self.trouble = False, words
                self._changed()

        if self._door is not None:
            self._door.find(replace(self._query, cursor=self._cursor), found, failed)

    def _take(self, page: OrderPage) -> None:
        self.is_asking, self.is_known, self.trouble = False, True, ""
        self._orders.update((order.order_id, order) for order in page.orders)
        self.positions.update((position.position_id, position) for position in page.positions)
        self._cursor, self._reaches = page.cursor, page.reaches
        self._changed()
