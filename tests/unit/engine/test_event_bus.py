"""One bus out: everything to everybody, in order; a bad listener harms only itself."""

import pytest

from app.domain.messages import AlertRaised, Event
from app.engine.event_bus import EventBus

FIRST, SECOND = AlertRaised("first", ""), AlertRaised("second", "")


def test_everybody_hears_everything_in_order() -> None:
    bus = EventBus()
    heard: list[tuple[str, Event]] = []
    bus.subscribe(lambda event: heard.append(("a", event)))
    bus.subscribe(lambda event: heard.append(("b", event)))
    bus.publish(FIRST)
    bus.publish(SECOND)
    assert heard == [("a", FIRST), ("b", FIRST), ("a", SECOND), ("b", SECOND)]


def test_who_left_hears_nothing_and_may_leave_twice() -> None:
    bus = EventBus()
    heard: list[Event] = []
    leave = bus.subscribe(heard.append)
    leave()
    leave()
    bus.publish(FIRST)
    assert heard == []


def test_a_listener_that_fails_is_logged_and_the_others_still_hear(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the screen nor an alert may stop the engine."""
    bus = EventBus()
    heard: list[Event] = []

    def broken(event: Event) -> None:
        raise RuntimeError("the screen is gone")

    bus.subscribe(broken)
    bus.subscribe(heard.append)
    bus.publish(FIRST)
    bus.publish(SECOND)
    assert heard == [FIRST, SECOND] and caplog.text.count("a subscriber failed on AlertRaised") == 2


def test_who_leaves_or_joins_during_an_event_does_not_disturb_the_others() -> None:
    bus = EventBus()
    heard: list[str] = []
    leaves: list[object] = []

    def once(event: Event) -> None:
        heard.append("once")
        leaves[0]()  # type: ignore[operator]
        bus.subscribe(lambda event: heard.append("late"))

    leaves.append(bus.subscribe(once))
    bus.subscribe(lambda event: heard.append("always"))
    bus.publish(FIRST)
    assert heard == ["once", "always"]
    bus.publish(SECOND)
    assert heard == ["once", "always", "always", "late"]
