"""Every task has a name, and its death is noticed."""

import asyncio

from _pytest.logging import LogCaptureFixture

from app.engine.task_supervisor import TaskSupervisor


async def test_a_task_that_dies_is_reported_with_its_name(caplog: LogCaptureFixture) -> None:
    """P3 (python-binance#869: background tasks died silently)."""
    deaths: list[tuple[str, BaseException]] = []
    supervisor = TaskSupervisor(lambda name, error: deaths.append((name, error)))
    trouble = ValueError("boom")

    async def dies() -> None:
        raise trouble

    task = supervisor.spawn(dies(), "the weak one")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert deaths == [("the weak one", trouble)] and "the weak one died" in caplog.text


async def test_a_task_that_ends_or_is_cancelled_is_no_death() -> None:
    deaths: list[str] = []
    supervisor = TaskSupervisor(lambda name, error: deaths.append(name))

    async def ends() -> None:
        return None

    done = supervisor.spawn(ends(), "done")
    waiting = supervisor.spawn(_forever(), "waiting")
    await done
    await supervisor.stop()
    assert waiting.cancelled() and deaths == []


async def _forever() -> None:
    await asyncio.Event().wait()


async def test_stop_waits_until_every_task_has_tidied_up() -> None:
    tidied: list[str] = []
    supervisor = TaskSupervisor(lambda name, error: None)

    async def careful() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            tidied.append("done")

    task = supervisor.spawn(careful(), "careful")
    await asyncio.sleep(0)
    await supervisor.stop()
    assert tidied == ["done"] and task.done() and task.get_name() == "careful"


async def test_a_task_that_dies_while_it_is_stopped_does_not_stop_the_stopping(caplog: LogCaptureFixture) -> None:
    deaths: list[str] = []
    supervisor = TaskSupervisor(lambda name, error: deaths.append(name))

    async def clumsy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("while tidying up")

    supervisor.spawn(clumsy(), "clumsy")
    await asyncio.sleep(0)
    await supervisor.stop()
    await asyncio.sleep(0)
    assert deaths == ["clumsy"] and "clumsy died" in caplog.text
