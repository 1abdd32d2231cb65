"""Starts the program again in another mode, once this run has let go of everything."""

import os
import subprocess
import sys

from app.adapters.host.practice_process import CHECKOUT


def start_command(mode: str) -> list[str]:
    """The command that starts the terminal in ``mode``; frozen or from a checkout."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    return [*program, "--mode", mode]


def start_again(mode: str) -> int:
    """Become the new run; where that is not possible (Windows), wait for it. Returns its exit status."""
    command = start_command(mode)
    if os.name == "posix":
        os.chdir(CHECKOUT)
        os.execv(command[0], command)
    return subprocess.call(command, cwd=CHECKOUT)
