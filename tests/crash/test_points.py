"""The table of crash points is honest: every name is passed by a flight."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.points import POINTS, Stage

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")


def test_there_are_enough_points_and_no_name_twice() -> None:
    names = [point.name for point in POINTS]
    assert len(names) == len(set(names)) >= 44
    assert {point.stage for point in POINTS} == set(Stage)
    assert {point.when for point in POINTS} == {"before", "middle", "after"}


@pytest.mark.timeout(120)
def test_a_flight_passes_every_point() -> None:
    command = [sys.executable, "-m", "tests.crash", "--count"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["missing"] == []
    assert set(report["points"]) == {point.name for point in POINTS}
