"""The command of the next start."""

import sys

import pytest

from app.__main__ import _terminal_parser
from app.adapters.host.next_start import start_command


def test_the_next_run_is_asked_for_its_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    command = start_command("dry-run")
    assert command[:3] == [sys.executable, "-m", "app"]
    assert _terminal_parser().parse_args(command[3:]).mode == "dry-run"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_command("paper") == [sys.executable, "--mode", "paper"]


def test_there_are_four_modes_and_no_other() -> None:
    with pytest.raises(SystemExit):
        _terminal_parser().parse_args(["--mode", "sandbox"])
