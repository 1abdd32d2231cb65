"""Bounded, critical first, never two versions of one notice."""

from dataclasses import replace

from app.domain.alert import Notice, Severity, Topic
from app.engine.channel_queue import ChannelQueue
from tests.unit.engine.playbook import START


def notice(number: int, severity: Severity = Severity.INFO) -> Notice:
    return Notice(f"n-{number}", Topic.SYSTEM, severity, "key", "", START, START)


def test_critical_ones_go_first_and_the_rest_in_order() -> None:
    queue = ChannelQueue()
    for one in (notice(1), notice(2), notice(3, Severity.CRITICAL)):
        queue.put(one)
    assert [queue.next(), queue.next(), queue.next(), queue.next()] == [
        notice(3, Severity.CRITICAL), notice(1), notice(2), None,
    ]  # fmt: skip


def test_a_newer_version_takes_the_place_of_the_one_that_waits() -> None:
    queue = ChannelQueue()
    queue.put(notice(1))
    queue.put(replace(notice(1), count=5))
    assert len(queue) == 1
    queue.put_back(notice(1))
    found = queue.next()
    assert found is not None and found.count == 5


def test_what_was_put_back_goes_first() -> None:
    queue = ChannelQueue()
    queue.put(notice(2))
    queue.put_back(notice(1))
    assert queue.next() == notice(1)


def test_a_full_queue_drops_the_oldest_mildest_and_counts_it() -> None:
    queue = ChannelQueue(room=3)
    for one in (notice(1, Severity.CRITICAL), notice(2), notice(3), notice(4)):
        queue.put(one)
    assert queue.dropped == 1 and len(queue) == 3
    assert [queue.next(), queue.next(), queue.next()] == [notice(1, Severity.CRITICAL), notice(3), notice(4)]
