"""Every way in which an error can get lost, led into one log: Python, threads, Qt, the loop, and crashes of C code."""

import asyncio
import faulthandler
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger(__name__)
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
#: What the offscreen platform says about things that only a real display has.
_NO_DISPLAY = "This plugin does not support"


class CrashHooks:
    """Install once at the start. ``counts`` tells how often each way was taken; ``on_error`` is told of each."""

    def __init__(self, on_error: Callable[[str, str], None] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._on_error = on_error
        self._fault_file: IO[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def install(self, fault_file: Path) -> None:
        """Take over all hooks. Stacks of hard crashes are appended to ``fault_file``."""
        fault_file.parent.mkdir(parents=True, exist_ok=True)
        self._fault_file = fault_file.open("a", encoding="utf-8")
        faulthandler.enable(self._fault_file)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(self._on_qt_message)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear what the loop has to say about lost tasks and failed callbacks."""
        self._loop = loop
        loop.set_exception_handler(self._on_loop_trouble)

    def remove(self) -> None:
        """Give all hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        qInstallMessageHandler(None)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.set_exception_handler(None)
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def _record(self, way: str, words: str, error: BaseException | None) -> None:
        self.counts[way] += 1
        _log.error("%s: %s", way, words, exc_info=error)
        if self._on_error is not None:
            self._on_error(way, words)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._record("exception", repr(error), error)

    def _on_thread_exception(self, found: threading.ExceptHookArgs) -> None:
        name = found.thread.name if found.thread is not None else "?"
        self._record("thread", f"{name}: {found.exc_value!r}", found.exc_value)

    def _on_unraisable(self, found: "sys.UnraisableHookArgs") -> None:
        self._record("unraisable", f"{found.err_msg or 'ignored'}: {found.exc_value!r}", found.exc_value)

    def _on_loop_trouble(self, loop: asyncio.AbstractEventLoop, found: dict[str, Any]) -> None:
        error = found.get("exception")
        self._record("loop", str(found.get("message") or repr(error)), error)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        level = _QT_LEVELS.get(kind, logging.WARNING)
        if words.startswith(_NO_DISPLAY):
            level = logging.DEBUG
        if level >= logging.WARNING:
            self.counts["qt"] += 1
        _log.log(level, "Qt: %s", words)
