import asyncio
import time

import pytest

from app.adapters.host.loop_probe import KEPT, LoopProbe, LoopWatch


async def measured(probe: LoopProbe, seconds: float) -> None:
    """Let the probe run for a while and end it properly."""
    task = asyncio.create_task(probe.run())
    await asyncio.sleep(seconds)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_before_the_first_turn_nothing_is_late() -> None:
    assert LoopProbe().p99_ms() == 0.0


async def test_lateness_is_never_negative() -> None:
    probe = LoopProbe()
    await measured(probe, 0.2)
    assert probe.quantile_ms(0.0) >= 0.0
    assert probe.quantile_ms(0.0) <= probe.quantile_ms(0.5) <= probe.p99_ms() <= probe.quantile_ms(1.0)


async def test_a_blocked_loop_is_seen() -> None:
    probe = LoopProbe()
    task = asyncio.create_task(probe.run())
    await asyncio.sleep(0.05)
    time.sleep(0.15)
    await asyncio.sleep(0.05)
    task.cancel()
    assert probe.quantile_ms(1.0) > 100.0


def test_the_quantile_is_the_share_of_turns_that_were_not_later() -> None:
    probe = LoopProbe()
    probe._late.extend(float(late) for late in range(100))
    assert (probe.quantile_ms(0.0), probe.quantile_ms(0.5), probe.p99_ms()) == (0.0, 50.0, 99.0)


def test_old_turns_are_forgotten() -> None:
    probe = LoopProbe()
    probe._late.extend([9999.0, *[1.0] * KEPT])
    assert probe.quantile_ms(1.0) == 1.0


async def watched(probe: LoopProbe, seen: list[float], grace_s: float, blocked_s: float) -> None:
    """A loop that stands still for a while under the eyes of the thread."""
    task = asyncio.create_task(probe.run())
    watch = LoopWatch(probe, seen.append, grace_s)
    watch.start()
    await asyncio.sleep(0.3)
    time.sleep(blocked_s)
    await asyncio.sleep(0.3)
    watch.stop()
    task.cancel()


async def test_a_loop_that_stands_still_is_told_once_with_the_place(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[float] = []
    await watched(LoopProbe(), seen, 0.0, 2.5)
    assert len(seen) == 1 and seen[0] >= 1.0
    (record,) = caplog.records
    assert record.levelname == "CRITICAL" and "time.sleep(blocked_s)" in record.getMessage()
    caplog.clear()


async def test_while_the_window_is_built_nobody_watches() -> None:
    seen: list[float] = []
    await watched(LoopProbe(), seen, 60.0, 1.5)
    assert seen == []


async def test_the_probe_gives_its_own_sign_of_life() -> None:
    told: list[tuple[str, float | None]] = []
    await measured(LoopProbe(lambda name, due_s: told.append((name, due_s))), 0.2)
    assert told and set(told) == {("loop-probe", 1.0)}


def test_a_watch_that_never_began_ends() -> None:
    LoopWatch(LoopProbe(), lambda seconds: None).stop()
