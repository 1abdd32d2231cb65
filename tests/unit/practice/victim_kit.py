"""A child process that host faults strike: it beats every 20 ms and does what it is told on standard input."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BEATING = """
import sys, threading, time
beats = open(sys.argv[1], "w", buffering=1)
def beat():
    while True:
        beats.write("x")
        beats.flush()
        time.sleep(0.02)
if sys.argv[2] == "beat":
    threading.Thread(target=beat, daemon=True).start()
for line in sys.stdin:
    try:
        with open(line.strip(), "a") as file:
            file.write("y" * 100)
        answer = "written"
    except OSError as error:
        answer = f"errno {error.errno}"
    print(answer, flush=True)
"""


class Victim:
    """`beats` counts signs of life, `append` writes 100 bytes to a file and says how it went."""

    def __init__(self, process: subprocess.Popen[str], beats: Path) -> None:
        self.process = process
        self.pid = process.pid
        self._beats = beats

    def beats(self) -> int:
        return self._beats.stat().st_size if self._beats.is_file() else 0

    def append(self, path: Path) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def lives(self, seconds: float = 0.3) -> bool:
        """Whether it beats at all within this time."""
        before, end = self.beats(), time.monotonic() + seconds
        while time.monotonic() < end:
            if self.beats() > before:
                return True
            time.sleep(0.02)
        return False


@contextmanager
def victim(folder: Path, beats: bool = True) -> Iterator[Victim]:
    file = folder / "beats"
    arguments = [sys.executable, "-c", _BEATING, str(file), "beat" if beats else "still"]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    found = Victim(process, file)
    try:
        while not file.is_file() or (beats and not found.beats()):
            time.sleep(0.02)
        yield found
    finally:
        process.kill()
        process.communicate()
