"""Faults of the computer the terminal runs on, brought about from outside and without special rights.

Each is held by a guard, a small process of its own (`host_fault_guard`): it takes the fault back after its time, and
also when the exchange stops or is killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

MEANINGS: dict[str, str] = {
    "suspend": "the process stands still as in a sleeping computer (pid; Linux, macOS)",
    "loop_stall": "the process stands still for half of every second (pid; Linux, macOS)",
    "disk_full": "no file of the process can grow beyond the present size of the file `path`, or of its write-ahead "
    "log: EFBIG (pid, path; Linux)",
    "io_error": "every write of the process to any file fails with EFBIG; reading still works (pid; Linux)",
    "database_locked": "somebody else holds the write lock of the SQLite database `path` (path)",
    "clock_step": "the terminal's clock steps against the venue's by `value` seconds: the venue's stamps move the "
    "other way, the clock of the computer itself stays (value)",
}
REFUSED: dict[str, str] = {
    "second_instance": "start the terminal a second time with the same profile; that is the operator's part",
    "alert_channel_down": "no alert channel exists yet",
}
CLOCK_STEP = "clock_step"
LONGEST_S = 3600.0
_NEEDS_PID = ("suspend", "loop_stall", "disk_full", "io_error")
_NEEDS_PATH = ("disk_full", "database_locked")
_PATIENCE_S = 10.0
_GUARD = Path(__file__).with_name("host_fault_guard.py")


class HostFaultRefused(ValueError):
    """A request the operator should correct, or something this computer cannot do; the text says which."""


@dataclass(frozen=True, slots=True)
class HostFault:
    """What is asked for; `seconds` of this computer's time."""

    name: str
    seconds: float
    pid: int = 0
    path: str = ""


@dataclass(slots=True)
class _Held:
    fault: HostFault
    ends_at: float
    guard: Process
    watch: asyncio.Task[None] | None = None


class HostFaults:
    """What is in force now. A process and a file carry one fault at a time, so that undoing has no order."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._starting = asyncio.Lock()

    def active(self) -> list[tuple[HostFault, float]]:
        """Faults in force with the seconds they have left."""
        now = asyncio.get_running_loop().time()
        return [(held.fault, max(0.0, held.ends_at - now)) for held in self._held]

    async def start(self, fault: HostFault) -> None:
        """Bring a fault about; returns when it is in force. Raises HostFaultRefused."""
        refuse_nonsense(fault)
        async with self._starting:
            for held in self._held:
                if fault.pid and held.fault.pid == fault.pid:
                    raise HostFaultRefused(f"process {fault.pid} has {held.fault.name} already; wait or clear it")
                if fault.path and held.fault.path == fault.path:
                    raise HostFaultRefused(f"{fault.path} has {held.fault.name} already; wait or clear it")
            await self._start_guard(fault)

    async def clear(self) -> None:
        """End everything now."""
        for held in self._held:
            _let_go(held.guard)
        await asyncio.gather(*(held.watch for held in list(self._held) if held.watch is not None))

    async def close(self) -> None:
        """To be called when the exchange stops."""
        async with self._starting:
            await self.clear()

    async def _start_guard(self, fault: HostFault) -> None:
        order = json.dumps({"name": fault.name, "pid": fault.pid, "path": fault.path, "seconds": fault.seconds})
        # A session of its own: Ctrl-C is for the exchange, whose end the guard sees by itself.
        guard = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_GUARD), order, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        assert guard.stdout is not None
        try:
            said = (await asyncio.wait_for(guard.stdout.readline(), _PATIENCE_S)).decode().strip()
        except TimeoutError:
            said = "it does not come about"
        if said != "on":
            _let_go(guard)
            await guard.wait()
            raise HostFaultRefused(f"{fault.name}: {said or 'its guard has failed'}")
        held = _Held(fault, asyncio.get_running_loop().time() + fault.seconds, guard)
        self._held.append(held)
        held.watch = asyncio.create_task(self._watch(held), name=f"host-fault-{fault.name}")

    async def _watch(self, held: _Held) -> None:
        await held.guard.wait()
        self._held.remove(held)
        _let_go(held.guard)


def refuse_nonsense(fault: HostFault) -> None:
    """Raises HostFaultRefused for what no guard could hold."""
    if fault.name in REFUSED:
        raise HostFaultRefused(REFUSED[fault.name])
    if fault.name not in MEANINGS:
        raise HostFaultRefused(f"unknown host fault {fault.name!r}; valid names: {', '.join(sorted(MEANINGS))}")
    if not 0 < fault.seconds <= LONGEST_S:
        raise HostFaultRefused(f'"seconds" must be above 0 and at most {LONGEST_S:.0f}, not {fault.seconds}')
    if fault.name != CLOCK_STEP and getattr(sys, "frozen", False):
        raise HostFaultRefused("the guard of a host fault needs a Python interpreter: start the exchange from source")
    if fault.name in _NEEDS_PID and (fault.pid <= 1 or fault.pid == os.getpid()):
        raise HostFaultRefused('"pid" must be the number of the terminal\'s process')
    if fault.name in _NEEDS_PATH and not Path(fault.path).is_file():
        raise HostFaultRefused(f'"path" must be a file, not {fault.path!r}')


def _let_go(guard: Process) -> None:
    """The end of its input is what the guard waits for."""
    if guard.stdin is not None:
        guard.stdin.close()
