"""The most urgent first, in order of arrival; and no lane takes the room of another."""

from datetime import timedelta

from app.domain.effects import LookUpOrder
from app.domain.values import Priority
from app.engine.send_queue import ROOM, Job, SendQueue
from tests.unit.engine.playbook import START, XRP

P = Priority


def put(queue: SendQueue, name: str, priority: Priority, after_s: float = 0.0) -> None:
    queue.put(LookUpOrder(XRP, name, None, priority), priority, START + timedelta(seconds=after_s))


def name_of(job: Job | None) -> str | None:
    return job.effect.order_id if job is not None and isinstance(job.effect, LookUpOrder) else None


def test_the_most_urgent_first_and_equals_in_order() -> None:
    queue = SendQueue()
    for name, priority in (("e", P.ENTRY), ("l", P.LOOKUP), ("c", P.CANCEL), ("x", P.EXIT), ("k", P.LIQUIDATION)):
        put(queue, name, priority)
        put(queue, f"{name}2", priority)
    assert [name_of(queue.take()) for _ in range(11)] == ["k", "k2", "x", "x2", "c", "c2", "l", "l2", "e", "e2", None]


def test_a_full_lane_holds_nobody_else_back() -> None:
    queue = SendQueue()
    for number in range(50):
        put(queue, f"e{number}", P.ENTRY)
        put(queue, f"l{number}", P.LOOKUP)
    taken = [queue.take() for _ in range(ROOM[1] + ROOM[2])]
    assert all(taken) and queue.take() is None
    put(queue, "x", P.EXIT)
    assert name_of(queue.take()) == "x"
    assert taken[0] is not None
    queue.done(taken[0])
    assert name_of(queue.take()) == f"l{ROOM[1]}"  # the room that was given up, and no other


def test_the_urgent_lane_has_a_bound_too() -> None:
    queue = SendQueue((2, 1, 1))
    for number in range(3):
        put(queue, f"c{number}", P.CANCEL)
    put(queue, "k", P.LIQUIDATION)
    assert [name_of(queue.take()) for _ in range(3)] == ["k", "c0", None]


def test_no_entry_begins_while_anything_urgent_waits() -> None:
    """Its place in front of the rate limit belongs to the urgent call that has no room yet."""
    queue = SendQueue((1, 1, 1))
    for name, priority in (("c0", P.CANCEL), ("c1", P.CANCEL), ("l", P.LOOKUP), ("e", P.ENTRY)):
        put(queue, name, priority)
    first = queue.take()
    assert (name_of(first), name_of(queue.take()), queue.take()) == ("c0", "l", None)
    assert first is not None
    queue.done(first)
    assert [name_of(queue.take()) for _ in range(3)] == ["c1", "e", None]


def test_what_can_be_seen_of_it() -> None:
    queue = SendQueue()
    assert queue.is_idle and queue.oldest_s(START) is None
    put(queue, "e", P.ENTRY, after_s=-2)
    put(queue, "x", P.EXIT)
    assert queue.waiting == 2 and queue.oldest_s(START) == 2.0
    assert queue.oldest_s(START - timedelta(seconds=9)) == 0.0
    assert dict(queue.waiting_by_priority()) == {P.LIQUIDATION: 0, P.EXIT: 1, P.CANCEL: 0, P.LOOKUP: 0, P.ENTRY: 1}
    job = queue.take()
    assert job is not None
    assert (queue.waiting, queue.in_flight, queue.is_idle) == (1, 1, False)
    queue.done(job)
    assert queue.in_flight == 0
