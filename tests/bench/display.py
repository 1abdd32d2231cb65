"""Where the window of the bench is drawn: a display of this machine, else a private Xvfb, else Qt's offscreen."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SCREEN = "1920x1080x24"
#: Without these Qt's xcb plug-in aborts the process.
XCB = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0")
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@dataclass(frozen=True, slots=True)
class Display:
    """``name`` goes into the report, ``env`` to the process with the window."""

    name: str
    env: dict[str, str] = field(default_factory=dict)


@contextmanager
def display() -> Iterator[Display]:
    """A display for the time of the block."""
    shown = os.environ.get("QT_QPA_PLATFORM", "") not in ("offscreen", "minimal")
    own = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if shown and own:
        yield Display("the display of this session")
        return
    xvfb = shutil.which("Xvfb") if sys.platform == "linux" else None
    if xvfb is None or not all(_loads(library) for library in XCB):
        yield Display(
            "offscreen: Qt draws into memory (install xvfb and libxcb-cursor0 for a real X11 path)", OFFSCREEN
        )
        return
    reading, writing = os.pipe()
    command = [xvfb, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            yield Display("offscreen (Xvfb is installed but does not start)", OFFSCREEN)
            return
        env = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"}
        yield Display(f"Xvfb {SCREEN}, xcb, no window manager", env)
    finally:
        server.terminate()
        server.wait()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
