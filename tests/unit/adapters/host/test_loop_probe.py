import asyncio
import time

import pytest

from app.adapters.host.loop_probe import KEPT, LoopProbe


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
