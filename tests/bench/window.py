"""The terminal with its real MainWindow on the real QtLoop, as app.desktop runs it, driven like the one without."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from app.bootstrap import StartOptions
from app.desktop import ScreenOptions, run_desktop
from app.ui.main_window import MainWindow
from tests.bench.driver import Driver
from tests.bench.terminal import bench_profile, raised_limits


class FrameCount(QObject):
    """Counts the frames of the window; installed on the top-level widget alone, which gets few other events."""

    def __init__(self, extra: dict[str, Any]) -> None:
        super().__init__()
        self._extra = extra

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One UpdateRequest is one frame."""
        if event.type() is QEvent.Type.UpdateRequest:
            self._extra["frames"] = self._extra.get("frames", 0) + 1
        return False


async def _act(window: QWidget) -> bool:
    assert isinstance(window, MainWindow)
    doors = window.services
    driver = Driver(doors.post, doors.bus, doors.watch_market)
    count = FrameCount(driver.extra)
    window.installEventFilter(count)
    await driver.run()
    window.removeEventFilter(count)
    return True


def run_window(address: Path) -> None:
    """Run one measured terminal with its window."""
    bench_profile()
    with raised_limits():
        run_desktop(StartOptions(attach=address), ScreenOptions(language="ko", theme="dark"), _act)
