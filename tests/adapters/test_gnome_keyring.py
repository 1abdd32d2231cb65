"""The mark in a real gnome-keyring on a session bus of its own (Debian: gnome-keyring, dbus), where both are there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
PLAY = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from app.adapters.secrets.keyring_mark import KeyringMark
from app.domain.kill import KillMark

async def main():
    store = KeyringMark(Path(sys.argv[1]))
    mark = KillMark(3, True, "거래 정지", datetime(2026, 3, 2, tzinfo=UTC), 2, True, "f" * 64)
    print(await store.read())
    try:
        await store.write(mark)
    except Exception as error:
        print(type(error).__name__)
    print(await KeyringMark(Path(sys.argv[1])).read() == mark)

asyncio.run(main())
"""

pytestmark = pytest.mark.skipif(
    not all(shutil.which(name) for name in NEEDED), reason="gnome-keyring and dbus are not installed"
)


def play(folder: Path, prelude: str) -> list[str]:
    words = f'{prelude} "{sys.executable}" -c "$PLAY" "{folder}"'
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PLAY": PLAY,
           "XDG_DATA_HOME": str(folder / ".local/share"), "PYTHONPATH": str(ROOT)}  # fmt: skip
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", words], env=env, capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout.split()


def test_a_mark_is_kept_in_an_unlocked_keyring(tmp_path: Path) -> None:
    unlock = 'printf "testpw" | gnome-keyring-daemon --unlock --components=secrets >/dev/null &&'
    assert play(tmp_path, unlock) == ["missing", "True"]


def test_one_that_nobody_unlocks_is_no_mark(tmp_path: Path) -> None:
    start = "gnome-keyring-daemon --start --components=secrets >/dev/null &&"
    found = play(tmp_path, start)
    assert found[-1] == "False" and found[0] in ("missing", "unreadable", "absent")
