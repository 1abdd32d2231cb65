"""PySide6 6.12.0 lost a reference to True or None on every call (Python < 3.12) until the process aborted.

On Python 3.12 and newer both are immortal, so this passes there whatever PySide6 does.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimerEvent, Signal
from pytestqt.qtbot import QtBot

CALLS = 200
SLACK = 20


class Emitter(QObject):
    happened = Signal()


class Ticker(QObject):
    """Counts timer events; the override returns nothing, which is what lost the reference."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        self.ticks += 1


def test_signals_keep_their_references(qtbot: QtBot) -> None:
    emitter, seen = Emitter(), []
    emitter.happened.connect(lambda: seen.append(1), Qt.ConnectionType.DirectConnection)
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        emitter.happened.emit()
    assert len(seen) == CALLS
    assert sys.getrefcount(True) > before - SLACK, "this PySide6 destroys True: see the pin in pyproject.toml"


def test_virtual_calls_keep_their_references(qtbot: QtBot) -> None:
    ticker = Ticker()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        QCoreApplication.sendEvent(ticker, QTimerEvent(1))
    assert ticker.ticks == CALLS
    assert sys.getrefcount(None) > before - SLACK, "this PySide6 destroys None: see the pin in pyproject.toml"
