import threading

import pytest

from app.adapters.host.side_thread import aside


async def test_the_result_comes_back() -> None:
    assert await aside(lambda: 7, 5) == 7


async def test_so_does_an_error() -> None:
    def fails() -> int:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await aside(fails, 5)


async def test_what_hangs_is_left_alone_and_holds_nobody_up() -> None:
    gate = threading.Event()
    with pytest.raises(TimeoutError):
        await aside(lambda: gate.wait(30), 0.05)
    (hung,) = [thread for thread in threading.enumerate() if thread.name == "aside"]
    assert hung.daemon
    gate.set()
    hung.join(5)
