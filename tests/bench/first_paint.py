"""One start of the program, ended again at its first paint: prints ``time.monotonic_ns`` of that moment.

It runs ``app.__main__`` itself, practice exchange included; only MainWindow is told to install an event filter. The
stamp is taken in the first turn of the event loop after the window's first paint event, when its frame has been
flushed. ``tests.bench.starts`` takes the other stamp right before it makes the process.
"""

import os
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer

from app.ui.main_window import MainWindow

END_PATIENCE_S = 8.0
PAINTS = (QEvent.Type.Paint, QEvent.Type.UpdateRequest)


class FirstPaint(QObject):
    """Prints the stamp and asks the program to end in its own order."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint event of the window."""
        if not self._seen and event.type() in PAINTS and self._window.isVisible():
            self._seen = True
            QTimer.singleShot(0, self._stamp)
        return False

    def _stamp(self) -> None:
        print(time.monotonic_ns(), flush=True)
        giving_up = threading.Timer(END_PATIENCE_S, os._exit, (0,))
        giving_up.daemon = True
        giving_up.start()
        self._window.close_requested.emit()


def _watched(original: Any) -> Any:
    def init(window: MainWindow, *arguments: Any, **named: Any) -> None:
        original(window, *arguments, **named)
        FirstPaint(window)

    return init


def main() -> int:
    """Start the program."""
    setattr(MainWindow, "__init__", _watched(MainWindow.__init__))  # noqa: B010
    from app.__main__ import main as start

    return start([])


if __name__ == "__main__":
    sys.exit(main())
