"""One run with its screen: lock, log, terminal, window; and the proper end of all of them."""

import asyncio
import logging
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QLockFile
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from app.adapters.files.profile import Profile, find_profile
from app.adapters.host.log_files import start_logging
from app.adapters.storage.order_history import OrderHistory
from app.bootstrap import StartOptions, Terminal, open_terminal
from app.domain.errors import InvalidInputError
from app.domain.messages import AlertRaised
from app.ui.activity.log_handler import UiLogHandler
from app.ui.crash_hooks import CrashHooks
from app.ui.main_window import MainWindow, icon_file
from app.ui.preferences import Preferences
from app.ui.qt_loop import QtLoop
from app.ui.services import UiServices
from app.ui.theme import apply_theme, load_fonts, theme

_log = logging.getLogger(__name__)

#: What is played in the window instead of waiting for a person: the guided tour.
Act = Callable[[QWidget], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """What the command line decided about the screen; None leaves what is remembered."""

    language: str | None = None
    theme: str | None = None


def run_desktop(start: StartOptions, screen: ScreenOptions, act: Act | None = None) -> int:
    """Run the terminal with its window until it is closed; returns the exit status.

    Raises:
        InvalidInputError: profile, settings or a file are unusable, or the profile is in use.
        StorageError, VenueUnavailableError: the run cannot be opened.
    """
    profile = find_profile()
    lock = QLockFile(str(profile.data / "gwanje.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(200):
        raise InvalidInputError(
            f"{profile.data}: another Gwanje runs on this profile; end it first, or set GWANJE_HOME to another folder"
        )
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Gwanje")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(QIcon(icon_file()))
    load_fonts()
    _dress(app, profile, screen)
    hooks = CrashHooks()
    hooks.install(profile.logs / "crash.txt")
    try:
        with asyncio.Runner(loop_factory=lambda: QtLoop(app)) as runner:
            hooks.watch(runner.get_loop())
            return runner.run(_run(profile, start, act))
    finally:
        hooks.remove()
        lock.unlock()


async def _run(profile: Profile, start: StartOptions, act: Act | None) -> int:
    handler = UiLogHandler()
    secrets: list[str] = []
    stop_logging = start_logging(profile.logs, secrets, (handler,))
    try:
        terminal = await open_terminal(start, profile)
        if terminal.address is not None:
            secrets += [terminal.address.access_key, terminal.address.secret_key]
        try:
            return await _show(terminal, handler, act)
        finally:
            await terminal.close()
    finally:
        handler.close()
        stop_logging()


async def _show(terminal: Terminal, handler: UiLogHandler, act: Act | None) -> int:
    window = MainWindow(_services(terminal), handler)
    closed = asyncio.Event()
    window.close_requested.connect(closed.set)
    _close_on_signals(closed)
    loop = asyncio.get_running_loop()
    if isinstance(loop, QtLoop):
        words = "a nested event loop held up engine and screen"
        loop.on_nested_loop = lambda: terminal.bus.publish(AlertRaised("loop_blocked", words, critical=True))
    terminal.start()
    window.start()
    good = True
    try:
        if act is not None:
            good = await act(window)
        else:
            await closed.wait()
    finally:
        window.finish()
    return 0 if good else 1


def _services(terminal: Terminal) -> UiServices:
    return UiServices(
        post=terminal.engine.post,
        bus=terminal.bus,
        blueprints=terminal.shelf.blueprints,
        limits=terminal.settings.limits,
        mode=terminal.options.mode,
        profile=terminal.profile.config,
        recovered=terminal.recovered_events(),
        new_command_id=lambda: uuid.uuid4().hex,
        watch_market=terminal.watch_market,
        loop_lag_ms=terminal.probe.p99_ms,
        queue_depth=lambda: terminal.engine.executor.waiting,
        storage_name="SQLite" if terminal.database.is_sqlite else "PostgreSQL",
        clean_start=terminal.recovered.clean,
        archive=OrderHistory(terminal.database),
        spawn=terminal.supervisor.spawn,
    )


def _dress(app: QApplication, profile: Profile, screen: ScreenOptions) -> None:
    """Put remembered or asked-for language and colours in use before the first widget is made."""
    preferences = Preferences(profile.config)
    if screen.language is not None:
        preferences.language = screen.language
    if screen.theme is not None:
        preferences.theme = screen.theme
    preferences.write()
    theme().korean_colours = preferences.korean_colours
    theme().set(preferences.theme)
    apply_theme(app)


def _close_on_signals(closed: asyncio.Event) -> None:
    """A request of the system to end is a proper end: nothing is sold, the end is written down."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers in its event loops
            loop.add_signal_handler(number, closed.set)
