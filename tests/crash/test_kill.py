"""kill -9 in the middle of everything: nothing lost, nothing doubled, books as the venue's after the restart.

A small selection; all of it is ``python -m tests.crash --points allx25 --random 1000``.
"""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POINTS, RANDOM_TIMES = 20, 5

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")


@pytest.mark.timeout(240)
def test_a_kill_loses_and_doubles_nothing() -> None:
    """Other points every day; the seed stands in the failure and repeats the choice."""
    # never a multiple of 50 within the runs: those wait the venue's horizon out in real time
    seed = datetime.datetime.now(datetime.UTC).date().toordinal() * 100 + 1
    command = [sys.executable, "-m", "tests.crash", "--points", f"{POINTS}x1", "--random", str(RANDOM_TIMES)]
    done = subprocess.run([*command, "--seed", str(seed)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["mismatches"] == [] and report["not_reached"] == [], f"seed {seed}:\n{done.stderr}"
    assert (report["duplicates"], report["lost"], report["chain_breaks"], report["dead_slots"]) == (0, 0, 0, 0)
    assert report["runs"] == POINTS + RANDOM_TIMES and report["kills"] >= report["runs"]
    assert done.returncode == 0
