"""Time of this computer, anchored once: a stepped wall clock cannot move the engine back or forth."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """UTC from the wall clock at construction plus the monotonic time passed since (fulfils ports.Clock)."""

    def __init__(self) -> None:
        self._wall = datetime.now(UTC)
        self._mono = _running_s()

    def now(self) -> datetime:
        """Aware UTC time that never steps back."""
        return self._wall + timedelta(seconds=_running_s() - self._mono)

    def drift_s(self) -> float:
        """Seconds by which the wall clock was moved (or slept) since construction."""
        return (datetime.now(UTC) - self.now()).total_seconds()


def _running_s() -> float:
    """Seconds that only ever grow, time in suspend included where the system tells it."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)
