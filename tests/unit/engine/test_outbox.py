"""The results of one step stay in the order in which they happened."""

from app.domain.effects import ReadAccount
from app.domain.messages import AlertRaised
from app.engine.outbox import Outbox


def test_events_and_effects_keep_their_common_order() -> None:
    out = Outbox()
    first, second, third = AlertRaised("a", ""), ReadAccount("upbit"), AlertRaised("b", "")
    out.tell(first)
    out.ask(second)
    out.tell(third)
    assert out.items == [first, second, third]


def test_an_outbox_begins_empty() -> None:
    assert Outbox().items == []
