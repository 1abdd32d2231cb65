"""One attempt at one target: what came of it, and the smallest input that still shows it."""

import gc
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.targets import Target, must_be_sound

SLOWEST_S = 1.0
MOST_MEMORY = 200_000_000
#: How often a found input is made smaller before it is reported.
SHRINK_TRIES = 400


@dataclass(frozen=True)
class Finding:
    """What went wrong and where; two inputs with the same ``what`` and ``where`` are one finding."""

    what: str
    where: str
    words: str
    data: bytes


def attempt(target: Target, data: bytes) -> Finding | None:
    """Feed ``data`` to the target; None when it behaved."""
    memory, started = _peak_memory(), time.thread_time()
    found: Finding | None = None
    try:
        must_be_sound(target.run(data))
    except target.allowed:
        pass
    except (Exception, RecursionError) as error:
        where = _place(error)
        found = Finding(type(error).__name__, where, f"{error}"[:200], data)
        del error
    spent, grown = time.thread_time() - started, _peak_memory() - memory
    if found is None and spent > SLOWEST_S:
        found = Finding("TooSlow", target.name, f"{spent:.1f} s of computing", data)
    if found is None and grown > MOST_MEMORY:
        found = Finding("TooMuchMemory", target.name, f"{grown / 1e6:.0f} MB more", data)
        gc.collect()
    return found


def smaller(target: Target, found: Finding) -> Finding:
    """The same finding with a shorter input, as far as taking pieces away goes."""
    if found.what in ("TooSlow", "TooMuchMemory"):
        return found
    tries, size = 0, len(found.data) // 2
    while size and tries < SHRINK_TRIES:
        start = 0
        while start < len(found.data) and tries < SHRINK_TRIES:
            tries += 1
            again = attempt(target, found.data[:start] + found.data[start + size :])
            if again is not None and (again.what, again.where) == (found.what, found.where):
                found = again
            else:
                start += size
        size //= 2
    return found


def _place(error: BaseException) -> str:
    """The innermost line of the program the error passed."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "/app/" in frame.filename.replace("\\", "/")
    ]
    if not frames:
        return "the test's own look at it"
    name = frames[-1].filename.replace("\\", "/").rpartition("/app/")[2]
    return f"app/{name}:{frames[-1].lineno} {frames[-1].name}"


def _unknown() -> int:
    return 0


def _peak_of_process() -> Callable[[], int]:
    try:
        import resource
    except ImportError:  # Windows
        return _unknown
    unit = 1 if sys.platform == "darwin" else 1024
    return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


_peak_memory = _peak_of_process()
