"""ruff and strict mypy are satisfied."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source_tree import ROOT


def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.timeout(300)
def test_ruff_has_nothing_to_say() -> None:
    done = run_module("ruff", "check", "--output-format=concise", "app", "tests", "run.py")
    assert done.returncode == 0, f"ruff check found:\n{done.stdout}{done.stderr}"


@pytest.mark.timeout(300)
def test_mypy_strict_has_nothing_to_say() -> None:
    done = run_module("mypy", "--strict", "--no-error-summary", "app", "run.py")
    assert done.returncode == 0, f"mypy --strict found:\n{done.stdout}{done.stderr}"
