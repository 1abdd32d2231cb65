"""Judges who goes first: what reduces risk waits for nothing but the disk, the rate limit and others of its kind.

Asked is what the engine's events say; called and left is what the venue's line sees.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.order import Order, OrderState
from app.domain.values import Priority, Purpose

#: A wait shorter than this is the turn of a loop, not a queue.
TURN_S = 0.05


class UrgencyWatch:
    """Watches one world through restarts. ``broken(invariant, words)`` notes a violation."""

    def __init__(self, broken: Callable[[str, str], None], time: Callable[[], float]) -> None:
        self._broken = broken
        self._time = time
        #: Urgent calls that may be under way at the same time.
        self.room = 0
        #: Until then the loop slept, or a commit hung: whoever waited meanwhile waited for that.
        self.excused_until = 0.0
        self._most_queued = 0
        self._asked: dict[tuple[str, str], float] = {}
        self._intents: set[str] = set()
        #: Orders that the request for another one cancels.
        self._replaced: set[str] = set()
        self._under_way = 0
        self._before_limit: dict[str, list[tuple[float, str]]] = {}

    def restarted(self, room: int, most_queued: int) -> None:
        """A new process: nothing is queued."""
        self.room, self._most_queued, self._under_way = room, most_queued, 0
        self._asked.clear()
        self._intents.clear()
        self._before_limit.clear()

    def on_order(self, order: Order, trigger: str) -> None:
        """The engine told what became of an order."""
        oid, entry = order.order_id, order.intent.purpose is Purpose.ENTRY
        self._replaced.add(order.intent.replaces)
        if entry and order.state is OrderState.INTENT:
            if len(self._intents) >= self._most_queued:
                self._broken("I42", f"{oid} is queued behind {len(self._intents)} entries")
            self._intents.add(oid)
        else:
            self._intents.discard(oid)
        if order.state is OrderState.INTENT and not entry:
            self._asked[("submit", oid)] = self._time()
        elif trigger == "cancel_sent" and oid not in self._replaced:
            self._asked.setdefault(("cancel", oid), self._time())
        elif order.state.is_terminal:
            self._asked.pop(("submit", oid), None)
            self._asked.pop(("cancel", oid), None)

    @contextmanager
    def call(self, what: str, order_id: str, priority: Priority) -> Iterator[None]:
        """The executor calls the venue: only a full house of urgent calls may have kept an urgent one waiting."""
        urgent = priority <= Priority.CANCEL
        since = self._asked.pop((what, order_id), None)
        if urgent and since is not None and self._waits(since) and self._under_way < self.room - 1:
            waited = self._time() - since
            self._broken("I41", f"{what} of {order_id} waited {waited:.1f} s beside {self._under_way} urgent calls")
        self._under_way += urgent
        try:
            yield
        finally:
            self._under_way -= urgent

    @contextmanager
    def limit(self, group: str, order_id: str, priority: Priority) -> Iterator[None]:
        """A call stands before the rate limit of its group, and then passes it."""
        waiting = self._before_limit.setdefault(group, [])
        urgent, mine = priority <= Priority.CANCEL, (self._time(), order_id)
        if urgent:
            waiting.append(mine)
        try:
            yield
        finally:
            if mine in waiting:
                waiting.remove(mine)
        for since, other in () if urgent else tuple(waiting):
            if since < self._time():
                self._broken("I41", f"{priority.name} {order_id} passes the limit, {other} waits since {since:.3f}")

    def entry_leaves(self, order_id: str) -> None:
        """First byte of an entry: nothing urgent may be waiting for its turn."""
        for (what, other), since in self._asked.items():
            if self._waits(since):
                self._broken("I41", f"{order_id} enters while the {what} of {other} waits since {since:.3f}")

    def _waits(self, since: float) -> bool:
        return self._time() - since > TURN_S and since > self.excused_until
