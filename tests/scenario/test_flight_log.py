"""A real session over real sockets, recorded; another process decides the same, and every damage is named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.storage.flight_reader import FlightLog, FlightLogError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of somebody trading in a hurry, recorded by a process of its own."""
    path = tmp_path_factory.mktemp("flight") / "flight.log"
    command = [sys.executable, "-m", "tests.scenario.hour", "--minutes", "0.1", "--beat", "0.6", "--out", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["orders"] >= 1 and said["messages"] > 100, said
    return path


def replay(path: Path, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "replay", str(path)]
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_decides_byte_for_byte_the_same(log: Path, hash_seed: str) -> None:
    done = replay(log, hash_seed)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["identical"] is True and said["decision_hash"] == said["recorded_hash"]
    assert said["entries"] > said["messages"] > 100 and said["virtual_seconds"] > 5 and said["note"] is None


def damage_found(path: Path) -> int:
    """Entry that is named; 0 when none is."""
    try:
        for _ in FlightLog(path):
            pass
    except FlightLogError as error:
        return error.entry
    return 0


def test_one_flipped_byte_anywhere_is_named(log: Path, tmp_path: Path) -> None:
    whole, other = log.read_bytes(), tmp_path / "damaged.log"
    places = [*range(0, len(whole), len(whole) // 40), whole.index(b'"hash"') + 9, len(whole) - 1, len(whole) - 2]
    for at in places:
        damaged = bytearray(whole)
        damaged[at] ^= 0x04
        other.write_bytes(damaged)
        assert damage_found(other) == whole[:at].count(b"\n") + 1, f"byte {at}"


def test_the_command_names_the_damaged_entry(log: Path, tmp_path: Path) -> None:
    damaged, other = bytearray(log.read_bytes()), tmp_path / "damaged.log"
    at = len(damaged) // 2
    damaged[at] ^= 0x04
    other.write_bytes(damaged)
    done = replay(other)
    entry = bytes(log.read_bytes()[:at]).count(b"\n") + 1
    assert done.returncode == 2 and done.stdout == ""
    assert f"entry {entry} is damaged" in done.stderr


def test_cut_anywhere_in_its_last_three_lines_it_is_a_sound_prefix(log: Path, tmp_path: Path) -> None:
    whole, other = log.read_bytes(), tmp_path / "cut.log"
    lines = whole.splitlines(keepends=True)
    span = sum(map(len, lines[-3:]))  # every single byte of a small log is cut in the reader's own tests
    for end in range(len(whole) - span, len(whole), max(span // 30, 1)):
        other.write_bytes(whole[:end])
        cut = FlightLog(other)
        assert sum(1 for _ in cut) == whole[:end].count(b"\n")
        assert cut.note is not None and "sound" in cut.note


def test_a_killed_recording_is_replayed_as_far_as_it_goes(log: Path, tmp_path: Path) -> None:
    whole, other = log.read_bytes(), tmp_path / "cut.log"
    other.write_bytes(whole[: len(whole) * 2 // 3])
    done = replay(other)
    said = json.loads(done.stdout)
    assert done.returncode == 0 and said["identical"] is True and said["recorded_hash"] is None
    assert "cut off" in said["note"]
