"""An event loop whose clock jumps to the next timer instead of waiting: a day passes in a fraction of a second."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stuck(RuntimeError):
    """Nothing is scheduled any more, yet the main coroutine has not ended."""


class _NoWaiting(selectors.SelectSelector):
    """Asked to wait, it moves the loop's clock on instead. Sockets (the loop's own wake-up pipe) are never ready."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Stuck("nothing is scheduled any more")
        if timeout > 0:
            self.loop.jump_to_next_timer()
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Virtual seconds since the loop was made. Callbacks of one instant run in the order of their scheduling."""

    def __init__(self) -> None:
        selector = _NoWaiting()
        selector.loop = self
        self._now = 0.0
        super().__init__(selector)

    def time(self) -> float:
        """Virtual seconds."""
        return self._now

    def jump_to_next_timer(self) -> None:
        """Move the clock to the earliest timer."""
        self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]

    def stall(self, seconds: float) -> None:
        """Lose ``seconds``: nothing runs meanwhile, every timer that fell due comes late (suspend, blocked loop)."""
        self._now += seconds


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run ``main`` in virtual time and leave nothing behind."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
