"""One bus out: everything the engine tells goes to every subscriber, in order, in the same call."""

import logging
from collections.abc import Callable

from app.domain.messages import Event

_log = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]


class EventBus:
    """Synchronous fan-out. A subscriber must return quickly; one that raises is logged and stays subscribed."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Add a subscriber; the returned call removes it."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Hand ``event`` to every subscriber, in the order of subscription."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception:  # supervised line: the screen or an alert must never stop the engine
                _log.exception("a subscriber failed on %s", type(event).__name__)
