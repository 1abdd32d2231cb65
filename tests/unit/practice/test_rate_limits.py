"""Quotas, the header and the growing ban."""

import pytest

from app.practice.clock import US_PER_S, VenueClock
from app.practice.rate_limits import MessageLimit, RateLimits
from app.practice.venue_errors import VenueError


def status(limits: RateLimits, group: str) -> int:
    try:
        limits.take(group)
    except VenueError as error:
        return error.status
    return 200


def test_twelve_orders_a_second() -> None:
    clock = VenueClock(0)
    limits = RateLimits(clock)
    assert [status(limits, "order") for _ in range(13)] == [200] * 12 + [429]
    assert limits.header("order") == "group=order; min=1800; sec=0"
    clock.advance(US_PER_S)
    assert limits.header("order") == "group=order; min=1800; sec=12"
    assert status(limits, "order") == 200


def test_groups_are_counted_apart() -> None:
    limits = RateLimits(VenueClock(0))
    for _ in range(12):
        limits.take("order")
    assert status(limits, "default") == 200


def test_mass_cancel_once_in_two_seconds() -> None:
    clock = VenueClock(0)
    limits = RateLimits(clock)
    assert [status(limits, "order-cancel-all") for _ in range(2)] == [200, 429]
    clock.advance(US_PER_S)
    assert status(limits, "order-cancel-all") == 429
    clock.advance(US_PER_S)
    assert status(limits, "order-cancel-all") == 200


def test_going_on_is_banned_longer_each_time() -> None:
    clock = VenueClock(0)
    limits = RateLimits(clock)
    answers = [status(limits, "order") for _ in range(30)]
    assert answers[12:22] == [429] * 10
    assert answers[22:] == [418] * 8
    clock.advance(4 * US_PER_S)
    with pytest.raises(VenueError, match="1 seconds"):
        limits.take("order")
    clock.advance(US_PER_S)
    assert [status(limits, "order") for _ in range(23)][-1] == 418
    clock.advance(9 * US_PER_S)
    assert status(limits, "order") == 418


def test_five_websocket_messages_a_second() -> None:
    clock = VenueClock(0)
    limit = MessageLimit(clock)
    assert [limit.exceeded() for _ in range(6)] == [False] * 5 + [True]
    clock.advance(2 * US_PER_S)
    assert not limit.exceeded()
