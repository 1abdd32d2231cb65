"""Calls that may hang for ever (D-Bus, a dead disk) in a thread nobody waits for at the end of the program."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def aside(call: Callable[[], T], patience_s: float) -> T:
    """Result of ``call``, made in a daemon thread. Raises TimeoutError after ``patience_s``, else what it raised.

    Not asyncio.to_thread: its threads are waited for when the loop is closed.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(value: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(value)  # type: ignore[arg-type]

    def work() -> None:
        value, error = None, None
        try:
            value = call()
        except BaseException as caught:  # handed over whole: the caller decides
            error = caught
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, value, error)

    threading.Thread(target=work, name="aside", daemon=True).start()
    async with asyncio.timeout(patience_s):
        return await answer
