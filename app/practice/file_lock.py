"""One process at a time on a file; the system frees the lock when the process ends, also by kill -9."""

from __future__ import annotations

import os
import sys
import time

_POLL_S = 0.05
# Windows locks bytes, and nobody else may read a locked one: take one far behind any content.
_FAR_BYTE = 1 << 40


def lock(descriptor: int, patience_s: float) -> bool:
    """Lock an open file; False if another holder did not let go in time."""
    deadline = time.monotonic() + patience_s
    while not _locked(descriptor):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
