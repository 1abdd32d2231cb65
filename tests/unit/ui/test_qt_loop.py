"""The loop keeps asyncio's promises on top of Qt."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.qt_loop import SWEEP_ABOVE, QtLoop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[QtLoop]:
    qapp.setQuitOnLastWindowClosed(False)
    loop = QtLoop(qapp)
    yield loop
    if not loop.is_closed():
        loop.close()


def nested(milliseconds: int) -> None:
    """What a careless dialog does."""
    QTest.qWait(milliseconds)


def test_call_soon_keeps_the_order(loop: QtLoop) -> None:
    seen: list[int] = []

    async def main() -> None:
        done = asyncio.Event()
        for number in range(100):
            loop.call_soon(seen.append, number)
        loop.call_soon(done.set)
        await done.wait()

    loop.run_until_complete(main())
    assert seen == list(range(100))


def test_a_cancelled_handle_never_runs(loop: QtLoop) -> None:
    seen: list[str] = []

    async def main() -> None:
        loop.call_soon(seen.append, "soon").cancel()
        loop.call_later(0.001, seen.append, "later").cancel()
        await asyncio.sleep(0.01)

    loop.run_until_complete(main())
    assert seen == []


def test_sleeps_end_in_the_order_of_their_times_and_never_early(loop: QtLoop) -> None:
    ended: list[tuple[int, bool]] = []

    async def sleeper(milliseconds: int) -> None:
        due = loop.time() + milliseconds / 1000
        await asyncio.sleep(milliseconds / 1000)
        ended.append((milliseconds, loop.time() >= due))

    async def main() -> None:
        await asyncio.gather(*(sleeper(ms) for ms in (30, 1, 12, 5, 2, 21)))

    loop.run_until_complete(main())
    assert ended == [(ms, True) for ms in (1, 2, 5, 12, 21, 30)]


def test_times_close_together_keep_their_order(loop: QtLoop) -> None:
    seen: list[int] = []

    async def main() -> None:
        when = loop.time() + 0.005
        for number in range(20):
            loop.call_at(when + number * 1e-9, seen.append, number)
        await asyncio.sleep(0.02)

    loop.run_until_complete(main())
    assert seen == list(range(20))


def test_cancelled_timers_are_swept_out(loop: QtLoop) -> None:
    async def main() -> None:
        for _ in range(20_000):
            loop.call_later(3600, print).cancel()
        assert loop.waiting_timers <= SWEEP_ABOVE + 1

    loop.run_until_complete(main())


def test_a_sweep_inside_a_batch_keeps_the_other_timers(loop: QtLoop) -> None:
    seen: list[str] = []

    async def main() -> None:
        keep = loop.call_later(0.01, seen.append, "kept")

        def sweep() -> None:
            for _ in range(500):
                loop.call_later(60, print).cancel()

        loop.call_later(0.001, sweep)
        await asyncio.sleep(0.03)
        keep.cancel()  # it has fired: that must not be counted as a dead timer in the heap

    loop.run_until_complete(main())
    assert seen == ["kept"]
    assert loop.waiting_timers <= SWEEP_ABOVE + 1


def test_a_very_long_sleep_does_not_overflow(loop: QtLoop) -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.sleep(25 * 86_400), name="long sleep")
        await asyncio.sleep(0.005)
        assert not task.done()
        task.cancel()

    loop.run_until_complete(main())


def test_another_thread_gets_a_handle_and_wakes_the_loop(loop: QtLoop) -> None:
    handles: list[Any] = []
    seen: list[str] = []

    async def main() -> None:
        done = asyncio.Event()

        def work() -> None:
            handles.append(loop.call_soon_threadsafe(seen.append, "from the thread"))
            handles.append(loop.call_soon_threadsafe(done.set))

        thread = threading.Thread(target=work, name="worker")
        thread.start()
        await done.wait()
        thread.join()

    loop.run_until_complete(main())
    assert all(isinstance(handle, asyncio.Handle) for handle in handles)
    assert seen == ["from the thread"]


def test_a_nested_loop_inside_a_coroutine_pauses_the_tasks_and_is_counted(loop: QtLoop) -> None:
    told: list[str] = []
    loop.on_nested_loop = lambda: told.append("told")
    ticks: list[int] = []

    async def ticker() -> None:
        for number in range(5):
            await asyncio.sleep(0.002)
            ticks.append(number)

    async def main() -> None:
        task = asyncio.create_task(ticker(), name="ticker")
        await asyncio.sleep(0)
        nested(30)
        during = len(ticks)
        await task
        assert during == 0

    loop.run_until_complete(main())
    assert ticks == [0, 1, 2, 3, 4]
    assert (loop.nested_loops, told) == (1, ["told"])


def test_a_nested_loop_outside_of_tasks_lets_them_go_on(loop: QtLoop) -> None:
    ticks: list[int] = []

    async def ticker() -> None:
        for number in range(3):
            await asyncio.sleep(0.001)
            ticks.append(number)

    async def main() -> None:
        task = asyncio.create_task(ticker(), name="ticker")
        during: list[int] = []

        def slot() -> None:
            nested(60)
            during.append(len(ticks))

        loop.call_soon(slot)
        await task
        assert during in ([], [3])

    loop.run_until_complete(main())
    assert loop.nested_loops == 0


def test_wait_for_leaves_no_timer_behind(loop: QtLoop) -> None:
    async def main() -> None:
        for _ in range(1000):
            await asyncio.wait_for(asyncio.sleep(0), 30)
        assert loop.waiting_timers <= SWEEP_ABOVE + 1

    loop.run_until_complete(main())


@pytest.mark.parametrize("call", [lambda loop: loop.call_soon(print), lambda loop: loop.call_later(1, print)])
def test_a_closed_loop_takes_nothing(loop: QtLoop, call: Callable[[QtLoop], object]) -> None:
    async def main() -> None:
        loop.call_later(60, print)

    loop.run_until_complete(main())
    loop.close()
    assert loop.waiting_timers == 0
    with pytest.raises(RuntimeError, match="closed"):
        call(loop)


def test_the_runner_and_a_subprocess_work(qapp: QApplication) -> None:
    async def main() -> str:
        process = await asyncio.create_subprocess_exec("echo", "hello", stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        return (out or b"").decode().strip() + await asyncio.to_thread(lambda: "!")

    qapp.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QtLoop(qapp)) as runner:
        assert runner.run(main()) == "hello!"
        assert runner.run(main()) == "hello!"


def test_a_chain_of_awaits_runs_in_one_turn_of_qt(loop: QtLoop) -> None:
    seen: list[str] = []

    async def main() -> None:
        done = asyncio.Event()
        await asyncio.sleep(0.01)

        def hop(left: int) -> None:
            seen.append(f"hop {left}")
            if left:
                loop.call_soon(hop, left - 1)
            else:
                done.set()

        QTimer.singleShot(0, lambda: seen.append("qt"))
        loop.call_soon(hop, 20)
        loop.call_soon(seen.append, "beside it")
        await done.wait()
        await asyncio.sleep(0.01)

    loop.run_until_complete(main())
    hops = [word for word in seen if word != "qt"]
    assert hops == ["hop 20", "beside it", *(f"hop {left}" for left in range(19, -1, -1))]
    assert seen.index("qt") in (0, len(seen) - 1), "Qt has its turn before or after the chain, not at every hop"


def test_a_callback_that_asks_for_itself_for_ever_starves_neither_qt_nor_timers(loop: QtLoop) -> None:
    turns: list[float] = []
    fired: list[float] = []

    async def main() -> None:
        pulse = QTimer()
        pulse.setTimerType(Qt.TimerType.PreciseTimer)
        pulse.timeout.connect(lambda: turns.append(loop.time()))
        pulse.start(0)
        going = True

        def forever() -> None:
            if going:
                loop.call_soon(forever)

        forever()
        started = loop.time()
        for number in range(1, 6):
            loop.call_at(started + number * 0.01, lambda: fired.append(loop.time() - started))
        await asyncio.sleep(0.1)
        going = False
        pulse.stop()

    loop.run_until_complete(main())
    assert turns, "Qt had a turn"
    assert len(fired) == 5 and fired == sorted(fired)


def test_many_ready_callbacks_are_cut_into_slices_in_their_order(loop: QtLoop) -> None:
    seen: list[object] = []

    def work(number: int) -> None:
        time.sleep(0.001)
        seen.append(number)

    async def main() -> None:
        await asyncio.sleep(0.01)
        done = asyncio.Event()
        QTimer.singleShot(0, lambda: seen.append("qt"))
        for number in range(30):
            loop.call_soon(work, number)
        loop.call_soon(done.set)
        await done.wait()

    loop.run_until_complete(main())
    assert [item for item in seen if item != "qt"] == list(range(30))
    assert seen.index("qt") < 10


def test_after_stop_only_the_batch_at_hand_runs(loop: QtLoop) -> None:
    seen: list[str] = []

    def last() -> None:
        seen.append("same batch")
        loop.call_soon(seen.append, "next run")

    loop.call_soon(loop.stop)
    loop.call_soon(last)
    loop.run_forever()
    assert seen == ["same batch"]
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert seen == ["same batch", "next run"]
