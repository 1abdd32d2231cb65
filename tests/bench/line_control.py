"""The wire between the bench and its children: one JSON object per line, questions in, answers out.

A thread reads standard input, because that works with every event loop on every system (Qt on Windows included).
The end of standard input means that the bench is gone: the child ends as well.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]


def say(answer: Answer) -> None:
    """One line to the bench."""
    print(json.dumps(answer), flush=True)


def listen(on_line: Callable[[Answer], None], on_end: Callable[[], None]) -> None:
    """Call ``on_line`` in the running loop for every object that comes in, ``on_end`` after the last one."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(on_line, json.loads(line))
        loop.call_soon_threadsafe(on_end)

    threading.Thread(target=read, name="bench-control", daemon=True).start()
