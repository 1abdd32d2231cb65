"""What one step of the core produced: events to tell and effects to carry out, in the order in which they happened."""

from app.domain.effects import Effect
from app.domain.messages import Event


class Outbox:
    """Collects the results of one step. Order matters: the journal entry of an order stands before its sending."""

    def __init__(self) -> None:
        self.items: list[Event | Effect] = []

    def tell(self, event: Event) -> None:
        """Something happened."""
        self.items.append(event)

    def ask(self, effect: Effect) -> None:
        """Something must be done outside."""
        self.items.append(effect)
