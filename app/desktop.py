"""One run with its screen: lock, log, terminal, window; and the proper end of all of them."""

import asyncio
import gc
import logging
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import QLockFile
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from app.adapters.files.profile import Profile, find_profile
from app.adapters.host.log_files import start_logging
from app.adapters.host.next_start import start_again
from app.adapters.host.system_clock import SystemClock
from app.adapters.storage.order_history import OrderHistory
from app.adapters.upbit.live_keys import LiveKeys
from app.bootstrap import StartOptions, Terminal, open_terminal
from app.domain.errors import GwanjeError, InvalidInputError
from app.domain.messages import AlertRaised
from app.domain.values import TradingMode
from app.engine.task_supervisor import TaskSupervisor
from app.reach import open_vault
from app.ui.activity.log_handler import UiLogHandler
from app.ui.alerts.desktop_channel import DesktopChannel
from app.ui.alerts.notice_words import ScreenWords
from app.ui.crash_hooks import CrashHooks
from app.ui.main_window import MainWindow, icon_file
from app.ui.preferences import Preferences
from app.ui.problem_words import in_words
from app.ui.qt_loop import QtLoop
from app.ui.services import UiServices
from app.ui.start_dialogs import LiveStartDialog, StartFailedDialog
from app.ui.theme import apply_theme, load_fonts, theme

_log = logging.getLogger(__name__)

#: What is played in the window instead of waiting for a person: the guided tour.
Act = Callable[[QWidget], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """What the command line decided about the screen; None leaves what is remembered."""

    language: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Exit status of a run, and the mode to start again in; None ends the program."""

    status: int
    next_mode: TradingMode | None = None


def remembered_mode() -> TradingMode:
    """The mode of the last start; practice before the first, or when it cannot be read."""
    name = Preferences(find_profile().config).mode
    return next((mode for mode in TradingMode if mode.value == name), TradingMode.PRACTICE)


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
    if start.has_own_books and act is None:
        remembered = Preferences(profile.config)
        remembered.mode = start.mode.value
        remembered.write()
    hooks = CrashHooks()
    hooks.install(profile.logs / "crash.txt")
    try:
        with asyncio.Runner(loop_factory=lambda: QtLoop(app)) as runner:
            hooks.watch(runner.get_loop())
            ending = runner.run(_run(profile, start, act))
    except InvalidInputError as error:
        if not error.problems:
            raise
        raise InvalidInputError("; ".join(map(in_words, error.problems)), error.problems) from error
    finally:
        hooks.remove()
        lock.unlock()
    return ending.status if ending.next_mode is None else start_again(ending.next_mode.value)


async def _run(profile: Profile, start: StartOptions, act: Act | None) -> Ending:
    handler = UiLogHandler()
    secrets: list[str] = []
    stop_logging = start_logging(profile.logs, secrets, (handler,))
    keys = LiveKeys(vault := open_vault(profile, secrets), SystemClock())
    try:
        if start.mode is TradingMode.LIVE:
            start = replace(start, confirmed=await _typed_tail(keys))
            if not start.confirmed:
                return Ending(0)
        try:
            terminal = await open_terminal(start, profile, vault, secrets.append)
        except GwanjeError as error:
            if start.mode is TradingMode.PRACTICE:
                raise
            _log.error("mode %s did not start: %s", start.mode.value, error)
            return Ending(1, await _told(start.mode, error))
        if terminal.address is not None:
            secrets += [terminal.address.access_key, terminal.address.secret_key]
        try:
            return await _show(terminal, keys, handler, act)
        finally:
            await terminal.close()
    finally:
        handler.close()
        stop_logging()


async def _typed_tail(keys: LiveKeys) -> str:
    """What a person typed to start with real money; empty when he did not want to."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    supervisor = TaskSupervisor(lambda name, error: _log.error("%s: %r", name, error))
    dialog = LiveStartDialog(keys, supervisor.spawn)

    def answered(typed: str) -> None:
        if not answer.done():
            answer.set_result(typed)

    dialog.confirmed.connect(answered)
    dialog.rejected.connect(lambda: answered(""))
    dialog.show()
    try:
        return await answer
    finally:
        await supervisor.stop()
        dialog.deleteLater()


async def _told(mode: TradingMode, error: GwanjeError) -> TradingMode | None:
    """Tell why nothing was started; returns the mode to try next, or None."""
    answer: asyncio.Future[TradingMode | None] = asyncio.get_running_loop().create_future()
    dialog = StartFailedDialog(mode, error)

    def answered(chosen: TradingMode | None) -> None:
        if not answer.done():
            answer.set_result(chosen)

    dialog.next_mode.connect(answered)
    dialog.show()
    try:
        return await answer
    finally:
        dialog.deleteLater()


async def _show(terminal: Terminal, keys: LiveKeys, handler: UiLogHandler, act: Act | None) -> Ending:
    window = MainWindow(_services(terminal, keys), handler)
    closed = asyncio.Event()
    window.close_requested.connect(closed.set)
    _close_on_signals(closed)
    app = QApplication.instance()
    if isinstance(app, QApplication):  # the session of the system ends
        app.commitDataRequest.connect(lambda _: closed.set())
    loop = asyncio.get_running_loop()
    if isinstance(loop, QtLoop):
        words = "a nested event loop held up engine and screen"
        loop.on_nested_loop = lambda: terminal.bus.publish(AlertRaised("loop_blocked", words, critical=True))
    terminal.alerts.service.words = ScreenWords()
    # What is there by now lives as long as the run: going through all of it would hold up the stops for 0.13 s, and on
    # a busy machine for 0.4 s, whenever the collector thinks it is time.
    gc.freeze()
    terminal.start()
    # As a task: a key store may wait for a person, and trading does not.
    terminal.supervisor.spawn(
        terminal.alerts.open(lambda sound: DesktopChannel(sound, QIcon(icon_file()), window)), "alert-channels"
    )
    window.start()
    good = True
    try:
        if act is not None:
            good = await act(window)
        else:
            await closed.wait()
    finally:
        window.finish()
        gc.unfreeze()
    return Ending(0 if good else 1, window.next_mode)


def _services(terminal: Terminal, keys: LiveKeys) -> UiServices:
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
        halt=terminal.unlocker,
        sell_first=terminal.settings.emergency.sell_first,
        keys=keys,
        promotion=terminal.promotion_cards,
        alerts=terminal.alerts,
        start_drill=terminal.start_drill,
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
