"""Children by fork: the parent has imported everything once, so a child costs milliseconds. POSIX only."""

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
POLL_S = 0.005


def fork(body: Callable[[], object], log: Path) -> int:
    """Run ``body`` in a child whose output goes to ``log``; its pid. The child dies with its parent."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _die_with_parent()
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        body()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(pid: int, patience_s: float) -> int | None:
    """Exit status as ``waitpid`` tells it; None when the child is still alive after ``patience_s``."""
    deadline = time.monotonic() + patience_s
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() >= deadline:
            return None
        time.sleep(POLL_S)


def kill(pid: int) -> int:
    """SIGKILL and wait; the exit status (it may have ended by itself just before)."""
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def was_killed(status: int) -> bool:
    """True when SIGKILL ended it."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
