"""Follows every order from the market message that caused it to its first fill, and counts how long each leg took.

Times are those of the Clock port; nothing is decided by them.
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.latency import LogHistogram, Stage, StageLatency
from app.domain.order import Order
from app.domain.values import OrderType

#: Orders followed at the same time; beyond that the oldest is no longer measured.
MOST_FOLLOWED = 1000


@dataclass(slots=True)
class _Way:
    signal: datetime
    decided: datetime
    fills_at_once: bool
    durable: datetime | None = None
    left: datetime | None = None
    answered: bool = False


class LatencyWatch:
    """One histogram per stage; an order that misses a stage is not counted in the later ones."""

    def __init__(self) -> None:
        self._ways: dict[str, _Way] = {}
        self._histograms = {stage: LogHistogram() for stage in Stage}
        self._summary: tuple[int, tuple[StageLatency, ...]] = (0, ())

    def decided(self, order: Order, signal: datetime, now: datetime) -> None:
        """The order was approved; ``signal`` is when the message that caused it was received."""
        if len(self._ways) >= MOST_FOLLOWED:
            del self._ways[next(iter(self._ways))]
        self._ways[order.order_id] = _Way(signal, now, order.intent.order_type is not OrderType.LIMIT)
        self._histograms[Stage.DECISION].add(now - signal)

    def durable(self, order_id: str, now: datetime) -> None:
        """Its record is on disk."""
        way = self._ways.get(order_id)
        if way is not None:
            way.durable = now
            self._histograms[Stage.JOURNAL].add(now - way.decided)

    def leaving(self, order_id: str, now: datetime) -> None:
        """Its first byte leaves."""
        way = self._ways.get(order_id)
        if way is not None and way.durable is not None:
            way.left = now
            self._histograms[Stage.WIRE].add(now - way.durable)
            self._histograms[Stage.WIRE_TOTAL].add(now - way.signal)

    def answered(self, order_id: str, now: datetime) -> None:
        """The venue acknowledged it."""
        way = self._ways.get(order_id)
        if way is None or way.left is None or way.answered:
            return
        way.answered = True
        self._histograms[Stage.ANSWER].add(now - way.left)
        if not way.fills_at_once:
            del self._ways[order_id]

    def filled(self, order_id: str, now: datetime) -> None:
        """A fill of it was booked; only the first one counts, and the stream may bring it before the answer."""
        way = self._ways.get(order_id)
        if way is not None and way.left is not None and way.fills_at_once:
            way.fills_at_once = False
            self._histograms[Stage.FILL].add(now - way.left)
            if way.answered:
                del self._ways[order_id]

    def forget(self, order_id: str) -> None:
        """It did not leave, or nobody knows."""
        self._ways.pop(order_id, None)

    def summary(self) -> tuple[StageLatency, ...]:
        """Every stage that has been measured, in the order of the way."""
        counted = sum(histogram.count for histogram in self._histograms.values())
        if counted != self._summary[0]:  # asked for twice a second, whether orders leave or not
            found = (histogram.summary(stage) for stage, histogram in self._histograms.items())
            self._summary = (counted, tuple(one for one in found if one is not None))
        return self._summary[1]
