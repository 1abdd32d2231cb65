"""Timers, virtual time and the skewed stamp."""

import asyncio

from app.practice.clock import VenueClock


def test_timers_run_in_order_at_their_own_instant() -> None:
    clock = VenueClock(1_000_000)
    seen: list[tuple[str, int]] = []
    clock.call_later(20, lambda: seen.append(("b", clock.ticks_us)))
    clock.call_later(10, lambda: clock.call_later(5, lambda: seen.append(("a", clock.ticks_us))))
    clock.advance(50)
    assert seen == [("a", 15), ("b", 20)]
    assert clock.ticks_us == 50


def test_a_cancelled_timer_does_not_run() -> None:
    clock, seen = VenueClock(0), []
    clock.call_later(1, lambda: seen.append(1)).cancel()
    clock.advance(10)
    assert not seen


def test_skew_moves_stamps_but_not_timers() -> None:
    clock = VenueClock(5_000_000)
    clock.offset_ms = -2_000
    assert clock.now_ms() == 3_000
    assert clock.ticks_us == 0


def test_the_real_source_is_followed_only_by_catching_up() -> None:
    now = [100]
    clock = VenueClock(0, lambda: now[0])
    now[0] = 400
    assert clock.ticks_us == 0
    clock.catch_up()
    assert clock.ticks_us == 300
    assert clock.next_due_us() is None


async def test_sleep_waits_in_venue_time() -> None:
    clock = VenueClock(0)
    task = asyncio.create_task(clock.sleep(1000))
    await asyncio.sleep(0)
    assert not task.done()
    clock.advance(1000)
    await task


def test_the_end_of_a_run_is_told_after_all_due_timers() -> None:
    clock, seen = VenueClock(0), list[str]()
    clock.after_run = lambda: seen.append("end")
    for name in "ab":
        clock.call_later(5, lambda name=name: seen.append(name))
    clock.advance(10)
    assert seen == ["a", "b", "end"]
