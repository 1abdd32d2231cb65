"""No error gets lost, whichever way it takes."""

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication

from app.ui.crash_hooks import CrashHooks
from app.ui.qt_loop import QtLoop


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def hooks(tmp_path: Path, told: list[tuple[str, str]], caplog: pytest.LogCaptureFixture) -> Iterator[CrashHooks]:
    caplog.set_level(logging.CRITICAL + 1, logger="app.ui.crash_hooks")
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    hooks = CrashHooks(lambda way, words: told.append((way, words)))
    hooks.install(tmp_path / "logs" / "faults.txt")
    yield hooks
    hooks.remove()
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def test_each_way_is_recorded(hooks: CrashHooks, told: list[tuple[str, str]], qapp: QApplication) -> None:
    def fail() -> None:
        raise ValueError("on purpose")

    class Spoilt:
        def __del__(self) -> None:
            raise KeyError("in a destructor")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        hooks.watch(loop)
        loop.call_soon(fail)
        QTimer.singleShot(0, fail)
        thread = threading.Thread(target=fail, name="worker")
        thread.start()
        thread.join()
        Spoilt()
        gc.collect()
        qWarning("a word from Qt")
        qWarning("This plugin does not support raise()")
        await asyncio.sleep(0.02)

    qapp.setQuitOnLastWindowClosed(False)
    loop = QtLoop(qapp)
    loop.run_until_complete(main())
    loop.close()
    assert hooks.counts == {"loop": 1, "exception": 1, "thread": 1, "unraisable": 1, "qt": 1}
    assert {way for way, _ in told} == {"loop", "exception", "thread", "unraisable"}


def test_ctrl_c_stays_ctrl_c(hooks: CrashHooks, capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not hooks.counts
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_file_for_hard_crashes_is_kept(hooks: CrashHooks, tmp_path: Path) -> None:
    assert (tmp_path / "logs" / "faults.txt").is_file()
