"""One holder at a time, freed by its end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from app.practice.file_lock import lock

ROOT = Path(__file__).parents[3]
HOLDER = "import os, sys; from app.practice.file_lock import lock; print(lock(os.open(sys.argv[1], os.O_RDWR), 0)); "


def opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def test_the_second_is_refused_and_a_patient_one_gets_it(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "f"), opened(tmp_path / "f")
    assert lock(first, 0)
    assert not lock(second, 0.06)
    timer = threading.Timer(0.1, os.close, [first])
    timer.start()
    assert lock(second, 5)
    timer.join()
    os.close(second)


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    mine = opened(tmp_path / "f")
    command = [sys.executable, "-c", HOLDER + "sys.stdout.flush(); sys.stdin.read()", str(tmp_path / "f")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"True"
        assert not lock(mine, 0)
        other.kill()
    assert lock(mine, 5)
    os.close(mine)
